package outcomes

import "github.com/casestream/casestream/events"

// Asked is what a report is asked for. Empty: all. Days are 2006-01-02 in the programme's zone.
type Asked struct {
	Project  string `json:"project,omitempty"`
	Category string `json:"category,omitempty"` // a group or an activity has the category of its project
	Agency   string `json:"agency,omitempty"`   // that has the project on the day asked for
	Site     string `json:"site,omitempty"`
	// Of says which cases count, by their streams; nil: all. Groups and activities are not asked.
	Of func(stream string) bool `json:"-"`

	// AsOf is the day on which one stands: what happened later is not seen.
	AsOf string `json:"as_of,omitempty"`
	// From and To bound what is counted, both included. What stands on the day, such as open cases, begins before From.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// KnownAt is the last position that is known: projections.Latest, or what days.KnownAt gives for a day. At 0 nothing was.
	KnownAt events.Position `json:"known_at"`
}

// until is the last day that counts.
func (a Asked) until() string {
	until := "9999-12-31"
	for _, day := range []string{a.AsOf, a.To} {
		if day != "" && day < until {
			until = day
		}
	}
	return until
}

// within tells whether a day is counted; that it is not after until() is known already.
func (a Asked) within(day string) bool { return day >= a.From }

// year is the year that is asked for, if one is: from its first day to a day in it.
func (a Asked) year() (string, bool) {
	until := a.until()
	if len(a.From) != len("2006-01-02") || a.From[4:] != "-01-01" || until < a.From || until[:4] != a.From[:4] {
		return "", false
	}
	return a.From[:4], true
}
