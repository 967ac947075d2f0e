package groups_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/spec"
)

func TestTheRoll(t *testing.T) {
	for _, rule := range roll {
		rule.Run(t)
	}
}

var roll = rules{
	{
		Name:  "a client joins with a case",
		Given: []events.Event{planned},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming, Case: spec.ID("case")},
		Then: []events.Event{events.MemberJoined{
			Entered: entered("join"), Member: ming, Case: spec.ID("case"),
		}},
	},
	{
		Name:  "someone known to the group alone joins by name",
		Given: []events.Event{planned},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: lan, Name: "兰兰"},
		Then: []events.Event{events.MemberJoined{
			Entered: entered("join"), Member: lan, Name: sealed.Say("兰兰"),
		}},
	},
	{
		Name:  "the name of a client is not written down again",
		Given: []events.Event{planned},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming, Case: spec.ID("case"), Name: "小明"},
		Err:   groups.RefusedNamed,
	},
	{
		Name:  "a member is someone",
		Given: []events.Event{planned},
		When:  groups.JoinMember{Entry: spec.ID("join"), Name: "兰兰"},
		Err:   groups.RefusedMissing,
	},
	{
		Name: "nobody joins a group that was not planned",
		When: groups.JoinMember{Entry: spec.ID("join"), Member: ming},
		Err:  groups.RefusedNoGroup,
	},
	{
		Name:  "a member joins once",
		Given: []events.Event{planned, mingJoined},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming},
		Err:   groups.RefusedMember,
	},
	{
		Name:  "a member may join again after leaving",
		Given: []events.Event{planned, on(-9, mingJoined), on(-5, gone(ming))},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming},
		Then:  []events.Event{events.MemberJoined{Entered: entered("join"), Member: ming}},
	},
	{
		Name:  "a member does not join again before having left",
		Given: []events.Event{planned, on(-9, mingJoined), on(5, gone(ming))},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming},
		Err:   groups.RefusedMember,
	},
	{
		Name:  "an entry id is used once, by joiners too",
		Given: []events.Event{planned},
		When:  groups.JoinMember{Entry: planned.Entry, Member: ming},
		Err:   services.RefusedEntry,
	},
	{
		Name:  "nobody joins a group that was evaluated",
		Given: []events.Event{planned, evaluated},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming},
		Err:   groups.RefusedEvaluated,
	},
	{
		Name:  "a joining from before the evaluation is recorded late",
		Given: []events.Event{planned, on(1, evaluated)},
		When:  groups.JoinMember{Entry: spec.ID("join"), Member: ming},
		Then:  []events.Event{events.MemberJoined{Entered: entered("join"), Member: ming}},
	},
	{
		Name:  "a member leaves",
		Given: []events.Event{planned, mingJoined},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "moved_away", Remark: "随父母返乡"},
		Then: []events.Event{events.MemberLeft{
			Entered: entered("leave"), Member: ming, Why: "moved_away", Remark: sealed.Say("随父母返乡"),
		}},
	},
	{
		Name:  "a reason for leaving is one that is known",
		Given: []events.Event{planned, mingJoined},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "bored"},
		Err:   groups.RefusedCode,
	},
	{
		Name:  "nobody leaves who is not a member",
		Given: []events.Event{planned, mingJoined},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: hua, Why: "left"},
		Err:   groups.RefusedNotMember,
	},
	{
		Name:  "a member leaves once",
		Given: []events.Event{planned, on(-2, mingJoined), on(-1, gone(ming))},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "left"},
		Err:   groups.RefusedNotMember,
	},
	{
		Name:  "nobody leaves before joining",
		Given: []events.Event{planned, on(1, mingJoined)},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "left"},
		Err:   groups.RefusedNotMember,
	},
	{
		Name:  "nobody leaves before a session at which they were present",
		Given: []events.Event{planned, on(-9, mingJoined), on(-9, huaJoined), on(1, first)},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "left"},
		Err:   groups.RefusedAttended,
	},
	{
		Name:  "a member leaves after a session at which they were present",
		Given: []events.Event{planned, on(-9, mingJoined), on(-9, huaJoined), on(-1, first)},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "left"},
		Then:  []events.Event{events.MemberLeft{Entered: entered("leave"), Member: ming, Why: "left"}},
	},
	{
		Name:  "who was only absent since may have left before",
		Given: []events.Event{planned, on(-9, mingJoined), on(-9, huaJoined), on(1, first)},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: hua, Why: "left"},
		Then:  []events.Event{events.MemberLeft{Entered: entered("leave"), Member: hua, Why: "left"}},
	},
	{
		Name:  "an entry id is used once, by leavers too",
		Given: []events.Event{planned, mingJoined},
		When:  groups.LeaveMember{Entry: mingJoined.Entry, Member: ming, Why: "left"},
		Err:   services.RefusedEntry,
	},
	{
		Name:  "nobody leaves a group that was evaluated",
		Given: []events.Event{planned, mingJoined, evaluated},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "finished"},
		Err:   groups.RefusedEvaluated,
	},
	{
		Name:  "a leaving from before the evaluation is recorded late",
		Given: []events.Event{planned, on(-1, mingJoined), on(1, evaluated)},
		When:  groups.LeaveMember{Entry: spec.ID("leave"), Member: ming, Why: "finished"},
		Then:  []events.Event{events.MemberLeft{Entered: entered("leave"), Member: ming, Why: "finished"}},
	},
}

func TestWhoIsOnTheRollAtATime(t *testing.T) {
	group := services.Fold(groups.Group{},
		recorded(0, planned), recorded(2, mingJoined), recorded(5, gone(ming)), recorded(8, joined(ming)),
		recorded(12, gone(ming)), recorded(12, joined(ming)))
	for _, at := range []struct {
		when string
		day  int
		hour time.Duration
		want int
	}{
		{"the day before joining", 1, 0, 0},
		{"earlier on the day of joining", 2, -time.Hour, 1},
		{"an hour before leaving", 5, -time.Hour, 1},
		{"when leaving", 5, 0, 0},
		{"between two stays", 7, 0, 0},
		{"after joining again", 8, time.Hour, 1},
		{"on a day of leaving and joining again", 12, -time.Hour, 1},
		{"after that", 13, 0, 1},
	} {
		if got := len(group.Roll(spec.Now.AddDate(0, 0, at.day).Add(at.hour))); got != at.want {
			t.Errorf("%s: %d on the roll, want %d", at.when, got, at.want)
		}
	}
}

func TestAnEarlierStateKeepsItsRoll(t *testing.T) {
	before := services.Fold(groups.Group{}, recorded(0, planned), recorded(0, mingJoined))
	before.Evolve(recorded(1, gone(ming)))
	if len(before.Roll(spec.Now.AddDate(0, 0, 2))) != 1 {
		t.Error("a fact changed the state that it followed")
	}
}
