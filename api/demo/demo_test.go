package demo_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/casestream/casestream/api/demo"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/programme"
)

func desks(log events.Store, keys sealed.Keys) demo.Desks {
	return demo.Desks{
		Clients:    services.NewDesk[clients.Client](log, keys),
		Cases:      services.NewDesk[cases.Case](log, keys),
		Groups:     services.NewDesk[groups.Group](log, keys),
		Activities: services.NewDesk[activities.Activity](log, keys),
		Programme:  services.NewDesk[programme.Programme](log, keys),
	}
}

var keys = &sealedtest.Keys{}

// loaded is one whole load for the tests that only read it.
var loaded = func() func(t *testing.T) events.Store {
	var log *memory.Store
	return func(t *testing.T) events.Store {
		t.Helper()
		if log == nil {
			whole := memory.New()
			if err := demo.Load(t.Context(), desks(whole, keys), demo.Options{}); err != nil {
				t.Fatal(err)
			}
			log = whole
		}
		return log
	}
}()

func digest(t *testing.T, log events.Store, keys sealed.Keys) string {
	t.Helper()
	sum, err := demo.Digest(t.Context(), log, keys)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestTheYearComesToThePublishedTotals(t *testing.T) {
	got := count(t, loaded(t), "2012-12-31", "2013-01-03")
	if got.activities != 573 || got.sessions != 399 || got.caseFiles != 393 || got.personTimes != 38000 {
		t.Errorf("%+v; published are 573 activities, 399 sessions, 393 case files, 38000 person-times", got)
	}
	if got.intakes <= got.caseFiles || got.declined == 0 || got.reopened == 0 {
		t.Errorf("%+v: some intakes are declined or closed as wrong, some cases reopened", got)
	}
}

func TestEverythingIsKnownWhenTheDemoWakesUp(t *testing.T) {
	log := loaded(t)
	var before time.Time
	for r, err := range log.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Meta.RecordedAt.Before(before) {
			t.Fatalf("position %s is recorded before the one before it", r.Position)
		}
		before = r.Meta.RecordedAt
		if r.Meta.OccurredAt.After(r.Meta.RecordedAt) {
			t.Fatalf("%s at %s is recorded before it happened", r.Event.Type(), r.Position)
		}
		if day := events.DayOf(r.Meta.OccurredAt); day < "2012-05-18" {
			t.Errorf("%s happened on %s, before the pilot began", r.Event.Type(), day)
		}
	}
	if last := events.DayOf(before); last > "2013-01-03" {
		t.Errorf("the last is recorded on %s", last)
	}
}

func TestWhatHeldAndWhatWasKnownAtTheEndOfSeptemberDiffer(t *testing.T) {
	log := loaded(t)
	held, known := count(t, log, "2012-09-30", "2013-01-03"), count(t, log, "2012-09-30", "2012-09-30")
	t.Logf("held  %+v", held)
	t.Logf("known %+v", known)
	if held.caseFiles <= known.caseFiles || held.contacts <= known.contacts || held.measures <= known.measures ||
		held.sessions <= known.sessions || held.activities <= known.activities || held.personTimes <= known.personTimes {
		t.Errorf("held %+v\nknown %+v", held, known)
	}
}

func TestTwoLoadsHaveTheSameFactsIDsAndTimes(t *testing.T) {
	again := memory.New()
	if err := demo.Load(t.Context(), desks(again, keys), demo.Options{}); err != nil {
		t.Fatal(err)
	}
	if first, second := digest(t, loaded(t), keys), digest(t, again, keys); first != second {
		t.Errorf("%s, then %s", first, second)
	}
}

// faltering is a log that breaks off in the middle of an append: the facts are kept, and nobody hears of it.
type faltering struct {
	events.Store
	left int
}

func (f *faltering) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	f.left--
	position, err := f.Store.Append(ctx, stream, expected, meta, facts...)
	if f.left == 0 {
		return 0, events.ErrUnavailable
	}
	return position, err
}

func TestAnInterruptedLoadGoesOnWhereItWas(t *testing.T) {
	want := digest(t, loaded(t), keys)
	log := memory.New()
	dice := rand.New(rand.NewPCG(2012, 5))
	for _, left := range []int{1 + dice.IntN(1000), 1 + dice.IntN(8000), 1 + dice.IntN(8000), -1} {
		err := demo.Load(t.Context(), desks(&faltering{log, left}, keys), demo.Options{}) // desks that know nothing, as after a restart
		if interrupted := errors.Is(err, events.ErrUnavailable); interrupted != (left > 0) || !interrupted && err != nil {
			t.Fatalf("with %d appends left: %v", left, err)
		}
	}
	if got := digest(t, log, keys); got != want {
		t.Errorf("%s, uninterrupted %s", got, want)
	}
}

func TestALoadEndsWithItsContext(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	var told int
	err := demo.Load(ctx, desks(memory.New(), keys), demo.Options{Progress: func(done, _ int) { told = done; end() }})
	if !errors.Is(err, context.Canceled) || told != 100 {
		t.Errorf("%v, after %d commands", err, told)
	}
}

func TestLoadingTwiceBringsNothingNew(t *testing.T) {
	log := loaded(t)
	before, err := log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Load(t.Context(), desks(log, keys), demo.Options{}); err != nil {
		t.Fatal(err)
	}
	if after, err := log.Head(t.Context()); err != nil || after != before {
		t.Errorf("the head was %s, is %s (%v)", before, after, err)
	}
}
