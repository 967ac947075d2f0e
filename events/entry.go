package events

import (
	"time"

	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// Entry is a fact that a person wrote down and may correct: by an amendment or a retraction, never by an edit.
type Entry interface {
	Event
	EntryID() uuid.UUID
}

// Entered gives a fact the id under which it can be amended or retracted. The client of the system makes it.
type Entered struct {
	Entry uuid.UUID `json:"entry"`
}

func (e Entered) EntryID() uuid.UUID { return e.Entry }

// Steps is what a fact makes due and what it settles, computed once, when it was decided.
type Steps struct {
	Due  []Due    `json:"due,omitempty"`
	Done []string `json:"done,omitempty"`
}

// Next gives the steps to whoever follows deadlines, whatever the fact.
func (s Steps) Next() Steps { return s }

// Stepped is a fact that makes steps due or settles them.
type Stepped interface{ Next() Steps }

// Due is a step that must be taken by a time: assessment, plan, contact, follow-up …
type Due struct {
	Step string    `json:"step"`
	By   time.Time `json:"by"`
	// Unsure: the work days of that year were not known when By was computed.
	Unsure bool `json:"unsure,omitempty"`
}

// EntryAmended says an entry anew, as a whole, and why. What it replaces stays in the log. Entry is the id of
// the amendment itself, so that it can be retracted: then what held before holds again.
type EntryAmended struct {
	Entered
	Amends     uuid.UUID   `json:"amends"`
	Why        sealed.Text `json:"why,omitzero" class:"S2"`
	HappenedAt time.Time   `json:"happened_at,omitzero"` // zero: when it happened was not in question
	Now        Said        `json:"now"`
}

// EntryRetracted takes back an entry with all its amendments, or one amendment.
type EntryRetracted struct {
	Entered
	Retracts uuid.UUID   `json:"retracts"`
	Why      sealed.Text `json:"why,omitzero" class:"S2"`
}

func (EntryAmended) Type() string   { return "case.entry-amended" }
func (EntryRetracted) Type() string { return "case.entry-retracted" }

// DayOf is the day of an instant in the programme's zone, as 2006-01-02. A day ends at midnight there.
func DayOf(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }

// Zone is where the programme's days begin and end.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60) // no daylight saving since 1991: a fixed offset needs no zone file
