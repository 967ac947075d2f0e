package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
)

func TestRiskSetsThePaceOfContact(t *testing.T) {
	rate := func(level string) cases.RateRisk {
		return cases.RateRisk{Entry: id("new"), Level: level, Reason: "想过不活"}
	}
	rated := func(level string, steps events.Steps) facts {
		return facts{events.RiskRated{Entered: entry("new"), Level: level, Reason: say("想过不活"), Steps: steps}}
	}
	harmed := events.IncidentRecorded{Entered: entry("harm"), Kind: "self_harm", Steps: events.Steps{
		Due: []events.Due{due("risk_rating", "2012-07-03 00:00"), due("self_harm_contact", "2012-07-03 10:00")},
	}}
	weekly := highly
	weekly.Steps = events.Steps{Done: []string{"safety_check", "contact"}, Due: []events.Due{due("contact_high_risk", "2012-07-10 00:00")}}
	calmed := events.RiskRated{Entered: entry("low"), Level: "low", Steps: events.Steps{Done: []string{"contact_high_risk"}, Due: []events.Due{due("contact", "2012-07-17 00:00")}}}
	run(t, []rule{
		{
			Name: "high: contact within 7 days instead of 14", Given: open, When: rate("high"),
			Then: rated("high", events.Steps{Done: []string{"safety_check", "contact"}, Due: []events.Due{due("contact_high_risk", "2012-07-10 00:00")}}),
		},
		{
			Name: "high before the decision too", Given: takenIn, When: rate("high"),
			Then: rated("high", events.Steps{Done: []string{"safety_check"}, Due: []events.Due{due("contact_high_risk", "2012-07-10 00:00")}}),
		},
		{Name: "high again: the clock that runs goes on", Given: given(open, weekly), When: rate("high"), Then: rated("high", events.Steps{})},
		{
			Name: "high after talk of self-harm: contact every 3 days", Given: given(open, harmed), When: rate("high"),
			Then: rated("high", events.Steps{Done: []string{"safety_check", "risk_rating", "contact"}, Due: []events.Due{due("self_harm_contact_again", "2012-07-06 00:00")}}),
		},
		{
			Name: "high, then talk of self-harm, then high again: every 3 days from then on", Given: given(open, weekly, harmed), When: rate("high"),
			Then: rated("high", events.Steps{Done: []string{"risk_rating", "contact_high_risk"}, Due: []events.Due{due("self_harm_contact_again", "2012-07-06 00:00")}}),
		},
		{
			Name: "high again long after it was low: the talk of self-harm is past", Given: given(open, harmed, weekly, calmed), When: rate("high"),
			Then: rated("high", events.Steps{Done: []string{"risk_rating", "contact"}, Due: []events.Due{due("contact_high_risk", "2012-07-10 00:00")}}),
		},
		{
			Name: "no longer high: every 14 days", Given: given(open, weekly), When: rate("low"),
			Then: rated("low", events.Steps{Done: []string{"contact_high_risk"}, Due: []events.Due{due("contact", "2012-07-17 00:00")}}),
		},
		{Name: "medium from the start changes nothing", Given: open, When: rate("medium"), Then: rated("medium", events.Steps{Done: []string{"safety_check"}})},
		{Name: "low before the decision owes no contact", Given: takenIn, When: rate("low"), Then: rated("low", events.Steps{Done: []string{"safety_check"}})},
		{Name: "a rating that was overtaken changes nothing", Given: given(open, on("2012-07-03 10:00", calmed)), When: rate("high"), Then: rated("high", events.Steps{Done: []string{"safety_check"}})},
		{Name: "a closed case owes no contact for a rating recorded late", Given: given(serving, on("2012-07-05 10:00", closed)), When: rate("high"), Then: rated("high", events.Steps{})},
		{Name: "not on a closed case", Given: ended, When: rate("high"), Err: cases.RefusedClosed},
		{Name: "not without a reason", Given: open, When: cases.RateRisk{Entry: id("new"), Level: "high"}, Err: cases.RefusedMissing},
		{Name: "not at a level that is none", Given: open, When: rate("purple"), Err: cases.RefusedCode},
	})
}
