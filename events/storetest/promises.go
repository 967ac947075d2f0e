package storetest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/casestream/casestream/events"
)

// Promised are the cases for what a store promises beyond the port.
func Promised(p events.Promises) (all []Case) {
	if p.Lasts {
		all = append(all, Case{"what was kept outlasts a restart in the middle of a stream", restarts})
	}
	if p.Gapless {
		all = append(all, Case{"positions have no gaps", gapless})
	}
	if p.Chained {
		all = append(all, Case{"what was changed behind its back shows", chained})
	}
	if p.Processes != events.OneProcess {
		all = append(all, Case{"another process reads what this one writes", readsBeside})
	}
	switch p.Processes {
	case events.OneWrites:
		all = append(all, Case{"another process cannot write", cannotWriteBeside})
	case events.AllWrite:
		all = append(all,
			Case{"of many processes that expect the same version one wins", oneProcessWins},
			Case{"asking again in another process gives the first answer", askingAgainBeside},
			Case{"nothing is recorded before the last of its stream, whichever process wrote it", recordedInOrderBeside})
	}
	return all
}

func gapless(t T, open Open) {
	s, streams := set(t, open), []string{stream(), stream(), stream()}
	before := s.head()
	var all sync.WaitGroup
	for _, one := range streams {
		all.Go(func() {
			for n := range 50 {
				if _, err := s.Store.Append(s.ctx, one, 2*n, command(), fact(n), fact(n)); err != nil {
					t.Errorf("appending: %v", err)
				}
				_, _ = s.Store.Append(s.ctx, one, n, command(), fact(n)) // what is refused takes no position
			}
		})
	}
	all.Wait()
	for _, r := range s.all(s.Store.ReadAll(s.ctx, before)) {
		if before++; r.Position != before {
			t.Fatalf("position %d follows %d", r.Position, before-1)
		}
	}
	if head := s.head(); head != before {
		t.Errorf("the head is %d, want %d", head, before)
	}
}

func chained(t T, open Open) {
	s, one := set(t, open), stream()
	if s.Verify == nil || s.Damage == nil {
		t.Fatalf("it promises a chain, and the harness cannot break it")
	}
	s.append(one, 0, facts(1, 20)...)
	s.append(stream(), 0, facts(1, 20)...)
	if err := s.Verify(s.ctx); err != nil {
		t.Fatalf("nobody touched the log: %v", err)
	}
	s.Damage(t, one, 7)
	if err := s.Verify(s.ctx); !errors.Is(err, events.ErrDamaged) {
		t.Errorf("version 7 of 20 was changed: %v, want %v", err, events.ErrDamaged)
	}
}

// beside is the same log as another process has it.
func (s *scene) beside() *scene {
	s.Helper()
	if s.Beside == nil {
		s.Fatalf("it promises to be for several processes, and the harness has no second one")
	}
	other := *s
	other.Store = s.Beside(s.T)
	if s.Store.ID() != other.Store.ID() {
		s.Errorf("the two processes do not have the same log")
	}
	return &other
}

func readsBeside(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, fact(1))
	there, before := s.beside(), s.head()
	f := there.follow(s.ctx, before)
	defer func() { f.stop() }()
	f.of(one)
	for n := 1; n <= 30; n++ {
		position := s.append(one, n, fact(n+1))
		there.has(one, count(1, n+1)...)
		if head := there.head(); head < position {
			t.Errorf("the other process has the head %d, want %d", head, position)
		}
		if r := f.of(one); r.Position != position || numberOf(r) != n+1 {
			t.Errorf("the other process follows number %d at %d, want %d at %d", numberOf(r), r.Position, n+1, position)
		}
	}
}

func cannotWriteBeside(t T, open Open) {
	s, one := set(t, open), stream()
	s.append(one, 0, fact(1))
	there := s.beside()
	if _, err := there.Store.Append(s.ctx, one, 1, command(), fact(2)); err == nil {
		t.Errorf("an append of the other process was accepted")
	}
	s.has(one, 1)
}

func oneProcessWins(t T, open Open) {
	s, one := set(t, open), stream()
	stores := []*scene{s, s.beside(), s.beside()}
	for round := range 20 {
		var mu sync.Mutex
		winners := 0
		var all sync.WaitGroup
		for n := range 9 {
			all.Go(func() {
				_, err := stores[n%3].Store.Append(s.ctx, one, round, command(), fact(n))
				mu.Lock()
				defer mu.Unlock()
				if conflict := new(events.Conflict); err == nil {
					winners++
				} else if !errors.As(err, &conflict) || conflict.Actual != round+1 {
					t.Errorf("writer %d lost with %v", n, err)
				}
			})
		}
		all.Wait()
		if winners != 1 {
			t.Fatalf("round %d: %d won", round, winners)
		}
	}
}

func askingAgainBeside(t T, open Open) {
	s, one := set(t, open), stream()
	there, meta := s.beside(), command()
	s.append(one, 0, fact(1))
	there.has(one, 1)
	at := s.appendAs(meta, one, 1, fact(2), fact(3))
	again := func(when string) {
		t.Helper()
		if got := there.appendAs(meta, one, 1, fact(2), fact(3)); got != at {
			t.Errorf("%s, the other process answers %d, the first answer was %d", when, got, at)
		}
	}
	again("at once")
	there.append(one, 3, fact(4))
	again("after others")
	s.has(one, 1, 2, 3, 4)
	there.refused(4, meta, one, 1, fact(2), fact(3), fact(4))
}

func recordedInOrderBeside(t T, open Open) {
	s, one := set(t, open), stream()
	there, early, late := s.beside(), command(), command()
	late.RecordedAt = early.RecordedAt.AddDate(0, 0, 1)
	s.append(one, 0, fact(1))
	there.has(one, 1)
	s.appendAs(late, one, 1, fact(2))
	late.RecordedAt = early.RecordedAt
	there.appendAs(late, one, 1, fact(2)) // the same command, asked again by another clock
	there.appendAs(early, one, 2, fact(3))
	for i, r := range s.read(one, 3) {
		if want := early.RecordedAt.AddDate(0, 0, 1); !r.Meta.RecordedAt.Equal(want) {
			t.Errorf("version %d was recorded at %v, want %v", 3+i, r.Meta.RecordedAt, want)
		}
	}
}

// saysSo checks that the table in the README of the stores, in the folder above the store's, says of it what it promises,
// and that it promises all that its harness can do.
func saysSo(t *testing.T, h Harness) {
	p := h.Promises
	if p.Lasts != (h.Reopen != nil) || p.Chained != (h.Verify != nil) || (p.Processes != events.OneProcess) != (h.Beside != nil) {
		t.Errorf("the harness can do something else than %+v", p)
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	said := column(string(text), filepath.Base(folder))
	yes := map[bool]string{true: "yes", false: "no"}
	for row, want := range map[string]string{
		"survives a kill and a power cut": yes[p.Lasts],
		"positions without gaps":          yes[p.Gapless],
		"hash chain per stream, `Verify`": yes[p.Chained],
		"several processes":               p.Processes.String(),
	} {
		if is, _, _ := strings.Cut(said[row], ":"); is != want {
			t.Errorf("README.md says of %s, %s: %q, it promises %q", filepath.Base(folder), row, is, want)
		}
		delete(said, row)
	}
	if len(said) > 0 {
		t.Errorf("README.md says what nobody checks: %v", said)
	}
}

// column is what the table of promises says of a store, by its rows.
func column(text, store string) map[string]string {
	all, at := map[string]string{}, -1
	_, table, _ := strings.Cut(text, "**What the stores promise beyond the port**\n\n")
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) < 3:
			return all
		case at < 0:
			for i, cell := range cells {
				if cell == store {
					at = i
				}
			}
			if at < 0 {
				return all
			}
		case !strings.HasPrefix(cells[1], "--") && at < len(cells):
			all[cells[1]] = cells[at]
		}
	}
	return all
}
