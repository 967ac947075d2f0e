package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
)

func TestAPhoneAheadOfOurClockCanStillSayWhoWasTold(t *testing.T) {
	told := func(when string) error {
		_, err := cases.RecordIncident{Entry: id("new"), Kind: "missing", Told: []cases.PersonTold{{Who: "police", At: at(when)}}}.
			Decide(fold(intake), events.Meta{OccurredAt: at("2012-07-02 10:00"), RecordedAt: at("2012-07-02 12:00")})
		return err
	}
	if told("2012-07-02 11:00") != nil || told("2012-07-02 12:00") != nil || told("2012-07-02 12:01") == nil {
		t.Error("who was told since it happened is told of until now, and not after")
	}
}

func TestAnIncidentSaysWhoWasToldAndWhoStillHasToBe(t *testing.T) {
	happened := func(kind string, told ...cases.PersonTold) cases.RecordIncident {
		return cases.RecordIncident{Entry: id("new"), Kind: kind, Text: "后门离站", Told: told}
	}
	recorded := func(kind string, steps events.Steps, told ...events.Told) facts {
		return facts{events.IncidentRecorded{Entered: entry("new"), Kind: kind, Text: say("后门离站"), Told: told, Steps: steps}}
	}
	guardian, police := cases.PersonTold{Who: "guardian", Name: "外婆", At: at("2012-07-02 10:00")}, cases.PersonTold{Who: "police", At: at("2012-07-02 09:00")}
	both := []events.Due{due("missing_guardian", "2012-07-02 10:00"), due("missing_police", "2012-07-03 10:00")}
	reported := intake
	reported.Due = append(reported.Due[:3:3], due("police_report", "2012-07-02 10:00"))
	run(t, []rule{
		{Name: "missing: the guardian at once, the police within 24 hours", Given: open, When: happened("missing"), Then: recorded("missing", events.Steps{Due: both})},
		{
			Name: "who was told already is not owed", Given: open, When: happened("missing", guardian, police),
			Then: recorded("missing", events.Steps{}, events.Told{Who: "guardian", Name: say("外婆"), At: guardian.At}, events.Told{Who: "police", At: police.At}),
		},
		{
			Name: "telling the police settles what was to be reported at the intake", Given: began(reported, accepted), When: happened("missing", police),
			Then: recorded("missing", events.Steps{Due: both[:1], Done: []string{"police_report"}}, events.Told{Who: "police", At: police.At}),
		},
		{
			Name: "telling the guardian settles that they were owed it", Given: given(open, events.IncidentRecorded{Entered: entry("before"), Kind: "missing", Steps: events.Steps{Due: both}}),
			When: happened("injury", guardian), Then: recorded("injury", events.Steps{Done: []string{"missing_guardian"}}, events.Told{Who: "guardian", Name: say("外婆"), At: guardian.At}),
		},
		{
			Name: "self-harm: risk rated the same day, contact within 24 hours", Given: open, When: happened("self_harm"),
			Then: recorded("self_harm", events.Steps{Due: []events.Due{due("risk_rating", "2012-07-03 00:00"), due("self_harm_contact", "2012-07-03 10:00")}}),
		},
		{Name: "a death is told on a closed case too", Given: ended, When: happened("death"), Then: recorded("death", events.Steps{})},
		{Name: "in the intake too", Given: takenIn, When: happened("bullying"), Then: recorded("bullying", events.Steps{})},
		{Name: "nobody can have been told tomorrow", Given: open, When: happened("missing", cases.PersonTold{Who: "police", At: at("2012-07-03 10:00")}), Err: services.RefusedFuture},
		{Name: "not of an unknown kind", Given: open, When: happened("boredom"), Err: cases.RefusedCode},
		{Name: "not telling someone unknown", Given: open, When: happened("missing", cases.PersonTold{Who: "press", At: at("2012-07-02 09:00")}), Err: cases.RefusedCode},
		{Name: "not where there is no case", When: happened("missing"), Err: cases.RefusedNoCase},
	})
}
