// Package categories says what casework asks, measures and owes in each kind of case: street child, orphan, psychiatric patient,
// boarding student and the others.
//
// A category is one file in data/; adding one is adding a file. What all of them have in common is in data/shared/: the common part
// of the intake form, the steps with their usual deadlines, the reasons for closure, the outcomes that most use, the indicators.
//
// Start with Find("street_child"). A command checks form answers with Form.Check, takes deadlines from Limit and keeps
// category, form key and form version in its fact. A form that was once used is never changed: raise the version, keep the old file
// beside the new one (street_child.v1.json), and FindVersion still renders old answers.
//
// Fields marked "of": "client" are identity and are written once, in the client's stream; those marked "of": "case" are parts of the
// intake command itself. Only the rest are answers of the form.
package categories

import (
	"slices"

	"github.com/casestream/casestream/services/deadlines"
	"github.com/casestream/casestream/services/measures"
)

// Words are a text in the two languages of the programme.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Category is one version of one kind of case. Its slices and maps are shared: read them, do not change them.
type Category struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
	Order   int    `json:"order"` // the place in lists
	Names   Words  `json:"names"`

	Form      Form                       `json:"form"`
	Domains   []Choice                   `json:"domains"` // of assessment
	Measures  []Measure                  `json:"measures"`
	Deadlines map[string]deadlines.Limit `json:"deadlines"` // where they differ from the usual ones; ask Limit

	Exits          []Exit     `json:"exits"` // how the person left; none where nobody is admitted anywhere
	Outcomes       []Choice   `json:"outcomes"`
	CommonOutcomes bool       `json:"common_outcomes"` // Outcomes are the shared ones
	FollowUps      []FollowUp `json:"follow_ups"`      // none: by agency
	FollowUpAsks   []Question `json:"follow_up_asks"`  // answered yes, no or unknown at each follow-up
	Indicators     []string   `json:"indicators"`
}

// Choice is one of a list to choose from.
type Choice struct {
	Key string `json:"key"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
}

// Measure says that an instrument is taken at a point of the case.
type Measure struct {
	Instrument string `json:"instrument"` // key in package measures
	When       When   `json:"when"`
	Required   bool   `json:"required"`
	MinAge     int    `json:"min_age"` // years; 0: as the instrument says
}

// When is the point of a case at which a measure is taken: 前测, 中测, 后测, 跟进测.
type When string

const (
	Baseline   When = "baseline"
	Interim    When = "interim"
	AtClosure  When = "closure"
	AtFollowUp When = "follow-up"
)

// Exit is a way in which a person leaves, and the least age in years for it (0: any). How the goals came out is the outcome.
type Exit struct {
	Choice
	MinAge int `json:"min_age"`
}

// FollowUp is a window after closure, due After it.
type FollowUp struct {
	Choice
	After deadlines.Limit `json:"after"`
}

// Question is asked at each follow-up; a yes to one that Reopens is a reason to reopen the case.
type Question struct {
	Choice
	Reopens bool `json:"reopens"`
}

// Limit gives the time within which a step is due: the category's own, else the usual one. It is false for a step that this kind of
// case does not have.
func (c Category) Limit(step string) (deadlines.Limit, bool) {
	if limit, ok := c.Deadlines[step]; ok {
		return limit, true
	}
	for _, s := range all.steps {
		if s.Key == step && s.Limit != nil {
			return *s.Limit, true
		}
	}
	return deadlines.Limit{}, false
}

// Instrument gives an instrument ready to score in this category: bound to its assessment domains where it is rated by domain.
func (c Category) Instrument(key string) (measures.Instrument, bool) {
	instrument, ok := measures.Find(key)
	if !ok {
		return measures.Instrument{}, false
	}
	domains := make([]string, len(c.Domains))
	for n, d := range c.Domains {
		domains[n] = d.Key
	}
	return instrument.For(domains...), true
}

// MeasuresAt lists what is taken at a point of the case from a person of that age in years; age below 0 is unknown and admits all.
func (c Category) MeasuresAt(when When, age int) []Measure {
	var due []Measure
	for _, m := range c.Measures {
		instrument, ok := measures.Find(m.Instrument)
		if m.When == when && ok && (age < 0 || age >= m.MinAge && instrument.AdmitsAge(age)) {
			due = append(due, m)
		}
	}
	return due
}

// Exit finds a way of leaving by its key.
func (c Category) Exit(key string) (Exit, bool) {
	n := slices.IndexFunc(c.Exits, func(e Exit) bool { return e.Key == key })
	if n < 0 {
		return Exit{}, false
	}
	return c.Exits[n], true
}

// Outcome finds an outcome by its key.
func (c Category) Outcome(key string) (Choice, bool) {
	n := slices.IndexFunc(c.Outcomes, func(o Choice) bool { return o.Key == key })
	if n < 0 {
		return Choice{}, false
	}
	return c.Outcomes[n], true
}

// FollowUp finds a follow-up window by its key.
func (c Category) FollowUp(key string) (FollowUp, bool) {
	n := slices.IndexFunc(c.FollowUps, func(f FollowUp) bool { return f.Key == key })
	if n < 0 {
		return FollowUp{}, false
	}
	return c.FollowUps[n], true
}
