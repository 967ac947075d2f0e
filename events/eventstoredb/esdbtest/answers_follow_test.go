package esdbtest_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// following asks what subscribers are told, and in which order.
var following = []topic{
	{"follow a stream of five events", []question{
		{"from Start", followed(esdb.Start{})},
		{"from revision 1", followed(esdb.Revision(1))},
		{"from revision 4", followed(esdb.Revision(4))},
		{"from revision 100", followed(esdb.Revision(100))},
		{"from End", followed(esdb.End{})},
		{"while T grows, then S", func(a *asker) string {
			a.given(a.S, some(5)...)
			told, answer := a.follow(a.S, esdb.Start{})
			if told == nil {
				return answer
			}
			told.until(caughtUp)
			a.given(a.T2, some(1)...)
			a.given(a.S, some(1)...)
			return told.until(anEvent).words()
		}},
		{"there is no such stream", func(a *asker) string { return a.followThenAppend() }},
		{"it was deleted, with 3 events", func(a *asker) string {
			a.given(a.S, some(3)...)
			a.delete(a.S, esdb.Any{})
			return a.followThenAppend()
		}},
		{"with a tombstone", func(a *asker) string { return a.dead().followThenAppend() }},
		{"110 of them on one connection", func(a *asker) string {
			a.client = connect(a, a.server.URL())
			a.given(a.S, some(1)...)
			ctx, enough := context.WithCancel(a.Context())
			defer enough()
			var all sync.WaitGroup
			came := make(chan error, 110)
			for range 110 {
				all.Go(func() {
					_, err := a.client.SubscribeToStream(ctx, a.S, esdb.SubscribeToStreamOptions{From: esdb.Start{}})
					came <- err
				})
			}
			for i := range 100 {
				if err := <-came; err != nil {
					return fmt.Sprintf("the %d. %s", i, describe(err))
				}
			}
			select { // the 101st cannot come: there is no room for it. This looks whether it does all the same.
			case err := <-came:
				return "101: " + describe(err)
			case <-time.After(100 * time.Millisecond):
			}
			enough()
			all.Wait()
			return fmt.Sprintf("100 ok, %d wait", len(came))
		}},
	}},
	{"follow $all", []question{
		{"from Start", func(a *asker) string {
			first, err := a.all(esdb.Start{}, esdb.Forwards, 1)
			if err != nil {
				return describe(err)
			}
			told, answer := a.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}})
			if told == nil {
				return answer
			}
			if told.until(anEvent).events[0].EventID == first[0].EventID {
				return "the log's first event"
			}
			return "another event"
		}},
		{"from End, then an append", func(a *asker) string {
			a.given(a.S, some(5)...)
			told, answer := a.followAll(esdb.SubscribeToAllOptions{From: esdb.End{}})
			if told == nil {
				return answer
			}
			told.until(caughtUp)
			a.given(a.S, some(1)...)
			return told.until(anEvent).wordsSinceStart()
		}},
		{"from the position of S1", func(a *asker) string {
			_, events := a.interleaved()
			told, answer := a.followAll(esdb.SubscribeToAllOptions{From: events[1].Position})
			if told == nil {
				return answer
			}
			return a.names(told.until(caughtUp).events) + " caught up"
		}},
		{"a filter that is no expression", func(a *asker) string {
			_, answer := a.followAll(esdb.SubscribeToAllOptions{Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "("}})
			return answer
		}},
	}},
	{"follow, but do not read while 5000 events of 4 kB arrive", []question{
		{"a stream that had none", func(a *asker) string {
			told, answer := a.follow(a.S, esdb.Start{})
			if told == nil {
				return answer
			}
			a.flood(a.S)
			left := 5000
			told.until(func(kind string) bool {
				if kind == isEvent {
					left--
				}
				return left == 0
			})
			for i, e := range told.events {
				if e.EventNumber != uint64(i) {
					return fmt.Sprint("a gap in front of ", e.EventNumber)
				}
			}
			return fmt.Sprint(len(told.events), " events, no gap")
		}},
		{"$all from End", func(a *asker) string {
			told, answer := a.followAll(esdb.SubscribeToAllOptions{From: esdb.End{}})
			if told == nil {
				return answer
			}
			a.flood(a.S)
			told.until(dropped)
			if n := len(told.events); n == 0 || n >= 5000 {
				return fmt.Sprint(n, " events")
			}
			return told.kinds[0] + ", some events, " + describe(told.err)
		}},
	}},
}

// followed is what is told of five events up to the present.
func followed(from esdb.StreamPosition) func(*asker) string {
	return func(a *asker) string {
		a.given(a.S, some(5)...)
		told, answer := a.follow(a.S, from)
		if told == nil {
			return answer
		}
		return told.until(caughtUp).words()
	}
}

// followThenAppend is the first thing that is told, when there is something only after the subscription.
func (a *asker) followThenAppend() string {
	told, answer := a.follow(a.S, esdb.Start{})
	if told == nil {
		return answer
	}
	a.given(a.S, some(1)...)
	return told.until(func(string) bool { return true }).words()
}

func (a *asker) flood(stream string) {
	for range 50 {
		batch := some(100)
		for i := range batch {
			batch[i].Data = bytes.Repeat([]byte("y"), 4000)
		}
		a.given(stream, batch...)
	}
}
