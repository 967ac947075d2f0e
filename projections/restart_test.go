package projections_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

func text(tb testing.TB, v any) string {
	tb.Helper()
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// rounds is how often the server is stopped: RESTARTS=20 is the long form.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("RESTARTS")); err == nil {
		return n
	}
	return 3
}

// The server is stopped as by pg_ctl -m immediate and started again, while facts are written, followed by two
// processes, and read.
func TestViewsSurviveRestartsOfTheServerWithNothingLostOrDoubled(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	server := pgtest.New(t, pgtest.Durable)
	dbs := inTwo(t, server.Place())
	log := newLog()
	var running sync.WaitGroup
	var projectors []*projections.Projector
	for _, db := range dbs {
		p := projections.New(log, db, nil, append(all(), notes{})...)
		if err := p.CatchUp(ctx, nil); err != nil {
			t.Fatal(err)
		}
		projectors = append(projectors, p)
		running.Go(func() { _ = p.Run(ctx) })
	}
	d := newDiary(t, log)
	written := make(chan events.Position)
	running.Go(func() { // writes as long as somebody waits for it
		defer close(written)
		for ctx.Err() == nil {
			d.kinds("good")
			select {
			case written <- d.position:
			case <-ctx.Done():
			}
		}
	})
	running.Go(func() { // a row more than there are facts would be one that was doubled
		for last := 0; ctx.Err() == nil; {
			switch n, err := total(ctx, dbs[0]); {
			case err == nil && n < last:
				t.Errorf("a reader saw %d notes after %d", n, last)
			case err == nil:
				last = n
			case ctx.Err() == nil && !readdb.Trouble(err):
				t.Errorf("a reader was told %v", err)
			}
		}
	})
	for round := range rounds() {
		at := <-written
		for range 20 {
			at = <-written
		}
		if err := projectors[round%2].Wait(ctx, at-10); err != nil { // in the middle of what is applied
			t.Fatal(err)
		}
		server.Kill()
		for range 20 {
			at = <-written
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		if round%2 == 1 { // and a rebuild in between
			if err := projectors[0].Rebuild(ctx, nil, "notes"); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range projectors {
			if err := p.Wait(ctx, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop()
	for range written {
	}
	running.Wait()
	views := append(all(), notes{})
	p := projections.New(log, dbs[0], nil, views...)
	if err := p.CatchUp(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	followed := dump(t, dbs[0], views...)
	if n, err := total(context.Background(), dbs[1]); err != nil || n != int(d.position) {
		t.Errorf("%d of %s notes, %v", n, d.position, err)
	}
	for _, s := range p.Status() {
		if s.Parked != "" {
			t.Errorf("%+v", s)
		}
	}
	if err := p.Rebuild(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if dump(t, dbs[0], views...) != followed {
		t.Error("the views are not what a rebuild makes")
	}
}

// Neither applies what the other has: whoever comes second finds the checkpoint moved, before it writes a row.
func TestTwoProjectorsOnOneServerNeverBothApply(t *testing.T) {
	ctx := context.Background()
	place := server(t).Place()
	d := newDiary(t, newLog())
	d.kinds("good")
	views := []slow{{begins: make(chan struct{}), may: make(chan struct{})}, {begins: make(chan struct{}), may: make(chan struct{})}}
	var projectors []*projections.Projector
	for i, db := range inTwo(t, place) {
		p := projections.New(d.log, db, nil, notes{})
		if err := p.CatchUp(ctx, nil); err != nil {
			t.Fatal(err)
		}
		projectors = append(projectors, projections.New(d.log, db, nil, views[i]))
	}
	d.kinds("good", "good")
	ended := make(chan error, 2)
	for _, p := range projectors {
		go func() { ended <- p.CatchUp(ctx, nil) }()
	}
	var first slow
	select {
	case <-views[0].begins:
		first = views[0]
	case <-views[1].begins:
		first = views[1]
	}
	first.may <- struct{}{}
	if err := errors.Join(<-ended, <-ended); err != nil { // the other is told, and has nothing left to apply
		t.Fatal(err)
	}
	if n, err := total(ctx, reopen(t, place)); err != nil || n != 3 {
		t.Errorf("%d of 3 notes, %v", n, err)
	}
}

// Whoever starts while another process rebuilds does not take its unfinished tables for those of one that was killed.
func TestARebuildOfAnotherProcessIsLeftAlone(t *testing.T) {
	ctx := context.Background()
	place := server(t).Place()
	d := newDiary(t, newLog())
	d.kinds("good", "good")
	dbs := inTwo(t, place)
	second := projections.New(d.log, dbs[1], nil, notes{})
	if err := second.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	view := slow{begins: make(chan struct{}), may: make(chan struct{})}
	rebuilt := make(chan error, 1)
	go func() { rebuilt <- projections.New(d.log, dbs[0], nil, view).Rebuild(ctx, nil) }()
	<-view.begins
	if err := second.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	generations, err := dbs[1].Generations(ctx)
	if err != nil || len(generations) != 2 {
		t.Errorf("the generations are %+v, %v", generations, err)
	}
	view.may <- struct{}{}
	if err := <-rebuilt; err != nil {
		t.Fatal(err)
	}
	d.kinds("good")
	if err := second.CatchUp(ctx, nil); err != nil { // goes on in the tables that the other has made
		t.Fatal(err)
	}
	if n, err := total(ctx, dbs[1]); err != nil || n != 3 {
		t.Errorf("%d of 3 notes, %v", n, err)
	}
}

// A rebuild that was cut off is removed by whoever comes next.
func TestARebuildThatWasCutOffIsRemoved(t *testing.T) {
	ctx := context.Background()
	dbs := inTwo(t, server(t).Place())
	if err := dbs[0].Update(ctx, func(tx *readdb.Tx) error {
		_, err := tx.NewGeneration("notes", 1, "")
		return errors.Join(err, tx.Script("CREATE TABLE notes_count@ (stream TEXT PRIMARY KEY)"))
	}); err != nil {
		t.Fatal(err)
	}
	d := newDiary(t, newLog())
	d.kinds("good")
	if err := projections.New(d.log, dbs[1], nil, notes{}).CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	generations, err := dbs[1].Generations(ctx)
	if err != nil || len(generations) != 1 {
		t.Errorf("the generations are %+v, %v", generations, err)
	}
}

// Two that start at once on a server with nothing on it make the views one after the other, and go on with one set.
func TestTwoProjectorsThatStartTogetherEndUpWithOneSetOfTables(t *testing.T) {
	ctx := context.Background()
	place := server(t).Place()
	d := year(t, newLog(), 200)
	dbs := inTwo(t, place)
	var projectors []*projections.Projector
	for _, db := range dbs {
		projectors = append(projectors, projections.New(d.log, db, nil, all()...))
	}
	for range 2 { // from nothing, and with something new
		ended := make(chan error, 2)
		for _, p := range projectors {
			go func() { ended <- p.CatchUp(ctx, nil) }()
		}
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Fatal(err)
		}
		generations, err := dbs[0].Generations(ctx)
		if err != nil || len(generations) != len(all()) {
			t.Errorf("the generations are %+v, %v", generations, err)
		}
		if dump(t, dbs[1], all()...) != folded(t, d.log) {
			t.Error("the tables are not what one process would have made")
		}
		d.kinds("good", "good")
	}
}
