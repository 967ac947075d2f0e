package outcomes

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
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
		switch random.IntN(100) {
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
				for b.Loop() {
					if _, _, err := Replay(b.Context(), g.db, asked); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkRebuild folds a log anew: what one fact costs, and that as a share of decoding it.
func BenchmarkRebuild(b *testing.B) {
	g := years(b, 20_000)
	if err := g.view.CatchUp(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	head, _ := g.log.Head(b.Context())
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			for _, err := range g.log.ReadAll(b.Context(), 0) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(head), "ns/fact")
	})
	b.Run("rebuild", func(b *testing.B) {
		for b.Loop() {
			if err := g.view.Rebuild(b.Context(), nil); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(head), "ns/fact")
	})
	b.Run("apply", func(b *testing.B) { // alone: without reading, in one transaction
		var facts []projections.Fact
		for r, err := range g.log.ReadAll(b.Context(), 0) {
			if err != nil {
				b.Fatal(err)
			}
			switch r.Event.(type) {
			case events.Correction, events.EntryRetracted:
			default:
				facts = append(facts, projections.Fact{Recorded: r})
			}
		}
		for b.Loop() {
			err := g.db.Update(context.Background(), func(tx *readdb.Tx) error {
				if _, err := tx.NewGeneration("scratch", 1, "none", false); err != nil {
					return err
				}
				var names []string
				for _, t := range (Projection{}).Tables() {
					names = append(names, t.Name)
					if err := tx.Script("CREATE TABLE " + t.Name + "@ (" + t.Columns + ")"); err != nil {
						return err
					}
				}
				if err := (Projection{}).Apply(tx, facts); err != nil {
					return err
				}
				if err := tx.Script("SELECT 1"); err != nil { // what waits is written before
					return err
				}
				return tx.Drop(names)
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(facts)), "ns/fact")
	})
}
