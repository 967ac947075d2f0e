package casefile

import "github.com/casestream/casestream/events"

// Activity is a community activity as it stood at a point.
type Activity struct {
	Stage     string                           `json:"stage"` // planned, held, cancelled; empty: not yet planned on that day
	Planned   *Entry[events.ActivityPlanned]   `json:"planned,omitempty"`
	Held      []*Entry[events.ActivityHeld]    `json:"held,omitempty"` // with heads as they hold
	Cancelled *Entry[events.ActivityCancelled] `json:"cancelled,omitempty"`

	PersonTimes int `json:"person_times"` // heads; how many persons they were is not known
}

func activity(held []happened) *Activity {
	a := &Activity{}
	for _, h := range held {
		switch fact := h.Now.(type) {
		case events.ActivityPlanned:
			a.Planned, a.Stage = noted(h, fact), "planned"
		case events.ActivityHeld:
			a.Held, a.Stage = append(a.Held, noted(h, fact)), "held"
			a.PersonTimes += fact.PersonTimes
		case events.ActivityCancelled:
			a.Cancelled, a.Stage = noted(h, fact), "cancelled"
		}
	}
	return a
}
