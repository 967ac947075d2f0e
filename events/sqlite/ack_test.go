package sqlite

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
)

// This is the test that the build tag mutant_early_ack must not survive.
func TestNothingIsAcknowledgedThatTheDiskRefused(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, one, 1, 3)
	s.writer.commit = func() error { return sqlite.ResultIOErrFsync.ToError() } // the writer is idle
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			if _, err := s.Append(t.Context(), newStream(), 0, command(), fact(n)); !errors.Is(err, events.ErrUnavailable) {
				t.Errorf("an append that the disk refused was answered with %v, want %v", err, events.ErrUnavailable)
			}
		})
	}
	all.Wait()
	s.writer.commit = s.writer.rollback // whatever the disk does now, nobody knows what it did
	if _, err := s.Append(t.Context(), one, 3, command(), fact(4)); !errors.Is(err, events.ErrUnavailable) {
		t.Errorf("after the disk failed an append was answered with %v, want %v", err, events.ErrUnavailable)
	}
	if got := numbers(t, s); !slices.Equal(got, count(1, 3)) {
		t.Errorf("readers see %v, want what was acknowledged", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	add(t, openLog(t, s.path), one, 4, 4)
}

func TestACancelledAppendIsUnknownUntilItIsAskedAgain(t *testing.T) {
	s, one, commit := newLog(t), newStream(), make(chan struct{})
	durable := s.writer.commit
	s.writer.commit = func() error { commit <- struct{}{}; <-commit; return durable() }
	ctx, cancel := context.WithCancel(t.Context())
	first, answered := command(), make(chan error, 2)
	go func() {
		_, err := s.Append(ctx, one, 0, first, fact(1))
		answered <- err
	}()
	<-commit // it is being committed, and another comes to wait
	second := noticed{ctx, make(chan struct{})}
	go func() {
		_, err := s.Append(second, newStream(), 0, command(), fact(2))
		answered <- err
	}()
	<-second.waits
	cancel()
	for range 2 {
		if err := <-answered; !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled append was answered with %v", err)
		}
	}
	commit <- struct{}{}
	go func() { // whatever else is committed
		for range commit {
			commit <- struct{}{}
		}
	}()
	position, err := s.Append(t.Context(), one, 0, first, fact(1))
	if err != nil || position != 1 {
		t.Errorf("asking again answers %d, %v; it was kept at 1", position, err)
	}
	if got := numbers(t, s); !slices.Equal(got, []int{1}) {
		t.Errorf("the log has %v: who had gone before his turn must not be written", got)
	}
}

// noticed is a context that tells when somebody begins to wait for its end.
type noticed struct {
	context.Context
	waits chan struct{}
}

func (n noticed) Done() <-chan struct{} {
	close(n.waits)
	return n.Context.Done()
}

// A writer that finds the log other than it remembers looks again, and writes the batch one by one.
func TestASurpriseInABatchConcernsOneAppend(t *testing.T) {
	t.Run("among the new places", func(t *testing.T) { surprise(t, enoughPlaces) })
	t.Run("among all others", func(t *testing.T) { surprise(t, 1) })
}

func surprise(t *testing.T, places int) {
	s, one := newLog(t), newStream()
	s.writer.enoughPlaces = places
	add(t, s, one, 1, 3)
	s = reopened(t, s) // and so idle
	wrong, err := (&turn{w: s.writer}).find(one)
	if err != nil {
		t.Fatal(err)
	}
	wrong.version = 2
	s.writer.heads.Put(one, wrong)
	began, gate := s.writer.begin, make(chan struct{})
	var first sync.Once
	s.writer.begin = func() error {
		first.Do(func() { <-gate })
		return began()
	}
	var all sync.WaitGroup
	append := func(stream string, expected int, want error) {
		all.Go(func() {
			if _, err := s.Append(t.Context(), stream, expected, command(), fact(9)); !errors.Is(err, want) {
				t.Errorf("appending at %d: %v, want %v", expected, err, want)
			}
		})
	}
	append(newStream(), 0, nil) // holds the writer until the batch is there
	append(newStream(), 0, nil)
	append(one, 2, events.ErrConflict)
	append(newStream(), 0, nil)
	close(gate)
	all.Wait()
	if got := numbers(t, s); !slices.Equal(got, []int{1, 2, 3, 9, 9, 9}) {
		t.Errorf("the log has %v", got)
	}
	s.writer.heads.Put(one, wrong)
	append(one, 2, events.ErrConflict) // also alone
	all.Wait()
	add(t, s, one, 4, 4)
	if report := verify(t, s.path); !report.Whole() || report.Head != 7 {
		t.Errorf("%+v", report)
	}
}
