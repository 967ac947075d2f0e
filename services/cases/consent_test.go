package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
)

func TestConsentIsGivenByWhoIsEntitled(t *testing.T) {
	by := func(change func(*cases.RecordConsent)) cases.RecordConsent {
		cmd := cases.RecordConsent{Entry: id("new"), Purpose: "service", Basis: "consent", Capacity: "guardian", Form: "signed"}
		change(&cmd)
		return cmd
	}
	recorded := func(change func(*events.ConsentRecorded)) facts {
		fact := agreed
		fact.Entry = id("new")
		change(&fact)
		return facts{fact}
	}
	unsafe := able
	unsafe.Guardianship = "unsafe"
	noAge := intake
	noAge.AgeYears = nil
	run(t, []rule{
		{
			Name: "by the guardian, with all that was said", Given: open,
			When: by(func(c *cases.RecordConsent) {
				c.GivenBy, c.ChildsWish, c.LimitsExplained, c.Form, c.Witness = "外婆", "愿意", true, "oral", "周敏"
			}),
			Then: recorded(func(c *events.ConsentRecorded) {
				c.GivenBy, c.ChildsWish, c.LimitsExplained, c.Form, c.Witness = say("外婆"), say("愿意"), true, "oral", say("周敏")
			}),
		},
		{
			Name: "to share with a code, not with a name", Given: open,
			When: by(func(c *cases.RecordConsent) { c.Purpose, c.Recipient = "sharing", "黄陂 李老师" }), Err: cases.RefusedCode,
		},
		{
			Name: "before the decision too", Given: takenIn,
			When: by(func(*cases.RecordConsent) {}), Then: recorded(func(*events.ConsentRecorded) {}),
		},
		{
			Name: "from 14 by the client alone", Given: open,
			When: by(func(c *cases.RecordConsent) { c.Capacity, c.Beside = "self", years(14) }),
			Then: recorded(func(c *events.ConsentRecorded) { c.Capacity = "self" }),
		},
		{
			Name: "under 14 not by the child alone", Given: open,
			When: by(func(c *cases.RecordConsent) { c.Capacity, c.Beside = "self", years(13) }), Err: cases.RefusedGuardian,
		},
		{
			Name: "the age at intake counts where the details say none", Given: open,
			When: by(func(c *cases.RecordConsent) { c.Capacity = "self" }), Err: cases.RefusedGuardian,
		},
		{
			Name: "nobody is kept from consenting because the age is not known", Given: given(facts{noAge}, accepted),
			When: by(func(c *cases.RecordConsent) { c.Capacity = "self" }),
			Then: recorded(func(c *events.ConsentRecorded) { c.Capacity = "self" }),
		},
		{
			Name: "not by a guardian who was found to be a danger", Given: given(serving, unsafe),
			When: by(func(*cases.RecordConsent) {}), Err: cases.RefusedUnsafe,
		},
		{
			Name: "but by a temporary guardian", Given: given(serving, unsafe),
			When: by(func(c *cases.RecordConsent) { c.Capacity = "temporary_guardian" }),
			Then: recorded(func(c *events.ConsentRecorded) { c.Capacity = "temporary_guardian" }),
		},
		{Name: "not by nobody", Given: open, When: by(func(c *cases.RecordConsent) { c.Capacity = "none" }), Err: cases.RefusedCapacity},
		{Name: "not in no form", Given: open, When: by(func(c *cases.RecordConsent) { c.Form = "" }), Err: cases.RefusedMissing},
		{Name: "not by word without a witness", Given: open, When: by(func(c *cases.RecordConsent) { c.Form = "oral" }), Err: cases.RefusedWitness},
		{Name: "sharing is with someone", Given: open, When: by(func(c *cases.RecordConsent) { c.Purpose = "sharing" }), Err: cases.RefusedRecipient},
		{Name: "and only sharing is", Given: open, When: by(func(c *cases.RecordConsent) { c.Recipient = "huangpi" }), Err: cases.RefusedRecipient},
		{Name: "not for an unknown purpose", Given: open, When: by(func(c *cases.RecordConsent) { c.Purpose = "fun" }), Err: cases.RefusedCode},
		{Name: "not while the case is closed", Given: ended, When: by(func(*cases.RecordConsent) {}), Err: cases.RefusedClosed},
	})
}

func TestALegalBasisStandsInOnlyWhileItIsInForce(t *testing.T) {
	cites := func(basis, purpose, reason string) cases.RecordConsent {
		cmd := cases.RecordConsent{Entry: id("new"), Purpose: purpose, Basis: basis, Capacity: "none", Reason: reason}
		if purpose == "sharing" {
			cmd.Recipient = "police"
		}
		return cmd
	}
	run(t, []rule{
		{
			Name: "the law of 2006 for a rescue in 2012", Given: open, When: cites("minors_act_2006_rescue", "service", "监护人不明"),
			Then: facts{events.ConsentRecorded{
				Entered: entry("new"), Purpose: "service", Basis: "minors_act_2006_rescue", Capacity: "none", Reason: say("监护人不明"),
			}},
		},
		{Name: "not the law of 2021 for what happened in 2012", Given: open, When: cites("personal_information_2021_emergency", "service", "监护人不明"), Err: cases.RefusedBasis},
		{
			Name: "on its last day", Given: open, At: at("2021-05-31 23:59"), When: cites("minors_act_2006_report", "reporting", "侵害"),
			Then: facts{events.ConsentRecorded{Entered: entry("new"), Purpose: "reporting", Basis: "minors_act_2006_report", Capacity: "none", Reason: say("侵害")}},
		},
		{
			Name: "on its first day", Given: open, At: at("2021-06-01 00:00"), When: cites("minors_act_2020_report", "reporting", "侵害"),
			Then: facts{events.ConsentRecorded{Entered: entry("new"), Purpose: "reporting", Basis: "minors_act_2020_report", Capacity: "none", Reason: say("侵害")}},
		},
		{Name: "not a law that was replaced", Given: open, At: at("2021-06-01 00:00"), When: cites("minors_act_2006_rescue", "service", "监护人不明"), Err: cases.RefusedBasis},
		{Name: "not a law for another purpose", Given: open, When: cites("minors_act_2006_rescue", "photo", "监护人不明"), Err: cases.RefusedBasis},
		{Name: "not a law that nobody knows", Given: open, When: cites("gut_feeling", "service", "监护人不明"), Err: cases.RefusedBasis},
		{Name: "not without a reason", Given: open, When: cites("minors_act_2006_rescue", "service", " "), Err: cases.RefusedMissing},
	})
}

func TestAConsentIsWithdrawnOnceAndAtAnyTime(t *testing.T) {
	withdraw := cases.WithdrawConsent{Entry: id("new"), Consent: id("consent"), By: "guardian", Reason: "不放心"}
	withdrawn := events.ConsentWithdrawn{Entered: entry("new"), Consent: id("consent"), By: "guardian", Reason: say("不放心")}
	before := withdrawn
	before.Entry = id("before")
	run(t, []rule{
		{Name: "from an open case", Given: serving, When: withdraw, Then: facts{withdrawn}},
		{Name: "from a closed case", Given: ended, When: withdraw, Then: facts{withdrawn}},
		{Name: "not twice", Given: given(serving, before), When: withdraw, Err: cases.RefusedWithdrawn},
		{Name: "not a consent that was never given", Given: open, When: withdraw, Err: cases.RefusedUnknown},
		{Name: "not something that is no consent", Given: given(open, noted), When: cases.WithdrawConsent{Entry: id("new"), Consent: id("note"), By: "self"}, Err: cases.RefusedUnknown},
		{Name: "not before it was given", Given: serving, When: withdraw, At: at("2012-07-01 10:00"), Err: cases.RefusedOrder},
	})
}
