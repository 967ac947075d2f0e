package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/storetest"
)

// trial is one run of one case, and the test that the case knows.
type trial struct {
	name  string
	ctx   context.Context //nolint:containedctx // it lives as long as the case
	stop  context.CancelFunc
	done  chan struct{} // closed when the case has ended
	limit time.Duration
	began time.Time

	stacks io.Writer

	mu       sync.Mutex
	over     bool // what is said later is said by what the case left behind
	logged   []string
	failures []string
	skipped  string
	cleanups []func()
	calls    map[*callOut]struct{} // what the store was asked and has not answered
}

var _ storetest.T = (*trial)(nil)

// try runs a case to its end, or to the end of its time.
func try(ctx context.Context, o Options, c storetest.Case) Result {
	return begin(ctx, o, c.Name, c.Run).end()
}

func begin(ctx context.Context, o Options, name string, run func(storetest.T, storetest.Open)) *trial {
	t := &trial{name: name, done: make(chan struct{}), limit: o.Limit, began: time.Now(), stacks: o.Stacks, calls: make(map[*callOut]struct{})}
	t.ctx, t.stop = context.WithTimeout(ctx, o.Limit)
	go func() {
		defer close(t.done)
		defer func() {
			if p := recover(); p != nil {
				t.panicked("the case", p)
			}
		}()
		run(t, opener(o))
	}()
	return t
}

// opener gives a case its store, and closes it after the case.
func opener(o Options) storetest.Open {
	return func(t storetest.T) storetest.Harness {
		g := &guard{trial: t.(*trial)}
		open := func(t storetest.T) events.Store {
			if g.Store != nil {
				if err := g.Close(); err != nil {
					t.Fatalf("closing the store: %v", err)
				}
			}
			store, err := o.Open(t.Context())
			if err != nil {
				t.Fatalf("opening the store: %v", err)
			}
			g = &guard{Store: store, trial: g.trial}
			return g
		}
		open(t)
		t.Cleanup(func() {
			if err := g.Close(); err != nil {
				t.Errorf("closing the store: %v", err)
			}
		})
		h := storetest.Harness{Store: g, Promises: o.Promises}
		if o.Promises.Lasts {
			h.Reopen = open
		}
		if o.Promises.Processes != events.OneProcess {
			h.Beside = beside(o)
		}
		return h
	}
}

// beside gives a case the store as another process has it, and closes it after the case.
func beside(o Options) func(storetest.T) events.Store {
	return func(t storetest.T) events.Store {
		other, err := o.Beside(t.Context())
		if err != nil {
			t.Fatalf("opening the store in another process: %v", err)
		}
		g := &guard{Store: other, trial: t.(*trial)}
		t.Cleanup(func() {
			if err := g.Close(); err != nil {
				t.Errorf("closing the store of another process: %v", err)
			}
		})
		return g
	}
}

// grace is how long a case that is out of time may take to end by itself, and any to close its store.
func (t *trial) grace() time.Duration { return min(t.limit, 5*time.Second) }

// end waits for the case, as long as its time lasts, and says how it went.
func (t *trial) end() Result {
	hung := false
	select {
	case <-t.done:
	case <-t.ctx.Done():
		select {
		case <-t.done:
			if errors.Is(t.ctx.Err(), context.DeadlineExceeded) {
				t.fail("it took longer than %s", t.limit)
			}
		case <-time.After(t.grace()):
			hung = true
			t.fail("it hangs: nothing came of it within %s%s", t.limit, t.waiting())
			t.dump()
		}
	}
	took := time.Since(t.began)
	t.stop()
	cleaned := make(chan struct{})
	go func() {
		defer close(cleaned)
		t.clean()
	}()
	select {
	case <-cleaned:
	case <-time.After(t.grace()):
		t.fail("the store does not close%s", t.waiting())
		if !hung {
			t.dump()
		}
		hung = true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	result := Result{Name: t.name, Outcome: OK, Seconds: took.Seconds(), hung: hung}
	switch {
	case len(t.failures) > 0:
		result.Outcome, result.Why, result.Log = Failed, t.failures, t.logged
	case t.skipped != "":
		result.Outcome, result.Why = Skipped, []string{t.skipped}
	}
	return result
}

// clean runs what the case left to be done, last first.
func (t *trial) clean() {
	for {
		t.mu.Lock()
		n := len(t.cleanups)
		if n == 0 {
			t.mu.Unlock()
			return
		}
		last := t.cleanups[n-1]
		t.cleanups = t.cleanups[:n-1]
		t.mu.Unlock()
		finished := make(chan struct{})
		go func() { // of its own, because Fatalf ends it
			defer close(finished)
			defer func() {
				if p := recover(); p != nil {
					t.panicked("what comes after the case", p)
				}
			}()
			last()
		}()
		<-finished
	}
}

func (t *trial) dump() {
	if t.stacks == nil {
		return
	}
	stacks := make([]byte, 1<<20)
	fmt.Fprintf(t.stacks, "What every goroutine does while %q hangs:\n\n%s\n", t.name, stacks[:runtime.Stack(stacks, true)])
}

func (t *trial) panicked(who string, what any) { t.fail("%s panics: %v\n%s", who, what, debug.Stack()) }

func (t *trial) fail(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.failures = append(t.failures, fmt.Sprintf(format, args...))
	}
}

func (t *trial) Name() string             { return t.name }
func (t *trial) Context() context.Context { return t.ctx }
func (t *trial) Helper()                  {}

func (t *trial) Logf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.logged = append(t.logged, fmt.Sprintf(format, args...))
	}
}

func (t *trial) Errorf(format string, args ...any) { t.fail(format, args...) }

func (t *trial) Fatalf(format string, args ...any) {
	t.fail(format, args...)
	runtime.Goexit()
}

func (t *trial) Skipf(format string, args ...any) {
	t.mu.Lock()
	t.skipped = fmt.Sprintf(format, args...)
	t.mu.Unlock()
	runtime.Goexit()
}

func (t *trial) Cleanup(last func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cleanups = append(t.cleanups, last)
}
