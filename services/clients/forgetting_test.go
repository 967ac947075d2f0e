package clients_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/retention"
	"github.com/casestream/casestream/services/spec"
)

const second = "0190a0b0-0000-7000-8000-000000000002"

var (
	request   = spec.ID("request")
	asked     = events.ForgettingRequested{Entered: entry("request"), By: "guardian", Basis: "consent_withdrawn", Why: say("来信")}
	checked   = events.ForgettingChecked{Request: request, Cases: 1, Until: "2012-07-01", Rules: 1}
	begins    = spec.Now.Add(-time.Minute).UTC()
	approved  = events.ForgettingApproved{Request: request, Begins: begins}
	withdrawn = events.ForgettingWithdrawn{Entered: entry("withdrawn"), Request: request, Why: say("改变主意")}
	begun     = events.ForgettingBegun{Request: request}
	hold      = events.HoldPlaced{Entered: entry("hold"), Reason: "litigation", Why: say("法院调卷")}
	lifted    = events.HoldLifted{Entered: entry("lifted"), Hold: spec.ID("hold"), Why: say("结案")}
	kept      = events.ProcessingRestricted{Entered: entry("restricted"), Reason: "retention_open", Why: say("保存期未满")}
	freed     = events.RestrictionLifted{Entered: entry("freed"), Why: say("撤回")}
)

// rules keep what street children's cases hold for as many years as they are told.
func rules(years, days int) retention.Rules {
	return retention.Rules{Version: 1, CoolingOffDays: days, Classes: []retention.Class{{Key: "minors", Years: years, Categories: []string{"street_child"}}}}
}

// ended is what is beside a command: one case that was closed on a day.
func ended(day string, years, days int) clients.Keeping {
	return clients.Keeping{Cases: []clients.Kept{{Case: spec.ID("case"), Category: "street_child", Ended: day}}, Rules: rules(years, days)}
}

func given(facts ...events.Event) []events.Event {
	return append([]events.Event{nameless}, facts...)
}

func run(t *testing.T, specs ...rule) {
	t.Helper()
	for _, s := range specs {
		s.Run(t)
	}
}

func TestAHoldStandsUntilItIsLifted(t *testing.T) {
	place := clients.PlaceHold{Entry: spec.ID("hold"), Reason: "litigation", Why: "法院调卷"}
	lift := clients.LiftHold{Entry: spec.ID("lifted"), Hold: spec.ID("hold"), Why: "结案"}
	run(
		t,
		rule{Name: "placed", Given: given(), When: place, Then: []events.Event{hold}},
		rule{Name: "not on a stranger", When: place, Err: clients.RefusedNone},
		rule{Name: "not for a reason of one's own", Given: given(), When: clients.PlaceHold{Entry: spec.ID("hold"), Reason: "because", Why: "x"}, Err: clients.RefusedCode},
		rule{Name: "not without words", Given: given(), When: clients.PlaceHold{Entry: spec.ID("hold"), Reason: "other", Why: " "}, Err: clients.RefusedMissing},
		rule{Name: "lifted", Given: given(hold), When: lift, Then: []events.Event{lifted}},
		rule{Name: "not lifted twice", Given: given(hold, lifted), When: clients.LiftHold{Entry: spec.ID("again"), Hold: spec.ID("hold"), Why: "x"}, Err: clients.RefusedNoHold},
		rule{Name: "not on a client who is forgotten", Given: given(asked, checked, approved, begun), When: place, Err: clients.RefusedForgotten},
	)
}

func TestProcessingIsRestrictedAndTheRestrictionLifted(t *testing.T) {
	restrict := clients.RestrictProcessing{Entry: spec.ID("restricted"), Reason: "retention_open", Why: "保存期未满"}
	free := clients.LiftRestriction{Entry: spec.ID("freed"), Why: "撤回"}
	run(
		t,
		rule{Name: "restricted", Given: given(), When: restrict, Then: []events.Event{kept}},
		rule{Name: "not twice", Given: given(kept), When: clients.RestrictProcessing{Entry: spec.ID("b"), Reason: "claims", Why: "x"}, Err: clients.RefusedRestricted},
		rule{Name: "lifted", Given: given(kept), When: free, Then: []events.Event{freed}},
		rule{Name: "there is nothing to lift", Given: given(), When: free, Err: clients.RefusedNotRestricted},
		rule{Name: "not for a reason of one's own", Given: given(), When: clients.RestrictProcessing{Entry: spec.ID("b"), Reason: "x", Why: "x"}, Err: clients.RefusedCode},
	)
}

func TestForgettingIsAskedForOnce(t *testing.T) {
	ask := clients.RequestForgetting{Entry: request, By: "guardian", Basis: "consent_withdrawn", Why: "来信"}
	again := ask
	again.Entry = spec.ID("again")
	run(
		t,
		rule{Name: "asked", Given: given(), When: ask, Then: []events.Event{asked}},
		rule{Name: "not while another is under way", Given: given(asked), When: again, Err: clients.RefusedRequested},
		rule{
			Name: "anew after it was withdrawn", Given: given(asked, withdrawn), When: again,
			Then: []events.Event{events.ForgettingRequested{Entered: entry("again"), By: "guardian", Basis: "consent_withdrawn", Why: say("来信")}},
		},
		rule{Name: "not of a stranger", When: ask, Err: clients.RefusedNone},
		rule{Name: "not by just anyone", Given: given(), When: clients.RequestForgetting{Entry: request, By: "x", Basis: "court_order", Why: "x"}, Err: clients.RefusedCode},
		rule{Name: "not on no ground", Given: given(), When: clients.RequestForgetting{Entry: request, By: "court", Basis: "x", Why: "x"}, Err: clients.RefusedCode},
		rule{Name: "a restricted client can be forgotten", Given: given(kept), When: ask, Then: []events.Event{asked}},
	)
}

func TestTheCheckRefusesWhatMustBeKept(t *testing.T) {
	check := func(k clients.Keeping) clients.CheckForgetting {
		return clients.CheckForgetting{Request: request, Keeping: k}
	}
	old := ended("2011-07-01", 1, 0)
	run(
		t,
		rule{Name: "the retention is over", Given: given(asked), When: check(old), Then: []events.Event{checked}},
		rule{Name: "on its last day it is not", Given: given(asked), When: check(ended("2011-07-02", 1, 0)), Err: clients.RefusedRetention},
		rule{Name: "a case is open", Given: given(asked), When: check(ended("", 0, 0)), Err: clients.RefusedCaseOpen},
		rule{Name: "there never was a case", Given: given(asked), When: check(clients.Keeping{Rules: rules(1, 0)}), Then: []events.Event{events.ForgettingChecked{Request: request, Rules: 1}}},
		rule{Name: "a hold stands", Given: given(hold, asked), When: check(old), Err: clients.RefusedHeld},
		rule{Name: "a hold stood", Given: given(hold, asked, lifted), When: check(old), Then: []events.Event{checked}},
		rule{Name: "not twice", Given: given(asked, checked), When: check(old), Err: clients.RefusedChecked},
		rule{Name: "nobody asked", Given: given(), When: check(old), Err: clients.RefusedNoRequest},
		rule{Name: "it was withdrawn", Given: given(asked, withdrawn), When: check(old), Err: clients.RefusedNoRequest},
	)
}

func TestASecondPersonApproves(t *testing.T) {
	approve := func(k clients.Keeping) clients.ApproveForgetting {
		return clients.ApproveForgetting{Request: request, Keeping: k}
	}
	old := ended("2011-07-01", 1, 14)
	theirs := spec.Past{Event: asked, By: spec.Worker, At: spec.Now}
	midnight := time.Date(2012, 7, 17, 0, 0, 0, 0, events.Zone).UTC()
	run(
		t,
		rule{Name: "approved", Given: given(theirs, checked), When: approve(old), By: second, Then: []events.Event{events.ForgettingApproved{Request: request, Begins: midnight}}},
		rule{Name: "not by who asked", Given: given(theirs, checked), When: approve(old), Err: clients.RefusedSecond},
		rule{Name: "not before the check", Given: given(theirs), When: approve(old), By: second, Err: clients.RefusedUnchecked},
		rule{Name: "not twice", Given: given(theirs, checked, approved), When: approve(old), By: second, Err: clients.RefusedApproved},
		rule{Name: "a hold came since", Given: given(theirs, checked, hold), When: approve(old), By: second, Err: clients.RefusedHeld},
		rule{Name: "a case came since", Given: given(theirs, checked), When: approve(ended("", 1, 14)), By: second, Err: clients.RefusedCaseOpen},
		rule{Name: "it was withdrawn", Given: given(theirs, checked, withdrawn), When: approve(old), By: second, Err: clients.RefusedNoRequest},
	)
}

func TestUntilItBeginsItCanBeWithdrawn(t *testing.T) {
	withdraw := clients.WithdrawForgetting{Entry: spec.ID("withdrawn"), Request: request, Why: "改变主意"}
	begin := clients.BeginForgetting{Request: request, Keeping: ended("2011-07-01", 1, 0)}
	later := events.ForgettingApproved{Request: request, Begins: spec.Now.Add(time.Second)}
	run(
		t,
		rule{Name: "withdrawn before the check", Given: given(asked), When: withdraw, Then: []events.Event{withdrawn}},
		rule{Name: "withdrawn after the approval", Given: given(asked, checked, approved), When: withdraw, Then: []events.Event{withdrawn}},
		rule{Name: "not when it has begun", Given: given(asked, checked, approved, begun), When: withdraw, Err: clients.RefusedForgotten},
		rule{Name: "it begins", Given: given(asked, checked, approved), When: begin, Then: []events.Event{begun}},
		rule{Name: "not before the days are over", Given: given(asked, checked, later), When: begin, Err: clients.RefusedCooling},
		rule{Name: "not without the second person", Given: given(asked, checked), When: begin, Err: clients.RefusedUnapproved},
		rule{Name: "not while a hold stands", Given: given(asked, checked, approved, hold), When: begin, Err: clients.RefusedHeld},
		rule{
			Name: "not while a case is open", Given: given(asked, checked, approved),
			When: clients.BeginForgetting{Request: request, Keeping: ended("", 1, 0)}, Err: clients.RefusedCaseOpen,
		},
		rule{Name: "not when it was withdrawn", Given: given(asked, checked, approved, withdrawn), When: begin, Err: clients.RefusedNoRequest},
	)
}

func TestItCanBeSaidAgainThatItBeginsUntilItIsDone(t *testing.T) {
	again := clients.BeginForgetting{Request: request, Again: true}
	done := events.ClientForgotten{Request: request}
	state := services.Fold(clients.Client{}, recordedAll(given(asked, checked, approved, begun))...)
	if facts, err := again.Decide(state, events.Meta{RecordedAt: spec.Now}); err != nil || len(facts) != 1 || facts[0] != begun {
		t.Errorf("before it is done: %v, %v", facts, err)
	}
	run(
		t,
		rule{Name: "not when it is done", Given: given(asked, checked, approved, begun, done), When: again},
		rule{Name: "not before it has begun", Given: given(asked, checked), When: again, Err: clients.RefusedUnapproved},
		rule{Name: "a retry says it once", Given: given(asked, checked, approved, begun), When: clients.BeginForgetting{Request: request}},
	)
}

func TestItIsDoneOnce(t *testing.T) {
	found := events.ClientForgotten{Request: request, By: "guardian", KeyEpoch: 1, Values: 7}
	done := clients.CompleteForgetting{Found: found}
	run(
		t,
		rule{Name: "done", Given: given(asked, checked, approved, begun), When: done, Then: []events.Event{found}},
		rule{Name: "not twice", Given: given(asked, checked, approved, begun, found), When: done},
		rule{Name: "not before it has begun", Given: given(asked, checked, approved), When: done, Err: clients.RefusedUnapproved},
		rule{Name: "then nobody amends", Given: given(asked, checked, approved, begun, found), When: clients.AmendClientDetails{Entry: spec.ID("x"), Why: "x"}, Err: clients.RefusedForgotten},
		rule{Name: "nor asks again", Given: given(asked, checked, approved, begun, found), When: clients.RequestForgetting{Entry: spec.ID("x"), By: "court", Basis: "court_order", Why: "x"}, Err: clients.RefusedForgotten},
	)
}

func TestHowAClientStands(t *testing.T) {
	for name, c := range map[string]struct {
		given []events.Event
		want  clients.Standing
	}{
		"registered": {given(), clients.Active}, "restricted": {given(kept), clients.Restricted}, "and freed": {given(kept, freed), clients.Active},
		"asked for": {given(asked, checked, approved), clients.Active}, "begun": {given(kept, asked, checked, approved, begun), clients.Forgotten},
	} {
		if is := services.Fold(clients.Client{}, recordedAll(c.given)...).Standing(); is != c.want {
			t.Errorf("%s: %s, not %s", name, is, c.want)
		}
	}
}

func recordedAll(facts []events.Event) (all []events.Recorded) {
	for i, fact := range facts {
		all = append(all, events.Recorded{Version: i + 1, Event: fact})
	}
	return all
}
