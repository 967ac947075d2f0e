package projections_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/audit"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/outcomes"
	"github.com/casestream/casestream/projections/readdb"
)

// BenchmarkLoad reads a case of 500 facts: for the first time, and again.
func BenchmarkLoad(b *testing.B) {
	ctx := context.Background()
	d := year(b, newLog(), 2000)
	kase := caseStream(1)
	for d.versions[kase] < 500 {
		d.write(kase, d.recorded, events.InterventionRecorded{
			Entered: d.next(kase), Kind: "home_visit", Mode: "in_person", Minutes: 40, Reached: true, PersonTimes: 1,
			Present: []events.Present{{Who: "client", Served: true}}, Note: sealed.Say(strings.Repeat("今日家访，孩子情绪稳定。", 8)),
			Steps: events.Steps{Done: []string{"contact"}, Due: []events.Due{{Step: "contact", By: d.recorded.AddDate(0, 0, 14)}}},
		})
	}
	path := pgtest.Place(b)
	db := reopen(b, path)
	if err := projections.New(d.log, db, nil, casefile.Projection{}).CatchUp(ctx, nil); err != nil {
		b.Fatal(err)
	}
	at := projections.Point{AsOf: "2012-06-30", KnownAt: projections.Latest}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			db, err := readdb.OpenReader(ctx, path)
			if err == nil {
				_, err = casefile.Load(ctx, db, clientStream(2), at) // connects
			}
			b.StartTimer()
			if err == nil {
				_, err = casefile.Load(ctx, db, kase, at)
			}
			b.StopTimer()
			if err != nil {
				b.Fatal(err)
			}
			_ = db.Close()
			b.StartTimer()
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			if _, err := casefile.Load(ctx, db, kase, at); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkRebuild folds 20,000 facts into all views.
func BenchmarkRebuild(b *testing.B) {
	ctx := context.Background()
	log, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "log.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	d := year(b, log, 20_000)
	scanned := func() time.Duration {
		start := time.Now()
		for _, err := range d.log.ReadAll(ctx, 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
	for _, views := range [][]projections.Projection{all(), {days.Projection{}}, {audit.Projection{}}, {casefile.Projection{}}, {caseload.Projection{}}, {outcomes.Projection{}}} {
		name := views[0].Name()
		if len(views) > 1 {
			name = "all"
		}
		b.Run(name, func(b *testing.B) {
			p := projections.New(d.log, open(b), nil, views...)
			if err := p.CatchUp(ctx, nil); err != nil {
				b.Fatal(err)
			}
			var scan time.Duration
			for b.Loop() {
				scan += scanned()
				if err := p.Rebuild(ctx, nil); err != nil {
					b.Fatal(err)
				}
			}
			rebuilt := b.Elapsed() - scan
			b.ReportMetric(float64(d.position)*float64(b.N)/rebuilt.Seconds(), "events/s")
			b.ReportMetric(scan.Seconds()/rebuilt.Seconds(), "of-scan")
		})
	}
}

// many is a log of n cases of a dozen facts each, made as it is read.
type many struct {
	events.Store
	n int
}

func (m many) Head(context.Context) (events.Position, error) { return events.Position(m.n * 12), nil }

func (m many) ReadAll(_ context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		for at := after; at < events.Position(m.n*12); at++ {
			// The facts of all cases come turn by turn, as in life: first all intakes, in the end the last contacts.
			turn, n := int(at)/m.n, int(at)%m.n
			happened := noon("2012-01-01").AddDate(0, 0, turn*10)
			r := events.Recorded{
				Position: at + 1, Stream: caseStream(n), Version: turn + 1,
				Meta: events.Meta{Actor: worker(n / 30).String(), OccurredAt: happened, RecordedAt: happened},
			}
			switch turn {
			case 0:
				r.Event = events.IntakeRecorded{Client: number("client", n), Category: "orphan", Project: fmt.Sprint("project ", n/400)}
			case 1:
				r.Event = events.IntakeDecided{Accepted: true}
			case 2:
				r.Event = events.WorkerAssigned{Worker: worker(n / 30), Role: "responsible"}
			case 3:
				r.Event = events.RiskRated{Level: []string{"high", "medium", "low"}[n%3]}
			default:
				r.Event = events.InterventionRecorded{
					Kind: "talk", Reached: true,
					Steps: events.Steps{Done: []string{"contact"}, Due: []events.Due{{Step: "contact", By: happened.AddDate(0, 0, 14)}}},
				}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// BenchmarkList reads the list of a worker with 30 cases, and that of a project with 400, among 20,000 cases (among
// 100,000 it takes as long; set CASES to see).
func BenchmarkList(b *testing.B) {
	ctx := context.Background()
	cases := 20_000
	if n, err := strconv.Atoi(os.Getenv("CASES")); err == nil {
		cases = n
	}
	db := open(b)
	if err := projections.New(many{newLog(), cases}, db, nil, caseload.Projection{}).CatchUp(ctx, nil); err != nil {
		b.Fatal(err)
	}
	for name, filter := range map[string]caseload.Filter{
		"worker": {Workers: []string{worker(100).String()}}, "project": {Project: "project 7"},
	} {
		for _, day := range []string{"", "2012-03-15"} {
			b.Run(name+" as of "+day, func(b *testing.B) {
				for b.Loop() {
					list, err := caseload.List(ctx, db, filter, projections.Point{AsOf: day, KnownAt: projections.Latest})
					if err != nil || len(list.Rows) != map[string]int{"worker": 30, "project": 400}[name] {
						b.Fatal(len(list.Rows), err)
					}
				}
			})
		}
	}
}
