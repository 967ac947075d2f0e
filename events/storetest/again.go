package storetest

import (
	"sync"

	"github.com/casestream/casestream/events"
)

func askingAgain(t T, open Open) {
	s, one, fresh := set(t, open), stream(), stream()
	first, second := command(), command()
	at := s.appendAs(first, fresh, 0, fact(1), fact(2))
	s.append(one, 0, facts(1, 3)...)
	later := s.appendAs(second, one, 3, fact(4), fact(5))
	again := func(when string) {
		t.Helper()
		if got := s.appendAs(first, fresh, 0, fact(1), fact(2)); got != at {
			t.Errorf("%s, asking again answers %d, the first answer was %d", when, got, at)
		}
		if got := s.appendAs(second, one, 3, fact(4), fact(5)); got != later {
			t.Errorf("%s, asking again in a stream answers %d, the first answer was %d", when, got, later)
		}
		if got := s.appendAs(first, fresh, 0, fact(7), fact(8)); got != at {
			t.Errorf("%s, asking again with other words answers %d, the first answer was %d", when, got, at)
		}
	}
	again("at once")
	s.has(fresh, 1, 2) // the first words stay
	s.has(one, 1, 2, 3, 4, 5)
	s.append(fresh, 2, facts(3, 300)...)
	s.append(one, 5, facts(6, 300)...)
	again("after others")
	s.has(fresh, count(1, 302)...)
	s.has(one, count(1, 305)...)
	if s.Reopen == nil {
		return
	}
	s.Store = s.Reopen(t)
	again("after a restart")
	s.has(fresh, count(1, 302)...)
	s.has(one, count(1, 305)...)
}

func askingAtOnce(t T, open Open) {
	s, one := set(t, open), stream()
	for n := range 20 {
		meta := command()
		var positions [8]events.Position
		var all sync.WaitGroup
		for i := range positions {
			all.Go(func() {
				var err error
				if positions[i], err = s.Store.Append(s.ctx, one, 2*n, meta, fact(2*n), fact(2*n+1)); err != nil {
					t.Errorf("asking at the same time: %v", err)
				}
			})
		}
		all.Wait()
		for _, p := range positions {
			if p != positions[0] {
				t.Fatalf("asking at the same time answers %v", positions)
			}
		}
	}
	s.has(one, count(0, 40)...)
}

func askingForElse(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, fact(1))
	meta := command()
	s.appendAs(meta, one, 1, fact(2), fact(3))
	s.refused(3, meta, one, 1, fact(2), fact(3), fact(4)) // more than was asked for
	s.refused(3, meta, one, 0, fact(2), fact(3))          // from another version
	s.refused(3, meta, one, 2, fact(3))
	s.refused(3, command(), one, 1, fact(2), fact(3)) // another command, the same words
	s.append(one, 3, fact(4))
	s.refused(4, meta, one, 1, fact(2), fact(3), fact(4)) // the third is not of this command
	s.has(one, 1, 2, 3, 4)
}
