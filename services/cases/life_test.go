package cases_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever is commanded in whatever order: nothing panics, and what the case comes to is always lawful.
func TestAWholeLifeKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		life := newLife()
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			life.step(t)
		}
		life.isTheSameWhenRecalled(t)
	})
}

// The next life is likely to go well: every command is one that could be right.
func TestALivelyLifeReachesEveryStage(t *testing.T) {
	reached := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		life := newLife()
		for range 60 {
			life.step(t)
		}
		for _, r := range life.recorded {
			reached[r.Event.Type()]++
		}
		reached["episode "+fmt.Sprint(min(life.now.Episode, 2))]++
	})
	for _, want := range []string{
		"case.intervention-recorded", "case.closed", "case.reopened", "case.entry-amended", "case.entry-retracted", "case.plan-agreed",
		"case.goal-rated", "case.follow-up-recorded", "case.referral-made", "case.measure-taken", "episode 2",
	} {
		if reached[want] == 0 {
			t.Errorf("no life ever came to %s: the property says little", want)
		}
	}
}

type life struct {
	log      *memory.Store
	desk     *services.Desk[cases.Case]
	keys     *sealedtest.Keys
	clock    time.Time
	n        int
	recorded []events.Recorded
	now      cases.Case // folded from the facts that were decided, open as they are
}

func newLife() *life {
	keys := &sealedtest.Keys{}
	log := memory.New()
	return &life{log: log, keys: keys, desk: services.NewDesk[cases.Case](log, keys), clock: spec.Now}
}

// step commands something, at a time up to some days ago, and looks at what the case comes to.
func (l *life) step(t *rapid.T) {
	l.n++
	l.clock = l.clock.Add(time.Duration(rapid.IntRange(0, 72).Draw(t, "hours")) * time.Hour)
	occurred := l.clock.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 24, 72, 240}).Draw(t, "late")) * time.Hour)
	meta := events.Meta{CommandID: id(fmt.Sprint("command", l.n)), Actor: spec.Worker, OccurredAt: occurred, RecordedAt: l.clock}
	cmd := l.command(t)
	before := l.now.Stage
	decided, refused := cmd.Decide(l.now, meta)
	done, err := l.desk.Do(context.Background(), spec.Stream, meta, cmd)
	if refused != nil {
		var refusal *services.Refusal
		if !errors.As(refused, &refusal) || !slices.Contains(cases.Codes(), refusal.Code) || decided != nil {
			t.Fatalf("%T: refused without a code of this package: %v, %v", cmd, refused, decided)
		}
		if err == nil {
			t.Fatalf("%T: refused on the facts and taken at the desk", cmd)
		}
		return
	}
	if err != nil {
		t.Fatalf("%T: taken on the facts and not at the desk: %v", cmd, err)
	}
	r := events.Recorded{Stream: spec.Stream, Version: done.Version, Meta: meta, Event: decided[0]}
	l.recorded = append(l.recorded, r)
	l.now = l.now.Evolve(r)
	l.isLawful(t, before, cmd)
}

func (l *life) isLawful(t *rapid.T, before cases.Stage, cmd any) {
	after := l.now.Stage
	_, amends := cmd.(cases.AmendEntry)
	_, retracts := cmd.(cases.RetractEntry)
	if corrects := amends || retracts; before != after && !corrects && !slices.Contains([][2]cases.Stage{
		{cases.None, cases.Intake},
		{cases.Intake, cases.Open},
		{cases.Intake, cases.Declined},
		{cases.Intake, cases.Closed},
		{cases.Open, cases.Closed},
		{cases.Closed, cases.Open},
		{cases.Closed, cases.Intake},
	}, [2]cases.Stage{before, after}) {
		t.Fatalf("%T: from %q to %q", cmd, before, after)
	}
	type span struct{ from, until *events.Held }
	var shut []span
	for _, held := range l.now.Entries.AsOf("9999-12-31") {
		switch fact := held.Now.(type) {
		case events.CaseClosed:
			shut = append(shut, span{from: held})
		case events.CaseReopened:
			shut[len(shut)-1].until = held
		case events.InterventionRecorded:
			if fact.PersonTimes < 0 || fact.PersonTimes > 0 && !fact.Reached {
				t.Fatalf("%d person-times, reached %t", fact.PersonTimes, fact.Reached)
			}
		case events.FollowUpRecorded:
			if fact.PersonTimes < 0 || fact.PersonTimes > 1 || (fact.PersonTimes == 1) != fact.Reached {
				t.Fatalf("%d person-times, reached %t", fact.PersonTimes, fact.Reached)
			}
		}
	}
	since := func(held, event *events.Held) bool {
		return event != nil && (held.HappenedAt.After(event.HappenedAt) ||
			held.HappenedAt.Equal(event.HappenedAt) && held.First.Version > event.First.Version)
	}
	for _, held := range l.now.Entries.All() {
		if _, ok := held.Now.(events.InterventionRecorded); !ok {
			continue
		}
		if !l.now.Accepted && held.Now.(events.InterventionRecorded).Kind != "crisis" {
			t.Fatalf("%T: an intervention in a case that is not accepted", cmd)
		}
		for _, s := range shut {
			if since(held, s.from) && !since(held, s.until) {
				t.Fatalf("%T: an intervention at %s in a case closed at %s", cmd, held.HappenedAt, s.from.HappenedAt)
			}
		}
	}
}

// isTheSameWhenRecalled compares the case as it was folded on the way with one that reads the sealed log anew.
func (l *life) isTheSameWhenRecalled(t *rapid.T) {
	look := func(desk *services.Desk[cases.Case]) (c cases.Case) {
		if err := desk.Look(context.Background(), spec.Stream, func(state cases.Case, _ int) { c = state }); err != nil {
			t.Fatal(err)
		}
		return c
	}
	known, anew := look(l.desk), look(services.NewDesk[cases.Case](l.log, l.keys))
	for _, c := range []cases.Case{known, anew} {
		if diff := cmp.Diff(shape(l.now), shape(c)); diff != "" {
			t.Fatalf("the case recalled is another (-folded +recalled):\n%s", diff)
		}
		for _, held := range c.Entries.All() {
			if note, ok := held.Now.(events.NoteRecorded); ok {
				if _, err := note.Text.Open(context.Background(), l.keys, spec.Stream); !errors.Is(err, sealed.ErrEmptied) {
					t.Fatalf("a desk has the words of a note: %v", err)
				}
			}
		}
	}
}

// shape is all of a case that does not depend on whether it is sealed.
func shape(c cases.Case) map[string]any {
	var entries []string
	for _, held := range c.Entries.All() {
		entries = append(entries, fmt.Sprint(held.Now.Type(), held.Now.EntryID(), held.HappenedAt.Unix(), held.Amended()))
	}
	return map[string]any{
		"id": c.ID, "client": c.Intake.Client, "opened": c.OpenedBy, "stage": c.Stage, "accepted": c.Accepted, "episode": c.Episode,
		"worker": c.Worker, "beside": fmt.Sprint(c.CoWorkers), "risk": c.Risk, "closed": c.ClosedAt.Unix(), "entries": entries,
	}
}
