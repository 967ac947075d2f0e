package esdbtest_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

var readingAll = []topic{{"read $all, where S has events 0 1 2 (one append), T one, S a fourth", []question{
	{"forwards", func(a *asker) string {
		_, events := a.interleaved()
		return a.names(events)
	}},
	{"commit and prepare position", func(a *asker) string {
		_, events := a.interleaved()
		for _, e := range events {
			if e.Position.Commit != e.Position.Prepare {
				return "differ"
			}
		}
		return "the same"
	}},
	{"positions", func(a *asker) string {
		_, events := a.interleaved()
		for i := range events[1:] {
			if events[i].Position.Commit >= events[i+1].Position.Commit {
				return "do not rise"
			}
		}
		return "rise, also within an append"
	}},
	{"position of the append", func(a *asker) string {
		result, events := a.interleaved()
		if p := events[2].Position; p.Commit != result.CommitPosition || p.Prepare != result.PreparePosition {
			return "is another"
		}
		return "that of its last event"
	}},
	{"forwards from the position of S1", at(func(p uint64) esdb.AllPosition { return esdb.Position{Commit: p, Prepare: p} }, esdb.Forwards)},
	{"backwards from it", at(func(p uint64) esdb.AllPosition { return esdb.Position{Commit: p, Prepare: p} }, esdb.Backwards)},
	{"forwards from one byte further", at(func(p uint64) esdb.AllPosition { return esdb.Position{Commit: p + 1, Prepare: p + 1} }, esdb.Forwards)},
	{"from its commit, prepare 0", at(func(p uint64) esdb.AllPosition { return esdb.Position{Commit: p} }, esdb.Forwards)},
	{"from far beyond the end", at(func(p uint64) esdb.AllPosition { return esdb.Position{Commit: p + 1<<40, Prepare: p + 1<<40} }, esdb.Forwards)},
	{"from MaxUint64", at(func(uint64) esdb.AllPosition { return esdb.Position{Commit: math.MaxUint64, Prepare: math.MaxUint64} }, esdb.Forwards)},
	{"forwards from End", at(func(uint64) esdb.AllPosition { return esdb.End{} }, esdb.Forwards)},
	{"events in streams with a $", func(a *asker) string {
		a.hidden()
		events, err := a.all(esdb.Start{}, esdb.Forwards, 5000)
		if err != nil {
			return describe(err)
		}
		types := map[string]bool{}
		for _, e := range events {
			if strings.HasPrefix(e.StreamID, "$") {
				types[e.EventType] = true
			}
		}
		if len(types) == 1 && types["$metadata"] {
			return "are seen: $metadata"
		}
		return fmt.Sprint("are seen: ", types)
	}},
}}}

// interleaved gives two streams their events, and what $all has of them.
func (a *asker) interleaved() (first *esdb.WriteResult, events []*esdb.RecordedEvent) {
	a.Helper()
	before, err := a.all(esdb.End{}, esdb.Backwards, 1)
	if err != nil {
		a.Fatal(err)
	}
	first = a.given(a.S, some(3)...)
	a.given(a.T2, some(1)...)
	a.given(a.S, some(1)...)
	events, err = a.all(before[0].Position, esdb.Forwards, 100)
	if err != nil || len(events) != 6 {
		a.Fatalf("%d events in $all, not ours and the one before: %v", len(events), err)
	}
	return first, events[1:]
}

// at reads one event of $all, from where one of ours is.
func at(where func(uint64) esdb.AllPosition, way esdb.Direction) func(*asker) string {
	return func(a *asker) string {
		_, events := a.interleaved()
		read, err := a.all(where(events[1].Position.Commit), way, 1)
		if err != nil {
			return describe(err)
		}
		if len(read) == 0 {
			return "[]"
		}
		return a.names(read)
	}
}

// names says of events which they are: S0 is the first of S.
func (a *asker) names(events []*esdb.RecordedEvent) string {
	var names []string
	for _, e := range events {
		names = append(names, fmt.Sprint(a.plain(e.StreamID), e.EventNumber))
	}
	return strings.Join(names, " ")
}
