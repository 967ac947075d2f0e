package storetest

import (
	"errors"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"pgregory.net/rapid"
)

// model is what a store is, without everything that makes it one: streams of commands' facts.
type model map[string][]modelled

type modelled struct {
	command events.Meta
	nth     int // of its command
	number  int
}

// append answers the version of the last fact, or a conflict with the actual version.
func (m model) append(stream string, expected int, meta events.Meta, numbers []int) (version int, conflict bool) {
	all := m[stream]
	if expected == len(all) {
		for i, n := range numbers {
			all = append(all, modelled{meta, i, n})
		}
		m[stream] = all
		return len(all), false
	}
	if expected < 0 || expected+len(numbers) > len(all) {
		return len(all), true
	}
	for i := range numbers {
		if was := all[expected+i]; was.command.CommandID != meta.CommandID || was.nth != i {
			return len(all), true
		}
	}
	return expected + len(numbers), false
}

// asked is an append that was tried, to be tried again.
type asked struct {
	stream   string
	expected int
	meta     events.Meta
	numbers  []int
}

// agrees does random things to a store and to the model, and compares every answer. Two stores that agree with the model
// agree with each other.
func agrees(t T, open Open) {
	s, rounds := &scene{T: t, Harness: open(t), ctx: t.Context()}, 0 // as long as it takes
	enough := func() bool {                                          // a store that is slow is not wrong: where time ends, a few rounds will do
		end, ends := s.ctx.Deadline()
		return ends && rounds >= 10 && time.Until(end) < 2*patience
	}
	defer func() { t.Logf("%d rounds", rounds) }()
	check(t, func(t *rapid.T) {
		if enough() {
			return
		}
		rounds++
		m, streams, before := model{}, []string{stream(), stream(), stream()}, s.head()
		var tried []asked
		var order []events.Position // of all facts that were accepted
		try := func(t *rapid.T, a asked) {
			tried = append(tried, a)
			var all []events.Event
			for _, n := range a.numbers {
				all = append(all, fact(n))
			}
			had := len(m[a.stream])
			version, conflict := m.append(a.stream, a.expected, a.meta, a.numbers)
			position, err := s.Store.Append(s.ctx, a.stream, a.expected, a.meta, all...)
			if conflict {
				want := events.Conflict{Stream: a.stream, Expected: a.expected, Actual: version}
				if c := new(events.Conflict); !errors.As(err, &c) || *c != want {
					t.Fatalf("appending at %d: %v, want %v", a.expected, err, &want)
				}
				return
			}
			if err != nil {
				t.Fatalf("appending %v at %d of %d: %v", a.numbers, a.expected, had, err)
			}
			if version > had {
				order = append(order, position)
				if len(order) > 1 && position <= order[len(order)-2] {
					t.Fatalf("an append was answered with %d, the one before with %d", position, order[len(order)-2])
				}
			}
			if read := s.read(a.stream, version); len(read) == 0 || read[0].Position != position {
				t.Fatalf("the append that ends at version %d was answered with position %d and is elsewhere", version, position)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				one := rapid.SampledFrom(streams).Draw(t, "stream")
				at := len(m[one]) + rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1, -2, 7}).Draw(t, "off by")
				try(t, asked{one, at, command(), rapid.SliceOfN(rapid.IntRange(0, 99), 1, 4).Draw(t, "numbers")})
			},
			"ask again": func(t *rapid.T) {
				if len(tried) == 0 {
					t.Skip("nothing was asked yet")
				}
				a := rapid.SampledFrom(tried).Draw(t, "what")
				a.numbers = slices.Clone(a.numbers)
				switch rapid.IntRange(0, 5).Draw(t, "how") {
				case 0:
					a.numbers = append(a.numbers, 1)
				case 1:
					a.expected++
				case 2:
					a.numbers = a.numbers[:1]
				case 3:
					a.numbers[0]++
				}
				try(t, a)
			},
			"read": func(t *rapid.T) {
				one := rapid.SampledFrom(streams).Draw(t, "stream")
				from := rapid.IntRange(0, len(m[one])+2).Draw(t, "from")
				var got, want []int
				for _, r := range s.read(one, from) {
					got = append(got, numberOf(r))
				}
				for _, e := range m[one][min(max(from, 1)-1, len(m[one])):] {
					want = append(want, e.number)
				}
				if !slices.Equal(got, want) {
					t.Fatalf("from version %d: %v, want %v", from, got, want)
				}
			},
			"restart": func(t *rapid.T) {
				if s.Reopen == nil || rapid.IntRange(0, 9).Draw(t, "seldom") > 0 {
					t.Skip("not now")
				}
				s.Store = s.Reopen(s.T)
			},
			"": func(t *rapid.T) {
				versions, n := map[string]int{}, 0
				for _, r := range s.log(before, streams...) {
					if versions[r.Stream]++; r.Version != versions[r.Stream] || numberOf(r) != m[r.Stream][r.Version-1].number {
						t.Fatalf("the log has version %d of %s with number %d", r.Version, r.Stream, numberOf(r))
					}
					n++
				}
				if want := len(m[streams[0]]) + len(m[streams[1]]) + len(m[streams[2]]); n != want {
					t.Fatalf("the log has %d events, want %d", n, want)
				}
			},
		})
	})
}
