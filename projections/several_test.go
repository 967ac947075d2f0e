package projections_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/search"
)

// Views in two databases are kept up, waited for, rebuilt and listed as if they were in one.
func TestViewsInSeveralDatabasesAreKeptUpTogether(t *testing.T) {
	d := year(t, newLog(), 100)
	index := search.Projection{Keys: new(sealedtest.Keys)}
	one, other := open(t), open(t)
	s := projections.Several{projections.New(d.log, one, nil, days.Projection{}), projections.New(d.log, other, nil, index)}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	running, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(running) }()
	for _, names := range [][]string{nil, {"search"}, {"days", "search"}} {
		if err := s.Wait(ctx, d.position, names...); err != nil {
			t.Fatalf("waiting for %v: %v", names, err)
		}
	}
	before := dump(t, other, index)
	if before == "" || dump(t, one, days.Projection{}) == "" {
		t.Error("nothing was folded")
	}
	for _, names := range [][]string{{"search"}, nil} {
		if err := s.Rebuild(ctx, nil, names...); err != nil || dump(t, other, index) != before {
			t.Errorf("rebuilding %v: %v", names, err)
		}
	}
	for _, what := range []error{s.Rebuild(ctx, nil, "days", "nothing"), s.Wait(ctx, d.position, "nothing")} {
		if !errors.Is(what, projections.ErrNoView) {
			t.Errorf("a view that there is not: %v", what)
		}
	}
	status := s.Status()
	if len(status) != 2 || status[0].View != "days" || status[1].View != "search" || status[1].Position != d.position {
		t.Errorf("%+v", status)
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// When one refuses to go on, because its log is shorter than it remembers, all end, and it is said.
func TestWhenOneRefusesAllEnd(t *testing.T) {
	d := year(t, newLog(), 60)
	db := open(t)
	if err := projections.New(d.log, db, nil, days.Projection{}).CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	index := search.Projection{Keys: new(sealedtest.Keys)}
	s := projections.Several{projections.New(shorter{d.log}, db, nil, days.Projection{}), projections.New(d.log, open(t), nil, index)}
	if err := s.Run(t.Context()); !errors.Is(err, projections.ErrLogShort) {
		t.Errorf("it ends with %v", err)
	}
}

// shorter is a log that has lost its end.
type shorter struct{ events.Store }

func (shorter) Head(context.Context) (events.Position, error) { return 3, nil }
