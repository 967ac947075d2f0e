package outcomes

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
)

// years writes about n facts of two years: mostly contacts, and what belongs to a case; some of it amended or retracted.
func years(b *testing.B, n int) *given {
	g := newLog(b)
	random := rand.New(rand.NewPCG(1, 2))
	day := func() string {
		return time.Date(2012, 1, 1+random.IntN(700), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	for p := range 10 {
		g.on("2012-01-01", events.ProgrammeStream, events.ProjectLaunched{
			Project: fmt.Sprintf("project-%d", p), Agency: fmt.Sprintf("agency-%d", p%3), Category: "street_child",
		})
	}
	var cases []string
	for len(cases) < max(n/50, 1) {
		stream := g.open(day(), fmt.Sprintf("project-%d", random.IntN(10)))
		cases = append(cases, stream)
		g.on(day(), stream, events.MeasureTaken{Entered: g.entry(), Instrument: "phq-9", Version: 1, When: "baseline", Score: score(20)})
		goal := g.id()
		g.on(day(), stream, events.PlanAgreed{Entered: g.entry(), Version: 1, Goals: []events.Goal{{Goal: goal, Weight: 1}}})
		g.on(day(), stream, events.GoalRated{Entered: g.entry(), Plan: 1, Goal: goal, Level: 1, When: "closure"})
		g.on(day(), stream, events.MeasureTaken{Entered: g.entry(), Instrument: "phq-9", Version: 1, When: "closure", Score: score(9)})
		if random.IntN(2) == 0 {
			g.close(day(), stream, 1, "goals_met")
		}
	}
	group := events.Stream("group", g.id())
	g.on("2012-01-01", group, events.GroupPlanned{Entered: g.entry(), Project: "project-1"})
	activity := events.Stream("activity", g.id())
	g.on("2012-01-01", activity, events.ActivityPlanned{Entered: g.entry(), Project: "project-1"})
	for {
		stream := cases[random.IntN(len(cases))]
		switch random.IntN(200) {
		case 0:
			session := events.SessionHeld{Entered: g.entry(), PersonTimes: 8}
			for m := range 8 {
				session.Attendance = append(session.Attendance, events.Attendance{Member: g.member(m), Presence: "present"})
			}
			g.on(day(), group, session)
		case 1:
			g.on(day(), activity, events.ActivityHeld{Entered: g.entry(), PersonTimes: 60})
		case 2:
			if entry := g.contact(day(), stream, 1); g.versions[stream] < 300 {
				g.retract(day(), stream, entry)
			}
		case 3:
			if entry := g.contact(day(), stream, 1); g.versions[stream] < 300 {
				g.amend(day(), stream, entry, "", events.InterventionRecorded{Reached: true, PersonTimes: 2})
			}
		default:
			g.contact(day(), stream, 1)
		}
		if g.written > n {
			return g
		}
	}
}

// BenchmarkReplay asks for today, for a past day, and for what was known then. The past may cost half as much again as
// today; it reads the same rows by the same plan.
func BenchmarkReplay(b *testing.B) {
	for _, n := range []int{20_000, 200_000} {
		g := years(b, n)
		if err := g.view.CatchUp(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		head, err := g.log.Head(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for name, asked := range map[string]Asked{
			"today":       {AsOf: "2013-12-31", KnownAt: projections.Latest},
			"a past day":  {AsOf: "2013-01-31", KnownAt: projections.Latest},
			"known then":  {AsOf: "2013-01-31", KnownAt: head / 2},
			"one project": {AsOf: "2013-12-31", KnownAt: projections.Latest, Project: "project-3"},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				before := processor()
				for b.Loop() {
					if _, _, err := Replay(b.Context(), g.db, asked); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(processor()-before)/float64(b.N)/1e6, "cpu-ms/op")
			})
		}
	}
}

// BenchmarkRebuild folds a log anew: what one fact costs, and what decoding it costs, in time of the processor.
func BenchmarkRebuild(b *testing.B) {
	g := years(b, 20_000)
	if err := g.view.CatchUp(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	decode := func() {
		for _, err := range g.log.ReadAll(b.Context(), 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	for name, work := range map[string]func(){
		"decode": decode,
		"rebuild": func() {
			if err := g.view.Rebuild(b.Context(), nil); err != nil {
				b.Fatal(err)
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			before := processor()
			for b.Loop() {
				work()
			}
			b.ReportMetric(float64(processor()-before)/float64(b.N)/float64(g.written), "cpu-ns/fact")
		})
	}
}

// processor is how long this process has had one.
func processor() int64 {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return used.Utime.Nano() + used.Stime.Nano()
}
