package cases_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

var (
	tillSeptember = spec.Now.AddDate(0, 0, 60)
	lentTo        = func(who string, until time.Time) events.AccessGranted {
		return events.AccessGranted{Entered: entry("lent to " + who), Worker: id(who), Until: until, Purpose: "cover"}
	}
	kin = events.ConflictDeclared{Entered: entry("kin"), Worker: id("min"), Kind: "kin"}
)

func TestAccessIsGrantedForATimeAndAPurposeAndNeverToOneself(t *testing.T) {
	grant := func(to uuid.UUID, until time.Time) cases.GrantAccess {
		return cases.GrantAccess{Entry: id("new"), Worker: to, Until: until, Purpose: "cover", Reason: "外出"}
	}
	granted := facts{events.AccessGranted{Entered: entry("new"), Worker: id("min"), Until: tillSeptember, Purpose: "cover", Reason: say("外出")}}
	aimless := grant(id("min"), tillSeptember)
	aimless.Purpose = "curiosity"
	run(t, []rule{
		{Name: "to a worker", Given: open, When: grant(id("min"), tillSeptember), Then: granted},
		{Name: "to a closed case", Given: ended, When: grant(id("min"), tillSeptember), Then: granted},
		{Name: "again, for longer", Given: given(open, lentTo("min", spec.Now.Add(time.Hour))), When: grant(id("min"), tillSeptember), Then: granted},
		{Name: "never to oneself", Given: open, When: grant(uuid.MustParse(spec.Worker), tillSeptember), Err: cases.RefusedOwnAccess},
		{Name: "not to nobody", Given: open, When: grant(uuid.Nil, tillSeptember), Err: cases.RefusedMissing},
		{Name: "not for a time that is over", Given: open, When: grant(id("min"), spec.Now), Err: cases.RefusedRange},
		{Name: "not for ever", Given: open, When: grant(id("min"), spec.Now.AddDate(1, 0, 0)), Err: cases.RefusedRange},
		{Name: "not for no purpose", Given: open, When: aimless, Err: cases.RefusedCode},
		{Name: "not to someone with a conflict of interest", Given: given(open, kin), When: grant(id("min"), tillSeptember), Err: cases.RefusedConflict},
		{Name: "not to no case", When: grant(id("min"), tillSeptember), Err: cases.RefusedNoCase},
	})
}

func TestAccessEndsBeforeItsTimeOnce(t *testing.T) {
	end := cases.EndAccess{Entry: id("new"), Worker: id("min")}
	over := events.AccessEnded{Entered: entry("new"), Worker: id("min")}
	before := over
	before.Entered = entry("before")
	run(t, []rule{
		{Name: "what was granted", Given: given(open, lentTo("min", tillSeptember)), When: end, Then: facts{over}},
		{Name: "not what was not", Given: open, When: end, Err: cases.RefusedNoAccess},
		{Name: "not what was granted to another", Given: given(open, lentTo("zhou", tillSeptember)), When: end, Err: cases.RefusedNoAccess},
		{Name: "not what ended by itself", Given: given(open, lentTo("min", spec.Now)), When: end, Err: cases.RefusedNoAccess},
		{Name: "not twice", Given: given(open, lentTo("min", tillSeptember), before), When: end, Err: cases.RefusedNoAccess},
	})
}

func TestAConflictOfInterestIsDeclaredOnceAndNobodyLiftsTheirOwn(t *testing.T) {
	declare := cases.DeclareConflict{Entry: id("new"), Worker: id("min"), Kind: "kin", Reason: "表弟"}
	lift := func(of uuid.UUID) cases.LiftConflict {
		return cases.LiftConflict{Entry: id("new"), Worker: of, Reason: "只是同姓"}
	}
	own := events.ConflictDeclared{Entered: entry("own"), Worker: uuid.MustParse(spec.Worker), Kind: "kin"}
	run(t, []rule{
		{Name: "declared", Given: open, When: declare, Then: facts{
			events.ConflictDeclared{Entered: entry("new"), Worker: id("min"), Kind: "kin", Reason: say("表弟")},
		}},
		{Name: "not twice", Given: given(open, kin), When: declare, Err: cases.RefusedConflict},
		{Name: "lifted", Given: given(open, kin), When: lift(id("min")), Then: facts{
			events.ConflictLifted{Entered: entry("new"), Worker: id("min"), Reason: say("只是同姓")},
		}},
		{Name: "not where there is none", Given: open, When: lift(id("min")), Err: cases.RefusedNoConflict},
		{Name: "never one's own", Given: given(open, own), When: lift(uuid.MustParse(spec.Worker)), Err: cases.RefusedOwnAccess},
		{Name: "not without a reason", Given: given(open, kin), When: cases.LiftConflict{Entry: id("new"), Worker: id("min")}, Err: cases.RefusedMissing},
		{Name: "nobody in conflict is assigned", Given: given(open, kin), When: cases.AssignWorker{Entry: id("new"), Worker: id("min"), Role: "responsible"}, Err: cases.RefusedConflict},
	})
}

// Who could see a case on a day must stay to be read, and nobody lets themselves back in by a correction.
func TestWhoWasLetInOrKeptOutIsNeitherAmendedNorTakenBack(t *testing.T) {
	all := given(open, lentTo("zhou", tillSeptember), events.AccessEnded{Entered: entry("over"), Worker: id("zhou")}, kin,
		events.ConflictLifted{Entered: entry("lifted"), Worker: id("min")})
	for _, name := range []string{"lent to zhou", "over", "kin", "lifted"} {
		run(t, []rule{
			{Name: name + " is not taken back", Given: all, When: cases.RetractEntry{Entry: id("new"), Retracts: id(name), Why: "x"}, Err: cases.RefusedNotRetracted},
			{Name: name + " is not amended", Given: all, When: amend(name, cases.Anew{Note: &cases.RecordNote{Entry: id(name), Kind: "process", Text: "x"}}), Err: cases.RefusedOtherEntry},
		})
	}
}

// An end that is said to have happened before what it ends, ends it all the same.
func TestWhoMayComeInFollowsTheOrderInWhichItWasWritten(t *testing.T) {
	c := fold(intake, on("2012-07-05 09:00", lentTo("min", tillSeptember)), on("2012-07-01 09:00", events.AccessEnded{Entered: entry("over"), Worker: id("min")}),
		on("2012-07-05 09:00", kin), on("2012-07-01 09:00", events.ConflictLifted{Entered: entry("lifted"), Worker: id("min")}))
	if c.Access.GrantedAt(id("min"), spec.Now) || c.Access.InConflict(id("min")) {
		t.Errorf("it stands at %+v", c.Access)
	}
}

func TestWhoHadACaseHasHadItAndWhomItWasReferredToIsKnownUntilTheyAreDone(t *testing.T) {
	assigned := func(name, who, role string) events.WorkerAssigned {
		return events.WorkerAssigned{Entered: entry(name), Worker: id(who), Role: role}
	}
	c := fold(intake, accepted, assigned("a", "zhou", "responsible"), assigned("b", "min", "responsible"), assigned("c", "chen", "responsible"),
		assigned("d", "min", "co_worker"))
	if len(c.Past) != 1 || c.Past[0] != id("zhou") {
		t.Errorf("those who had it: %v", c.Past)
	}
	for name, answered := range map[string][]events.Event{
		"asked":    nil,
		"accepted": {events.ReferralAnswered{Entered: entry("answer"), Referral: id("referral"), Answer: "accepted"}},
	} {
		if c := fold(given(facts{intake, accepted, sharing, refer}, answered...)...); len(c.Referred) != 1 || c.Referred[0].To != refer.To {
			t.Errorf("%s: referred to %v", name, c.Referred)
		}
	}
	for name, answered := range map[string]events.Event{
		"declined":  events.ReferralAnswered{Entered: entry("answer"), Referral: id("referral"), Answer: "declined"},
		"withdrawn": events.ReferralAnswered{Entered: entry("answer"), Referral: id("referral"), Answer: "withdrawn"},
		"done":      events.ReferralCompleted{Entered: entry("completed"), Referral: id("referral")},
	} {
		if c := fold(intake, accepted, sharing, refer, answered); len(c.Referred) != 0 {
			t.Errorf("%s: still referred to %v", name, c.Referred)
		}
	}
}

// Who came into conflict after an assignment is not named by amending it, nor given the case again by reopening it; who is in
// conflict no more may be named.
func TestNoCorrectionGivesARoleToWhoIsInConflictNow(t *testing.T) {
	assigned := events.WorkerAssigned{Entered: entry("assigned"), Worker: id("zhou"), Role: "responsible"}
	anew := func(who, role string) cases.AmendEntry {
		return amend("assigned", cases.Anew{Assignment: &cases.AssignWorker{Entry: id("assigned"), Worker: id(who), Role: role, Reason: "x"}})
	}
	says := func(who, role string) facts {
		return facts{amended("assigned", events.WorkerAssigned{Entered: entry("assigned"), Worker: id(who), Role: role, Reason: say("x")})}
	}
	moved := anew("min", "responsible")
	moved.HappenedAt = new(at("2012-07-02 09:30"))
	kins := assigned
	kins.Worker = id("min")
	lifted := events.ConflictLifted{Entered: entry("lifted"), Worker: id("min")}
	handed := events.CaseReopened{Entered: entry("new"), Episode: 2, Worker: id("min"), Why: "relapse"}
	handed.Done = []string{"follow_up_month_1", "follow_up_month_3", "follow_up_month_6"}
	handed.Due = []events.Due{due("assessment", "2012-07-03 10:00"), due("contact", "2012-07-17 00:00")}
	kept := handed
	kept.Worker = uuid.Nil
	reopen := cases.ReopenCase{Entry: id("new"), Why: "relapse"}
	run(t, []rule{
		{Name: "another is named", Given: given(open, assigned, kin), When: anew("chen", "responsible"), Then: says("chen", "responsible")},
		{Name: "not who is in conflict since", Given: given(open, assigned, kin), When: anew("min", "responsible"), Err: cases.RefusedConflict},
		{Name: "their own reason is put right", Given: given(open, kins, kin), When: anew("min", "responsible"), Then: says("min", "responsible")},
		{Name: "but not their role", Given: given(open, kins, kin), When: anew("min", "co_worker"), Err: cases.RefusedConflict},
		{Name: "nor when it was", Given: given(open, kins, kin), When: moved, Err: cases.RefusedConflict},
		{Name: "who was in conflict then and is no more", Given: given(open, kin, assigned, lifted), When: anew("min", "responsible"), Then: says("min", "responsible")},
		{Name: "reopened for nobody", Given: given(began(intake, accepted, agreed, kins, closed), kin), When: reopen, Then: facts{kept}},
		{Name: "reopened for who is in conflict no more", Given: given(began(intake, accepted, agreed, kins, closed), kin, lifted), When: reopen, Then: facts{handed}},
	})
}
