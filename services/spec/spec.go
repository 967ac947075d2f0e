// Package spec says a rule in one line: given these facts, when this command, then those, or a refusal.
//
//	spec.Spec[cases.Case]{
//		Name:  "a closed case takes no intervention",
//		Given: []events.Event{intake, accepted, closed},
//		When:  cases.RecordIntervention{…},
//		Err:   cases.RefusedClosed,
//	}.Run(t)
package spec

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/services"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// Spec is one rule. Exactly one of Then and Err is expected; both empty: the command brings nothing about.
type Spec[S services.State[S]] struct {
	Name  string
	Given []events.Event // plain facts, or Past
	When  services.Command[S]
	By    string    // who commands; default Worker
	At    time.Time // when it is said to have happened, and recorded; default Now
	Then  []events.Event
	Err   string // the code of the Refusal
}

// Past is a given fact with who and when, where it matters.
type Past struct {
	events.Event
	By string
	At time.Time
}

// Worker acts and Now is, where a spec says nothing else.
const Worker = "0190a0b0-0000-7000-8000-000000000001"

var Now = time.Date(2012, 7, 2, 10, 0, 0, 0, events.Zone) // a Monday

// Stream is where a spec takes place.
var Stream = "spec-" + ID("stream").String()

// ID is an id for a name: the same in every run.
func ID(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// Run checks the rule, on facts without words where the state is Wordless; that asking twice gives nothing new; and that what comes out can be sealed and written.
func (s Spec[S]) Run(t *testing.T) {
	t.Helper()
	t.Run(s.Name, func(t *testing.T) {
		t.Helper()
		var state S
		version := 0
		_, wordless := any(state).(services.Wordless)
		take := func(fact events.Event) {
			version++
			r := s.recorded(fact, version)
			if wordless {
				r.Event = sealed.Emptied(closed(t, r.Event, version))
			}
			state = state.Evolve(r)
		}
		for _, fact := range s.Given {
			take(fact)
		}
		meta := s.recorded(Past{}, version+1).Meta
		facts, err := s.When.Decide(state, meta)
		var refusal *services.Refusal
		switch {
		case errors.As(err, &refusal):
			if refusal.Code != s.Err {
				t.Fatalf("refused: %q, want %q", refusal.Code, s.Err)
			}
			return
		case err != nil:
			t.Fatalf("a decision fails only by a Refusal: %v", err)
		case s.Err != "":
			t.Fatalf("not refused, want %q; it gives %v", s.Err, types(facts))
		}
		if diff := cmp.Diff(s.Then, facts, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Fatalf("then (-want +got):\n%s", diff)
		}
		writable(t, facts)
		for _, fact := range facts {
			take(fact)
		}
		if again, err := s.When.Decide(state, meta); err == nil && len(again) > 0 {
			t.Errorf("asking twice gives something new: %v", types(again))
		}
	})
}

func (s Spec[S]) recorded(fact events.Event, version int) events.Recorded {
	by, at := s.By, s.At
	if past, ok := fact.(Past); ok {
		if past.Event != nil {
			by, at = past.By, past.At
		}
		fact = past.Event
	}
	if by == "" {
		by = Worker
	}
	if at.IsZero() {
		at = Now
	}
	return events.Recorded{
		Position: events.Position(version), Stream: Stream, Version: version, Event: fact,
		Meta: events.Meta{CommandID: ID("command"), Actor: by, OccurredAt: at, RecordedAt: at, Schema: 1},
	}
}

func writable(t *testing.T, facts []events.Event) {
	t.Helper()
	for i, fact := range facts {
		if _, _, err := events.Encode(closed(t, fact, i)); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

func closed(t *testing.T, fact events.Event, i int) events.Event {
	t.Helper()
	place := sealed.Place{Stream: Stream, Event: events.ID(ID("command"), Stream, i)}
	closed, err := sealed.Seal(context.Background(), &sealedtest.Keys{}, fact, place, Stream)
	if err != nil {
		t.Fatalf("sealing %s: %v", fact.Type(), err)
	}
	return closed
}

func types(facts []events.Event) (names []string) {
	for _, fact := range facts {
		names = append(names, fact.Type())
	}
	return names
}
