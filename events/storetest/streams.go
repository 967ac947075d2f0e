package storetest

import (
	"errors"
	"slices"
	"sync"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
)

func countsFromOne(t T, open Open) {
	s, one, other := set(t, open), stream(), stream()
	s.append(one, 0, fact(1))
	s.append(other, 0, fact(10), fact(11))
	s.append(one, 1, fact(2), fact(3))
	s.append(other, 2, fact(12))
	s.append(one, 3, fact(4))
	s.has(one, 1, 2, 3, 4)
	s.has(other, 10, 11, 12)
}

func readsFromAnyVersion(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, facts(1, 600)...) // more than any store reads at once
	for _, from := range []int{-1, 0, 1, 2, 300, 599, 600, 601, 5000} {
		want := count(max(from, 1), 601-min(max(from, 1), 601))
		var got []int
		for _, r := range s.read(one, from) {
			got = append(got, r.Version)
		}
		if !slices.Equal(got, want) {
			t.Errorf("from version %d: %d events %v, want %d", from, len(got), got, len(want))
		}
	}
	seen := 0
	for _, err := range s.Store.Read(s.ctx, one, 1) {
		if err != nil {
			t.Fatalf("reading: %v", err)
		}
		if seen++; seen == 3 {
			break // a reader may stop when it likes
		}
	}
}

func emptyStream(t T, open Open) {
	s, one := set(t, open), stream()
	s.has(one)
	s.refused(0, command(), one, 3, fact(1))
	s.has(one)
	s.append(one, 0, fact(1))
	s.has(one, 1)
}

func readsAfterAnyPosition(t T, open Open) {
	s, one, other, before := set(t, open), stream(), stream(), events.Position(0)
	before = s.head()
	var want []events.Position
	for n := range 300 {
		s.append(one, 2*n, fact(n), fact(n))
		want = append(want, s.append(other, n, fact(n)))
	}
	all := s.log(before, one, other)
	if len(all) != 900 {
		t.Fatalf("the log has %d events of ours, want 900", len(all))
	}
	for i, r := range all {
		if i > 0 && r.Position <= all[i-1].Position {
			t.Errorf("position %d comes after %d", r.Position, all[i-1].Position)
		}
		if n := i / 3; i%3 == 2 && (r.Stream != other || r.Position != want[n] || numberOf(r) != n) {
			t.Errorf("event %d is %s %d at %d, want the one that was answered with %d", i, r.Stream, r.Version, r.Position, want[n])
		}
	}
	for _, i := range []int{0, 1, 2, 255, 256, 511, 898, 899} {
		rest := s.log(all[i].Position, one, other)
		if len(rest) != len(all)-i-1 || len(rest) > 0 && rest[0].Position != all[i+1].Position {
			t.Errorf("after event %d there are %d, want %d, the next one first", i, len(rest), len(all)-i-1)
		}
	}
	if rest := s.log(s.head()+1000, one, other); len(rest) != 0 {
		t.Errorf("beyond the head there are %d events", len(rest))
	}
}

func headIsLast(t T, open Open) {
	s, one := set(t, open), stream()
	before := s.head()
	position := s.append(one, 0, fact(1), fact(2))
	if head := s.head(); head < position || position <= before {
		t.Errorf("the head went from %d to %d with an append at %d", before, head, position)
	}
	if all := s.log(before, one); len(all) != 2 || all[1].Position != position {
		t.Errorf("the append that was answered with %d is at %+v", position, all)
	}
}

func mustNotExist(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, fact(1))
	s.refused(1, command(), one, 0, fact(2))
	s.has(one, 1)
}

func conflictTells(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, facts(1, 5)...)
	before := s.head()
	for _, expected := range []int{-1, 0, 1, 4, 6, 100} {
		s.refused(5, command(), one, expected, fact(9), fact(10))
	}
	s.has(one, 1, 2, 3, 4, 5)
	if all := s.log(before, one); len(all) != 0 {
		t.Errorf("the log has %d events of appends that were refused", len(all))
	}
}

func oneWins(t T, open Open) {
	const writers, rounds = 16, 20
	s, one := set(t, open), stream()
	for round := range rounds {
		var mu sync.Mutex
		var winners []int
		var all sync.WaitGroup
		for n := range writers {
			all.Go(func() {
				_, err := s.Store.Append(s.ctx, one, round, command(), fact(n))
				mu.Lock()
				defer mu.Unlock()
				var conflict *events.Conflict
				if err == nil {
					winners = append(winners, n)
				} else if !errors.As(err, &conflict) || conflict.Actual != round+1 {
					t.Errorf("writer %d lost with %v", n, err)
				}
			})
		}
		all.Wait()
		last := s.read(one, round+1)
		if len(winners) != 1 || len(last) != 1 || numberOf(last[0]) != winners[0] {
			t.Fatalf("round %d: %v won and %d events are there", round, winners, len(last))
		}
	}
}

func wholeOrNot(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, fact(1))
	before := s.head()
	for what, bad := range map[string]events.Event{
		"open words":             events.NoteRecorded{Kind: "process", Text: sealed.Say("open")},
		"an unknown fact":        stranger{},
		"a megabyte too much":    sized(t, events.MaxAppend),
		"a pointer to a fact":    &events.TargetSet{},
		"a fact that is no fact": nil,
	} {
		if bad == nil {
			continue
		}
		if _, err := s.Store.Append(s.ctx, one, 1, command(), fact(2), fact(3), bad); err == nil {
			t.Errorf("an append that ends in %s was accepted", what)
		}
	}
	s.has(one, 1)
	if all := s.log(before, one); len(all) != 0 {
		t.Errorf("the log has %d events of appends that were refused", len(all))
	}
	s.append(one, 1, fact(2), fact(3))
	s.has(one, 1, 2, 3)
}

func thousandFacts(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, facts(1, 1000)...)
	s.append(one, 1000, fact(1001))
	s.has(one, count(1, 1001)...)
}

// stranger is a fact that no catalogue has.
type stranger struct{}

func (stranger) Type() string { return "storetest.stranger" }
