package activities_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/spec"
)

func TestCounts(t *testing.T) {
	for _, rule := range counts {
		rule.Run(t)
	}
}

var hold = activities.HoldActivity{
	Entry: spec.ID("count"), Place: "社区广场",
	Heads:       []activities.Heads{{People: "children", Number: 30}, {People: "parents", Number: 25}},
	PersonTimes: 55, Counted: "signed",
}

// holding is hold with something else said.
func holding(change func(*activities.HoldActivity)) activities.HoldActivity {
	changed := hold
	change(&changed)
	return changed
}

var counts = rules{
	{
		Name:  "an activity that took place says who came",
		Given: []events.Event{planned},
		When:  hold,
		Then:  []events.Event{held},
	},
	{
		Name:  "it may say what it cost, who helped and how it was liked",
		Given: []events.Event{planned},
		When: activities.HoldActivity{
			Entry: spec.ID("count"), Place: "社区广场", Heads: []activities.Heads{{People: "elders", Number: 40}}, PersonTimes: 40,
			Counted: "estimated", CostFen: 120000, FormsOut: 30, FormsBack: 30, Satisfied: 30, Volunteers: 8,
			VolunteerHours: 24, Partners: []string{"community", "volunteers"}, Note: "气氛热烈",
		},
		Then: []events.Event{events.ActivityHeld{
			Entered: entered("count"), Place: "社区广场", Heads: []events.Heads{{People: "elders", Number: 40}}, PersonTimes: 40,
			Counted: "estimated", CostFen: 120000, FormsOut: 30, FormsBack: 30, Satisfied: 30, Volunteers: 8,
			VolunteerHours: 24, Partners: []string{"community", "volunteers"}, Note: sealed.Say("气氛热烈"),
		}},
	},
	{
		Name:  "it may be that nobody came",
		Given: []events.Event{planned},
		When: activities.HoldActivity{
			Entry: spec.ID("count"), Heads: []activities.Heads{{People: "residents"}}, Counted: "counted",
		},
		Then: []events.Event{events.ActivityHeld{
			Entered: entered("count"), Heads: []events.Heads{{People: "residents"}}, Counted: "counted",
		}},
	},
	{
		Name: "an activity that was not planned is not held",
		When: hold,
		Err:  activities.RefusedNoActivity,
	},
	{
		Name:  "an activity is held once",
		Given: []events.Event{planned, held},
		When:  holding(func(h *activities.HoldActivity) { h.Entry = spec.ID("again") }),
		Err:   activities.RefusedHeld,
	},
	{
		Name:  "an activity that was cancelled is not held",
		Given: []events.Event{planned, cancelled},
		When:  hold,
		Err:   activities.RefusedCancelled,
	},
	{
		Name:  "an entry id is used once, by counts too",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.Entry = planned.Entry }),
		Err:   services.RefusedEntry,
	},
	{
		Name:  "person-times are the sum of the heads",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.PersonTimes = 54 }),
		Err:   activities.RefusedPersonTimes,
	},
	{
		Name:  "a count names one kind of people at least",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.Heads, h.PersonTimes = nil, 0 }),
		Err:   activities.RefusedHeads,
	},
	{
		Name:  "no kind of people is fewer than none",
		Given: []events.Event{planned},
		When: holding(func(h *activities.HoldActivity) {
			h.Heads = []activities.Heads{{People: "children", Number: 60}, {People: "parents", Number: -5}}
		}),
		Err: activities.RefusedNegative,
	},
	{
		Name:  "heads are signed for, counted or estimated",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.Counted = "guessed" }),
		Err:   activities.RefusedCode,
	},
	{
		Name:  "partners are the four that work together",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.Partners = []string{"community", "police"} }),
		Err:   activities.RefusedCode,
	},
	{
		Name:  "no more forms come back than went out",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.FormsOut, h.FormsBack = 30, 31 }),
		Err:   activities.RefusedForms,
	},
	{
		Name:  "no more are satisfied than gave a form back",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.FormsOut, h.FormsBack, h.Satisfied = 30, 20, 21 }),
		Err:   activities.RefusedForms,
	},
	{
		Name:  "a cost is not negative",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.CostFen = -1 }),
		Err:   activities.RefusedNegative,
	},
	{
		Name:  "forms out are not negative",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.FormsOut = -1 }),
		Err:   activities.RefusedNegative,
	},
	{
		Name:  "forms back are not negative",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.FormsBack = -1 }),
		Err:   activities.RefusedNegative,
	},
	{
		Name:  "the satisfied are not negative",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.Satisfied = -1 }),
		Err:   activities.RefusedNegative,
	},
	{
		Name:  "volunteers are not negative",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.Volunteers = -1 }),
		Err:   activities.RefusedNegative,
	},
	{
		Name:  "their hours are not negative",
		Given: []events.Event{planned},
		When:  holding(func(h *activities.HoldActivity) { h.VolunteerHours = -1 }),
		Err:   activities.RefusedNegative,
	},
}

func TestCorrectedCounts(t *testing.T) {
	for _, rule := range corrections {
		rule.Run(t)
	}
}

var (
	corrected = events.ActivityCountCorrected{
		Entered: entered("correction"), Held: held.Entry,
		Heads: []events.Heads{{People: "children", Number: 30}, {People: "parents", Number: 20}}, PersonTimes: 50,
		Counted: "counted", Why: sealed.Say("重复签到"),
	}
	correct = activities.CorrectCount{
		Entry: spec.ID("correction"), Held: held.Entry,
		Heads:       []activities.Heads{{People: "children", Number: 30}, {People: "parents", Number: 20}},
		PersonTimes: 50, Counted: "counted", Why: "重复签到",
	}
)

// correcting is correct with something else said.
func correcting(change func(*activities.CorrectCount)) activities.CorrectCount {
	changed := correct
	change(&changed)
	return changed
}

var corrections = rules{
	{
		Name:  "a count is corrected, as a whole and with a reason",
		Given: []events.Event{planned, held},
		When:  correct,
		Then:  []events.Event{corrected},
	},
	{
		Name: "an activity that was not planned has nothing to correct",
		When: correct,
		Err:  activities.RefusedNoActivity,
	},
	{
		Name:  "an activity that was not held has nothing to correct",
		Given: []events.Event{planned},
		When:  correct,
		Err:   activities.RefusedNotHeld,
	},
	{
		Name:  "an activity that was cancelled has nothing to correct",
		Given: []events.Event{planned, cancelled},
		When:  correct,
		Err:   activities.RefusedCancelled,
	},
	{
		Name:  "an entry id is used once, by corrections too",
		Given: []events.Event{planned, held, corrected},
		When:  correct,
		Err:   services.RefusedEntry,
	},
	{
		Name:  "a correction names the count of the activity",
		Given: []events.Event{planned, held},
		When:  correcting(func(c *activities.CorrectCount) { c.Held = planned.Entry }),
		Err:   activities.RefusedUnknown,
	},
	{
		Name:  "correcting again is correcting the count again",
		Given: []events.Event{planned, held, corrected},
		When: correcting(func(c *activities.CorrectCount) {
			c.Entry, c.Held = spec.ID("second correction"), corrected.Entry
		}),
		Err: activities.RefusedUnknown,
	},
	{
		Name:  "a correction says why",
		Given: []events.Event{planned, held},
		When:  correcting(func(c *activities.CorrectCount) { c.Why = " " }),
		Err:   activities.RefusedWhy,
	},
	{
		Name:  "corrected person-times are the sum of the corrected heads",
		Given: []events.Event{planned, held},
		When:  correcting(func(c *activities.CorrectCount) { c.PersonTimes = 55 }),
		Err:   activities.RefusedPersonTimes,
	},
}
