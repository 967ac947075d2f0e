package projections_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// total is how many notes were counted.
func total(ctx context.Context, db *readdb.DB) (n int, err error) {
	err = db.View(ctx, "notes", func(tx *readdb.Tx) error {
		return tx.Query(`SELECT COALESCE(SUM(n), 0) FROM notes_count@`, nil, func(rows *sql.Rows) error { return rows.Scan(&n) })
	})
	return n, err
}

// observed is a view that gets on only while others read.
type observed struct {
	notes
	read chan struct{}
}

func (o observed) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	<-o.read
	return o.notes.Apply(tx, batch)
}

func TestWhoReadsDuringARebuildSeesEverythingAllTheTime(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	const written = 50
	for range written {
		d.kinds("good")
	}
	db := open(t)
	if err := projections.New(d.log, db, nil, notes{}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	read, done := make(chan struct{}), make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				if n, err := total(ctx, db); err != nil || n != written {
					t.Errorf("a reader saw %d notes, %v", n, err)
				}
				select {
				case read <- struct{}{}:
				case <-done:
					return
				}
			}
		})
	}
	for version := 2; version < 6; version++ {
		p := projections.New(d.log, db, nil, observed{notes{version: version}, read}).Sizes(7, 7)
		if err := p.CatchUp(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if is := status(p, "notes"); is.Version != version || is.Position != d.position {
			t.Errorf("notes is %+v, should be version %d", is, version)
		}
	}
	close(done)
	readers.Wait()
	generations, err := db.Generations(ctx)
	if err != nil || len(generations) != 1 {
		t.Errorf("old tables are left over: %+v, %v", generations, err)
	}
}

// slow is a view that says when it begins to apply, and waits until it may.
type slow struct {
	notes
	begins, may chan struct{}
}

func (s slow) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	s.begins <- struct{}{}
	<-s.may
	return s.notes.Apply(tx, batch)
}

func TestARebuildTakesInWhatIsAppendedMeanwhile(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	d.kinds("good", "good")
	db := open(t)
	view := slow{begins: make(chan struct{}), may: make(chan struct{})}
	p := projections.New(d.log, db, nil, view)
	rebuilt := make(chan error, 1)
	go func() { rebuilt <- p.Rebuild(ctx, nil) }()
	<-view.begins // the past
	d.kinds("good", "good", "good")
	view.may <- struct{}{}
	<-view.begins // what came meanwhile
	d.kinds("good")
	view.may <- struct{}{}
	<-view.begins // what came since, while everyone else is kept waiting
	view.may <- struct{}{}
	if err := <-rebuilt; err != nil {
		t.Fatal(err)
	}
	if n, err := total(ctx, db); err != nil || n != 6 {
		t.Errorf("%d of 6 notes, %v", n, err)
	}
}

// told hears what is logged.
func told(t *testing.T) *bytes.Buffer {
	var heard bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&heard, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &heard
}

func TestViewsOfAnotherLogAreMadeAnewAndThatIsSaidLoudly(t *testing.T) {
	ctx := context.Background()
	heard := told(t)
	db := open(t)
	one, other := newDiary(t, newLog()), newDiary(t, newLog())
	one.kinds("good", "good", "good")
	other.kinds("good")
	if err := projections.New(one.log, db, nil, notes{}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(heard.String(), "WARN") {
		t.Errorf("nothing was wrong yet: %s", heard)
	}
	if err := projections.New(other.log, db, nil, notes{}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := total(ctx, db); err != nil || n != 1 {
		t.Errorf("%d notes, %v: only the one of the other log should be there", n, err)
	}
	if !strings.Contains(heard.String(), "WARN") || !strings.Contains(heard.String(), one.log.ID().String()) {
		t.Errorf("it was not said loudly: %s", heard)
	}
}

// restored is a log that was restored from an old backup: the same, but shorter.
type restored struct {
	*memory.Store
	id uuid.UUID
}

func (r restored) ID() uuid.UUID { return r.id }

func TestALogThatIsShorterThanTheViewsRememberIsRefused(t *testing.T) {
	ctx := context.Background()
	db := open(t)
	whole, backup := newDiary(t, newLog()), newDiary(t, newLog())
	whole.kinds("good", "good", "good")
	backup.kinds("good", "good")
	if err := projections.New(whole.log, db, nil, notes{}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	before := dump(t, db, notes{})
	p := projections.New(restored{backup.log.(*memory.Store), whole.log.ID()}, db, nil, notes{})
	for name, err := range map[string]error{"CatchUp": p.CatchUp(ctx, nil), "Run": p.Run(ctx)} {
		if !errors.Is(err, projections.ErrLogShort) || !strings.Contains(err.Error(), "position 3") || !strings.Contains(err.Error(), "ends at 2") {
			t.Errorf("%s: %v: it should refuse and say what is missing", name, err)
		}
	}
	if dump(t, db, notes{}) != before {
		t.Error("the views were changed")
	}
}

func TestWaitReturnsWhenTheViewsHaveArrived(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	d := newDiary(t, newLog())
	p := projections.New(d.log, open(t), nil, notes{})
	if err := p.Wait(ctx, 0, "nothing"); !errors.Is(err, projections.ErrNoView) {
		t.Errorf("waiting for a view that does not exist: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if err := p.Wait(short, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for nobody: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	waited := make(chan error, 1)
	go func() { waited <- p.Wait(ctx, 2) }()
	d.kinds("good", "good")
	if err := <-waited; err != nil {
		t.Error(err)
	}
	if is := status(p, "notes"); is.Position != 2 || is.Version != 1 {
		t.Errorf("notes is %+v", is)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := p.Wait(ctx, 9); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting after the end: %v", err)
	}
}

func TestWhoListensIsToldAfterTheViewsHaveArrived(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	db := open(t)
	heard := 0
	p := projections.New(d.log, db, func(at events.Position, facts []events.Recorded) {
		heard += len(facts)
		if n, err := total(ctx, db); err != nil || n != heard || at != events.Position(heard) {
			t.Errorf("told of %d facts up to %s, and %d are there, %v", heard, at, n, err)
		}
	}, notes{})
	if err := p.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	d.kinds("good", "good")
	if err := p.CatchUp(ctx, nil); err != nil || heard != 2 {
		t.Errorf("heard of %d, %v", heard, err)
	}
}

// Who is stopped before it has looked where the views are has nothing to complain of.
func TestRunThatIsStoppedAtOnceEndsWithoutAFault(t *testing.T) {
	p := projections.New(newLog(), open(t), nil, notes{})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := p.Run(ctx); err != nil {
		t.Errorf("it was stopped, and says %v", err)
	}
}
