package storetest

import (
	"context"
	"errors"
	"sync"

	"github.com/casestream/casestream/events"
)

func followsMany(t T, open Open) {
	const writers, appends = 8, 60
	s, before := set(t, open), events.Position(0)
	before = s.head()
	var streams []string
	for range writers / 2 { // two writers in each
		streams = append(streams, stream())
	}
	var mu sync.Mutex
	answered := map[events.Position]int{}
	var all sync.WaitGroup
	defer all.Wait()
	for w := range writers {
		all.Go(func() {
			one, version := streams[w%len(streams)], 0
			for n := range appends {
				number := w*appends + n
				for {
					position, err := s.Store.Append(s.ctx, one, version, command(), facts(1000*number, 1+n%3)...)
					var conflict *events.Conflict
					if errors.As(err, &conflict) {
						version = conflict.Actual
						continue
					}
					if err != nil {
						t.Errorf("writer %d: %v", w, err)
						return
					}
					version += 1 + n%3
					mu.Lock()
					answered[position] = 1000*number + n%3
					mu.Unlock()
					break
				}
			}
		})
	}
	f := s.follow(s.ctx, before)
	defer func() { f.stop() }()
	versions, told, last := map[string]int{}, 0, before
	ends := map[events.Position]int{}
	for seen := 0; seen < writers*appends*2; { // 1, 2 and 3 facts in turn
		r := f.of(streams...)
		if r.CaughtUp() {
			told++
			continue
		}
		seen++
		if r.Position <= last {
			t.Errorf("position %d comes after %d", r.Position, last)
		}
		if last = r.Position; r.Version != versions[r.Stream]+1 {
			t.Fatalf("version %d of %s comes after %d", r.Version, r.Stream, versions[r.Stream])
		}
		versions[r.Stream]++
		ends[r.Position] = numberOf(r)
	}
	all.Wait()
	for position, number := range answered {
		if got, there := ends[position]; !there || got != number {
			t.Errorf("what was answered with position %d is not what the follower saw there", position)
		}
	}
	read := s.log(before, streams...)
	if len(read) != len(ends) || read[len(read)-1].Position != last {
		t.Errorf("a reader sees %d events, the follower saw %d", len(read), len(ends))
	}
	if told > 1 {
		t.Errorf("the follower was told %d times that it has caught up", told)
	}
}

func caughtUpOnce(t T, open Open) {
	s, one := set(t, open), stream()
	before := s.head()
	s.append(one, 0, facts(1, 600)...)
	f := s.follow(s.ctx, before)
	defer func() { f.stop() }()
	for n := range 600 {
		if r := f.of(one); r.CaughtUp() || r.Version != n+1 {
			t.Fatalf("instead of version %d came %d (caught up: %v)", n+1, r.Version, r.CaughtUp())
		}
	}
	if r := f.of(one); !r.CaughtUp() {
		t.Fatalf("nobody said that all of the past has been read")
	}
	for n := range 20 {
		s.append(one, 600+n, fact(n))
		if r := f.of(one); r.CaughtUp() || r.Version != 601+n {
			t.Fatalf("instead of version %d came %d (caught up again: %v)", 601+n, r.Version, r.CaughtUp())
		}
	}
	g := s.follow(s.ctx, s.head())
	defer func() { g.stop() }()
	if r := g.of(one); !r.CaughtUp() {
		t.Errorf("whoever begins at the head was not told that it has caught up")
	}
}

func followsOn(t T, open Open) {
	s, one := set(t, open), stream()
	before := s.head()
	last, seen := before, 0
	for n := range 30 {
		s.append(one, 2*n, fact(2*n), fact(2*n+1))
		f := s.follow(s.ctx, last) // stops in the middle of an append
		for range 1 + n%3 {
			if r := f.of(one); !r.CaughtUp() {
				if numberOf(r) != seen {
					t.Fatalf("instead of number %d came %d", seen, numberOf(r))
				}
				last, seen = r.Position, seen+1
			}
		}
		f.stop()
	}
	if rest := s.log(last, one); len(rest) != 60-seen {
		t.Errorf("%d were seen and %d are left of 60", seen, len(rest))
	}
}

func cancelled(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, facts(1, 10)...)
	ended, end := context.WithCancel(s.ctx)
	end()
	if _, err := s.Store.Append(ended, one, 10, command(), fact(11)); !errors.Is(err, context.Canceled) {
		t.Errorf("appending: %v, want %v", err, context.Canceled)
	}
	if n := len(s.read(one, 1)); n != 10 {
		t.Errorf("an append whose context had ended before it began made %d events of 10", n)
	}
	for what, seq := range map[string]func() error{
		"reading a stream": func() error { return firstError(s.Store.Read(ended, one, 1)) },
		"reading the log":  func() error { return firstError(s.Store.ReadAll(ended, 0)) },
		"following":        func() error { return firstError(s.Store.Follow(ended, 0)) },
	} {
		if err := seq(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want %v", what, err, context.Canceled)
		}
	}
	if _, err := s.Store.Head(ended); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("reading the head: %v", err)
	}
	following, end := context.WithCancel(s.ctx)
	f := s.follow(following, s.head())
	defer func() { f.stop() }()
	f.of(one)
	end()
	f.ends(context.Canceled)
	s.append(one, 10, fact(11)) // nobody else is disturbed
}

func firstError(seq func(func(events.Recorded, error) bool)) (first error) {
	seq(func(_ events.Recorded, err error) bool {
		first = err
		return err == nil
	})
	return first
}

func closes(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, fact(1))
	f := s.follow(s.ctx, s.head())
	defer func() { f.stop() }()
	f.of(one)
	var all sync.WaitGroup
	for n := range 8 { // those who are on their way get an answer, whichever
		all.Go(func() {
			if _, err := s.Store.Append(s.ctx, stream(), 0, command(), fact(n)); err != nil && !errors.Is(err, events.ErrClosed) {
				t.Errorf("appending while it closes: %v", err)
			}
		})
	}
	if err := s.Store.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	all.Wait()
	f.ends(events.ErrClosed)
	_, appending := s.Store.Append(s.ctx, one, 1, command(), fact(2))
	_, heading := s.Store.Head(s.ctx)
	for what, err := range map[string]error{
		"appending":        appending,
		"reading the head": heading,
		"reading a stream": firstError(s.Store.Read(s.ctx, one, 1)),
		"reading the log":  firstError(s.Store.ReadAll(s.ctx, 0)),
		"following":        firstError(s.Store.Follow(s.ctx, 0)),
	} {
		if !errors.Is(err, events.ErrClosed) {
			t.Errorf("%s: %v, want %v", what, err, events.ErrClosed)
		}
	}
	if err := s.Store.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func restarts(t T, open Open) {
	s, one, other := set(t, open), stream(), stream()
	if s.Reopen == nil {
		t.Fatalf("it promises to outlast a restart, and the harness cannot restart it")
	}
	before, id := s.head(), s.Store.ID()
	var positions []events.Position
	for n := range 5 {
		positions = append(positions, s.append(one, 3*n, facts(3*n, 3)...), s.append(other, n, fact(n)))
		s.Store = s.Reopen(t)
		s.refused(3*n+3, command(), one, 3*n, fact(99))
		if head := s.head(); head < positions[len(positions)-1] {
			t.Errorf("after a restart the head is %d, was at least %d", head, positions[len(positions)-1])
		}
	}
	if s.Store.ID() != id {
		t.Errorf("after a restart the log has another id")
	}
	s.has(one, count(0, 15)...)
	s.has(other, count(0, 5)...)
	all := s.log(before, one, other)
	if len(all) != 20 {
		t.Fatalf("after restarts the log has %d events of ours, want 20", len(all))
	}
	for i, p := range positions {
		if at := all[4*(i/2)+2+i%2]; at.Position != p {
			t.Errorf("append %d was answered with %d and is at %d", i, p, at.Position)
		}
	}
}
