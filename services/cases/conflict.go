package cases

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// DeclareConflict says that a worker is kin to the client or has an interest of their own. From then on the case is closed
// to them, also if they carry it: someone else has to be assigned.
type DeclareConflict struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Worker uuid.UUID `json:"worker" format:"uuid" doc:"of whom; oneself, or a worker of the team"`
	Kind   string    `json:"kind" enum:"kin,acquaintance,interest,other" doc:"what it is"`
	Reason string    `json:"reason,omitempty" maxLength:"4000" doc:"in words"`
}

func (cmd DeclareConflict) Decide(c Case, _ events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	if c.Access.InConflict(cmd.Worker) {
		return nil, services.Refuse(RefusedConflict, cmd.Worker.String())
	}
	return []events.Event{events.ConflictDeclared{
		Entered: entered(cmd.Entry), Worker: cmd.Worker, Kind: cmd.Kind, Reason: say(cmd.Reason),
	}}, nil
}

// LiftConflict says that a conflict of interest does not stand in the way any more. Nobody lifts their own.
type LiftConflict struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Worker uuid.UUID `json:"worker" format:"uuid" doc:"whose; never one's own"`
	Reason string    `json:"reason" minLength:"1" maxLength:"4000" doc:"why it does not stand in the way any more"`
}

func (cmd LiftConflict) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	switch {
	case cmd.Worker.String() == meta.Actor:
		return nil, services.Refuse(RefusedOwnAccess)
	case !c.Access.InConflict(cmd.Worker):
		return nil, services.Refuse(RefusedNoConflict, cmd.Worker.String())
	}
	return []events.Event{events.ConflictLifted{Entered: entered(cmd.Entry), Worker: cmd.Worker, Reason: say(cmd.Reason)}}, nil
}
