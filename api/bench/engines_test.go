package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// BenchmarkEngines measures the other engines as ratios to the embedded ones, in turns: appends and reads over the
// EventStoreDB for tests, which keeps what it acknowledges in a log in SQLite like the one it is compared with, and a
// rebuild of all views into PostgreSQL. `make bench` runs it; servers for tests do not belong into the binary.
func BenchmarkEngines(b *testing.B) {
	embedded, behind := logIn(b), logIn(b)
	scaled, err := eventstoredb.Open(b.Context(), esdbtest.Start(b, esdbtest.Behind(behind)).URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = scaled.Close() })
	fact := note(b)
	for _, writers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("append/writers=%d", writers), func(b *testing.B) {
			rate := func(log events.Store) func() (float64, error) {
				streams, versions := make([]string, writers), make([]int, writers)
				for n := range streams {
					streams[n] = events.Stream("case", newID())
				}
				return func() (float64, error) {
					done, err := drive(b.Context(), writers, time.Second, func(n int) error {
						_, err := log.Append(b.Context(), streams[n], versions[n], commanded(), fact)
						versions[n]++
						return err
					})
					return done.perSecond, err
				}
			}
			compare(b, "appends/s", rate(embedded), rate(scaled))
		})
	}
	b.Run("read/events=50", func(b *testing.B) {
		stream := events.Stream("case", newID())
		facts := slices.Repeat([]events.Event{fact}, 50)
		rate := func(log events.Store) func() (float64, error) {
			if _, err := log.Append(b.Context(), stream, 0, commanded(), facts...); err != nil {
				b.Fatal(err)
			}
			return func() (float64, error) {
				done, err := times(b.Context(), 300, func(int) error { return readWhole(b.Context(), log, stream, len(facts)) })
				return done.perSecond, err
			}
		}
		compare(b, "reads/s", rate(embedded), rate(scaled))
	})
	b.Run("rebuild", func(b *testing.B) { rebuildBeside(b, pgtest.New(b, pgtest.Durable).Place()) })
}

// compare runs both in turns and reports the ratio of what the second does to what the first does.
func compare(b *testing.B, unit string, embedded, scaled func() (float64, error)) {
	b.Helper()
	var one, other, ratio [rounds]float64
	measure := func(to *[rounds]float64, do func() (float64, error)) func(int) error {
		return func(round int) (err error) {
			to[round], err = do()
			return err
		}
	}
	for b.Loop() { // once: go test -benchtime 1x
		if err := inTurns(b.Context(), measure(&one, embedded), measure(&other, scaled)); err != nil {
			b.Fatal(err)
		}
	}
	for n := range rounds {
		ratio[n] = other[n] / one[n]
	}
	b.ReportMetric(0, "ns/op") // says nothing
	b.ReportMetric(median(ratio[:]), "×embedded")
	b.ReportMetric(median(one[:]), "embedded-"+unit)
	b.ReportMetric(median(other[:]), unit)
}

// rebuildBeside folds the pilot year into views in another place as well as into its own, from the same log.
func rebuildBeside(b *testing.B, place string) {
	r := &run{folder: b.TempDir(), out: b.Output()}
	dir, err := r.pilotYear(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.Open(b.Context(), app.Dir(dir))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	views, err := readdb.Open(b.Context(), place)
	if err != nil {
		b.Fatal(err)
	}
	defer views.Close()
	head, err := a.Log.Head(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	rate := func(p *projections.Projector) func() (float64, error) {
		if err := p.CatchUp(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		return func() (float64, error) {
			begin := time.Now()
			err := p.Rebuild(b.Context(), nil)
			return float64(head) / time.Since(begin).Seconds(), err
		}
	}
	compare(b, "events/s", rate(a.Projector[0]), rate(projections.New(a.Log, views, nil, app.Views...)))
}

func logIn(b *testing.B) events.Store {
	b.Helper()
	log, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "log.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = log.Close() })
	return log
}

// note is a note of 600 bytes, sealed.
func note(b *testing.B) events.Event {
	b.Helper()
	said := events.NoteRecorded{Entered: events.Entered{Entry: newID()}, Kind: "process", Text: sealed.Say(words(0))}
	closed, err := sealed.Seal(b.Context(), new(sealedtest.Keys), said, sealed.Place{Stream: events.Stream("case", newID()), Event: newID()}, "client-"+uuid.NewString())
	if err != nil {
		b.Fatal(err)
	}
	return closed
}

func commanded() events.Meta {
	now := time.Now()
	return events.Meta{CommandID: newID(), Actor: "worker-" + uuid.Nil.String(), OccurredAt: now, RecordedAt: now}
}

func readWhole(ctx context.Context, log events.Store, stream string, want int) error {
	n := 0
	for _, err := range log.Read(ctx, stream, 1) {
		if err != nil {
			return err
		}
		n++
	}
	if n != want {
		return fmt.Errorf("%d of %d events", n, want)
	}
	return nil
}
