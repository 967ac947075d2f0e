package events

import (
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of a community activity (社区活动). Heads are counted, not named: they are person-times and are
// never summed as persons.

// ActivityPlanned opens an activity.
type ActivityPlanned struct {
	Entered
	Project string      `json:"project"`
	Site    string      `json:"site"`
	Title   sealed.Text `json:"title,omitzero" class:"S2"`
	Day     string      `json:"day"`
	Worker  uuid.UUID   `json:"worker"`
}

// ActivityHeld: who came, and how that is known.
type ActivityHeld struct {
	Entered
	Place          string      `json:"place"`
	Heads          []Heads     `json:"heads"`
	PersonTimes    int         `json:"person_times"` // the sum of Heads
	Counted        string      `json:"counted"`      // signed, counted, estimated
	CostFen        int         `json:"cost_fen,omitempty"`
	FormsOut       int         `json:"forms_out,omitempty"`
	FormsBack      int         `json:"forms_back,omitempty"`
	Satisfied      int         `json:"satisfied,omitempty"` // of the forms back: 4 or 5
	Volunteers     int         `json:"volunteers,omitempty"`
	VolunteerHours int         `json:"volunteer_hours,omitempty"`
	Partners       []string    `json:"partners,omitempty"` // community, social_worker, social_organisation, volunteers
	Note           sealed.Text `json:"note,omitzero" class:"S2"`
}

// Heads is a head-count of one kind of people.
type Heads struct {
	People string `json:"people"` // children, youth, elders, parents, residents …
	Number int    `json:"number"`
}

// ActivityCountCorrected says the head-count anew, as a whole.
type ActivityCountCorrected struct {
	Entered
	Held        uuid.UUID   `json:"held"` // the entry that is corrected
	Heads       []Heads     `json:"heads"`
	PersonTimes int         `json:"person_times"`
	Counted     string      `json:"counted"`
	Why         sealed.Text `json:"why,omitzero" class:"S2"`
}

// ActivityCancelled: it did not take place.
type ActivityCancelled struct {
	Entered
	Why sealed.Text `json:"why,omitzero" class:"S2"`
}

func (ActivityPlanned) Type() string        { return "activity.planned" }
func (ActivityHeld) Type() string           { return "activity.held" }
func (ActivityCountCorrected) Type() string { return "activity.count-corrected" }
func (ActivityCancelled) Type() string      { return "activity.cancelled" }
