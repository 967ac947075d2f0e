package eventstoredb_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/google/uuid"
)

func TestAnUnknownOutcomeIsAskedAgain(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	for n, cuts := range [][]esdbtest.Cut{
		{esdbtest.BeforeCommit},
		{esdbtest.AfterCommit},
		{esdbtest.BeforeCommit, esdbtest.AfterCommit, esdbtest.BeforeCommit},
		{esdbtest.AfterCommit, esdbtest.AfterCommit},
	} {
		server.CutNext(cuts...)
		add(t, store, one, 2*n, 2)
		has(t, store, one, 2*n+2)
	}
}

func TestARetryAfterAnUnknownOutcomeAnswersAsTheFirstTime(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t)
	here, there, one := open(t, server.URL()), open(t, server.URL()), newStream()
	add(t, here, one, 0, 1)
	has(t, there, one, 1) // it knows the head, and will not know that it moves
	server.CutNext(esdbtest.AfterCommit)
	server.CutBy(func(string) esdbtest.Cut { return esdbtest.BeforeCommit }) // what it asks again is lost, too
	m := meta()
	if _, err := here.Append(t.Context(), one, 1, m, facts(2)...); !errors.Is(err, events.ErrUnavailable) {
		t.Fatalf("nobody answered: %v", err)
	}
	server.CutBy(nil)
	var answers []events.Position
	again := func(store events.Store) {
		t.Helper()
		m.RecordedAt = m.RecordedAt.Add(-time.Hour) // another clock
		position, err := store.Append(t.Context(), one, 1, m, facts(2)...)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, position)
	}
	again(here)
	again(there)
	add(t, here, one, 3, 300)
	again(there)
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	again(open(t, server.URL()))
	for _, position := range answers {
		if position == 0 || position != answers[0] {
			t.Fatalf("asked again, the answers are %v", answers)
		}
	}
	has(t, there, one, 303)
	// a part of what was asked is a part of the answer, and more is something else
	if position, err := there.Append(t.Context(), one, 1, m, facts(1)...); err != nil || position >= answers[0] {
		t.Errorf("the first of two facts: %d, %v", position, err)
	}
	conflict := new(events.Conflict)
	if _, err := there.Append(t.Context(), one, 1, m, facts(3)...); !errors.As(err, &conflict) || conflict.Actual != 303 {
		t.Errorf("three in place of two facts: %v, want a conflict with 303", err)
	}
}

func TestNothingIsRecordedBeforeTheLastOfItsStreamWhoeverWroteIt(t *testing.T) {
	server := esdbtest.Start(t)
	here, there, one := open(t, server.URL()), open(t, server.URL()), newStream()
	add(t, here, one, 0, 1)
	has(t, there, one, 1)
	m := meta()
	m.RecordedAt = noon.Add(time.Hour)
	for _, store := range []events.Store{here, there} { // the same command, and another clock
		if _, err := store.Append(t.Context(), one, 1, m, facts(1)...); err != nil {
			t.Fatal(err)
		}
		m.RecordedAt = noon.Add(time.Minute)
	}
	add(t, there, one, 2, 1) // at noon, by its clock
	var last time.Time
	for r, err := range here.Read(t.Context(), one, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Meta.RecordedAt.Before(last) {
			t.Errorf("version %d was recorded at %v, the one before it at %v", r.Version, r.Meta.RecordedAt, last)
		}
		last = r.Meta.RecordedAt
	}
}

func TestAConflictIsFoundInTheStreamAndNotInTheText(t *testing.T) {
	server := esdbtest.Start(t)
	here, there, one := open(t, server.URL()), open(t, server.URL()), newStream()
	add(t, here, one, 0, 1)
	has(t, there, one, 1)
	add(t, here, one, 1, 1)
	conflict := new(events.Conflict)
	if _, err := there.Append(t.Context(), one, 1, meta(), facts(1)...); !errors.As(err, &conflict) || *conflict != (events.Conflict{Stream: one, Expected: 1, Actual: 2}) {
		t.Errorf("%v, want a conflict with 2", err)
	}
	add(t, here, one, 2, 40) // more than a glance sees
	if _, err := there.Append(t.Context(), one, 1, meta(), facts(1)...); !errors.As(err, &conflict) || conflict.Actual != 42 {
		t.Errorf("%v, want a conflict with 42", err)
	}
	server.CutNext(esdbtest.BeforeCommit) // an error that is wrapped, and that the client calls something else
	if _, err := there.Append(t.Context(), one, 50, meta(), facts(1)...); !errors.As(err, &conflict) || conflict.Actual != 42 {
		t.Errorf("%v, want a conflict with 42", err)
	}
}

func TestOfWritersInTwoProcessesOneWins(t *testing.T) {
	server := esdbtest.Start(t)
	one := newStream()
	stores := []events.Store{open(t, server.URL()), open(t, server.URL())}
	for round := range 30 {
		won := make(chan int, 4)
		var all sync.WaitGroup
		for w := range 4 {
			all.Go(func() {
				_, err := stores[w%2].Append(t.Context(), one, round, meta(), facts(1)...)
				if conflict := new(events.Conflict); err == nil {
					won <- w
				} else if !errors.As(err, &conflict) || conflict.Actual != round+1 {
					t.Errorf("writer %d lost with %v", w, err)
				}
			})
		}
		all.Wait()
		if len(won) != 1 {
			t.Fatalf("%d writers won", len(won))
		}
	}
}

func TestAnAppendThatIsTooLargeIsNotSent(t *testing.T) {
	server := esdbtest.Start(t)
	store := open(t, server.URL())
	server.CutBy(func(string) esdbtest.Cut { t.Error("it was sent"); return esdbtest.Nowhere })
	large := events.ClaimPublished{Source: strings.Repeat("x", events.MaxAppend)}
	if _, err := store.Append(t.Context(), newStream(), 0, meta(), large); !errors.Is(err, events.ErrTooLarge) {
		t.Errorf("%v, want %v", err, events.ErrTooLarge)
	}
	for _, stranger := range []string{"$ce-" + uuid.NewString(), "order-" + uuid.NewString(), "case-\xff", "case"} {
		if _, err := store.Append(t.Context(), stranger, 0, meta(), facts(1)...); err == nil {
			t.Errorf("an append to %q was accepted: nobody would see it", stranger)
		}
	}
}

func TestAStreamThatWasDeletedOnTheServerIsDamage(t *testing.T) {
	server := esdbtest.Start(t)
	store, raw := open(t, server.URL()), client(t, server)
	for what, harm := range map[string]func(stream string) error{
		"deleted": func(s string) error {
			_, err := raw.DeleteStream(t.Context(), s, esdb.DeleteStreamOptions{})
			return err
		},
		"tombstoned": func(s string) error {
			_, err := raw.TombstoneStream(t.Context(), s, esdb.TombstoneStreamOptions{})
			return err
		},
		"cut off": func(s string) error {
			m := esdb.StreamMetadata{}
			m.SetTruncateBefore(100)
			_, err := raw.SetStreamMetadata(t.Context(), s, esdb.AppendToStreamOptions{}, m)
			return err
		},
	} {
		one := newStream()
		add(t, store, one, 0, 5)
		if err := harm(one); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, server.URL()).Append(t.Context(), one, 0, meta(), facts(1)...); !errors.Is(err, events.ErrDamaged) {
			t.Errorf("%s: a stream that is begun again: %v, want %v", what, err, events.ErrDamaged)
		}
	}
	one := newStream()
	add(t, store, one, 0, 5)
	m := esdb.StreamMetadata{}
	m.SetMaxCount(2)
	if _, err := raw.SetStreamMetadata(t.Context(), one, esdb.AppendToStreamOptions{}, m); err != nil {
		t.Fatal(err)
	}
	if err := first(store.Read(t.Context(), one, 1)); !errors.Is(err, events.ErrDamaged) {
		t.Errorf("a stream that has lost its beginning: %v, want %v", err, events.ErrDamaged)
	}
}

// client is the client itself, for what the store would not do.
func client(t *testing.T, server *esdbtest.Server) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	c, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
