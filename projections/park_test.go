package projections_test

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// notes counts notes by stream, each once. A note of a poisonous kind it cannot apply.
type notes struct {
	name    string
	version int
	poison  string
	panics  bool
}

func (n notes) Name() string { return cmp.Or(n.name, "notes") }
func (n notes) Version() int { return max(n.version, 1) }

func (n notes) Tables() []projections.Table {
	return []projections.Table{{Name: n.Name() + "_count", Columns: "stream TEXT PRIMARY KEY, n INTEGER NOT NULL", Key: 1}}
}

func (n notes) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, f := range batch {
		note, ok := f.Event.(events.NoteRecorded)
		if !ok {
			continue
		}
		if note.Kind == n.poison {
			if n.panics {
				panic("no such kind")
			}
			return errors.New("no such kind")
		}
		err := tx.Exec("INSERT INTO "+n.Name()+"_count@ AS c (stream, n) VALUES ($1, 1) ON CONFLICT (stream) DO UPDATE SET n = c.n + 1", f.Stream)
		if err != nil {
			return err
		}
	}
	return nil
}

// other is a second view, beside notes.
var other = notes{name: "other"}

func status(p *projections.Projector, view string) projections.Status {
	for _, s := range p.Status() {
		if s.View == view {
			return s
		}
	}
	return projections.Status{}
}

// kinds writes notes of these kinds into one case and answers with their positions.
func (d *diary) kinds(kinds ...string) (positions []events.Position) {
	for _, kind := range kinds {
		positions = append(positions, d.write(caseStream(0), d.recorded, events.NoteRecorded{Entered: d.next(caseStream(0)), Kind: kind}))
	}
	return positions
}

func TestAFactThatCannotBeAppliedParksItsViewAndNoOther(t *testing.T) {
	for name, panics := range map[string]bool{"error": false, "panic": true} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			path := pgtest.Place(t)
			d := newDiary(t, newLog())
			at := d.kinds("good", "good", "bad", "good")
			db := reopen(t, path)
			p := projections.New(d.log, db, nil, notes{poison: "bad", panics: panics}, other)
			if err := p.CatchUp(ctx, nil); err != nil {
				t.Fatal(err)
			}
			parked := status(p, "notes")
			if parked.Position != at[1] || !strings.Contains(parked.Parked, "no such kind") || !strings.Contains(parked.Parked, "position 3") {
				t.Errorf("notes is %+v: it should wait before position 3 and say why", parked)
			}
			if beside := status(p, "other"); beside.Position != at[3] || beside.Parked != "" {
				t.Errorf("other is %+v: it should have gone on", beside)
			}
			if err := p.Wait(ctx, at[1], "notes"); err != nil {
				t.Errorf("waiting for what was applied: %v", err)
			}
			if err := p.Wait(ctx, at[3], "notes"); !errors.Is(err, projections.ErrParked) {
				t.Errorf("waiting for a parked view: %v", err)
			}
			later := d.kinds("good")
			if err := p.CatchUp(ctx, nil); err != nil {
				t.Fatal(err)
			}
			if beside := status(p, "other"); beside.Position != later[0] {
				t.Errorf("other is %+v: it should still go on", beside)
			}
			if err := p.Rebuild(ctx, nil, "notes"); !errors.Is(err, projections.ErrParked) {
				t.Errorf("a rebuild that meets the same fact: %v", err)
			}

			p = projections.New(d.log, db, nil, notes{}, other) // a newer program, that knows what to do
			if err := p.CatchUp(ctx, nil); err != nil {
				t.Fatal(err)
			}
			if is := status(p, "notes"); is.Parked != "" || is.Position != later[0] {
				t.Errorf("notes is %+v: it should have gone on", is)
			}
			generations, err := db.Generations(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range generations {
				if g.Parked != "" || !g.Serving {
					t.Errorf("%+v is left over", g)
				}
			}
			clean := open(t)
			if err := projections.New(d.log, clean, nil, notes{}, other).CatchUp(ctx, nil); err != nil {
				t.Fatal(err)
			}
			if got, want := dump(t, db, notes{}, other), dump(t, clean, notes{}, other); got != want {
				t.Errorf("after parking and going on:\n%s\na clean fold:\n%s", got, want)
			}
		})
	}
}

func TestAParkedViewIsStillReadAsFarAsItCame(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	d.kinds("good", "good", "bad")
	db := open(t)
	if err := projections.New(d.log, db, nil, notes{poison: "bad"}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, db, notes{}); !strings.Contains(got, "\t2\t") {
		t.Errorf("the first two notes should be there:\n%s", got)
	}
}

func TestANewVersionThatParksLeavesTheOldTables(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	at := d.kinds("good", "bad")
	db := open(t)
	if err := projections.New(d.log, db, nil, notes{}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	want := dump(t, db, notes{})
	p := projections.New(d.log, db, nil, notes{version: 2, poison: "bad"}, other)
	if err := p.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if is := status(p, "notes"); is.Version != 1 || is.Position != at[1] || is.Parked == "" {
		t.Errorf("notes is %+v: the tables of version 1 should be read, and the reason be visible", is)
	}
	if got := dump(t, db, notes{}); got != want {
		t.Errorf("the tables are now\n%s\nand were\n%s", got, want)
	}
	if is := status(p, "other"); is.Position != at[1] {
		t.Errorf("other is %+v: it should have been made", is)
	}
}

// newer is a log that a newer program wrote to: from one position on, this one cannot read it.
type newer struct {
	events.Store
	from    events.Position
	follows *atomic.Int64
}

func (n newer) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return n.cut(n.Store.ReadAll(ctx, after))
}

func (n newer) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	n.follows.Add(1)
	return n.cut(n.Store.Follow(ctx, after))
}

func (n newer) cut(read iter.Seq2[events.Recorded, error]) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		for r, err := range read {
			if r.Position >= n.from {
				r, err = events.Recorded{}, events.ErrUnknown
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func TestALogOfANewerProgramParksAllViewsAndRunWaitsForTheEnd(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	d := newDiary(t, newLog())
	at := d.kinds("good", "good", "good")
	var follows atomic.Int64
	log := newer{d.log, at[2], &follows}
	p := projections.New(log, open(t), nil, notes{}, other)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for _, view := range []string{"notes", "other"} {
		if err := p.Wait(ctx, at[2], view); !errors.Is(err, projections.ErrParked) {
			t.Errorf("waiting for %s: %v", view, err)
		}
		if is := status(p, view); is.Position != at[1] || !strings.Contains(is.Parked, events.ErrUnknown.Error()) {
			t.Errorf("%+v should have stopped before position 3 and say why", is)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if follows.Load() > 0 {
		t.Error("a log that no view can read was followed all the same")
	}
}
