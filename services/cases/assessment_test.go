package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
)

func TestAssessmentNeedsAcceptanceAndConsentAndStartsTheClockOfThePlan(t *testing.T) {
	assess := cases.RecordAssessment{Entry: id("new"), Guardianship: "unable", Summary: "外婆愿意照顾", Domains: []cases.AssessDomain{
		{Domain: "safety", Severity: new(7), Needs: "住处", Strengths: "开朗", Risks: "父亲上门"}, {Domain: "education"},
	}}
	assessed := events.AssessmentRecorded{Entered: entry("new"), Guardianship: "unable", Summary: say("外婆愿意照顾"), Domains: []events.DomainAssessed{
		{Domain: "safety", Severity: new(7), Needs: say("住处"), Strengths: say("开朗"), Risks: say("父亲上门")}, {Domain: "education"},
	}}
	first := assessed
	first.Done, first.Due = []string{"safety_check", "health_check", "assessment"}, []events.Due{due("plan", "2012-07-17 00:00")}
	again := assessed
	again.Done, again.Due = first.Done, []events.Due{due("review", "2012-10-01 00:00")}
	late := assessed
	short := cases.RecordAssessment{Entry: id("new"), Summary: "x"}
	emergency := agreed
	emergency.Basis, emergency.Capacity = "minors_act_2006_rescue", "none"
	withdrawn := events.ConsentWithdrawn{Entered: entry("withdrawn"), Consent: id("consent")}
	domain := func(d ...cases.AssessDomain) cases.RecordAssessment {
		return cases.RecordAssessment{Entry: id("new"), Domains: d}
	}
	run(t, []rule{
		{Name: "it settles the checks on arrival, and a plan falls due", Given: serving, When: assess, Then: facts{first}},
		{Name: "with a plan it is a review, and the next falls due", Given: given(serving, plan), When: assess, Then: facts{again}},
		{Name: "on a legal basis in place of consent", Given: given(open, emergency), When: assess, Then: facts{first}},
		{Name: "a closed case owes no plan for what was recorded late", Given: given(serving, on("2012-07-05 10:00", closed)), When: assess, Then: facts{late}},
		{Name: "not without consent", Given: open, When: short, Err: cases.RefusedConsent},
		{Name: "a consent to share is none to be served", Given: given(open, sharing), When: short, Err: cases.RefusedConsent},
		{Name: "not after it was withdrawn", Given: given(serving, withdrawn), When: short, Err: cases.RefusedConsent},
		{
			Name: "what happened before it was withdrawn stands", Given: given(serving, on("2012-07-03 10:00", withdrawn)), At: at("2012-07-03 09:00"), When: assess,
			Then: facts{func() events.AssessmentRecorded {
				a := first
				a.Due = []events.Due{due("plan", "2012-07-18 00:00")}
				return a
			}()},
		},
		{Name: "not before it was given", Given: serving, At: at("2012-07-01 23:00"), When: short, Err: cases.RefusedConsent},
		{Name: "not before acceptance", Given: began(intake, agreed), When: short, Err: cases.RefusedUndecided},
		{Name: "not of nothing", Given: serving, When: cases.RecordAssessment{Entry: id("new")}, Err: cases.RefusedMissing},
		{Name: "not of a domain that the category does not have", Given: serving, When: domain(cases.AssessDomain{Domain: "astrology"}), Err: cases.RefusedCode},
		{Name: "not of one domain twice", Given: serving, When: domain(cases.AssessDomain{Domain: "safety"}, cases.AssessDomain{Domain: "safety"}), Err: cases.RefusedTwice},
		{Name: "severity is 0 to 10", Given: serving, When: domain(cases.AssessDomain{Domain: "safety", Severity: new(11)}), Err: cases.RefusedRange},
		{Name: "guardianship is a code", Given: serving, When: cases.RecordAssessment{Entry: id("new"), Guardianship: "fine"}, Err: cases.RefusedCode},
	})
}
