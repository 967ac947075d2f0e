package cases_test

import (
	"math"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/cases"
)

func TestAPlanIsAgreedInVersions(t *testing.T) {
	agree := func(goals ...cases.PlanGoal) cases.AgreePlan {
		return cases.AgreePlan{Entry: id("new"), Aim: "平安回家", Strategy: "每周电访", AgreedBy: []string{"client", "guardian"}, Goals: goals}
	}
	goal := cases.PlanGoal{Goal: id("school"), Domain: "education", Title: "复学", Weight: 2, By: "2012-09-01", Levels: []string{"a", "b", "c", "d", "e"}}
	with := func(change func(*cases.PlanGoal)) cases.AgreePlan {
		g := goal
		change(&g)
		return agree(g)
	}
	agreedOn := func(version int, done ...string) facts {
		return facts{events.PlanAgreed{
			Entered: entry("new"), Version: version, Aim: say("平安回家"), Strategy: say("每周电访"), AgreedBy: []string{"client", "guardian"},
			Goals: []events.Goal{{
				Goal: id("school"), Domain: "education", Title: say("复学"), Weight: 2, By: "2012-09-01",
				Levels: []sealed.Text{say("a"), say("b"), say("c"), say("d"), say("e")},
			}},
			Steps: events.Steps{Done: done, Due: []events.Due{due("review", "2012-10-01 00:00")}},
		}}
	}
	assessed := able
	assessed.Due = []events.Due{due("plan", "2012-07-17 00:00")}
	nobody := agree(goal)
	nobody.AgreedBy = nil
	later := plan
	later.Entry, later.Version = id("later"), 2
	run(t, []rule{
		{Name: "the first, and its review falls due in 90 days", Given: given(serving, assessed), When: agree(goal), Then: agreedOn(1, "plan")},
		{Name: "the next version", Given: planned, When: agree(goal), Then: agreedOn(2)},
		{Name: "the next version, whatever was recorded late", Given: given(planned, on("2012-07-01 10:00", later)), When: agree(goal), Then: agreedOn(3)},
		{Name: "not before acceptance", Given: began(intake, agreed), When: agree(goal), Err: cases.RefusedUndecided},
		{Name: "not without consent", Given: open, When: agree(goal), Err: cases.RefusedConsent},
		{Name: "not without goals", Given: serving, When: agree(), Err: cases.RefusedMissing},
		{Name: "not agreed by nobody", Given: serving, When: nobody, Err: cases.RefusedMissing},
		{Name: "not with one goal twice", Given: serving, When: agree(goal, goal), Err: cases.RefusedTwice},
		{Name: "not with a goal that weighs nothing", Given: serving, When: with(func(g *cases.PlanGoal) { g.Weight = 0 }), Err: cases.RefusedWeight},
		{Name: "not with four levels", Given: serving, When: with(func(g *cases.PlanGoal) { g.Levels = g.Levels[:4] }), Err: cases.RefusedLevels},
		{Name: "not with a level left blank", Given: serving, When: with(func(g *cases.PlanGoal) { g.Levels = []string{"a", "b", " ", "d", "e"} }), Err: cases.RefusedLevels},
		{Name: "not with a goal without words", Given: serving, When: with(func(g *cases.PlanGoal) { g.Title = "" }), Err: cases.RefusedMissing},
		{Name: "not in a domain of another category", Given: serving, When: with(func(g *cases.PlanGoal) { g.Domain = "work" }), Err: cases.RefusedCode},
		{Name: "not by a day that is none", Given: serving, When: with(func(g *cases.PlanGoal) { g.By = "2012-09-31" }), Err: cases.RefusedDay},
		{Name: "not in a closed case", Given: ended, When: agree(goal), Err: cases.RefusedClosed},
	})
}

func TestAGoalIsRatedAgainstThePlanInForce(t *testing.T) {
	rate := func(goal string, level int) cases.RateGoal {
		return cases.RateGoal{Entry: id("new"), Goal: id(goal), Level: level, When: "interim", Note: "到校"}
	}
	rated := func(plan int, goal string, level int, t float64, unrated int) facts {
		return facts{events.GoalRated{
			Entered: entry("new"), Plan: plan, Goal: id(goal), Level: level, When: "interim", Note: say("到校"), T: &t, Rated: 2 - unrated, Unrated: unrated,
		}}
	}
	before := func(name, goal string, level int) events.GoalRated {
		return events.GoalRated{Entered: entry(name), Plan: 1, Goal: id(goal), Level: level, When: "baseline"}
	}
	second := plan
	second.Entry, second.Version = id("second"), 2
	followUp := rate("school", 1)
	followUp.When = "follow-up"
	afterwards := rated(1, "school", 1, 60, 1)
	late := afterwards[0].(events.GoalRated)
	late.When = "follow-up"
	run(t, []rule{
		{Name: "one goal of two: T rests on one", Given: planned, When: rate("school", 1), Then: rated(1, "school", 1, 60, 1)},
		{
			Name: "with the other's last rating", Given: given(planned, before("a", "home", -2), before("b", "home", -1)), When: rate("school", 1),
			Then: rated(1, "school", 1, 50+10/math.Sqrt(6.2), 0),
		},
		{Name: "its own last rating gives way", Given: given(planned, before("a", "school", -2)), When: rate("school", 2), Then: rated(1, "school", 2, 70, 1)},
		{Name: "what was rated later does not count on the day before", Given: given(planned, on("2012-07-03 10:00", before("a", "home", 2))), When: rate("school", 1), Then: rated(1, "school", 1, 60, 1)},
		{Name: "ratings of an earlier version do not count", Given: given(planned, before("a", "home", 2), second), When: rate("school", 1), Then: rated(2, "school", 1, 60, 1)},
		{Name: "after the closure, at a follow-up", Given: given(planned, closed), When: followUp, Then: facts{late}},
		{Name: "not a follow-up of a case that runs", Given: planned, When: followUp, Err: cases.RefusedOpen},
		{Name: "not a goal that is not in it", Given: planned, When: rate("fame", 1), Err: cases.RefusedGoal},
		{Name: "not without a plan", Given: serving, When: rate("school", 1), Err: cases.RefusedGoal},
		{Name: "not before the plan", Given: planned, At: at("2012-07-01 10:00"), When: rate("school", 1), Err: cases.RefusedGoal},
		{Name: "not above +2", Given: planned, When: rate("school", 3), Err: cases.RefusedRange},
		{Name: "not below −2", Given: planned, When: rate("school", -3), Err: cases.RefusedRange},
		{Name: "not while the case is closed", Given: given(planned, closed), When: rate("school", 1), Err: cases.RefusedClosed},
	})
}
