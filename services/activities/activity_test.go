package activities_test

import (
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/spec"
)

type rules = []spec.Spec[activities.Activity]

var (
	planned = events.ActivityPlanned{
		Entered: entered("plan"), Project: "happy-family-reading", Site: "nanguo-mingzhu",
		Title: sealed.Say("亲子阅读日"), Day: "2012-07-07", Worker: spec.ID("worker"),
	}
	held = events.ActivityHeld{
		Entered: entered("count"), Place: "社区广场",
		Heads: []events.Heads{{People: "children", Number: 30}, {People: "parents", Number: 25}}, PersonTimes: 55, Counted: "signed",
	}
	cancelled = events.ActivityCancelled{Entered: entered("cancellation"), Why: sealed.Say("暴雨")}
)

func entered(name string) events.Entered { return events.Entered{Entry: spec.ID(name)} }

func TestPlansAndCancellations(t *testing.T) {
	for _, rule := range plans {
		rule.Run(t)
	}
}

var plan = activities.PlanActivity{
	Entry: spec.ID("plan"), Project: "happy-family-reading", Site: "nanguo-mingzhu",
	Title: "亲子阅读日", Day: "2012-07-07", Worker: spec.ID("worker"),
}

var plans = rules{
	{
		Name: "an activity is planned for a day",
		When: plan,
		Then: []events.Event{planned},
	},
	{
		Name: "an activity is planned for a day of the calendar",
		When: activities.PlanActivity{Entry: spec.ID("plan"), Worker: spec.ID("worker"), Day: "2012-02-30"},
		Err:  activities.RefusedDay,
	},
	{
		Name: "a plan has an id",
		When: activities.PlanActivity{Worker: spec.ID("worker"), Day: "2012-07-07"},
		Err:  activities.RefusedMissing,
	},
	{
		Name: "an activity is run by a worker",
		When: activities.PlanActivity{Entry: spec.ID("plan"), Day: "2012-07-07"},
		Err:  activities.RefusedMissing,
	},
	{
		Name:  "every entry has an id",
		Given: []events.Event{planned},
		When:  activities.CancelActivity{Why: "暴雨"},
		Err:   activities.RefusedMissing,
	},
	{
		Name:  "an activity is planned once",
		Given: []events.Event{planned},
		When:  activities.PlanActivity{Entry: spec.ID("another plan"), Day: "2012-07-08"},
		Err:   activities.RefusedExists,
	},
	{
		Name:  "an activity is cancelled with a reason",
		Given: []events.Event{planned},
		When:  activities.CancelActivity{Entry: spec.ID("cancellation"), Why: "暴雨"},
		Then:  []events.Event{cancelled},
	},
	{
		Name:  "an activity is not cancelled without one",
		Given: []events.Event{planned},
		When:  activities.CancelActivity{Entry: spec.ID("cancellation"), Why: " "},
		Err:   activities.RefusedWhy,
	},
	{
		Name:  "an activity that took place is not cancelled",
		Given: []events.Event{planned, held},
		When:  activities.CancelActivity{Entry: spec.ID("cancellation"), Why: "暴雨"},
		Err:   activities.RefusedHeld,
	},
	{
		Name:  "an activity is cancelled once",
		Given: []events.Event{planned, cancelled},
		When:  activities.CancelActivity{Entry: spec.ID("again"), Why: "暴雨"},
		Err:   activities.RefusedCancelled,
	},
	{
		Name: "an activity that was not planned is not cancelled",
		When: activities.CancelActivity{Entry: spec.ID("cancellation"), Why: "暴雨"},
		Err:  activities.RefusedNoActivity,
	},
	{
		Name:  "an entry id is used once, by cancellations too",
		Given: []events.Event{planned},
		When:  activities.CancelActivity{Entry: planned.Entry, Why: "暴雨"},
		Err:   services.RefusedEntry,
	},
}

func TestEveryRefusalHasARule(t *testing.T) {
	var spoken []string
	for _, rule := range slices.Concat(plans, counts, corrections) {
		spoken = append(spoken, rule.Err)
	}
	for _, code := range activities.Codes() {
		if !slices.Contains(spoken, code) {
			t.Errorf("no rule is refused with %q", code)
		}
	}
	for _, code := range spoken {
		if code != "" && code != services.RefusedEntry && !slices.Contains(activities.Codes(), code) {
			t.Errorf("Codes does not list %q", code)
		}
	}
}

func TestWhatWasHeldIsAsLastCorrected(t *testing.T) {
	activity := activities.Activity{}
	if _, ok := activity.Count(); ok {
		t.Error("what was not held has no count")
	}
	activity = services.Fold(activity, recorded(planned), recorded(held), recorded(corrected))
	count, ok := activity.Count()
	if !ok || count.PersonTimes != 50 || count.Counted != "counted" || count.Place != held.Place {
		t.Errorf("a correction changes the heads and how they were got, and nothing else: %+v", count)
	}
}

func recorded(fact events.Event) events.Recorded {
	return events.Recorded{Event: fact, Meta: events.Meta{OccurredAt: spec.Now}}
}
