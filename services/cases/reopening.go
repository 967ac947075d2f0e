package cases

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// ReopenCase begins a new episode of a closed case, with the roles of the last one. A case that was closed before
// it was decided is to be decided again. Who is in conflict with the client by now gets no role again: someone else has to
// be assigned.
type ReopenCase struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Why    string    `json:"why" enum:"relapse,rescued_again,new_need,goals_not_held" doc:"why it is reopened"`
	Reason string    `json:"reason,omitempty" maxLength:"4000" doc:"why, in words"`
}

func (cmd ReopenCase) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	if c.Stage != Closed {
		return nil, services.Refuse(RefusedOpen)
	}
	fact := events.CaseReopened{
		Entered: entered(cmd.Entry), Episode: c.Episode + 1, Worker: c.Worker, Why: cmd.Why, Reason: say(cmd.Reason),
	}
	if c.Access.InConflict(c.Worker) {
		fact.Worker = uuid.Nil
	}
	fact.Done = c.open()
	if c.Accepted {
		fact.Due = c.due(meta.OccurredAt, c.opening()...)
	} else {
		fact.Due = c.due(meta.OccurredAt, stepDecision)
	}
	return c.fitting(fact, meta)
}
