package events

import (
	"time"

	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of a case that say who may come to it beside those who carry it, and who may not. They are neither amended
// nor taken back: who could see a case on a day must stay to be read. What was written last counts, whatever day it is
// said to have happened on.

// AccessGranted lets a worker into a case for a time and a purpose. What was granted to them before ends with it.
type AccessGranted struct {
	Entered
	Worker  uuid.UUID   `json:"worker"`
	Until   time.Time   `json:"until"`   // from this instant on it does not hold
	Purpose string      `json:"purpose"` // cover, consultation, review, transfer, conference
	Reason  sealed.Text `json:"reason,omitzero" class:"S2"`
}

// AccessEnded ends what was granted to a worker, before its time.
type AccessEnded struct {
	Entered
	Worker uuid.UUID   `json:"worker"`
	Reason sealed.Text `json:"reason,omitzero" class:"S2"`
}

// ConflictDeclared: a worker is kin to the client, or has an interest of their own. It closes the case to them, whoever
// they are.
type ConflictDeclared struct {
	Entered
	Worker uuid.UUID   `json:"worker"`
	Kind   string      `json:"kind"` // kin, acquaintance, interest, other
	Reason sealed.Text `json:"reason,omitzero" class:"S2"`
}

// ConflictLifted: it does not stand in the way any more.
type ConflictLifted struct {
	Entered
	Worker uuid.UUID   `json:"worker"`
	Reason sealed.Text `json:"reason,omitzero" class:"S2"`
}

func (AccessGranted) Type() string    { return "case.access-granted" }
func (AccessEnded) Type() string      { return "case.access-ended" }
func (ConflictDeclared) Type() string { return "case.conflict-declared" }
func (ConflictLifted) Type() string   { return "case.conflict-lifted" }
