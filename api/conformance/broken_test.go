package conformance

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
)

// broken is a store with one thing wrong.
type broken struct {
	events.Store
	append  func(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error)
	read    func(seq) seq
	readAll func(seq) seq
	follow  func(seq) seq
	close   func() error
}

type seq = iter.Seq2[events.Recorded, error]

func (b broken) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	if b.append != nil {
		return b.append(ctx, stream, expected, meta, facts)
	}
	return b.Store.Append(ctx, stream, expected, meta, facts...)
}

func (b broken) Read(ctx context.Context, stream string, from int) seq {
	return through(b.read, b.Store.Read(ctx, stream, from))
}

func (b broken) ReadAll(ctx context.Context, after events.Position) seq {
	return through(b.readAll, b.Store.ReadAll(ctx, after))
}

func (b broken) Follow(ctx context.Context, after events.Position) seq {
	return through(b.follow, b.Store.Follow(ctx, after))
}

func (b broken) Close() error {
	if b.close != nil {
		return b.close()
	}
	return b.Store.Close()
}

func through(change func(seq) seq, s seq) seq {
	if change == nil {
		return s
	}
	return change(s)
}

// disturbed reads everything and gives it out in another order.
func disturbed(change func([]events.Recorded)) func(seq) seq {
	return func(s seq) seq {
		return func(yield func(events.Recorded, error) bool) {
			var all []events.Recorded
			for r := range s {
				all = append(all, r)
			}
			change(all)
			for _, r := range all {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// later opens a store that is right for whoever asks who it is, and from then on this one, each time with nothing in it.
func (b broken) later() func(context.Context) (events.Store, error) {
	opened := 0
	return func(context.Context) (events.Store, error) {
		if opened++; opened == 1 {
			return memory.New(), nil
		}
		again := b
		again.Store = memory.New()
		return again, nil
	}
}

// Each of these stores has one thing wrong, and a case has to see it.
func TestAStoreThatIsWrongFails(t *testing.T) {
	for what, wrong := range map[string]struct {
		only  string
		store func(log *memory.Store) broken
	}{
		"it loses a fact now and then": {"a stream is read from any version|answers like the model", func(log *memory.Store) broken {
			n := 0
			return broken{Store: log, append: func(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error) {
				if n++; n%3 == 1 && len(facts) > 1 {
					facts = facts[:len(facts)-1]
				}
				return log.Append(ctx, stream, expected, meta, facts...)
			}}
		}},
		"it acknowledges what it does not keep": {"expected 0 means|counts from 1|answers like the model", func(log *memory.Store) broken {
			return broken{Store: log, append: func(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error) {
				if expected > 0 {
					return log.Head(ctx)
				}
				return log.Append(ctx, stream, expected, meta, facts...)
			}}
		}},
		"a conflict does not say how far the stream is": {"a conflict says|answers like the model", func(log *memory.Store) broken {
			return broken{Store: log, append: func(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error) {
				at, err := log.Append(ctx, stream, expected, meta, facts...)
				if conflict := new(events.Conflict); errors.As(err, &conflict) {
					conflict.Actual--
				}
				return at, err
			}}
		}},
		"asked again it keeps it twice": {"asking again gives|answers like the model", func(log *memory.Store) broken {
			return broken{Store: log, append: func(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error) {
				at, err := log.Append(ctx, stream, expected, meta, facts...)
				if err == nil {
					meta.CommandID[15]++
					_, _ = log.Append(ctx, stream, expected+len(facts), meta, facts...)
				}
				return at, err
			}}
		}},
		"a reader of the log gets two events the wrong way round": {"read after any position", func(log *memory.Store) broken {
			return broken{Store: log, readAll: disturbed(func(all []events.Recorded) {
				if len(all) > 10 {
					all[4], all[5] = all[5], all[4]
				}
			})}
		}},
		"a follower gets an event twice": {"among many writers|told once", func(log *memory.Store) broken {
			return broken{Store: log, follow: func(s seq) seq {
				return func(yield func(events.Recorded, error) bool) {
					n := 0
					for r, err := range s {
						if !yield(r, err) {
							return
						}
						if n++; n == 7 && !r.CaughtUp() && !yield(r, err) {
							return
						}
					}
				}
			}}
		}},
		"a stream is read backwards": {"counts from 1", func(log *memory.Store) broken {
			return broken{Store: log, read: disturbed(slices.Reverse[[]events.Recorded])}
		}},
		"it does not notice that a context ended": {"context that ended", func(log *memory.Store) broken {
			return broken{Store: log, append: func(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error) {
				return log.Append(context.WithoutCancel(ctx), stream, expected, meta, facts...)
			}}
		}},
		"it cannot close": {"counts from 1", func(log *memory.Store) broken {
			return broken{Store: log, close: func() error { return errors.New("stuck") }}
		}},
	} {
		t.Run(what, func(t *testing.T) {
			report := trying(t, wrong.only, 10*time.Second, func(context.Context) (events.Store, error) { return wrong.store(memory.New()), nil })
			if report.Failed == 0 || report.Conforms() {
				t.Errorf("nothing was noticed: %+v", report)
			}
			for _, r := range report.Results {
				if (r.Outcome == Failed) != (len(r.Why) > 0) {
					t.Errorf("%+v", r)
				}
			}
		})
	}
}

func TestAPanicIsAFailureOfItsCase(t *testing.T) {
	for what, store := range map[string]broken{
		"in one that is asked": {append: func(context.Context, string, int, events.Meta, []events.Event) (events.Position, error) { panic("oh") }},
		"in a reader":          {read: func(seq) seq { return func(func(events.Recorded, error) bool) { panic("oh") } }},
		"in a follower":        {follow: func(seq) seq { return func(func(events.Recorded, error) bool) { panic("oh") } }},
		"while it closes":      {close: func() error { panic("oh") }},
	} {
		t.Run(what, func(t *testing.T) {
			report := trying(t, "one wins|counts from 1|caught up", 10*time.Second, store.later())
			if report.Failed == 0 || len(report.Results) != report.Cases {
				t.Fatalf("%+v", report)
			}
			for _, r := range report.Results {
				if r.Outcome == Failed && !strings.Contains(strings.Join(r.Why, "\n"), "panics: oh") {
					t.Errorf("%s: %s", r.Name, r.Why)
				}
			}
		})
	}
}

// Whoever runs the command gets an answer: which case hangs, in what, and where every goroutine stands.
func TestAStoreThatHangsFails(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	hangs := func(seq) seq { return func(func(events.Recorded, error) bool) { <-never } }
	for what, store := range map[string]broken{
		"Append": {append: func(context.Context, string, int, events.Meta, []events.Event) (events.Position, error) {
			<-never
			return 0, nil
		}},
		"Read":   {read: hangs},
		"Follow": {follow: hangs},
		"Close": {close: func() error {
			<-never
			return nil
		}},
	} {
		t.Run(what, func(t *testing.T) {
			var stacks bytes.Buffer
			report, err := Run(t.Context(), Options{
				Only: regexp.MustCompile("counts from 1|caught up"), Limit: 200 * time.Millisecond, Stacks: &stacks, Open: store.later(),
			})
			if err != nil || report.Failed == 0 || len(report.Results) != 2 {
				t.Fatalf("%v %+v", err, report)
			}
			said := ""
			for _, r := range report.Results {
				said += strings.Join(r.Why, "\n")
			}
			if !strings.Contains(said, "1 × "+what) {
				t.Errorf("it says %s", said)
			}
			if got := stacks.String(); !strings.Contains(got, "broken") || strings.Count(got, "What every goroutine does") != 1 {
				t.Errorf("the stacks are %.300s", got)
			}
		})
	}
}
