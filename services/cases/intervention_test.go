package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

func intervene(change ...func(*cases.RecordIntervention)) cases.RecordIntervention {
	cmd := cases.RecordIntervention{
		Entry: id("new"), Kind: "talk", Mode: "in_person", Place: "station", Minutes: 30, Reached: true, PersonTimes: 1,
		Present: []cases.PersonPresent{{Who: "client", Served: true}}, Note: "谈了回家",
	}
	for _, c := range change {
		c(&cmd)
	}
	return cmd
}

func intervened(change ...func(*events.InterventionRecorded)) facts {
	fact := events.InterventionRecorded{
		Entered: entry("new"), Kind: "talk", Mode: "in_person", Place: "station", Minutes: 30, Reached: true, PersonTimes: 1,
		Present: []events.Present{{Who: "client", Served: true}}, Note: say("谈了回家"),
		Steps: events.Steps{Done: []string{"contact"}, Due: []events.Due{due("contact", "2012-07-17 00:00")}},
	}
	for _, c := range change {
		c(&fact)
	}
	return facts{fact}
}

func crisis(cmd *cases.RecordIntervention)        { cmd.Kind = "crisis" }
func wasCrisis(fact *events.InterventionRecorded) { fact.Kind = "crisis" }
func unreached(cmd *cases.RecordIntervention) {
	cmd.Reached, cmd.PersonTimes, cmd.Present = false, 0, nil
}

func TestAnInterventionNeedsAcceptanceAndConsentUnlessItIsACrisis(t *testing.T) {
	failed := intervened(func(f *events.InterventionRecorded) {
		f.Reached, f.PersonTimes, f.Present, f.Steps = false, 0, nil, events.Steps{}
	})
	run(t, []rule{
		{Name: "it settles the contact and makes the next one due", Given: serving, When: intervene(), Then: intervened()},
		{Name: "not without consent", Given: open, When: intervene(), Err: cases.RefusedConsent},
		{Name: "not before acceptance", Given: began(intake, agreed), When: intervene(), Err: cases.RefusedUndecided},
		{Name: "an attempt that failed needs no consent and settles nothing", Given: open, When: intervene(unreached), Then: failed},
		{Name: "but it needs acceptance", Given: takenIn, When: intervene(unreached), Err: cases.RefusedUndecided},
		{
			Name: "crisis work needs neither, and they were seen", Given: takenIn, When: intervene(crisis),
			Then: intervened(wasCrisis, func(f *events.InterventionRecorded) {
				f.Steps = events.Steps{Done: []string{"safety_check", "health_check"}}
			}),
		},
		{
			Name: "a call in a crisis sees nobody", Given: takenIn, When: intervene(crisis, func(c *cases.RecordIntervention) { c.Mode = "phone" }),
			Then: intervened(wasCrisis, func(f *events.InterventionRecorded) { f.Mode, f.Steps = "phone", events.Steps{} }),
		},
		{Name: "a closed case needs reopening first", Given: ended, When: intervene(), Err: cases.RefusedClosed},
		{Name: "in a crisis too", Given: ended, When: intervene(crisis), Err: cases.RefusedClosed},
		{Name: "not in a case that was declined", Given: given(takenIn, declined), When: intervene(crisis), Err: cases.RefusedUndecided},
		{
			Name: "what happened before the closure is taken late, and makes nothing due", Given: given(serving, on("2012-07-05 10:00", closed)), When: intervene(),
			Then: intervened(func(f *events.InterventionRecorded) { f.Steps = events.Steps{} }),
		},
		{Name: "not of an unknown kind", Given: serving, When: intervene(func(c *cases.RecordIntervention) { c.Kind = "magic" }), Err: cases.RefusedCode},
		{Name: "a place is a code, and an address belongs in the note", Given: serving, When: intervene(func(c *cases.RecordIntervention) { c.Place = "长轩岭街 7 号" }), Err: cases.RefusedCode},
		{Name: "not of negative length", Given: serving, When: intervene(func(c *cases.RecordIntervention) { c.Minutes = -1 }), Err: cases.RefusedRange},
	})
}

func TestPersonTimesAddUp(t *testing.T) {
	claims := func(times int, present ...cases.PersonPresent) cases.RecordIntervention {
		return intervene(func(c *cases.RecordIntervention) { c.PersonTimes, c.Present = times, present })
	}
	client, grandmother := cases.PersonPresent{Who: "client", Served: true}, cases.PersonPresent{Who: "family", Name: "外婆", Served: true}
	listening := cases.PersonPresent{Who: "guardian"}
	teacher, consulted := cases.PersonPresent{Who: "teacher", Served: true}, cases.PersonPresent{Who: "teacher"}
	run(t, []rule{
		{
			Name: "the client and the family that was served, not who was only there", Given: serving, When: claims(2, client, grandmother, listening, consulted),
			Then: intervened(func(f *events.InterventionRecorded) {
				f.PersonTimes, f.Present = 2, []events.Present{
					{Who: "client", Served: true}, {Who: "family", Name: say("外婆"), Served: true}, {Who: "guardian"}, {Who: "teacher"},
				}
			}),
		},
		{
			Name: "a teacher who was consulted is no contact with the client", Given: serving, When: claims(0, consulted),
			Then: intervened(func(f *events.InterventionRecorded) {
				f.PersonTimes, f.Present, f.Steps = 0, []events.Present{{Who: "teacher"}}, events.Steps{}
			}),
		},
		{Name: "more are refused", Given: serving, When: claims(2, client), Err: cases.RefusedPersonTimes},
		{Name: "fewer are refused", Given: serving, When: claims(1, client, grandmother), Err: cases.RefusedPersonTimes},
		{Name: "an attempt that failed serves nobody", Given: serving, When: intervene(func(c *cases.RecordIntervention) { c.Reached = false }), Err: cases.RefusedPersonTimes},
		{Name: "whatever it claims", Given: serving, When: intervene(unreached, func(c *cases.RecordIntervention) { c.PersonTimes = 1 }), Err: cases.RefusedPersonTimes},
		{Name: "who is consulted is not served", Given: serving, When: claims(1, teacher), Err: cases.RefusedNotServed},
		{Name: "the client is there once", Given: serving, When: claims(2, client, client), Err: cases.RefusedTwice},
	})
}

func TestAnInterventionWorksOnGoalsOfThePlan(t *testing.T) {
	goals := func(names ...string) func(*cases.RecordIntervention) {
		return func(c *cases.RecordIntervention) {
			for _, name := range names {
				c.Goals = append(c.Goals, id(name))
			}
		}
	}
	run(t, []rule{
		{
			Name: "of the one in force", Given: planned, When: intervene(goals("school", "home")),
			Then: intervened(func(f *events.InterventionRecorded) { f.Goals = []uuid.UUID{id("school"), id("home")} }),
		},
		{Name: "not others", Given: planned, When: intervene(goals("school", "fame")), Err: cases.RefusedGoal},
	})
}

func TestTheNextContactFollowsTheDanger(t *testing.T) {
	next := func(steps events.Steps) facts {
		return intervened(func(f *events.InterventionRecorded) { f.Steps = steps })
	}
	weekly := highly
	weekly.Steps = events.Steps{Done: []string{"contact"}, Due: []events.Due{due("contact_high_risk", "2012-07-10 00:00")}}
	harmed := events.IncidentRecorded{Entered: entry("harm"), Kind: "self_harm", Steps: events.Steps{
		Due: []events.Due{due("risk_rating", "2012-07-03 00:00"), due("self_harm_contact", "2012-07-03 10:00")},
	}}
	daily := events.RiskRated{Entered: entry("daily"), Level: "high", Steps: events.Steps{
		Done: []string{"risk_rating", "contact"}, Due: []events.Due{due("self_harm_contact_again", "2012-07-06 00:00")},
	}}
	run(t, []rule{
		{
			Name: "at high risk every 7 days", Given: given(serving, weekly), When: intervene(),
			Then: next(events.Steps{Done: []string{"contact_high_risk"}, Due: []events.Due{due("contact_high_risk", "2012-07-10 00:00")}}),
		},
		{
			Name: "after talk of self-harm every 3 days while it is high", Given: given(serving, harmed, daily), When: intervene(),
			Then: next(events.Steps{Done: []string{"self_harm_contact", "self_harm_contact_again"}, Due: []events.Due{due("self_harm_contact_again", "2012-07-06 00:00")}}),
		},
		{Name: "what is recorded after a later contact changes nothing", Given: given(serving, on("2012-07-04 10:00", talk)), When: intervene(), Then: next(events.Steps{})},
		{
			Name: "it counts from the day it happened", Given: serving, At: at("2012-07-05 10:00"), When: intervene(),
			Then: next(events.Steps{Done: []string{"contact"}, Due: []events.Due{due("contact", "2012-07-20 00:00")}}),
		},
	})
}
