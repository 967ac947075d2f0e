package cases_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// command draws a command that could be right: it names what is there, mostly.
func (l *life) command(t *rapid.T) services.Command[cases.Case] {
	if l.now.Stage == cases.None {
		return takeIn(nil)
	}
	known := []uuid.UUID{id("nothing")}
	for _, r := range l.recorded {
		known = append(known, r.Event.(events.Entry).EntryID())
	}
	some := rapid.SampledFrom(known)
	anyOf := func(types ...string) uuid.UUID {
		var of []uuid.UUID
		for _, r := range l.recorded {
			if slices.Contains(types, r.Event.Type()) {
				of = append(of, r.Event.(events.Entry).EntryID())
			}
		}
		if len(of) == 0 || rapid.IntRange(0, 9).Draw(t, "astray") == 0 {
			return some.Draw(t, "entry")
		}
		return rapid.SampledFrom(of).Draw(t, "of")
	}
	entry := id(fmt.Sprint("entry", l.n))
	draw := 0
	for range 5 { // bit by bit, because rapid likes small numbers better
		draw = draw<<1 + map[bool]int{true: 1}[rapid.Bool().Draw(t, "command")]
	}
	switch {
	case (draw <= 1 || draw > 29) && l.now.Stage == cases.Intake:
		return cases.DecideIntake{Entry: entry, Accepted: rapid.IntRange(0, 5).Draw(t, "accepted") > 0, Reason: "x"}
	case draw == 28:
		return l.amendment(t, entry, some.Draw(t, "amends"))
	case draw == 29:
		return cases.RetractEntry{Entry: entry, Retracts: some.Draw(t, "retracts"), Why: "x"}
	}
	return l.casework(t, draw, entry, anyOf)
}

func (l *life) casework(t *rapid.T, draw int, entry uuid.UUID, anyOf func(...string) uuid.UUID) services.Command[cases.Case] {
	yes := rapid.Bool()
	switch draw {
	case 2, 3, 4:
		return cases.RecordConsent{Entry: entry, Purpose: "service", Basis: "consent", Capacity: rapid.SampledFrom([]string{"guardian", "self", "temporary_guardian"}).Draw(t, "capacity"), Form: "signed"}
	case 5:
		return cases.RecordConsent{Entry: entry, Purpose: "sharing", Recipient: "huangpi", Basis: "minors_act_2006_rescue", Capacity: "none", Reason: "x"}
	case 6:
		return cases.WithdrawConsent{Entry: entry, Consent: anyOf("case.consent-recorded"), By: "guardian"}
	case 7:
		return cases.AssignWorker{Entry: entry, Worker: id(rapid.SampledFrom([]string{"zhou", "min"}).Draw(t, "worker")), Role: rapid.SampledFrom([]string{"responsible", "co_worker"}).Draw(t, "role")}
	case 8, 9:
		return cases.RecordAssessment{Entry: entry, Guardianship: rapid.SampledFrom([]string{"able", "unsafe", ""}).Draw(t, "guardianship"), Summary: "x"}
	case 10:
		return cases.TakeMeasure{Entry: entry, Instrument: "phq-9", When: rapid.SampledFrom([]string{"baseline", "follow-up"}).Draw(t, "when"), Rater: "self", Answers: phq9(rapid.IntRange(-1, 4).Draw(t, "answer"), nil), Beside: years(15)}
	case 11:
		return cases.RateRisk{Entry: entry, Level: rapid.SampledFrom([]string{"high", "medium", "low"}).Draw(t, "level"), Reason: "x"}
	case 12, 13:
		return cases.AgreePlan{Entry: entry, Aim: "x", AgreedBy: []string{"client"}, Goals: []cases.PlanGoal{{Goal: id(rapid.SampledFrom([]string{"g1", "g2"}).Draw(t, "goal")), Title: "x", Weight: 1}}}
	case 14:
		return cases.RateGoal{Entry: entry, Goal: id(rapid.SampledFrom([]string{"g1", "g2"}).Draw(t, "goal")), Level: rapid.IntRange(-3, 3).Draw(t, "level"), When: "interim"}
	case 15, 16, 17:
		return l.contact(t, entry)
	case 18:
		return cases.RaiseFlag{Entry: entry, Kind: "safety", Text: "x", ReviewBy: "2013-12-31"}
	case 19:
		return cases.ClearFlag{Entry: entry, Flag: anyOf("case.flag-raised"), Reason: "x"}
	case 20:
		return cases.RecordIncident{Entry: entry, Kind: rapid.SampledFrom([]string{"missing", "self_harm", "death"}).Draw(t, "kind")}
	case 21:
		return cases.RecordHandover{Entry: entry, Kind: "collected", Guardianship: anyOf("case.assessment-recorded"), ReceivedAs: "mother", Beside: cases.Beside{Supervisor: yes.Draw(t, "supervisor")}}
	case 22:
		return cases.MakeReferral{Entry: entry, To: "huangpi", Reason: "x", Consent: anyOf("case.consent-recorded")}
	case 23:
		return cases.AnswerReferral{Entry: entry, Referral: anyOf("case.referral-made"), Answer: rapid.SampledFrom([]string{"accepted", "accepted", "declined", "withdrawn"}).Draw(t, "answer")}
	case 24:
		return cases.CompleteReferral{Entry: entry, Referral: anyOf("case.referral-made"), Result: "x"}
	case 25:
		return cases.CloseCase{Entry: entry, Reason: rapid.SampledFrom([]string{"goals_met", "died", "other"}).Draw(t, "reason"), Exit: "collected_by_kin"}
	case 26:
		return cases.RecordFollowUp{Entry: entry, Window: "month_1", Reached: yes.Draw(t, "reached")}
	case 27:
		return cases.ReopenCase{Entry: entry, Why: "relapse"}
	}
	return cases.RecordNote{Entry: entry, Kind: "process", Text: "x"}
}

func (l *life) contact(t *rapid.T, entry uuid.UUID) cases.RecordIntervention {
	cmd := intervene(func(c *cases.RecordIntervention) {
		c.Entry, c.Kind = entry, rapid.SampledFrom([]string{"talk", "crisis", "home_visit"}).Draw(t, "kind")
		c.Reached, c.PersonTimes = rapid.Bool().Draw(t, "reached"), rapid.IntRange(0, 2).Draw(t, "person-times")
	})
	if !cmd.Reached {
		cmd.Present = nil
	}
	return cmd
}

// amendment says some entry anew: the same kind of command, drawn again, mostly under the right id.
func (l *life) amendment(t *rapid.T, entry, amends uuid.UUID) cases.AmendEntry {
	cmd := cases.AmendEntry{Entry: entry, Amends: amends, Why: "x", Beside: years(15)}
	if rapid.Bool().Draw(t, "moves") {
		cmd.HappenedAt = new(l.clock.Add(-time.Duration(rapid.IntRange(-24, 400).Draw(t, "ago")) * time.Hour))
	}
	held, ok := l.now.Entries.Find(amends)
	if !ok {
		return cmd
	}
	of := held.First.Event.(events.Entry).EntryID()
	switch now := held.Now.(type) {
	case events.IntakeRecorded:
		cmd.Now.Intake = new(takeIn(nil))
	case events.IntakeDecided:
		cmd.Now.Decision = &cases.DecideIntake{Entry: of, Accepted: rapid.Bool().Draw(t, "accepted"), Reason: "x"}
	case events.InterventionRecorded:
		cmd.Now.Intervention = new(l.contact(t, of))
	case events.PlanAgreed:
		cmd.Now.Plan = &cases.AgreePlan{Entry: of, Aim: "x", AgreedBy: []string{"client"}, Goals: []cases.PlanGoal{{Goal: id("g1"), Title: "x", Weight: 1}}}
	case events.GoalRated:
		cmd.Now.GoalRating = &cases.RateGoal{Entry: of, Goal: now.Goal, Level: 1, When: "interim"}
	case events.CaseClosed:
		cmd.Now.Closure = &cases.CloseCase{Entry: of, Reason: "goals_met"}
	case events.CaseReopened:
		cmd.Now.Reopening = &cases.ReopenCase{Entry: of, Why: "relapse"}
	case events.RiskRated:
		cmd.Now.Risk = &cases.RateRisk{Entry: of, Level: "low", Reason: "x"}
	case events.FollowUpRecorded:
		cmd.Now.FollowUp = &cases.RecordFollowUp{Entry: of, Window: "month_3", Reached: true}
	default:
		cmd.Now.Note = &cases.RecordNote{Entry: of, Kind: "process", Text: "y"}
	}
	return cmd
}
