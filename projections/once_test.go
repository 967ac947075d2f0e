package projections_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"pgregory.net/rapid"
)

// dump is what all views hold.
func dump(tb testing.TB, db *readdb.DB, views ...projections.Projection) string {
	tb.Helper()
	text := ""
	for _, view := range views {
		d, err := projections.Dump(context.Background(), db, view)
		if err != nil {
			tb.Fatal(err)
		}
		text += d
	}
	return text
}

// folded is what a clean fold of a log gives.
func folded(tb testing.TB, log events.Store) string {
	tb.Helper()
	db := open(tb)
	defer db.Close()
	if err := projections.New(log, db, nil, all()...).CatchUp(context.Background(), nil); err != nil {
		tb.Fatal(err)
	}
	return dump(tb, db, all()...)
}

func TestTheTablesAreTheSameHoweverTheFactsAreBatched(t *testing.T) {
	ctx := context.Background()
	d := year(t, newLog(), 600)
	want := folded(t, d.log)
	for _, size := range []int{1, 7, 1000, 5000} {
		db := open(t)
		p := projections.New(d.log, db, nil, all()...).Sizes(size, size)
		if err := p.CatchUp(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if dump(t, db, all()...) != want {
			t.Errorf("built in batches of %d the tables are different", size)
		}
		if err := p.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if dump(t, db, all()...) != want {
			t.Errorf("rebuilt in batches of %d the tables are different", size)
		}
	}
}

func TestFollowingGivesTheSameTablesAsRebuilding(t *testing.T) {
	for _, size := range []int{1, 7, 1000} {
		ctx, stop := context.WithCancel(context.Background())
		log := newLog()
		db := open(t)
		p := projections.New(log, db, nil, all()...).Sizes(size, size)
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		d := year(t, log, 120) // written while the projector follows
		if err := p.Wait(ctx, d.position); err != nil {
			t.Fatal(err)
		}
		if dump(t, db, all()...) != folded(t, log) {
			t.Errorf("followed in batches of %d the tables are different", size)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// crashing is a log and a view that end a context after so many steps, wherever that is.
type crashing struct {
	events.Store
	projections.Projection
	left *atomic.Int64
	end  func()
}

func (c crashing) step() {
	if c.left.Add(-1) == 0 {
		c.end()
	}
}

func (c crashing) Close() error { return nil }

func (c crashing) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		for r, err := range c.Store.ReadAll(ctx, after) {
			c.step()
			if !yield(r, err) {
				return
			}
		}
	}
}

// Apply crashes when it has written everything, and nothing is committed yet.
func (c crashing) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	c.step()
	err := c.Projection.Apply(tx, batch)
	c.step()
	if c.left.Load() < 0 {
		return errors.Join(err, context.Canceled) // what an engine says that was killed
	}
	return err
}

func TestEachFactCountsOnceWhereverTheProjectorIsKilled(t *testing.T) {
	d := year(t, newLog(), 100)
	want := folded(t, d.log)
	rapid.Check(t, func(rt *rapid.T) {
		path := pgtest.Place(t)
		size := rapid.SampledFrom([]int{1, 7, 30, 1000}).Draw(rt, "size")
		for _, steps := range append(rapid.SliceOfN(rapid.IntRange(1, 250), 1, 5).Draw(rt, "steps until each crash"), math.MaxInt) {
			ctx, stop := context.WithCancel(context.Background())
			var left atomic.Int64
			left.Store(int64(steps))
			views := all()
			for i := range views {
				views[i] = crashing{Projection: views[i], left: &left, end: stop}
			}
			db := reopen(t, path)
			p := projections.New(crashing{Store: d.log, left: &left, end: stop}, db, nil, views...).Sizes(size, size)
			err := p.CatchUp(ctx, nil)
			if err == nil {
				err = p.Rebuild(ctx, nil)
			}
			if steps == math.MaxInt && (err != nil || dump(t, db, all()...) != want) {
				rt.Fatalf("after the crashes the tables are different, or not there: %v", err)
			}
			_ = db.Close()
			stop()
		}
	})
}

func TestTwoProcessesThatApplyToTheSameViewsCountNothingTwice(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	log := newLog()
	path := pgtest.Place(t)
	first := projections.New(log, reopen(t, path), nil, all()...)
	if err := first.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	second := projections.New(log, reopen(t, path), nil, all()...)
	var running sync.WaitGroup
	for _, p := range []*projections.Projector{first, second} {
		running.Go(func() { _ = p.Run(ctx) })
	}
	d := year(t, log, 300)
	for _, p := range []*projections.Projector{first, second} {
		if err := p.Wait(ctx, d.position); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	running.Wait()
	if dump(t, reopen(t, path), all()...) != folded(t, log) {
		t.Error("the tables are not what one process would have made")
	}
}

// moving is a log that goes on while it is asked how far it is.
type moving struct {
	events.Store
	meanwhile func()
}

func (m moving) Head(ctx context.Context) (events.Position, error) {
	head, err := m.Store.Head(ctx)
	m.meanwhile()
	return head, err
}

func TestAProcessThatStartsWhileAnotherAppliesIsNotMistakenForOneWithAShortLog(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	d.kinds("good")
	path := pgtest.Place(t)
	first := projections.New(d.log, reopen(t, path), nil, notes{})
	if err := first.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	left := 3
	second := projections.New(moving{d.log, func() {
		if left--; left >= 0 {
			d.kinds("good")
			if err := first.CatchUp(ctx, nil); err != nil {
				t.Error(err)
			}
		}
	}}, reopen(t, path), nil, notes{})
	if err := second.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := total(ctx, reopen(t, path)); err != nil || n != 4 {
		t.Errorf("%d of 4 notes, %v", n, err)
	}
}
