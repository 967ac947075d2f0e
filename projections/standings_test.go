package projections_test

import (
	"context"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/keeping"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Whatever is recorded in whatever order, and however far the view is when a process starts: who is restricted and who is
// forgotten is known, to the one that has just started as to the one that has heard everything, twice and late.
func TestHowClientsStandIsKnownAtOnce(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		db := reopen(t, pgtest.Place(t))
		defer db.Close()
		d := newDiary(t, newLog())
		p := projections.New(d.log, db, nil, keeping.Projection{})
		heard, err := keeping.Know(ctx, d.log, db)
		if err != nil {
			rt.Fatal(err)
		}
		model := make(map[int]keeping.Standing)
		var all []events.Recorded
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) {
				started, err := keeping.Know(ctx, d.log, db)
				if err != nil {
					rt.Fatal(err)
				}
				for n := range 4 {
					client := number("client", n)
					if is := started.Of(client); is != model[n] {
						rt.Fatalf("to who has just started, client %d stands %q, not %q", n, is, model[n])
					}
					if is := heard.Of(client); is != model[n] {
						rt.Fatalf("to who has heard everything, client %d stands %q, not %q", n, is, model[n])
					}
				}
				if started.Of(uuid.Nil) != keeping.Active {
					rt.Fatal("nobody stands otherwise than active")
				}
			},
			"a fact": func(rt *rapid.T) {
				n := rapid.IntRange(0, 3).Draw(rt, "client")
				facts := map[string]events.Event{
					"registered": events.ClientRegistered{Entered: d.next(clientStream(n))}, "restricted": events.ProcessingRestricted{Entered: d.next(clientStream(n)), Reason: "claims"},
					"lifted": events.RestrictionLifted{Entered: d.next(clientStream(n))}, "begun": events.ForgettingBegun{}, "done": events.ClientForgotten{},
				}
				what := rapid.SampledFrom([]string{"registered", "restricted", "restricted", "lifted", "lifted", "begun", "done"}).Draw(rt, "fact")
				switch {
				case model[n] == keeping.Forgotten:
				case what == "restricted":
					model[n] = keeping.Restricted
				case what == "lifted":
					model[n] = keeping.Active
				case what == "begun", what == "done":
					model[n] = keeping.Forgotten
				}
				at := d.write(clientStream(n), noon("2012-05-01"), facts[what])
				all = append(all, events.Recorded{Position: at, Stream: clientStream(n), Event: facts[what]})
				heard.Take(all[len(all)-1])
				from := rapid.IntRange(0, len(all)).Draw(rt, "late from")
				heard.Take(all[from:rapid.IntRange(from, len(all)).Draw(rt, "late to")]...)
			},
			"the view catches up": func(rt *rapid.T) {
				if err := p.CatchUp(ctx, nil); err != nil {
					rt.Fatal(err)
				}
			},
			"the view is rebuilt": func(rt *rapid.T) {
				if err := p.Rebuild(ctx, nil); err != nil {
					rt.Fatal(err)
				}
			},
			"the view is of another log": func(rt *rapid.T) {
				if err := projections.New(newLog(), db, nil, keeping.Projection{}).CatchUp(ctx, nil); err != nil {
					rt.Fatal(err)
				}
				p = projections.New(d.log, db, nil, keeping.Projection{})
			},
		})
	})
}

// What this process records is known when it is done, before any view has arrived.
func TestWhatIsRecordedHereIsKnownWhenItIsDone(t *testing.T) {
	ctx := context.Background()
	log := newLog()
	s, err := keeping.Know(ctx, log, reopen(t, pgtest.Place(t)))
	if err != nil {
		t.Fatal(err)
	}
	d := newDiary(t, s.Watch(log))
	d.write(clientStream(1), noon("2012-05-01"), events.ProcessingRestricted{Entered: d.next(clientStream(1)), Reason: "claims"})
	if is := s.Of(number("client", 1)); is != keeping.Restricted {
		t.Errorf("it stands %q", is)
	}
	if _, err := s.Watch(log).Append(ctx, clientStream(1), 0, events.Meta{}, events.ForgettingBegun{}); err == nil {
		t.Fatal("it is appended twice")
	}
	if is := s.Of(number("client", 1)); is != keeping.Restricted {
		t.Errorf("what was not recorded counts: it stands %q", is)
	}
}
