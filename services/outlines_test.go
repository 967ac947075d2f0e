package services_test

import (
	"context"
	"iter"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Outline of a diary is its last note.
func (d diary) Outline() uuid.UUID {
	if len(d.notes) == 0 {
		return uuid.Nil
	}
	return d.notes[len(d.notes)-1]
}

// Whoever writes, here or in another process, and whatever is remembered or was dropped: an outline is of what the log has.
func TestAnOutlineIsOfWhatTheLogHas(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := open(t)
		outlines, there := services.NewOutlines[diary, uuid.UUID](h.desk), h.another()
		streams := []string{stream(), stream()}
		last, version := map[string]uuid.UUID{}, map[string]int{}
		on := func() string { return rapid.SampledFrom(streams).Draw(rt, "on") }
		write := func(desk *services.Desk[diary], s string) {
			entry := uuid.New()
			done, err := desk.Do(t.Context(), s, by(uuid.New()), note{Entry: entry})
			if version[s] == 3 {
				refused(t, err, "full")
				return
			}
			if err != nil {
				rt.Fatal(err)
			}
			last[s], version[s] = entry, done.Version
		}
		rt.Repeat(map[string]func(*rapid.T){
			"write here":  func(*rapid.T) { write(h.desk, on()) },
			"write there": func(*rapid.T) { write(there, on()) },
			"drop":        func(*rapid.T) { outlines.Drop(on()) },
			"drop a desk": func(*rapid.T) { h.desk.Drop(on()) },
			"": func(rt *rapid.T) {
				for _, s := range streams {
					err := outlines.Look(t.Context(), s, func(is uuid.UUID, at int) {
						if is != last[s] || at != version[s] {
							rt.Errorf("version %d is shown as %d", version[s], at)
						}
					})
					if err != nil {
						rt.Fatal(err)
					}
				}
			},
		})
	})
}

// counting tells how many facts were read from a log.
type counting struct {
	events.Store
	read int
}

func (c *counting) Read(ctx context.Context, stream string, from int) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		for r, err := range c.Store.Read(ctx, stream, from) {
			c.read++
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestADeskDoesNotRememberWhatIsOnlyLookedAt(t *testing.T) {
	h, s := open(t), stream()
	for range 3 {
		if _, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New()}); err != nil {
			t.Fatal(err)
		}
	}
	log := &counting{Store: h.log}
	desk := services.NewDesk[diary](log, h.keys)
	outlines := services.NewOutlines[diary, uuid.UUID](desk)
	reads := func(want int, what string, look func() error) {
		t.Helper()
		before := log.read
		if err := look(); err != nil {
			t.Fatal(err)
		}
		if read := log.read - before; read != want {
			t.Errorf("%s reads %d facts, not %d", what, read, want)
		}
	}
	outline := func() error { return outlines.Look(t.Context(), s, func(uuid.UUID, int) {}) }
	reads(3, "the first outline", outline)
	reads(0, "the same again", outline)
	reads(3, "the desk, which remembers none of it,", func() error { return desk.Look(t.Context(), s, func(diary, int) {}) })
	outlines.Drop(s)
	reads(0, "an outline of what the desk remembers", outline)
}
