package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
)

func closing(change ...func(*cases.CloseCase)) cases.CloseCase {
	cmd := cases.CloseCase{Entry: id("closure"), Reason: "returned_home", Exit: "collected_by_kin", Beside: years(9)}
	for _, c := range change {
		c(&cmd)
	}
	return cmd
}

func TestClosureSaysWhyAndHowAndSettlesWhatIsOpen(t *testing.T) {
	is := func(change func(*events.CaseClosed)) facts {
		fact := closed
		change(&fact)
		return facts{fact}
	}
	with := func(reason, exit, outcome string) func(*cases.CloseCase) {
		return func(c *cases.CloseCase) { c.Reason, c.Exit, c.Outcome = reason, exit, outcome }
	}
	rated := func(name, goal string, level int) events.GoalRated {
		return events.GoalRated{Entered: entry(name), Plan: 1, Goal: id(goal), Level: level, When: "interim"}
	}
	patient := intake
	patient.Category, patient.AgeYears, patient.Steps = "psychiatric_patient", new(40), events.Steps{}
	follow := func(months ...string) (due_ []events.Due) {
		for n := 0; n < len(months); n += 2 {
			due_ = append(due_, due("follow_up_month_"+months[n], months[n+1]))
		}
		return due_
	}
	run(t, []rule{
		{Name: "with everything open settled and the follow-ups of the category due", Given: serving, When: closing(), Then: facts{closed}},
		{
			Name: "with goal attainment, what is rated and what is not", Given: given(planned, rated("a", "school", 1)),
			When: closing(func(c *cases.CloseCase) { c.Goals, c.After, c.Outcome = "入学", "每月电话", "family_reunited" }),
			Then: is(func(c *events.CaseClosed) {
				c.T, c.Rated, c.Unrated = new(60.0), 1, 1
				c.Goals, c.After, c.Outcome = say("入学"), say("每月电话"), "family_reunited"
			}),
		},
		{
			Name: "without any rating there is no T", Given: planned, When: closing(),
			Then: is(func(c *events.CaseClosed) { c.Unrated = 2 }),
		},
		{
			Name: "before it was ever decided", Given: takenIn, When: closing(),
			Then: is(func(c *events.CaseClosed) { c.Done = []string{"intake_decision", "safety_check", "health_check"} }),
		},
		{
			Name: "opened in error: nothing follows", Given: serving, When: closing(with("opened_in_error", "", "")),
			Then: is(func(c *events.CaseClosed) { c.Reason, c.Exit, c.Due = "opened_in_error", "", nil }),
		},
		{
			Name: "died: nobody follows up", Given: serving, When: closing(with("died", "", "")),
			Then: is(func(c *events.CaseClosed) { c.Reason, c.Exit, c.Due = "died", "", nil }),
		},
		{
			Name: "left by death: neither", Given: serving, When: closing(with("no_longer_eligible", "died", "")),
			Then: is(func(c *events.CaseClosed) { c.Reason, c.Exit, c.Due = "no_longer_eligible", "died", nil }),
		},
		{
			Name: "duplicate, and which case stays", Given: serving,
			When: closing(with("duplicate", "", ""), func(c *cases.CloseCase) { c.DuplicateOf = id("other case") }),
			Then: is(func(c *events.CaseClosed) {
				c.Reason, c.Exit, c.Due, c.DuplicateOf = "duplicate", "", nil, id("other case")
			}),
		},
		{
			Name: "other, in words", Given: serving, When: closing(with("other", "", ""), func(c *cases.CloseCase) { c.ReasonText = "随军" }),
			Then: is(func(c *events.CaseClosed) { c.Reason, c.Exit, c.ReasonText = "other", "", say("随军") }),
		},
		{
			Name: "after hospital someone looks in within 14 days", Given: began(patient, accepted, agreed), When: closing(with("goals_met", "discharged", "")),
			Then: is(func(c *events.CaseClosed) {
				c.Reason, c.Exit, c.Done = "goals_met", "discharged", []string{"assessment", "contact"}
				c.Due = append([]events.Due{due("discharge_contact", "2012-07-17 00:00")},
					follow("1", "2012-08-03 00:00", "3", "2012-10-03 00:00", "6", "2013-01-03 00:00", "12", "2013-07-03 00:00")...)
			}),
		},
		{Name: "not for no reason that is known", Given: serving, When: closing(with("boredom", "", "")), Err: cases.RefusedCode},
		{Name: "not other without words", Given: serving, When: closing(with("other", "", "")), Err: cases.RefusedMissing},
		{Name: "not duplicate without the case that stays", Given: serving, When: closing(with("duplicate", "", "")), Err: cases.RefusedDuplicate},
		{Name: "not duplicate of itself", Given: serving, When: closing(with("duplicate", "", ""), func(c *cases.CloseCase) { c.DuplicateOf = id("stream") }), Err: cases.RefusedDuplicate},
		{Name: "no case stays for another reason", Given: serving, When: closing(func(c *cases.CloseCase) { c.DuplicateOf = id("other case") }), Err: cases.RefusedDuplicate},
		{Name: "not by an exit of another category", Given: serving, When: closing(with("returned_home", "adopted", "")), Err: cases.RefusedCode},
		{Name: "not with an outcome of another category", Given: serving, When: closing(with("returned_home", "", "adopted")), Err: cases.RefusedCode},
		{Name: "nobody under 16 leaves alone", Given: serving, When: closing(with("client_request", "left_alone", ""), func(c *cases.CloseCase) { c.Beside = years(15) }), Err: cases.RefusedAge},
		{
			Name: "from 16 they may", Given: serving, When: closing(with("client_request", "left_alone", ""), func(c *cases.CloseCase) { c.Beside = years(16) }),
			Then: is(func(c *events.CaseClosed) { c.Reason, c.Exit = "client_request", "left_alone" }),
		},
		{
			Name: "an age that is not known keeps nobody from being collected", Given: began(func() events.IntakeRecorded { i := intake; i.AgeYears = nil; return i }(), accepted),
			When: closing(func(c *cases.CloseCase) { c.Beside = cases.Beside{} }), Then: facts{closed},
		},
		{Name: "not twice", Given: ended, When: closing(func(c *cases.CloseCase) { c.Entry = id("new") }), Err: cases.RefusedClosed},
		{Name: "not what was declined", Given: given(takenIn, declined), When: closing(), Err: cases.RefusedUndecided},
		{Name: "not before what was done in it", Given: given(serving, on("2012-07-05 10:00", talk)), At: at("2012-07-04 10:00"), When: closing(), Err: cases.RefusedClosed},
		{Name: "not before it was accepted", Given: serving, At: at("2012-07-01 10:00"), When: closing(), Err: cases.RefusedOrder},
	})
}

func TestFollowUpsComeAfterTheClosure(t *testing.T) {
	follow := func(change ...func(*cases.RecordFollowUp)) cases.RecordFollowUp {
		cmd := cases.RecordFollowUp{Entry: id("new"), Window: "month_1", Reached: true, Note: "在家", Findings: map[string]string{"at_home": "yes", "safe": "unknown"}}
		for _, c := range change {
			c(&cmd)
		}
		return cmd
	}
	followed := events.FollowUpRecorded{
		Entered: entry("new"), Window: "month_1", Reached: true, PersonTimes: 1, Note: say("在家"),
		Findings: map[string]string{"at_home": "yes", "safe": "unknown"}, Steps: events.Steps{Done: []string{"follow_up_month_1"}},
	}
	failed := events.FollowUpRecorded{Entered: entry("new"), Window: "month_1", Note: say("在家")}
	elder := intake
	elder.Category = "elder"
	byAgency := followed
	byAgency.Window, byAgency.Findings, byAgency.Done = "other", nil, nil
	run(t, []rule{
		{Name: "one that reached the client is a person-time and settles its window", Given: ended, When: follow(), Then: facts{followed}},
		{Name: "one that did not leaves it due", Given: ended, When: follow(func(c *cases.RecordFollowUp) { c.Reached, c.Findings = false, nil }), Then: facts{failed}},
		{
			Name: "by agency, where the category has no windows", Given: began(elder, accepted, events.CaseClosed{Entered: entry("closure"), Episode: 1}),
			When: follow(func(c *cases.RecordFollowUp) { c.Window, c.Findings = "other", nil }), Then: facts{byAgency},
		},
		{Name: "not of an open case", Given: serving, When: follow(), Err: cases.RefusedOpen},
		{Name: "not of a case that was declined", Given: given(takenIn, declined), When: follow(), Err: cases.RefusedOpen},
		{Name: "not before the closure", Given: ended, At: at("2012-07-01 10:00"), When: follow(), Err: cases.RefusedOpen},
		{Name: "not in a window of another category", Given: ended, When: follow(func(c *cases.RecordFollowUp) { c.Window = "month_12" }), Err: cases.RefusedCode},
		{Name: "not outside the windows of the category", Given: ended, When: follow(func(c *cases.RecordFollowUp) { c.Window = "other" }), Err: cases.RefusedCode},
		{Name: "not to a question that nobody asks", Given: ended, When: follow(func(c *cases.RecordFollowUp) { c.Findings = map[string]string{"rich": "no"} }), Err: cases.RefusedCode},
		{Name: "not with an answer that is none", Given: ended, When: follow(func(c *cases.RecordFollowUp) { c.Findings = map[string]string{"safe": "maybe"} }), Err: cases.RefusedCode},
	})
}

func TestReopeningBeginsANewEpisode(t *testing.T) {
	reopen := cases.ReopenCase{Entry: id("reopening"), Why: "rescued_again", Reason: "武昌火车站"}
	again := reopened
	again.Reason = say("武昌火车站")
	again.Done = []string{"follow_up_month_1", "follow_up_month_3", "follow_up_month_6"}
	again.Due = []events.Due{due("assessment", "2012-07-03 10:00"), due("contact", "2012-07-17 00:00")}
	restored := again
	restored.Worker = id("zhou")
	atRisk := again
	atRisk.Due = []events.Due{due("assessment", "2012-07-03 10:00"), due("contact_high_risk", "2012-07-10 00:00")}
	third := again
	third.Episode = 3
	undecided := again
	undecided.Done = append([]string{"intake_decision"}, again.Done...)
	undecided.Due = []events.Due{due("intake_decision", "2012-07-06 00:00")}
	assigned := events.WorkerAssigned{Entered: entry("assigned"), Worker: id("zhou"), Role: "responsible"}
	secondTime := reopened
	secondTime.Entry = id("reopened before")
	closedAgain := closed
	closedAgain.Entry, closedAgain.Episode = id("closed again"), 2
	run(t, []rule{
		{Name: "the follow-ups are settled, assessment and contact fall due", Given: ended, When: reopen, Then: facts{again}},
		{Name: "with the worker of the last one", Given: began(intake, accepted, agreed, assigned, closed), When: reopen, Then: facts{restored}},
		{Name: "at the pace of the danger", Given: began(intake, accepted, agreed, highly, closed), When: reopen, Then: facts{atRisk}},
		{Name: "a third time", Given: given(ended, secondTime, closedAgain), When: reopen, Then: facts{third}},
		{Name: "to be decided, if it never was", Given: began(intake, closed), When: reopen, Then: facts{undecided}},
		{Name: "not an open case", Given: serving, When: reopen, Err: cases.RefusedOpen},
		{Name: "not twice", Given: given(ended, secondTime), When: reopen, Err: cases.RefusedOpen},
		{Name: "not what was declined", Given: given(takenIn, declined), When: reopen, Err: cases.RefusedOpen},
		{Name: "not before it was closed", Given: given(serving, on("2012-07-05 10:00", closed)), At: at("2012-07-04 10:00"), When: reopen, Err: cases.RefusedOrder},
		{Name: "not for no reason that is known", Given: ended, When: cases.ReopenCase{Entry: id("reopening"), Why: "boredom"}, Err: cases.RefusedCode},
	})
}
