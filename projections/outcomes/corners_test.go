package outcomes

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
)

// A report has two times: the day on which one stands, and what was known. All four corners are questions that an
// evaluator asks, and each has its own answer.
func TestFourCorners(t *testing.T) {
	const last, now = "2012-06-30", "2012-12-31"
	type corners struct{ thenThen, thenNow, nowThen, nowNow int } // as of, as known
	for _, c := range []struct {
		name   string
		before func(*given) // what was known on the last day of June
		after  func(*given) // what was recorded since
		number func(Result) int
		want   corners
	}{
		{
			name:   "a contact of May that is recorded in July was not known in June, and is in May's number now",
			before: func(g *given) { g.kept = g.open("2012-05-18", "home") },
			after:  func(g *given) { g.contact("2012-05-20", g.kept, 1) },
			number: func(r Result) int { return r.PersonTimes.Cases },
			want:   corners{thenThen: 0, thenNow: 1, nowThen: 0, nowNow: 1},
		},
		{
			name: "an amended day moves a contact out of the first half of the year, for those who know",
			before: func(g *given) {
				g.kept = g.open("2012-05-18", "home")
				g.entered = g.contact("2012-05-20", g.kept, 2)
			},
			after: func(g *given) {
				g.amend("2012-07-03", g.kept, g.entered, "2012-07-02", events.InterventionRecorded{Reached: true, PersonTimes: 2})
			},
			number: func(r Result) int { return r.PersonTimes.Total },
			want:   corners{thenThen: 2, thenNow: 0, nowThen: 2, nowNow: 2},
		},
		{
			name: "a retracted contact counts for those who did not know yet",
			before: func(g *given) {
				g.kept = g.open("2012-05-18", "home")
				g.entered = g.contact("2012-05-20", g.kept, 2)
			},
			after:  func(g *given) { g.retract("2012-07-03", g.kept, g.entered) },
			number: func(r Result) int { return r.Contacts },
			want:   corners{thenThen: 1, thenNow: 0, nowThen: 1, nowNow: 0},
		},
		{
			name: "an amendment that is taken back gives the number before it",
			before: func(g *given) {
				g.kept = g.open("2012-05-18", "home")
				entry := g.contact("2012-05-20", g.kept, 2)
				g.entered, _ = g.amend("2012-05-21", g.kept, entry, "", events.InterventionRecorded{Reached: true, PersonTimes: 5})
			},
			after:  func(g *given) { g.retract("2012-07-03", g.kept, g.entered) },
			number: func(r Result) int { return r.PersonTimes.Cases },
			want:   corners{thenThen: 5, thenNow: 2, nowThen: 5, nowNow: 2},
		},
		{
			name: "a corrected attendance changes the session of May, and no session more is held",
			before: func(g *given) {
				g.kept = events.Stream("group", g.id())
				g.on("2012-05-18", g.kept, events.GroupPlanned{Entered: g.entry(), Project: "home"})
				held := events.SessionHeld{Entered: g.entry(), PersonTimes: 2, Attendance: []events.Attendance{
					{Member: g.member(1), Presence: "present"}, {Member: g.member(2), Presence: "present"},
				}}
				g.entered = held.Entry
				g.on("2012-05-19", g.kept, held)
			},
			after: func(g *given) {
				g.on("2012-07-03", g.kept, events.AttendanceCorrected{
					Entered: g.entry(), Session: g.entered, PersonTimes: 1,
					Attendance: []events.Attendance{{Member: g.member(1), Presence: "present"}, {Member: g.member(2), Presence: "absent"}},
				})
			},
			number: func(r Result) int { return r.GroupSessions*100 + r.PersonTimes.Groups*10 + r.Persons.GroupMembers },
			want:   corners{thenThen: 122, thenNow: 111, nowThen: 122, nowNow: 111},
		},
		{
			name: "a corrected head-count changes the activity of May",
			before: func(g *given) {
				g.kept = events.Stream("activity", g.id())
				g.on("2012-05-18", g.kept, events.ActivityPlanned{Entered: g.entry(), Project: "home"})
				held := events.ActivityHeld{Entered: g.entry(), PersonTimes: 60}
				g.entered = held.Entry
				g.on("2012-05-19", g.kept, held)
			},
			after: func(g *given) {
				g.on("2012-07-03", g.kept, events.ActivityCountCorrected{Entered: g.entry(), Held: g.entered, PersonTimes: 55})
			},
			number: func(r Result) int { return r.Activities*100 + r.PersonTimes.Activities },
			want:   corners{thenThen: 160, thenNow: 155, nowThen: 160, nowNow: 155},
		},
		{
			name: "a reopening in July takes no closure from June",
			before: func(g *given) {
				g.kept = g.open("2012-05-18", "home")
				g.close("2012-06-20", g.kept, 1, "goals_met")
			},
			after: func(g *given) {
				g.on("2012-07-10", g.kept, events.CaseReopened{Entered: g.entry(), Episode: 2, Why: "relapse"})
			},
			number: func(r Result) int { return r.Closed*10 + r.Open },
			want:   corners{thenThen: 10, thenNow: 10, nowThen: 10, nowNow: 11},
		},
		{
			name:   "a file found in July to be a duplicate counts for those who did not know, and never again for those who do",
			before: func(g *given) { g.kept = g.open("2012-05-18", "home"); g.contact("2012-05-19", g.kept, 1) },
			after:  func(g *given) { g.close("2012-07-10", g.kept, 1, "duplicate") },
			number: func(r Result) int { return r.CaseFiles*1000 + r.Open*100 + r.SetAside*10 + r.Contacts },
			want:   corners{thenThen: 1101, thenNow: 1, nowThen: 1101, nowNow: 11},
		},
		{
			name: "a file closed in error as opened in error counts again",
			before: func(g *given) {
				g.kept = g.open("2012-05-18", "home")
				g.entered = g.close("2012-06-10", g.kept, 1, "opened_in_error")
			},
			after: func(g *given) {
				g.amend("2012-07-10", g.kept, g.entered, "", events.CaseClosed{Episode: 1, Reason: "goals_met"})
			},
			number: func(r Result) int { return r.CaseFiles*100 + r.Closed*10 + r.SetAside },
			want:   corners{thenThen: 1, thenNow: 110, nowThen: 1, nowNow: 110},
		},
		{
			name:   "an intake of June that is accepted in July is a case file of July",
			before: func(g *given) { g.kept = g.intake("2012-06-29", "home") },
			after: func(g *given) {
				g.on("2012-07-02", g.kept, events.IntakeDecided{Entered: g.entry(), Accepted: true})
			},
			number: func(r Result) int { return r.Intakes*10 + r.CaseFiles },
			want:   corners{thenThen: 10, thenNow: 10, nowThen: 10, nowNow: 11},
		},
		{
			name: "a decision that is amended to declined was acceptance as then known",
			before: func(g *given) {
				g.kept = g.intake("2012-06-20", "home")
				decided := events.IntakeDecided{Entered: g.entry(), Accepted: true}
				g.entered = decided.Entry
				g.on("2012-06-21", g.kept, decided)
			},
			after:  func(g *given) { g.amend("2012-07-02", g.kept, g.entered, "", events.IntakeDecided{Accepted: false}) },
			number: func(r Result) int { return r.CaseFiles*10 + r.Declined },
			want:   corners{thenThen: 10, thenNow: 1, nowThen: 10, nowNow: 1},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newLog(t)
			c.before(g)
			known, err := g.log.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c.after(g)
			ask := func(asOf string, knownAt events.Position) int {
				return c.number(g.report(t, Asked{AsOf: asOf, KnownAt: knownAt}))
			}
			got := corners{
				thenThen: ask(last, known), thenNow: ask(last, projections.Latest),
				nowThen: ask(now, known), nowNow: ask(now, projections.Latest),
			}
			if got != c.want {
				t.Errorf("as of then and now, as known then and now: got %+v, want %+v", got, c.want)
			}
		})
	}
}

// What was moved to another project is counted there with all that was done in it, by those who know.
func TestAnAmendedIntakeTakesItsContactsAlong(t *testing.T) {
	g := newLog(t)
	g.kept = g.intake("2012-05-18", "home")
	g.contact("2012-05-20", g.kept, 3)
	before, _ := g.log.Head(t.Context())
	intake := g.first.(events.IntakeRecorded)
	intake.Project = "growth"
	g.amend("2012-06-01", g.kept, intake.Entry, "", intake)
	for knownAt, want := range map[events.Position]string{before: "home", projections.Latest: "growth"} {
		r := g.report(t, Asked{KnownAt: knownAt})
		if len(r.ByProject) != 1 || r.ByProject[0].Key != want || r.ByProject[0].PersonTimes != 3 {
			t.Errorf("known at %s: want 3 person-times in %s alone, got %+v", knownAt, want, r.ByProject)
		}
		if n := g.report(t, Asked{KnownAt: knownAt, Project: want}).PersonTimes.Total; n != 3 {
			t.Errorf("known at %s: asked for %s, got %d person-times", knownAt, want, n)
		}
	}
}

// What was asked as known at a position has the same answer for ever: to the byte.
func TestTheSameQuestionGetsTheSameAnswer(t *testing.T) {
	g := newLog(t)
	g.kept = g.open("2012-05-18", "home")
	g.entered = g.contact("2012-05-20", g.kept, 2)
	g.close("2012-06-20", g.kept, 1, "goals_met")
	known, _ := g.log.Head(t.Context())
	asked := Asked{AsOf: "2012-06-30", KnownAt: known}
	first := text(g.report(t, asked))
	g.retract("2012-07-01", g.kept, g.entered)
	g.on("2012-07-02", g.kept, events.CaseReopened{Entered: g.entry(), Episode: 2})
	g.open("2012-06-01", "home")
	if again := text(g.report(t, asked)); again != first {
		t.Errorf("first\n%s\nthen\n%s", first, again)
	}
	if at0 := g.report(t, Asked{KnownAt: 0}); at0.Intakes != 0 || at0.Contacts != 0 {
		t.Errorf("at position 0 nothing was known, but got %s", text(at0))
	}
}
