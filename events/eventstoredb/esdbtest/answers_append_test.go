package esdbtest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// expectations are those that an append may have, in the words of the file.
var expectations = map[string]esdb.ExpectedRevision{
	"NoStream": esdb.NoStream{}, "Any": esdb.Any{}, "StreamExists": esdb.StreamExists{},
	"revision 0": esdb.Revision(0), "revision 1": esdb.Revision(1), "revision 5": esdb.Revision(5),
}

// appending asks for every expectation in every state that a stream can be in, for much and for nothing.
func appending() []topic {
	states := map[string]func(*asker){
		"a stream that does not exist": func(*asker) {},
		"a stream of two events":       func(a *asker) { a.given(a.S, some(2)...) },
		"a stream of two events that was deleted": func(a *asker) {
			a.given(a.S, some(2)...)
			a.delete(a.S, esdb.Any{})
		},
		"a stream with a tombstone": func(a *asker) {
			a.given(a.S, some(2)...)
			a.tombstone(a.S, esdb.Any{})
		},
	}
	topics := []topic{appendingMuch, appendingNothing}
	for state, given := range states {
		about := topic{heading: "append to " + state}
		for _, words := range slices.Sorted(maps.Keys(expectations)) {
			about.asked = append(about.asked, question{"expecting " + words, func(a *asker) string {
				given(a)
				answer := a.append(a.S, expectations[words], some(1)...)
				if strings.Contains(state, "deleted") && strings.HasPrefix(answer, "last") {
					answer += ", then " + a.seen(a.S) + " are seen"
				}
				return answer
			}})
		}
		topics = append(topics, about)
	}
	return topics
}

var appendingMuch = topic{"append much", []question{
	{"1000 events at once", func(a *asker) string {
		return a.append(a.S, esdb.NoStream{}, some(1000)...) + ", then " + a.seen(a.S) + " are seen"
	}},
	{"16 at once, on one revision", func(a *asker) string {
		a.given(a.S, some(1)...)
		var mu sync.Mutex
		var all sync.WaitGroup
		taken, refused := 0, map[string]int{}
		for range 16 {
			all.Go(func() {
				_, err := a.put(a.S, esdb.Revision(0), some(1)...)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					taken++
				} else {
					refused[code(err)]++
				}
			})
		}
		all.Wait()
		return fmt.Sprintf("%d taken, %d WrongExpectedVersion", taken, refused["WrongExpectedVersion"])
	}},
	{"1 MiB of data in one event", size(1<<20, 1)},
	{"1 MiB and a byte in one event", size(1<<20+1, 1)},
	{"4 MiB in one event", size(4<<20, 1)},
	{"20 MiB in one event", size(20<<20, 1)},
	{"1 MiB − 16 KiB in 16 events", size(1<<20-16<<10, 16)},
	{"1 MiB + 16 KiB in 16 events", size(1<<20+16<<10, 16)},
	{"8 MiB in 64 events", size(8<<20, 64)},
	{"an event after the refusals", size(1, 1)},
}}

// size appends bytes that are shared out among events.
func size(bytes, events int) func(*asker) string {
	return func(a *asker) string {
		batch := some(events)
		for i := range batch {
			batch[i].Data, batch[i].Metadata = make([]byte, bytes/events), nil
		}
		return a.append(a.S, esdb.Any{}, batch...)
	}
}

var appendingNothing = topic{"append nothing", []question{
	{"at the right revision 2", nothing(3, esdb.Revision(2))},
	{"at revision 0 of 2", nothing(3, esdb.Revision(0))},
	{"at revision 9 of 2", nothing(3, esdb.Revision(9))},
	{"NoStream, at revision 2", nothing(3, esdb.NoStream{})},
	{"Any, at revision 2", nothing(3, esdb.Any{})},
	{"StreamExists, at revision 2", nothing(3, esdb.StreamExists{})},
	{"NoStream, no such stream", nothing(0, esdb.NoStream{})},
	{"Any, no such stream", nothing(0, esdb.Any{})},
}}

func nothing(given int, expected esdb.ExpectedRevision) func(*asker) string {
	return func(a *asker) string {
		if given > 0 {
			a.given(a.S, some(given)...)
		}
		answer := a.append(a.S, expected)
		if strings.HasPrefix(answer, "last") {
			answer += ", then " + a.seen(a.S)
		}
		if given > 0 && strings.HasPrefix(answer, "last") {
			answer += " are seen"
		}
		return answer
	}
}
