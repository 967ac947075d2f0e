package eventstoredb_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

// soon is how long a clear answer may take when the server is away.
const soon = 2 * time.Second

func TestAClientThatClosedItselfIsMadeAnew(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 1)
	for range 2 { // each time the client gives up for good
		server.Kill()
		unavailable(t, "appending", func() error { _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); return err })
		began := time.Now()
		for range 3 {
			unavailable(t, "appending", func() error { _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); return err })
		}
		if took := time.Since(began); took > soon {
			t.Errorf("who comes later is told at once, and three who came were told after %v", took)
		}
		up(t, server)
		eventually(t, func() error { _, err := store.Head(t.Context()); return err })
	}
	add(t, store, one, 1, 1)
	has(t, store, one, 2)
}

func TestCallersDoNotHangWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 1)
	server.Kill()
	everybody(t, store, one)
	up(t, server)
	eventually(t, func() error { _, err := store.Head(t.Context()); return err })
	add(t, store, one, 1, 1)
}

func TestCallersDoNotHangWhenTheServerSaysNothing(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 1)
	hold := server.Hang()
	unavailable(t, "appending", func() error { _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); return err })
	unavailable(t, "appending again", func() error { _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); return err })
	hold.Release()
	eventually(t, func() error { _, err := store.Head(t.Context()); return err })
}

func TestASlowAnswerIsWaitedForWhileTheServerLives(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	server.AnswerLate(2500 * time.Millisecond)
	position, err := store.Append(t.Context(), one, 0, meta(), facts(1)...)
	if err != nil || position == 0 {
		t.Errorf("an append that took its time: %d, %v", position, err)
	}
}

func TestAContextEndsACallThatTheServerDoesNotAnswer(t *testing.T) {
	server := esdbtest.Start(t)
	store := open(t, server.URL())
	hold := server.HoldAppends(esdbtest.BeforeCommit)
	defer hold.Release()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := store.Append(ctx, newStream(), 0, meta(), facts(1)...)
		ended <- err
	}()
	<-hold.Arrived
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the client calls it unknown, and so do we: %v", err)
	}
}

func TestAServerThatIsNotReadyIsWaitedFor(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t, esdbtest.Starting)
	unavailable(t, "opening", func() error { _, err := eventstoredb.Open(t.Context(), server.URL()); return err })
	server.Ready()
	store, one := open(t, server.URL()), newStream()
	server.NotReady()
	unavailable(t, "appending", func() error { _, err := store.Append(t.Context(), one, 0, meta(), facts(1)...); return err })
	server.Ready()
	eventually(t, func() error { _, err := store.Append(t.Context(), one, 0, meta(), facts(1)...); return err })
}

func TestAServerThatLostOurLogIsNotWrittenTo(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 1)
	if err := server.RestartEmpty(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); err == nil {
		t.Errorf("a stream was continued that is not there")
	}
	eventually(t, func() error { // this server was away for a moment so short that a call may slip through
		if _, err := store.Head(t.Context()); !errors.Is(err, events.ErrDamaged) {
			return fmt.Errorf("reading another log: %w, want %w", err, events.ErrDamaged)
		}
		return nil
	})
	if _, err := store.Append(t.Context(), newStream(), 0, meta(), facts(1)...); !errors.Is(err, events.ErrDamaged) {
		t.Errorf("appending to another log: %v, want %v", err, events.ErrDamaged)
	}
	if other := open(t, server.URL()); other.ID() == store.ID() {
		t.Errorf("another log has the same id")
	}
}

func TestTheLogIsFoundedOnce(t *testing.T) {
	server := esdbtest.Start(t)
	var stores [8]*eventstoredb.Store
	var all sync.WaitGroup
	for i := range stores {
		all.Go(func() { stores[i], _ = eventstoredb.Open(t.Context(), server.URL()) })
	}
	all.Wait()
	for _, store := range stores {
		if store == nil || store.ID() != stores[0].ID() {
			t.Fatalf("those who opened it at the same time do not agree which log it is")
		}
		store.Close()
	}
}

func TestALeaderThatMovedIsFollowed(t *testing.T) {
	first := esdbtest.Start(t)
	second := first.Join(t)
	for what, url := range map[string]string{
		"one node":  first.URL(), // which tells who leads
		"discovery": first.DiscoverURL(),
		"seeds":     "esdb://" + first.Addr() + "," + second.Addr() + "?tls=false",
	} {
		t.Run(what, func(t *testing.T) {
			first.Lead()
			store, one := open(t, url), newStream()
			add(t, store, one, 0, 1)
			second.Lead()
			add(t, store, one, 1, 1)
			has(t, store, one, 2)
			first.Lead()
			has(t, store, one, 2)
			add(t, store, one, 2, 1)
		})
	}
}

// The client means to ask for the leader, and does not say so to the server.
func TestAFollowerNeverAnswersAReader(t *testing.T) {
	node := esdbtest.Start(t)
	other := node.Join(t)
	store, one := open(t, node.URL()), newStream()
	add(t, store, one, 0, 3)
	other.Lead()
	has(t, store, one, 3) // the node that it knows would answer, perhaps with less than was acknowledged
	node.Kill()
	has(t, store, one, 3) // and it has been sent on
	up(t, node)
	store = open(t, node.URL()) // the address of a follower will do
	add(t, store, one, 3, 1)
}

func TestNothingIsLeftBehindByAnOutage(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 600)
	for range store.Read(t.Context(), one, 1) { // every page is closed, however the reader ends
		break
	}
	before := runtime.NumGoroutine()
	server.Kill()
	everybody(t, store, one)
	up(t, server)
	eventually(t, func() error { _, err := store.Head(t.Context()); return err })
	has(t, store, one, 600)
	eventually(t, func() error {
		if now := runtime.NumGoroutine(); now > before+10 {
			return errors.New("goroutines are left")
		}
		return nil
	})
}

// everybody asks at the same time while the server is away, and must be told so.
func everybody(t *testing.T, store *eventstoredb.Store, one string) {
	t.Helper()
	var all sync.WaitGroup
	for range 16 {
		for what, ask := range map[string]func() error{
			"appending":        func() error { _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); return err },
			"reading the head": func() error { _, err := store.Head(t.Context()); return err },
			"reading a stream": func() error { return first(store.Read(t.Context(), one, 1)) },
			"reading the log":  func() error { return first(store.ReadAll(t.Context(), 0)) },
		} {
			all.Go(func() { unavailable(t, what, ask) })
		}
	}
	all.Wait()
}

func unavailable(t *testing.T, what string, ask func() error) {
	t.Helper()
	began := time.Now()
	if err := ask(); !errors.Is(err, events.ErrUnavailable) {
		t.Errorf("%s: %v, want %v", what, err, events.ErrUnavailable)
	}
	if took := time.Since(began); took > soon+time.Second/2 { // half a second for a slow machine
		t.Errorf("%s took %v", what, took)
	}
}

// eventually asks until it succeeds: the store must find the way back by itself.
func eventually(t *testing.T, ask func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if err = ask(); err == nil {
			return
		}
	}
	t.Fatalf("it did not recover: %v", err)
}

func first(seq func(func(events.Recorded, error) bool)) (is error) {
	seq(func(_ events.Recorded, err error) bool { is = err; return false })
	return is
}

func up(t *testing.T, server *esdbtest.Server) {
	t.Helper()
	if err := server.Up(); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, store events.Store, stream string, expected, n int) events.Position {
	t.Helper()
	position, err := store.Append(t.Context(), stream, expected, meta(), facts(n)...)
	if err != nil {
		t.Fatal(err)
	}
	return position
}

func has(t *testing.T, store events.Store, stream string, want int) {
	t.Helper()
	n := 0
	for _, err := range store.Read(t.Context(), stream, 1) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != want {
		t.Errorf("the stream has %d facts, want %d", n, want)
	}
}
