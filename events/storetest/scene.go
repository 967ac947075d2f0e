package storetest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// patience is how long a case waits for what must come; with a store that answers it waits for nothing.
const patience = 30 * time.Second

// scene is a store and a case that tries it.
type scene struct {
	T
	Harness
	ctx context.Context
}

func set(t T, open Open) *scene {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return &scene{T: t, Harness: open(t), ctx: ctx}
}

// stream is a name that nobody has used.
func stream() string { return events.Stream("case", uuid.Must(uuid.NewV7())) }

var noon = time.Date(2012, 3, 14, 4, 0, 0, 0, time.UTC)

// command is the meta of a command that nobody has given yet.
func command() events.Meta {
	return events.Meta{CommandID: uuid.Must(uuid.NewV7()), Actor: "worker-1", OccurredAt: noon, RecordedAt: noon.Add(time.Hour)}
}

// fact is one that differs from others by its number.
func fact(n int) events.Event { return events.TargetSet{Year: 2012, Count: "activities", Number: n} }

func facts(from, n int) (all []events.Event) {
	for i := range n {
		all = append(all, fact(from+i))
	}
	return all
}

func numberOf(r events.Recorded) int { return r.Event.(events.TargetSet).Number }

// append adds facts that must be accepted.
func (s *scene) append(stream string, expected int, facts ...events.Event) events.Position {
	s.Helper()
	return s.appendAs(command(), stream, expected, facts...)
}

func (s *scene) appendAs(meta events.Meta, stream string, expected int, facts ...events.Event) events.Position {
	s.Helper()
	position, err := s.Store.Append(s.ctx, stream, expected, meta, facts...)
	if err != nil {
		s.Fatalf("appending %d facts to %s at %d: %v", len(facts), stream, expected, err)
	}
	return position
}

// refused is an append that must meet a conflict.
func (s *scene) refused(actual int, meta events.Meta, stream string, expected int, facts ...events.Event) {
	s.Helper()
	_, err := s.Store.Append(s.ctx, stream, expected, meta, facts...)
	var conflict *events.Conflict
	if !errors.Is(err, events.ErrConflict) || !errors.As(err, &conflict) {
		s.Fatalf("appending at %d to a stream at %d: %v, want a conflict", expected, actual, err)
	}
	if want := (events.Conflict{Stream: stream, Expected: expected, Actual: actual}); *conflict != want {
		s.Errorf("the conflict is %+v, want %+v", *conflict, want)
	}
}

// read is a stream from a version on.
func (s *scene) read(stream string, from int) []events.Recorded {
	s.Helper()
	return s.all(s.Store.Read(s.ctx, stream, from))
}

// log is what some streams have in the log after a position, in order.
func (s *scene) log(after events.Position, streams ...string) []events.Recorded {
	s.Helper()
	return slices.DeleteFunc(s.all(s.Store.ReadAll(s.ctx, after)), func(r events.Recorded) bool {
		return !slices.Contains(streams, r.Stream)
	})
}

func (s *scene) head() events.Position {
	s.Helper()
	head, err := s.Store.Head(s.ctx)
	if err != nil {
		s.Fatalf("reading the head: %v", err)
	}
	return head
}

func (s *scene) all(seq iter.Seq2[events.Recorded, error]) (all []events.Recorded) {
	s.Helper()
	for r, err := range seq {
		if err != nil {
			s.Fatalf("after %d events: %v", len(all), err)
		}
		if r.CaughtUp() {
			s.Fatalf("a reader was told that it has caught up")
		}
		all = append(all, r)
	}
	return all
}

// has checks that a stream is exactly these numbers, in versions from 1.
func (s *scene) has(stream string, numbers ...int) {
	s.Helper()
	all := s.read(stream, 1)
	var got []int
	for i, r := range all {
		got = append(got, numberOf(r))
		if r.Version != i+1 || r.Stream != stream {
			s.Errorf("event %d is version %d of %s", i+1, r.Version, r.Stream)
		}
		if i > 0 && r.Position <= all[i-1].Position {
			s.Errorf("version %d is at position %d, after %d", r.Version, r.Position, all[i-1].Position)
		}
	}
	if !slices.Equal(got, numbers) {
		s.Errorf("the stream has %v, want %v", got, numbers)
	}
}

func count(from, n int) (all []int) {
	for i := range n {
		all = append(all, from+i)
	}
	return all
}

// follower reads on and on, one event at a time.
type follower struct {
	*scene
	next func() (events.Recorded, error, bool)
	stop func()
}

func (s *scene) follow(ctx context.Context, after events.Position) *follower {
	next, stop := iter.Pull2(s.Store.Follow(ctx, after))
	return &follower{scene: s, next: next, stop: stop}
}

// step is whatever comes next; that nothing comes, and no end either, fails the case.
func (f *follower) step() (r events.Recorded, err error, ok bool) {
	f.Helper()
	came := make(chan struct{})
	go func() {
		defer close(came)
		r, err, ok = f.next()
	}()
	select {
	case <-came:
	case <-time.After(patience):
		f.stop = func() {} // it would wait too
		f.Fatalf("the follower neither goes on nor ends")
	}
	return r, err, ok
}

// of is the next event of some streams, or the word that it has caught up.
func (f *follower) of(streams ...string) events.Recorded {
	f.Helper()
	for {
		r, err, ok := f.step()
		if err != nil || !ok {
			f.Fatalf("the follower ended: %v", err)
		}
		if r.CaughtUp() || slices.Contains(streams, r.Stream) {
			return r
		}
	}
}

// ends checks that nothing but a reason comes.
func (f *follower) ends(why error) {
	f.Helper()
	for {
		r, err, ok := f.step()
		switch {
		case !ok:
			f.Fatalf("the follower ended without a reason")
		case err == nil && !r.CaughtUp():
			continue // others may write
		case err == nil:
			f.Fatalf("the follower was told again that it has caught up")
		case !errors.Is(err, why):
			f.Fatalf("the follower ended with %v, want %v", err, why)
		}
		if _, _, more := f.step(); more {
			f.Errorf("the follower went on after its end")
		}
		return
	}
}
