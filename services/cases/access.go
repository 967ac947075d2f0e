package cases

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Access is who was let into the case beside those who carry it, and whom it is closed to. It follows from the facts in
// the order in which they were written: nothing that is said to have happened earlier changes who may come in now.
type Access struct {
	Granted   []Granted
	Conflicts []uuid.UUID // workers with a conflict of interest
}

// Granted is a worker who may come in until an instant.
type Granted struct {
	Worker uuid.UUID
	Until  time.Time
}

// InConflict tells whether a conflict of interest closes the case to a worker.
func (a Access) InConflict(worker uuid.UUID) bool { return slices.Contains(a.Conflicts, worker) }

// GrantedAt tells whether a worker may come in at an instant.
func (a Access) GrantedAt(worker uuid.UUID, at time.Time) bool {
	return slices.ContainsFunc(a.Granted, func(g Granted) bool { return g.Worker == worker && at.Before(g.Until) })
}

func (a Access) after(fact events.Event) Access {
	switch fact := fact.(type) {
	case events.AccessGranted:
		a.Granted = append(a.grantedToOthers(fact.Worker), Granted{fact.Worker, fact.Until})
	case events.AccessEnded:
		a.Granted = a.grantedToOthers(fact.Worker)
	case events.ConflictDeclared:
		a.Conflicts = append(without(a.Conflicts, fact.Worker), fact.Worker)
	case events.ConflictLifted:
		a.Conflicts = without(a.Conflicts, fact.Worker)
	}
	return a
}

func (a Access) grantedToOthers(worker uuid.UUID) []Granted {
	return slices.DeleteFunc(slices.Clone(a.Granted), func(g Granted) bool { return g.Worker == worker })
}

// GrantAccess lets a worker into the case for a time and a purpose: to cover, to be consulted. Who may grant it is not
// asked here; that nobody grants it to themselves is.
type GrantAccess struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Worker  uuid.UUID `json:"worker" format:"uuid" doc:"to whom; never oneself"`
	Until   time.Time `json:"until" doc:"from then on it does not hold; at most 90 days ahead"`
	Purpose string    `json:"purpose" enum:"cover,consultation,review,transfer,conference" doc:"what for"`
	Reason  string    `json:"reason,omitempty" maxLength:"4000" doc:"why"`
}

// longestAccess is how far ahead access can be granted: who needs it for longer carries the case.
const longestAccess = 90 * 24 * time.Hour

func (cmd GrantAccess) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	switch {
	case cmd.Worker.String() == meta.Actor:
		return nil, services.Refuse(RefusedOwnAccess)
	case !cmd.Until.After(meta.RecordedAt), cmd.Until.After(meta.RecordedAt.Add(longestAccess)):
		return nil, services.Refuse(RefusedRange, "until")
	case c.Access.InConflict(cmd.Worker):
		return nil, services.Refuse(RefusedConflict, cmd.Worker.String())
	}
	return []events.Event{events.AccessGranted{
		Entered: entered(cmd.Entry), Worker: cmd.Worker, Until: cmd.Until, Purpose: cmd.Purpose, Reason: say(cmd.Reason),
	}}, nil
}

// EndAccess ends what was granted to a worker before its time.
type EndAccess struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Worker uuid.UUID `json:"worker" format:"uuid" doc:"whose access ends"`
	Reason string    `json:"reason,omitempty" maxLength:"4000" doc:"why"`
}

func (cmd EndAccess) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	if !c.Access.GrantedAt(cmd.Worker, meta.RecordedAt) {
		return nil, services.Refuse(RefusedNoAccess, cmd.Worker.String())
	}
	return []events.Event{events.AccessEnded{Entered: entered(cmd.Entry), Worker: cmd.Worker, Reason: say(cmd.Reason)}}, nil
}
