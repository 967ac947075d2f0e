// Package conformance tries a store outside of go test: every case of storetest against any store there is, also one on
// a server that nobody here has met. A store that hangs, panics or does not open fails; nothing that it does ends the
// run, except a panic in a goroutine of its own, which ends the process as any does.
//
// The cases write facts of their own into streams of their own, and leave them there.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/storetest"
)

// Options say what to try, and how.
type Options struct {
	Store    string                                      // as it is shown: without a password
	Version  string                                      // of this program
	Open     func(context.Context) (events.Store, error) // the same log every time
	Promises events.Promises                             // it is held to these
	Beside   func(context.Context) (events.Store, error) // as another process has it
	InUse    func(context.Context, events.Store) error   // refuses a log that must not be written to; nil: none is
	Only     *regexp.Regexp                              // the cases whose name it matches; nil: all
	Limit    time.Duration                               // for one case; one that takes longer has failed
	Began    func(Report)                                // when the store has opened; may be nil
	Ended    func(Result)                                // after each case; may be nil
	Stacks   io.Writer                                   // what every goroutine does when the first case hangs
}

// Cases are those that a pattern matches, in order.
func Cases(promises events.Promises, only *regexp.Regexp) (some []storetest.Case) {
	for _, c := range append(promised(promises), storetest.Cases...) {
		if only == nil || only.MatchString(c.Name) {
			some = append(some, c)
		}
	}
	return some
}

// promised leaves out of what a store promises what can only be tried by whoever changes its files behind its back.
func promised(p events.Promises) []storetest.Case {
	var chained []storetest.Case
	if p.Chained {
		for _, c := range storetest.Promised(events.Promises{Chained: true}) {
			chained = append(chained, storetest.Case{Name: c.Name, Run: func(t storetest.T, _ storetest.Open) {
				t.(*trial).Skipf("nobody changes a file behind its store's back here: go test does")
			}})
		}
		p.Chained = false
	}
	return append(storetest.Promised(p), chained...)
}

// Run tries the store. Its error says that nothing could be tried, or not to the end; what a store does wrong is in the
// report.
func Run(ctx context.Context, o Options) (Report, error) {
	cases := Cases(o.Promises, o.Only)
	report := Report{Store: o.Store, Version: o.Version, Began: time.Now(), Cases: len(cases)}
	if len(cases) == 0 {
		return report, errors.New("no case has such a name; --list names them all")
	}
	var err error
	if report.Log, err = meet(ctx, o); err != nil {
		return report, err
	}
	if o.Began != nil {
		o.Began(report)
	}
	for _, c := range cases {
		if ctx.Err() != nil {
			return report, fmt.Errorf("interrupted after %d of %d cases", len(report.Results), len(cases))
		}
		result := try(ctx, o, c)
		report.add(result)
		if o.Ended != nil {
			o.Ended(result)
		}
		if result.hung {
			o.Stacks = nil // once says enough
		}
	}
	report.Seconds = time.Since(report.Began).Seconds()
	return report, nil
}

// meet opens the store once before all, to learn which log it is. What a store that hangs says later, nobody hears.
func meet(ctx context.Context, o Options) (log string, err error) {
	var id string
	var failed error
	first := begin(ctx, o, "opening the store", func(t storetest.T, _ storetest.Open) {
		store, err := o.Open(t.Context())
		if err != nil {
			failed = err
			return
		}
		g := &guard{Store: store, trial: t.(*trial)}
		t.Cleanup(func() { _ = g.Close() })
		id = g.ID().String()
		if o.InUse != nil {
			failed = o.InUse(t.Context(), g)
		}
	})
	if result := first.end(); result.Outcome == Failed {
		return "", errors.New("opening the store: " + result.Why[0])
	}
	return id, failed
}
