package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

func amend(what string, now cases.Anew) cases.AmendEntry {
	return cases.AmendEntry{Entry: id("amendment"), Amends: id(what), Why: "记错了", Now: now}
}

func amended(what string, now events.Entry) events.EntryAmended {
	return events.EntryAmended{Entered: entry("amendment"), Amends: id(what), Why: say("记错了"), Now: events.Said{Entry: now}}
}

func noteAnew(text string) cases.Anew {
	return cases.Anew{Note: &cases.RecordNote{Entry: id("note"), Kind: "process", Text: text}}
}

func TestAnEntryIsSaidAnewByTheRulesThatItWasDecidedBy(t *testing.T) {
	noteNow := events.NoteRecorded{Entered: entry("note"), Kind: "process", Text: say("情绪低落")}
	moved := amended("note", noteNow)
	moved.HappenedAt = at("2012-07-01 20:00")
	movedTo := amend("note", noteAnew("情绪低落"))
	movedTo.HappenedAt = new(at("2012-07-01 20:00"))

	scored := events.MeasureTaken{Entered: entry("measure"), Instrument: "phq-9", Version: 1, When: "baseline", Rater: "self", Score: new(0.0), Band: "minimal"}
	answers := phq9(0, map[string]int{"phq9": 1})
	rescored := scored
	rescored.Answers, rescored.Score, rescored.Safety = sealed.New(answers), new(1.0), []string{"self-harm"}
	rescored.Due = []events.Due{due("risk_rating", "2012-07-03 00:00"), due("self_harm_contact", "2012-07-03 10:00")}

	rating := func(name, goal string, level int, t float64) events.GoalRated {
		return events.GoalRated{Entered: entry(name), Plan: 1, Goal: id(goal), Level: level, When: "interim", T: &t, Rated: 1, Unrated: 1}
	}
	missing := events.IncidentRecorded{Entered: entry("missing"), Kind: "missing", Steps: events.Steps{
		Due: []events.Due{due("missing_guardian", "2012-07-02 10:00"), due("missing_police", "2012-07-03 10:00")},
	}}
	told := missing
	told.Told, told.Due = []events.Told{{Who: "guardian", At: at("2012-07-02 10:00")}}, missing.Due[1:]

	earlier := accepted
	earlier.Due = []events.Due{due("assessment", "2012-07-04 09:00"), due("contact", "2012-07-18 00:00")}
	later := amended("decision", earlier)
	later.HappenedAt = at("2012-07-03 09:00")
	decisionAt := func(clock string) cases.AmendEntry {
		cmd := amend("decision", cases.Anew{Decision: &cases.DecideIntake{Entry: id("decision"), Accepted: true}})
		cmd.HappenedAt = new(at(clock))
		return cmd
	}
	handed := events.HandoverRecorded{Entered: entry("handover"), Kind: "collected", Guardianship: id("able"), ReceivedAs: "mother"}
	allowed := handed
	allowed.Guardianship, allowed.AllowedReason = uuid.Nil, say("母亲证件齐全")
	handoverAnew := amend("handover", cases.Anew{Handover: &cases.RecordHandover{
		Entry: id("handover"), Kind: "collected", ReceivedAs: "mother", AllowedReason: "母亲证件齐全",
	}})
	bySupervisor := handoverAnew
	bySupervisor.Supervisor = true

	run(t, []rule{
		{Name: "a note", Given: given(open, noted), When: amend("note", noteAnew("情绪低落")), Then: facts{amended("note", noteNow)}},
		{Name: "a note of a closed case", Given: given(serving, noted, closed), When: amend("note", noteAnew("情绪低落")), Then: facts{amended("note", noteNow)}},
		{Name: "and when it happened", Given: given(open, noted), When: movedTo, Then: facts{moved}},
		{
			Name: "a measure is scored again, and raises what the answers raise", Given: given(open, scored),
			When: cases.AmendEntry{Entry: id("amendment"), Amends: id("measure"), Why: "记错了", Beside: years(15), Now: cases.Anew{Measure: &cases.TakeMeasure{
				Entry: id("measure"), Instrument: "phq-9", When: "baseline", Rater: "self", Answers: answers,
			}}},
			Then: facts{amended("measure", rescored)},
		},
		{
			Name: "goal attainment is computed again, from what was rated before", Given: given(planned, rating("a", "school", 2, 70), rating("b", "home", 0, 60)),
			When: amend("a", cases.Anew{GoalRating: &cases.RateGoal{Entry: id("a"), Goal: id("school"), Level: -1, When: "interim"}}),
			Then: facts{amended("a", rating("a", "school", -1, 40))},
		},
		{
			Name: "who was told since settles what was owed", Given: given(open, missing),
			When: amend("missing", cases.Anew{Incident: &cases.RecordIncident{
				Entry: id("missing"), Kind: "missing", Told: []cases.PersonTold{{Who: "guardian", At: at("2012-07-02 10:00")}},
			}}),
			Then: facts{amended("missing", told)},
		},
		{
			Name: "a rating taken back since does not count", When: amend("a", cases.Anew{GoalRating: &cases.RateGoal{Entry: id("a"), Goal: id("school"), Level: -1, When: "interim"}}),
			Given: given(planned, rating("b", "home", 2, 60), rating("a", "school", 2, 70), events.EntryRetracted{Entered: entry("back"), Retracts: id("b")}),
			Then:  facts{amended("a", rating("a", "school", -1, 40))},
		},
		{
			Name: "nor a consent that was none, as is known by now", When: amend("talk", cases.Anew{Intervention: new(intervene(func(c *cases.RecordIntervention) { c.Entry = id("talk") }))}),
			Given: given(serving, talk, events.EntryAmended{Entered: entry("other"), Amends: id("consent"), Now: events.Said{Entry: events.ConsentRecorded{Entered: entry("consent"), Purpose: "photo"}}}),
			Err:   cases.RefusedConsent,
		},
		{Name: "deadlines count from the day it now happened", Given: given(open, on("2012-07-04 10:00", noted)), At: at("2012-07-05 10:00"), When: decisionAt("2012-07-03 09:00"), Then: facts{later}},
		{Name: "what a worker may not write, a worker may not amend it to", Given: given(planned, handed), When: handoverAnew, Err: cases.RefusedSupervisor},
		{Name: "a supervisor may", Given: given(planned, handed), When: bySupervisor, Then: facts{amended("handover", allowed)}},
		{
			Name: "its content keeps its rules", Given: given(serving, talk), Err: cases.RefusedPersonTimes,
			When: amend("talk", cases.Anew{Intervention: new(intervene(func(c *cases.RecordIntervention) { c.Entry, c.PersonTimes = id("talk"), 9 }))}),
		},
		{
			Name: "and its contract", Given: given(open, noted), When: amend("note", noteAnew(" ")), Err: cases.RefusedMissing,
		},
		{Name: "not without a reason", Given: given(open, noted), When: cases.AmendEntry{Entry: id("amendment"), Amends: id("note"), Why: " ", Now: noteAnew("x")}, Err: cases.RefusedMissing},
		{Name: "not what was never written", Given: open, When: amend("note", noteAnew("x")), Err: cases.RefusedUnknown},
		{Name: "not as nothing", Given: given(open, noted), When: amend("note", cases.Anew{}), Err: cases.RefusedOneEntry},
		{
			Name: "not as two", Given: given(open, noted), Err: cases.RefusedOneEntry,
			When: amend("note", cases.Anew{Note: noteAnew("x").Note, Risk: &cases.RateRisk{Entry: id("note"), Level: "low", Reason: "x"}}),
		},
		{
			Name: "not as something else", Given: given(open, noted), Err: cases.RefusedOtherEntry,
			When: amend("note", cases.Anew{Risk: &cases.RateRisk{Entry: id("note"), Level: "low", Reason: "x"}}),
		},
		{
			Name: "not as another entry", Given: given(open, noted), Err: cases.RefusedOtherEntry,
			When: amend("note", cases.Anew{Note: &cases.RecordNote{Entry: id("other"), Kind: "process", Text: "x"}}),
		},
		{
			Name: "not as a case of another client", Given: open, Err: cases.RefusedOtherEntry,
			When: amend("intake", cases.Anew{Intake: new(takeIn(func(c *cases.RecordIntake) { c.Client = id("other client") }))}),
		},
		{Name: "not to tomorrow", Given: given(open, noted), When: func() cases.AmendEntry { c := movedTo; c.HappenedAt = new(at("2012-07-03 10:00")); return c }(), Err: services.RefusedFuture},
		{Name: "not under an id in use", Given: given(open, noted), When: cases.AmendEntry{Entry: id("intake"), Amends: id("note"), Why: "x", Now: noteAnew("x")}, Err: services.RefusedEntry},
	})
}

func TestACorrectionLeavesTheCaseRightAsAWhole(t *testing.T) {
	assigned := events.WorkerAssigned{Entered: entry("assigned"), Worker: id("zhou"), Role: "responsible"}
	decline := amend("decision", cases.Anew{Decision: &cases.DecideIntake{Entry: id("decision"), Reason: "有人照管"}})
	no := events.IntakeDecided{Entered: entry("decision"), Reason: say("有人照管"), Steps: events.Steps{Done: []string{"intake_decision", "safety_check", "health_check"}}}
	closureAt := func(clock string) cases.AmendEntry {
		cmd := amend("closure", cases.Anew{Closure: new(closing())})
		cmd.HappenedAt = new(at(clock))
		return cmd
	}
	moved := amended("closure", func() events.CaseClosed {
		c := closed
		c.Due = []events.Due{due("follow_up_month_1", "2012-08-05 00:00"), due("follow_up_month_3", "2012-10-05 00:00"), due("follow_up_month_6", "2013-01-05 00:00")}
		return c
	}())
	moved.HappenedAt = at("2012-07-04 10:00")
	rated := events.GoalRated{Entered: entry("rated"), Plan: 1, Goal: id("school"), Level: 1, When: "interim"}
	planWithout := amend("plan", cases.Anew{Plan: &cases.AgreePlan{
		Entry: id("plan"), Aim: "x", AgreedBy: []string{"client"}, Goals: []cases.PlanGoal{{Goal: id("home"), Title: "回家", Weight: 1}},
	}})
	later := talk
	later.Entry = id("later")
	wasInCrisis := talk
	wasInCrisis.Kind = "crisis"
	measured := events.MeasureTaken{Entered: entry("measured"), Instrument: "phq-9", When: "baseline"}
	measuredLater := measured
	measuredLater.When = "follow-up"
	ratedLater := rated
	ratedLater.When = "follow-up"
	followed := events.FollowUpRecorded{Entered: entry("followed"), Window: "month_1"}
	closedOn := func(before ...events.Event) facts {
		return given(began(intake, accepted, agreed), append(before, on("2012-07-05 10:00", closed))...)
	}
	run(t, []rule{
		{Name: "an acceptance becomes a refusal while nothing rests on it", Given: given(takenIn, accepted), When: decline, Then: facts{amended("decision", no)}},
		{Name: "crisis work and notes before it need none", Given: given(takenIn, wasInCrisis, noted, measured, accepted), When: decline, Then: facts{amended("decision", no)}},
		{Name: "not when a talk rests on it", Given: given(takenIn, talk, accepted), When: decline, Err: cases.RefusedUndecided},
		{Name: "not when a plan does", Given: began(intake, plan, accepted), When: decline, Err: cases.RefusedUndecided},
		{Name: "not when it was closed as accepted", Given: began(intake, accepted, closed), When: decline, Err: cases.RefusedOrder},
		{Name: "a closure happened a day earlier", Given: closedOn(on("2012-07-03 10:00", talk)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-04 10:00"), Then: facts{moved}},
		{Name: "not before what was done", Given: closedOn(on("2012-07-04 12:00", talk)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-04 10:00"), Err: cases.RefusedClosed},
		{Name: "not after a follow-up of it", Given: given(closedOn(), on("2012-07-08 10:00", followed)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-08 11:00"), Err: cases.RefusedOpen},
		{Name: "nor after a measure that was taken at one", Given: given(closedOn(), on("2012-07-08 10:00", measuredLater)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-08 11:00"), Err: cases.RefusedOpen},
		{Name: "nor after a goal that was rated at one", Given: given(closedOn(began(able, plan)...), on("2012-07-08 10:00", ratedLater)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-08 11:00"), Err: cases.RefusedOpen},
		{Name: "not before a measure of the time before", Given: closedOn(on("2012-07-04 12:00", measured)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-04 10:00"), Err: cases.RefusedClosed},
		{Name: "not after the reopening", Given: given(closedOn(), on("2012-07-07 10:00", reopened)), At: at("2012-07-09 10:00"), When: closureAt("2012-07-08 10:00"), Err: cases.RefusedOrder},
		{Name: "a plan keeps the goals that were rated", Given: given(planned, rated), When: planWithout, Err: cases.RefusedNeeded},
		{
			Name: "what was not right before does not stand in the way", Given: given(began(intake, accepted, agreed, closed), later, noted),
			When: cases.RetractEntry{Entry: id("new"), Retracts: id("note"), Why: "x"},
			Then: facts{events.EntryRetracted{Entered: entry("new"), Retracts: id("note"), Why: say("x")}},
		},
		{
			Name: "an assignment to the wrong worker", Given: given(open, assigned),
			When: amend("assigned", cases.Anew{Assignment: &cases.AssignWorker{Entry: id("assigned"), Worker: id("min"), Role: "responsible"}}),
			Then: facts{amended("assigned", events.WorkerAssigned{Entered: entry("assigned"), Worker: id("min"), Role: "responsible"})},
		},
	})
}

func TestAmendingAgainIsAmendingTheOriginalAgain(t *testing.T) {
	first := amended("note", events.NoteRecorded{Entered: entry("note"), Kind: "process", Text: say("一")})
	first.Entry = id("first")
	byAmendment := amend("first", noteAnew("二"))
	takenBack := events.EntryRetracted{Entered: entry("back"), Retracts: id("first")}
	gone := events.EntryRetracted{Entered: entry("back"), Retracts: id("note")}
	run(t, []rule{
		{
			Name: "whether it names the original", Given: given(open, noted, first), When: amend("note", noteAnew("二")),
			Then: facts{amended("note", events.NoteRecorded{Entered: entry("note"), Kind: "process", Text: say("二")})},
		},
		{
			Name: "or the amendment", Given: given(open, noted, first), When: byAmendment,
			Then: facts{amended("note", events.NoteRecorded{Entered: entry("note"), Kind: "process", Text: say("二")})},
		},
		{Name: "not an amendment that was taken back", Given: given(open, noted, first, takenBack), When: byAmendment, Err: cases.RefusedRetracted},
		{Name: "not an entry that was taken back", Given: given(open, noted, gone), When: amend("note", noteAnew("二")), Err: cases.RefusedRetracted},
		{Name: "not by way of its amendment either", Given: given(open, noted, first, gone), When: byAmendment, Err: cases.RefusedRetracted},
	})
}

func TestARetractionTakesBackAnEntryOrAnAmendment(t *testing.T) {
	retract := func(what string) cases.RetractEntry {
		return cases.RetractEntry{Entry: id("new"), Retracts: id(what), Why: "写错档案"}
	}
	retracted := func(what string) facts {
		return facts{events.EntryRetracted{Entered: entry("new"), Retracts: id(what), Why: say("写错档案")}}
	}
	before := events.EntryRetracted{Entered: entry("before"), Retracts: id("note")}
	decisionAgain := amended("decision", accepted)
	addsGoal := amended("plan", func() events.PlanAgreed {
		p := plan
		p.Goals = append(p.Goals[:2:2], events.Goal{Goal: id("fame"), Weight: 1})
		return p
	}())
	rated := events.GoalRated{Entered: entry("rated"), Plan: 1, Goal: id("school"), Level: 1, When: "interim"}
	famous := rated
	famous.Goal = id("fame")
	cleared := events.FlagCleared{Entered: entry("cleared"), Flag: id("flag")}
	handed := events.HandoverRecorded{Entered: entry("handover"), Kind: "collected", Guardianship: id("able")}
	completed := events.ReferralCompleted{Entered: entry("completed"), Referral: id("referral")}
	worked := talk
	worked.Goals = []uuid.UUID{id("school")}
	rules := []rule{
		{Name: "a note", Given: given(open, noted), When: retract("note"), Then: retracted("note")},
		{Name: "a note of a closed case", Given: given(serving, noted, closed), When: retract("note"), Then: retracted("note")},
		{Name: "an amendment, of a decision too", Given: given(open, decisionAgain), When: retract("amendment"), Then: retracted("amendment")},
		{Name: "not twice", Given: given(open, noted, before), When: retract("note"), Err: cases.RefusedRetracted},
		{Name: "not what was never written", Given: open, When: retract("note"), Err: cases.RefusedUnknown},
		{Name: "not a retraction", Given: given(open, noted, before), When: retract("before"), Err: cases.RefusedUnknown},
		{Name: "not without a reason", Given: given(open, noted), When: cases.RetractEntry{Entry: id("new"), Retracts: id("note")}, Err: cases.RefusedMissing},
		{Name: "its id is used up", Given: given(open, noted, before), When: cases.RecordNote{Entry: id("before"), Kind: "process", Text: "x"}, Err: services.RefusedEntry},
		{Name: "not a plan that a rating rests on", Given: given(planned, rated), When: retract("plan"), Err: cases.RefusedNeeded},
		{Name: "not a plan that an intervention worked on", Given: given(planned, worked), When: retract("plan"), Err: cases.RefusedNeeded},
		{Name: "a plan that nothing rests on", Given: planned, When: retract("plan"), Then: retracted("plan")},
		{Name: "not an amendment that a rating rests on", Given: given(planned, addsGoal, famous), When: retract("amendment"), Err: cases.RefusedNeeded},
		{Name: "not a flag that was cleared", Given: given(open, warned, cleared), When: retract("flag"), Err: cases.RefusedNeeded},
		{Name: "not an assessment that a handover rests on", Given: given(planned, handed), When: retract("able"), Err: cases.RefusedNeeded},
		{Name: "not a referral that was answered", Given: given(open, sharing, refer, agreeTo), When: retract("referral"), Err: cases.RefusedNeeded},
		{Name: "not an answer that a completion rests on", Given: given(open, sharing, refer, agreeTo, completed), When: retract("answer"), Err: cases.RefusedNeeded},
	}
	withdrawn := events.ConsentWithdrawn{Entered: entry("withdrawn"), Consent: id("consent")}
	assigned := events.WorkerAssigned{Entered: entry("assigned"), Worker: id("zhou"), Role: "responsible"}
	whole := began(intake, accepted, agreed, withdrawn, assigned, closed, reopened)
	for _, kept := range []string{"intake", "decision", "consent", "withdrawn", "assigned", "closure", "reopening"} {
		rules = append(rules, rule{Name: "never the " + kept, Given: whole, When: retract(kept), Err: cases.RefusedNotRetracted})
	}
	run(t, rules)
}

func TestWhatFollowsFromTheEntriesFollowsTheirCorrections(t *testing.T) {
	back := func(what string) events.EntryRetracted {
		return events.EntryRetracted{Entered: entry("back " + what), Retracts: id(what)}
	}
	said := func(what string, now events.Entry) events.EntryAmended {
		return events.EntryAmended{Entered: entry("amended " + what), Amends: id(what), Now: events.Said{Entry: now}}
	}
	low := events.RiskRated{Entered: entry("high"), Level: "low"}
	min := events.WorkerAssigned{Entered: entry("assigned"), Worker: id("min"), Role: "responsible"}
	zhou := min
	zhou.Worker = id("zhou")
	elder := intake
	elder.Category = "elder"

	if c := fold(intake, accepted, highly, said("high", low)); c.Risk != "low" {
		t.Errorf("risk %q after it was amended to low", c.Risk)
	}
	if c := fold(intake, accepted, highly, said("high", low), back("amended high")); c.Risk != "high" {
		t.Errorf("risk %q after the amendment was taken back", c.Risk)
	}
	if c := fold(intake, accepted, highly, back("high")); c.Risk != "" {
		t.Errorf("risk %q after it was taken back", c.Risk)
	}
	if c := fold(intake, accepted, zhou, said("assigned", min)); c.Worker != id("min") {
		t.Error("the worker before the amendment still has the case")
	}
	if c := fold(intake, accepted, said("decision", declined)); c.Stage != cases.Declined || c.Accepted {
		t.Errorf("%s, accepted %t, after the decision was amended", c.Stage, c.Accepted)
	}
	if c := fold(intake, said("intake", elder)); c.Intake.Category != "elder" || c.OpenedBy == "" {
		t.Errorf("category %q after it was amended", c.Intake.Category)
	}
	moved := said("closure", closed)
	moved.HappenedAt = at("2012-07-08 10:00")
	if c := fold(intake, accepted, on("2012-07-05 10:00", closed), on("2012-07-09 10:00", moved)); !c.ClosedAt.Equal(moved.HappenedAt) || c.Stage != cases.Closed {
		t.Errorf("closed at %s after it was amended", c.ClosedAt)
	}

	run(t, []rule{
		{Name: "a plan that was taken back has no goals to rate", Given: given(planned, back("plan")), When: cases.RateGoal{Entry: id("new"), Goal: id("school"), When: "interim"}, Err: cases.RefusedGoal},
		{
			Name: "an assessment that was taken back found nobody able", Given: given(planned, back("able")), Err: cases.RefusedUnknown,
			When: cases.RecordHandover{Entry: id("new"), Kind: "collected", Guardianship: id("able"), ReceivedAs: "mother"},
		},
		{
			Name: "an assessment that was amended found what it now says", Given: given(planned, said("able", events.AssessmentRecorded{Entered: entry("able"), Guardianship: "unsafe"})), Err: cases.RefusedGuardianship,
			When: cases.RecordHandover{Entry: id("new"), Kind: "collected", Guardianship: id("able"), ReceivedAs: "mother"},
		},
		{
			Name: "a consent that was amended to something else is none to be served", Given: given(serving, said("consent", events.ConsentRecorded{Entered: entry("consent"), Purpose: "photo"})),
			When: intervene(), Err: cases.RefusedConsent,
		},
		{Name: "a flag that was taken back is not there to clear", Given: given(open, warned, back("flag")), When: cases.ClearFlag{Entry: id("new"), Flag: id("flag"), Reason: "x"}, Err: cases.RefusedUnknown},
		{
			Name: "an answer that was taken back can be given again", Given: given(open, sharing, refer, agreeTo, back("answer")),
			When: cases.AnswerReferral{Entry: id("new"), Referral: id("referral"), Answer: "declined"},
			Then: facts{events.ReferralAnswered{Entered: entry("new"), Referral: id("referral"), Answer: "declined"}},
		},
		{
			Name: "a rating that was taken back does not count", Given: given(planned, events.GoalRated{Entered: entry("a"), Plan: 1, Goal: id("home"), Level: 2}, back("a")),
			When: cases.RateGoal{Entry: id("new"), Goal: id("school"), Level: 1, When: "interim"},
			Then: facts{events.GoalRated{Entered: entry("new"), Plan: 1, Goal: id("school"), Level: 1, When: "interim", T: new(60.0), Rated: 1, Unrated: 1}},
		},
		{Name: "a contact that was taken back settled nothing", Given: given(serving, func() events.Event {
			i := talk
			i.Done = []string{"contact"}
			return i
		}(), back("talk")), When: intervene(), Then: intervened()},
	})
}
