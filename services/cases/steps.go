package cases

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/deadlines"
)

// The steps of casework that fall due, by their keys in the data of package categories. A follow-up falls due
// under FollowUp and the key of its window.
const (
	stepDecision        = "intake_decision"
	stepAssessment      = "assessment"
	stepPlan            = "plan"
	stepReview          = "review"
	stepSafety          = "safety_check"
	stepHealth          = "health_check"
	stepPolice          = "police_report"
	stepRisk            = "risk_rating"
	stepSelfHarm        = "self_harm_contact"
	stepMissingGuardian = "missing_guardian"
	stepMissingPolice   = "missing_police"
	stepDischarge       = "discharge_contact"

	FollowUp = "follow_up_"
)

// The rhythm of contact: one of these is due at a time, by how much danger there is.
const (
	stepContact      = "contact"
	stepContactHigh  = "contact_high_risk"
	stepContactAgain = "self_harm_contact_again"
)

var rhythm = []string{stepContact, stepContactHigh, stepContactAgain}

// due is when steps fall due whose clock starts at a time. Steps that this kind of case does not have are left out.
func (c Case) due(from time.Time, steps ...string) (due []events.Due) {
	category := c.category()
	for _, step := range steps {
		if limit, ok := category.Limit(step); ok {
			due = append(due, dueBy(step, limit, from))
		}
	}
	return due
}

// owes is due for the routine of a running case: one that is closed owes none of it.
func (c Case) owes(from time.Time, steps ...string) []events.Due {
	if c.Stage == Closed || c.Stage == Declined {
		return nil
	}
	return c.due(from, steps...)
}

func dueBy(step string, limit deadlines.Limit, from time.Time) events.Due {
	by, certain := limit.From(from, deadlines.China())
	return events.Due{Step: step, By: by.UTC(), Unsure: !certain}
}

// open lists the steps that are due and not settled, in the order in which they were made due. It goes by what
// was written when, not by what happened when: a step is settled by what came to be known after it.
func (c Case) open() (open []string) {
	for _, held := range c.Entries.All() {
		stepped, ok := held.Now.(events.Stepped)
		if !ok {
			continue
		}
		steps := stepped.Next()
		open = someOf(open, func(step string) bool { return !slices.Contains(steps.Done, step) })
		for _, due := range steps.Due {
			if !slices.Contains(open, due.Step) {
				open = append(open, due.Step)
			}
		}
	}
	return open
}

// settled lists which of these steps are open, and so are settled by what is being decided.
func (c Case) settled(steps ...string) []string {
	return someOf(c.open(), func(step string) bool { return slices.Contains(steps, step) })
}

// someOf are the steps that are wanted; none are nil, as they will be read again.
func someOf(steps []string, wanted func(string) bool) (some []string) {
	for _, step := range steps {
		if wanted(step) {
			some = append(some, step)
		}
	}
	return some
}

// pace is the step of contact that the danger asks for.
func pace(risk string, selfHarm bool) string {
	switch {
	case risk == High && selfHarm:
		return stepContactAgain
	case risk == High:
		return stepContactHigh
	}
	return stepContact
}
