package cases_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

// What the specs of this package start from: a street child of nine, taken in on a Monday in July 2012.

type (
	rule  = spec.Spec[cases.Case]
	facts = []events.Event
)

var (
	id  = spec.ID
	say = sealed.Say

	intake = events.IntakeRecorded{
		Entered: entry("intake"), Client: id("client"), Category: "street_child", Project: "home", Source: "outreach",
		Urgency: "emergency", AgeYears: new(9),
		Steps: events.Steps{Due: []events.Due{due("intake_decision", "2012-07-06 00:00"), due("safety_check", "2012-07-02 12:00"), due("health_check", "2012-07-02 12:00")}},
	}
	accepted = events.IntakeDecided{Entered: entry("decision"), Accepted: true, Steps: events.Steps{
		Done: []string{"intake_decision"}, Due: []events.Due{due("assessment", "2012-07-03 10:00"), due("contact", "2012-07-17 00:00")},
	}}
	declined = events.IntakeDecided{Entered: entry("decision"), Reason: say("有人照管")}
	agreed   = events.ConsentRecorded{Entered: entry("consent"), Purpose: "service", Basis: "consent", Capacity: "guardian", Form: "signed"}
	sharing  = events.ConsentRecorded{Entered: entry("sharing"), Purpose: "sharing", Recipient: "huangpi", Basis: "consent", Capacity: "guardian", Form: "signed"}
	able     = events.AssessmentRecorded{Entered: entry("able"), Guardianship: "able"}
	plan     = events.PlanAgreed{Entered: entry("plan"), Version: 1, AgreedBy: []string{"client", "worker"}, Goals: []events.Goal{
		{Goal: id("school"), Title: say("复学"), Weight: 2}, {Goal: id("home"), Title: say("回家"), Weight: 1},
	}}
	noted   = events.NoteRecorded{Entered: entry("note"), Kind: "process", Text: say("情绪平稳")}
	talk    = events.InterventionRecorded{Entered: entry("talk"), Kind: "talk", Mode: "in_person", Minutes: 30, Reached: true, PersonTimes: 1, Present: []events.Present{{Who: "client", Served: true}}}
	highly  = events.RiskRated{Entered: entry("high"), Level: "high", Reason: say("独自在外")}
	warned  = events.FlagRaised{Entered: entry("flag"), Kind: "do_not_disclose", Text: say("不得告诉父亲"), ReviewBy: "2012-08-01"}
	refer   = events.ReferralMade{Entered: entry("referral"), To: "huangpi", Reason: say("入学"), Consent: id("sharing")}
	agreeTo = events.ReferralAnswered{Entered: entry("answer"), Referral: id("referral"), Answer: "accepted"}
	closed  = events.CaseClosed{Entered: entry("closure"), Episode: 1, Reason: "returned_home", Exit: "collected_by_kin", Steps: events.Steps{
		Done: []string{"safety_check", "health_check", "assessment", "contact"},
		Due:  []events.Due{due("follow_up_month_1", "2012-08-03 00:00"), due("follow_up_month_3", "2012-10-03 00:00"), due("follow_up_month_6", "2013-01-03 00:00")},
	}}
	reopened = events.CaseReopened{Entered: entry("reopening"), Episode: 2, Why: "rescued_again"}

	takenIn = began(intake)
	open    = began(intake, accepted)
	serving = began(intake, accepted, agreed)
	planned = began(intake, accepted, agreed, able, plan)
	ended   = began(intake, accepted, agreed, closed)

	writeNote = cases.RecordNote{Entry: id("new"), Kind: "process", Text: "情绪平稳"}
)

func entry(name string) events.Entered { return events.Entered{Entry: id(name)} }

func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", clock, events.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func due(step, by string) events.Due { return events.Due{Step: step, By: at(by)} }

// on is a fact that happened at another time than the rest.
func on(clock string, fact events.Event) events.Event { return spec.Past{Event: fact, At: at(clock)} }

// began is what happened on the first morning, whenever the command of a spec happens.
func began(all ...events.Event) (past facts) {
	for _, fact := range all {
		if _, dated := fact.(spec.Past); !dated {
			fact = spec.Past{Event: fact, At: spec.Now}
		}
		past = append(past, fact)
	}
	return past
}

func given(before facts, more ...events.Event) facts {
	return append(before[:len(before):len(before)], more...)
}

func years(n int) cases.Beside { return cases.Beside{Age: new(n)} }

func run(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		r.Run(t)
	}
}

// fold is the case after facts, as the specs fold them: one a second unless they say when.
func fold(all ...events.Event) (c cases.Case) {
	for n, fact := range all {
		when := spec.Now
		if past, ok := fact.(spec.Past); ok {
			fact, when = past.Event, past.At
		}
		c = c.Evolve(events.Recorded{
			Stream: spec.Stream, Version: n + 1, Event: fact,
			Meta: events.Meta{Actor: spec.Worker, OccurredAt: when, RecordedAt: when, CommandID: uuid.New()},
		})
	}
	return c
}
