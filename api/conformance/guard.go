package conformance

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// guard stands between a case and its store: a panic of the store is a failure of the case, whichever goroutine asked;
// and when a case hangs, it tells what the store has not answered.
type guard struct {
	events.Store
	trial *trial
}

// callOut is something that the store was asked and has not answered.
type callOut struct {
	what  string
	since time.Time
}

var errPanicked = errors.New("the store panicked")

func (g *guard) ask(what string) *callOut {
	c := &callOut{what, time.Now()}
	g.trial.mu.Lock()
	defer g.trial.mu.Unlock()
	g.trial.calls[c] = struct{}{}
	return c
}

func (g *guard) answered(c *callOut) {
	g.trial.mu.Lock()
	defer g.trial.mu.Unlock()
	delete(g.trial.calls, c)
}

// call asks the store something that has one answer.
func (g *guard) call(what string, ask func() error) (err error) {
	c := g.ask(what)
	defer func() {
		g.answered(c)
		if p := recover(); p != nil {
			g.trial.panicked(what, p)
			err = errPanicked
		}
	}()
	return ask()
}

func (g *guard) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (at events.Position, err error) {
	err = g.call("Append", func() error {
		at, err = g.Store.Append(ctx, stream, expected, meta, facts...)
		return err
	})
	return at, err
}

func (g *guard) Head(ctx context.Context) (at events.Position, err error) {
	err = g.call("Head", func() error {
		at, err = g.Store.Head(ctx)
		return err
	})
	return at, err
}

func (g *guard) ID() (id uuid.UUID) {
	_ = g.call("ID", func() error {
		id = g.Store.ID()
		return nil
	})
	return id
}

func (g *guard) Close() error { return g.call("Close", g.Store.Close) }

func (g *guard) Read(ctx context.Context, stream string, from int) iter.Seq2[events.Recorded, error] {
	return g.read("Read", func() iter.Seq2[events.Recorded, error] { return g.Store.Read(ctx, stream, from) })
}

func (g *guard) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return g.read("ReadAll", func() iter.Seq2[events.Recorded, error] { return g.Store.ReadAll(ctx, after) })
}

func (g *guard) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return g.read("Follow", func() iter.Seq2[events.Recorded, error] { return g.Store.Follow(ctx, after) })
}

// read asks the store for many answers. Between two of them it is the case that works, and panics for itself.
func (g *guard) read(what string, begin func() iter.Seq2[events.Recorded, error]) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		c, ofCase, wanted := g.ask(what), false, true
		defer func() {
			g.answered(c)
			if ofCase {
				return
			}
			if p := recover(); p != nil {
				g.trial.panicked(what, p)
				if wanted {
					yield(events.Recorded{}, errPanicked)
				}
			}
		}()
		begin()(func(r events.Recorded, err error) bool {
			g.answered(c)
			ofCase = true
			wanted = yield(r, err)
			ofCase = false
			c = g.ask(what)
			return wanted
		})
	}
}

// waiting says what the store was asked and has not answered, the oldest first.
func (t *trial) waiting() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.calls) == 0 {
		return ", and no call to the store is open"
	}
	oldest, count := make(map[string]time.Time), make(map[string]int)
	for c := range t.calls {
		count[c.what]++
		if was, there := oldest[c.what]; !there || c.since.Before(was) {
			oldest[c.what] = c.since
		}
	}
	var all []string
	for _, what := range slices.SortedFunc(maps.Keys(oldest), func(a, b string) int { return oldest[a].Compare(oldest[b]) }) {
		all = append(all, fmt.Sprintf("%d × %s, for %.1f s", count[what], what, time.Since(oldest[what]).Seconds()))
	}
	return "; the store has not answered " + strings.Join(all, "; ")
}
