package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

func TestAReferralNeedsConsentToShareOrALegalBasis(t *testing.T) {
	make := func(change func(*cases.MakeReferral)) cases.MakeReferral {
		cmd := cases.MakeReferral{Entry: id("new"), To: "huangpi", Reason: "入学", Consent: id("sharing")}
		if change != nil {
			change(&cmd)
		}
		return cmd
	}
	made := refer
	made.Entry = id("new")
	lawful := made
	lawful.Consent, lawful.Basis, lawful.BasisReason = uuid.Nil, "minors_act_2006_rescue", say("监护人不明")
	withdrawn := events.ConsentWithdrawn{Entered: entry("withdrawn"), Consent: id("sharing")}
	basis := func(key, reason string) func(*cases.MakeReferral) {
		return func(c *cases.MakeReferral) { c.Consent, c.Basis, c.BasisReason = uuid.Nil, key, reason }
	}
	run(t, []rule{
		{Name: "with consent to share with that agency", Given: given(open, sharing), When: make(nil), Then: facts{made}},
		{Name: "on a legal basis, with the reason", Given: open, When: make(basis("minors_act_2006_rescue", "监护人不明")), Then: facts{lawful}},
		{Name: "to a code, not to a name", Given: given(open, sharing), When: make(func(c *cases.MakeReferral) { c.To = "黄陂 李老师" }), Err: cases.RefusedCode},
		{Name: "not without either", Given: given(open, sharing), When: make(func(c *cases.MakeReferral) { c.Consent = uuid.Nil }), Err: cases.RefusedConsent},
		{Name: "not with consent to share with someone else", Given: given(open, sharing), When: make(func(c *cases.MakeReferral) { c.To = "wuchang" }), Err: cases.RefusedConsent},
		{Name: "not with consent to something else", Given: serving, When: make(func(c *cases.MakeReferral) { c.Consent = id("consent") }), Err: cases.RefusedConsent},
		{Name: "not with consent that was withdrawn", Given: given(open, sharing, withdrawn), When: make(nil), Err: cases.RefusedWithdrawn},
		{Name: "not with consent that was never given", Given: open, When: make(nil), Err: cases.RefusedUnknown},
		{Name: "not on a law that came later", Given: open, When: make(basis("minors_act_2020_guardianship", "监护人不明")), Err: cases.RefusedBasis},
		{Name: "not on a law without a reason", Given: open, When: make(basis("minors_act_2006_rescue", "")), Err: cases.RefusedMissing},
		{Name: "not from a closed case", Given: ended, When: make(basis("minors_act_2006_rescue", "监护人不明")), Err: cases.RefusedClosed},
	})
}

func TestAReferralIsAnsweredThenCompleted(t *testing.T) {
	answer := func(a string) cases.AnswerReferral {
		return cases.AnswerReferral{Entry: id("new"), Referral: id("referral"), Answer: a, Note: "对接"}
	}
	answered := func(a string) facts {
		return facts{events.ReferralAnswered{Entered: entry("new"), Referral: id("referral"), Answer: a, Note: say("对接")}}
	}
	complete := cases.CompleteReferral{Entry: id("new"), Referral: id("referral"), Result: "已入学"}
	completed := events.ReferralCompleted{Entered: entry("new"), Referral: id("referral"), Result: say("已入学")}
	before := completed
	before.Entry = id("before")
	no := agreeTo
	no.Answer = "declined"
	referred := began(intake, accepted, sharing, refer)
	run(t, []rule{
		{Name: "accepted", Given: referred, When: answer("accepted"), Then: answered("accepted")},
		{Name: "after the closure too", Given: given(referred, closed), When: answer("declined"), Then: answered("declined")},
		{Name: "not twice", Given: given(referred, agreeTo), When: answer("declined"), Err: cases.RefusedAnswered},
		{Name: "but what was accepted can be withdrawn", Given: given(referred, agreeTo), When: answer("withdrawn"), Then: answered("withdrawn")},
		{Name: "and what was declined cannot", Given: given(referred, no), When: answer("withdrawn"), Err: cases.RefusedAnswered},
		{Name: "not a referral that was never made", Given: open, When: answer("accepted"), Err: cases.RefusedUnknown},
		{Name: "not before it was made", Given: began(intake, accepted, sharing, on("2012-07-03 10:00", refer)), At: at("2012-07-02 10:00"), When: answer("accepted"), Err: cases.RefusedOrder},
		{Name: "completed", Given: given(referred, agreeTo), When: complete, Then: facts{completed}},
		{Name: "completed after the closure", Given: given(referred, agreeTo, closed), When: complete, Then: facts{completed}},
		{Name: "not before it was accepted", Given: referred, When: complete, Err: cases.RefusedNotAgreed},
		{Name: "not after it was declined", Given: given(referred, no), When: complete, Err: cases.RefusedNotAgreed},
		{Name: "not twice", Given: given(referred, agreeTo, before), When: complete, Err: cases.RefusedCompleted},
		{Name: "no answer after it is complete", Given: given(referred, agreeTo, before), When: answer("withdrawn"), Err: cases.RefusedCompleted},
		{Name: "nothing completes a referral that was never made", Given: open, When: complete, Err: cases.RefusedUnknown},
	})
}
