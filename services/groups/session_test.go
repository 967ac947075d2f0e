package groups_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/spec"
)

func TestSessions(t *testing.T) {
	for _, rule := range sessions {
		rule.Run(t)
	}
}

var (
	mingCame   = groups.Attendance{Member: ming, Presence: "present"}
	huaCame    = groups.Attendance{Member: hua, Presence: "present"}
	huaExcused = groups.Attendance{Member: hua, Presence: "excused", Remark: "发烧"}
	both       = []groups.Attendance{mingCame, huaCame}
)

var sessions = rules{
	{
		Name:  "a session says who was there",
		Given: []events.Event{planned, mingJoined, huaJoined},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 1, Phase: "forming", Minutes: 90,
			Attendance: []groups.Attendance{mingCame, huaExcused}, PersonTimes: 1, Note: "破冰",
		},
		Then: []events.Event{events.SessionHeld{
			Entered: entered("session"), Number: 1, Phase: "forming", Minutes: 90,
			Attendance:  []events.Attendance{there(ming), {Member: hua, Presence: "excused", Remark: sealed.Say("发烧")}},
			PersonTimes: 1, Note: sealed.Say("破冰"),
		}},
	},
	{
		Name: "a group that was not planned holds no session",
		When: groups.HoldSession{Entry: spec.ID("session"), Number: 1, Phase: "forming"},
		Err:  groups.RefusedNoGroup,
	},
	{
		Name:  "a group that was evaluated holds no further session",
		Given: []events.Event{planned, mingJoined, huaJoined, first, on(1, evaluated)},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 2, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedEvaluated,
	},
	{
		Name:  "an entry id is used once, by sessions too",
		Given: []events.Event{planned, mingJoined, huaJoined, first},
		When:  groups.HoldSession{Entry: first.Entry, Number: 2, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   services.RefusedEntry,
	},
	{
		Name:  "the first session is number 1",
		Given: []events.Event{planned, mingJoined, huaJoined},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 2, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedNumber,
	},
	{
		Name:  "no two sessions have the same number",
		Given: []events.Event{planned, mingJoined, huaJoined, first},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 1, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedNumber,
	},
	{
		Name:  "session numbers have no gaps",
		Given: []events.Event{planned, mingJoined, huaJoined, first},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 3, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedNumber,
	},
	{
		Name:  "a session is in a phase that is known",
		Given: []events.Event{planned},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 1, Phase: "storming"},
		Err:   groups.RefusedCode,
	},
	{
		Name:  "a group stays in its phase",
		Given: []events.Event{planned, mingJoined, alone(1, "turning")},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 2, Phase: "turning", Minutes: 60,
			Attendance: []groups.Attendance{mingCame}, PersonTimes: 1,
		},
		Then: []events.Event{events.SessionHeld{
			Entered: entered("session"), Number: 2, Phase: "turning", Minutes: 60,
			Attendance: []events.Attendance{there(ming)}, PersonTimes: 1,
		}},
	},
	{
		Name:  "a group goes on, and may pass over a phase",
		Given: []events.Event{planned, mingJoined, alone(1, "forming"), alone(2, "turning")},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 3, Phase: "ending", Minutes: 60,
			Attendance: []groups.Attendance{mingCame}, PersonTimes: 1,
		},
		Then: []events.Event{events.SessionHeld{
			Entered: entered("session"), Number: 3, Phase: "ending", Minutes: 60,
			Attendance: []events.Attendance{there(ming)}, PersonTimes: 1,
		}},
	},
	{
		Name:  "a group never goes back to an earlier phase",
		Given: []events.Event{planned, mingJoined, alone(1, "forming"), alone(2, "turning")},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 3, Phase: "forming",
			Attendance: []groups.Attendance{mingCame}, PersonTimes: 1,
		},
		Err: groups.RefusedPhase,
	},
	{
		Name:  "attendance names members only",
		Given: []events.Event{planned, mingJoined},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 1, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedNotMember,
	},
	{
		Name:  "who joined on a later day was not at the session",
		Given: []events.Event{planned, mingJoined, on(1, huaJoined)},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 1, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedNotMember,
	},
	{
		Name:  "who had left was not at the session",
		Given: []events.Event{planned, mingJoined, on(-9, huaJoined), on(-1, gone(hua))},
		When:  groups.HoldSession{Entry: spec.ID("session"), Number: 1, Phase: "forming", Attendance: both, PersonTimes: 2},
		Err:   groups.RefusedNotMember,
	},
	{
		Name:  "a session recorded late has those who left since",
		Given: []events.Event{planned, mingJoined, on(1, gone(ming))},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 1, Phase: "forming", Minutes: 60,
			Attendance: []groups.Attendance{mingCame}, PersonTimes: 1,
		},
		Then: []events.Event{events.SessionHeld{
			Entered: entered("session"), Number: 1, Phase: "forming", Minutes: 60,
			Attendance: []events.Attendance{there(ming)}, PersonTimes: 1,
		}},
	},
	{
		Name:  "attendance names a member once",
		Given: []events.Event{planned, mingJoined},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 1, Phase: "forming",
			Attendance: []groups.Attendance{mingCame, mingCame}, PersonTimes: 2,
		},
		Err: groups.RefusedTwice,
	},
	{
		Name:  "attendance leaves no member out",
		Given: []events.Event{planned, mingJoined, huaJoined},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 1, Phase: "forming",
			Attendance: []groups.Attendance{mingCame}, PersonTimes: 1,
		},
		Err: groups.RefusedIncomplete,
	},
	{
		Name:  "a member is present, excused or absent",
		Given: []events.Event{planned, mingJoined},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 1, Phase: "forming",
			Attendance: []groups.Attendance{{Member: ming, Presence: "late"}}, PersonTimes: 1,
		},
		Err: groups.RefusedCode,
	},
	{
		Name:  "excused and absent members are no person-times",
		Given: []events.Event{planned, mingJoined, huaJoined},
		When: groups.HoldSession{
			Entry: spec.ID("session"), Number: 1, Phase: "forming",
			Attendance: []groups.Attendance{mingCame, huaExcused}, PersonTimes: 2,
		},
		Err: groups.RefusedPersonTimes,
	},
}

func alone(number int, phase string) events.SessionHeld { return held(number, phase, there(ming)) }

func TestCorrectedAttendance(t *testing.T) {
	for _, rule := range corrections {
		rule.Run(t)
	}
}

var (
	corrected = events.AttendanceCorrected{
		Entered: entered("correction"), Session: first.Entry,
		Attendance: []events.Attendance{there(ming), there(hua)}, PersonTimes: 2, Why: sealed.Say("华华迟到,仍参加"),
	}
	correct = groups.CorrectAttendance{
		Entry: spec.ID("correction"), Session: first.Entry, Attendance: both, PersonTimes: 2, Why: "华华迟到,仍参加",
	}
	running = []events.Event{planned, on(-3, mingJoined), on(-3, huaJoined), on(-2, first)}
)

var corrections = rules{
	{
		Name:  "an attendance is corrected, as a whole and with a reason",
		Given: running,
		When:  correct,
		Then:  []events.Event{corrected},
	},
	{
		Name:  "a group that was evaluated takes corrections of attendance",
		Given: with(running, evaluated),
		When:  correct,
		Then:  []events.Event{corrected},
	},
	{
		Name: "a group that was not planned has nothing to correct",
		When: correct,
		Err:  groups.RefusedNoGroup,
	},
	{
		Name:  "an entry id is used once, by corrections too",
		Given: with(running, corrected),
		When:  correct,
		Err:   services.RefusedEntry,
	},
	{
		Name:  "a correction names a session of the group",
		Given: running,
		When:  but(func(c *groups.CorrectAttendance) { c.Session = spec.ID("elsewhere") }),
		Err:   groups.RefusedUnknown,
	},
	{
		Name:  "a correction names a session, not another entry",
		Given: running,
		When:  but(func(c *groups.CorrectAttendance) { c.Session = mingJoined.Entry }),
		Err:   groups.RefusedUnknown,
	},
	{
		Name:  "correcting again is correcting the session again",
		Given: with(running, corrected),
		When: but(func(c *groups.CorrectAttendance) {
			c.Entry, c.Session = spec.ID("second correction"), corrected.Entry
		}),
		Err: groups.RefusedUnknown,
	},
	{
		Name:  "a correction says why",
		Given: running,
		When:  but(func(c *groups.CorrectAttendance) { c.Why = "  " }),
		Err:   groups.RefusedWhy,
	},
	{
		Name:  "a corrected attendance has the person-times of its members present",
		Given: running,
		When:  but(func(c *groups.CorrectAttendance) { c.PersonTimes = 1 }),
		Err:   groups.RefusedPersonTimes,
	},
	{
		Name:  "a corrected attendance asks for the roll at the time of the session",
		Given: with(running, on(-1, gone(hua)), on(-1, joined(lan))),
		When:  correct,
		Then:  []events.Event{corrected},
	},
	{
		Name:  "a corrected attendance takes nobody who joined after the session",
		Given: with(running, on(-1, joined(lan))),
		When: but(func(c *groups.CorrectAttendance) {
			c.Attendance = append(both[:2:2], groups.Attendance{Member: lan, Presence: "absent"})
		}),
		Err: groups.RefusedNotMember,
	},
}

func with(given []events.Event, more ...events.Event) []events.Event {
	return append(given[:len(given):len(given)], more...)
}

func but(change func(*groups.CorrectAttendance)) groups.CorrectAttendance {
	changed := correct
	change(&changed)
	return changed
}

func TestASessionHoldsAsLastCorrected(t *testing.T) {
	group := services.Fold(groups.Group{}, recorded(0, planned), recorded(0, mingJoined), recorded(0, huaJoined),
		recorded(1, first), recorded(2, held(2, "turning", there(ming), there(hua))))
	if got := group.PersonTimes(); got != 3 {
		t.Errorf("%d person-times, want 3", got)
	}
	group = group.Evolve(recorded(9, corrected))
	if got := group.PersonTimes(); got != 4 {
		t.Errorf("%d person-times after the correction, want 4", got)
	}
	sessions := group.Sessions()
	if len(sessions) != 2 || sessions[0].PersonTimes != 2 || !sessions[0].At.Equal(spec.Now.AddDate(0, 0, 1)) {
		t.Error("a correction changes who was there, not when it was or how many sessions there are")
	}
}
