package recent

import (
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// thing is a value that weighs something.
type thing struct{ number, weight int }

// model is a memory that never forgets, and knows what the map may have forgotten.
type model struct {
	room  int
	is    map[int]thing
	since map[int]map[int]int // by key: what was put or found since, and how much of each
}

func (m *model) used(key int, is thing) {
	m.is[key] = is
	m.since[key] = map[int]int{}
	for other, since := range m.since {
		if other != key {
			since[key] = max(since[key], is.weight)
		}
	}
}

// compare looks whether the map may answer like this, and goes on from there.
func (m *model) compare(t *rapid.T, key int, got thing, found bool) {
	is, put := m.is[key]
	lately := 0
	for _, weight := range m.since[key] {
		lately += weight
	}
	switch {
	case found && !put:
		t.Fatalf("%d is there, and was never put or is forgotten", key)
	case found && got != is:
		t.Fatalf("%d is %v, want %v", key, got, is)
	case found:
		m.used(key, is)
	case put && lately <= m.room:
		t.Fatalf("%d is forgotten, with no more than %d of %d used since", key, lately, m.room)
	default:
		delete(m.is, key)
		delete(m.since, key)
	}
}

func weight(all map[int]thing) (sum int) {
	for _, is := range all {
		sum += is.weight
	}
	return sum
}

// Whatever is asked in whatever order: what was used lately is there, and never more than there is room for.
func TestAMapBehavesLikeItsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		know := model{room: rapid.IntRange(1, 6).Draw(t, "room")}
		heaviest, m := 1, New[int, thing](know.room)
		if rapid.Bool().Draw(t, "weighed") {
			heaviest, m = know.room+2, Weighed[int](know.room, func(is thing) int { return is.weight })
		}
		forget := func() { know.is, know.since = map[int]thing{}, map[int]map[int]int{} }
		forget()
		keys, weights, puts := rapid.IntRange(0, 15), rapid.IntRange(1, heaviest), 0
		next := func() thing {
			puts++
			return thing{puts, weights.Draw(t, "weight")}
		}
		t.Repeat(map[string]func(*rapid.T){
			"delete": func(t *rapid.T) {
				key := keys.Draw(t, "key")
				m.Delete(key)
				delete(know.is, key)
				delete(know.since, key)
			},
			"get": func(t *rapid.T) {
				key := keys.Draw(t, "key")
				got, found := m.Get(key)
				know.compare(t, key, got, found)
			},
			"put": func(t *rapid.T) {
				key, is := keys.Draw(t, "key"), next()
				m.Put(key, is)
				know.used(key, is)
			},
			"update": func(t *rapid.T) {
				key, is := keys.Draw(t, "key"), next()
				got := m.Update(key, func(before thing) thing {
					know.compare(t, key, before, before != thing{})
					return is
				})
				if got != is {
					t.Fatalf("%d becomes %v, want %v", key, got, is)
				}
				know.used(key, is)
			},
			"clear": func(*rapid.T) {
				m.Clear()
				forget()
			},
			"": func(t *rapid.T) {
				for _, all := range []map[int]thing{m.young, m.old} {
					if n := weight(all); n > know.room && len(all) > 1 {
						t.Fatalf("one generation has %d, and room for %d", n, know.room)
					}
				}
				if n := weight(m.young); n != m.weight {
					t.Fatalf("the young generation weighs %d, not %d", n, m.weight)
				}
			},
		})
	})
}

func TestWhatIsUsedAllTheTimeStays(t *testing.T) {
	m := New[string, int](10)
	m.Put("kept", -1)
	for n := range 1000 {
		m.Put(fmt.Sprint(n), n)
		if is, known := m.Get("kept"); !known || is != -1 {
			t.Fatalf("after %d others it is %d, %v", n+1, is, known)
		}
	}
	if all := len(m.young) + len(m.old); all > 20 {
		t.Errorf("it remembers %d", all)
	}
}

func TestUpdatesOfOneKeyQueue(t *testing.T) {
	m := New[string, int](2)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				m.Update("count", func(before int) int { return before + 1 })
				m.Put("other", 1)
			}
		})
	}
	all.Wait()
	if n, _ := m.Get("count"); n != 8000 {
		t.Errorf("counted %d, want 8000", n)
	}
}
