package esdbtest_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// reading asks for parts of streams.
func reading() []topic {
	type from = esdb.StreamPosition
	part := func(at from, way esdb.Direction, count uint64) func(*asker) string {
		return func(a *asker) string {
			a.given(a.S, some(5)...)
			return a.read(a.S, at, way, count)
		}
	}
	recreated := func(at from, way esdb.Direction) func(*asker) string {
		return func(a *asker) string {
			a.given(a.S, some(3)...)
			a.delete(a.S, esdb.Any{})
			a.append(a.S, esdb.NoStream{}, some(2)...)
			return a.read(a.S, at, way, 10)
		}
	}
	const forwards, backwards = esdb.Forwards, esdb.Backwards
	return []topic{
		{"read a stream of five events", []question{
			{"forwards from Start", part(esdb.Start{}, forwards, 100)},
			{"two from Start", part(esdb.Start{}, forwards, 2)},
			{"from revision 2", part(esdb.Revision(2), forwards, 100)},
			{"from revision 5", part(esdb.Revision(5), forwards, 10)},
			{"from revision 1000", part(esdb.Revision(1000), forwards, 10)},
			{"from revision MaxInt64", part(esdb.Revision(math.MaxInt64), forwards, 10)},
			{"from revision MaxUint64", part(esdb.Revision(math.MaxUint64), forwards, 10)},
			{"forwards from End", part(esdb.End{}, forwards, 10)},
			{"backwards from End", part(esdb.End{}, backwards, 100)},
			{"one backwards from End", part(esdb.End{}, backwards, 1)},
			{"backwards from revision 2", part(esdb.Revision(2), backwards, 100)},
			{"backwards from Start", part(esdb.Start{}, backwards, 10)},
			{"backwards from revision 1000", part(esdb.Revision(1000), backwards, 10)},
			{"none", part(esdb.Start{}, forwards, 0)},
			{"MaxInt64 events", part(esdb.Start{}, forwards, math.MaxInt64)},
			{"MaxUint64 events", part(esdb.Start{}, forwards, math.MaxUint64)},
		}},
		{"read a stream that is not there", []question{
			{"never there", func(a *asker) string { return a.seen(a.S) }},
			{"never there, backwards", func(a *asker) string { return a.read(a.S, esdb.End{}, backwards, 1) }},
			{"never there, asked twice", func(a *asker) string {
				stream, err := a.client.ReadStream(a.Context(), a.S, esdb.ReadStreamOptions{}, 10)
				if err != nil {
					return describe(err)
				}
				defer stream.Close()
				_, _ = stream.Recv()
				_, err = stream.Recv()
				return describe(err)
			}},
			{"deleted", func(a *asker) string { return a.hidden().seen(a.S) }},
			{"with a tombstone", func(a *asker) string { return a.dead().seen(a.S) }},
		}},
		{"read a stream of five events, the first three deleted", []question{
			{"from Start", recreated(esdb.Start{}, forwards)},
			{"from revision 0", recreated(esdb.Revision(0), forwards)},
			{"from revision 4", recreated(esdb.Revision(4), forwards)},
			{"backwards", recreated(esdb.End{}, backwards)},
		}},
		{"read what another client wrote", []question{
			{"the tail of the stream, at once", func(a *asker) string {
				return a.atOnce(200, func(a *asker) ([]*esdb.RecordedEvent, error) {
					return a.events(a.S, esdb.End{}, backwards, 1)
				})
			}},
			{"the tail of $all, at once", func(a *asker) string {
				return a.atOnce(50, func(a *asker) ([]*esdb.RecordedEvent, error) {
					return a.all(esdb.End{}, backwards, 8)
				})
			}},
		}},
	}
}

// atOnce appends and lets somebody else look, so many times, and says how often they saw it.
func (a *asker) atOnce(times int, look func(*asker) ([]*esdb.RecordedEvent, error)) string {
	somebody := *a
	somebody.client = connect(a, a.server.URL())
	saw := 0
	for range times {
		event := some(1)[0]
		a.given(a.S, event)
		events, err := look(&somebody)
		if err != nil {
			return describe(err)
		}
		for _, e := range events {
			if e.EventID == event.EventID {
				saw++
			}
		}
	}
	return fmt.Sprintf("%d of %d", saw, times)
}

// describing asks how a stream's metadata hides its beginning.
var describing = []topic{{"read a stream of ten events with metadata", []question{
	{"no metadata", func(a *asker) string {
		said, _, _ := strings.Cut(a.ten().metadata(a.S), ":")
		return said
	}},
	{"$maxCount 3, from Start", func(a *asker) string { return a.ten().keep(3).seen(a.S) }},
	{"$maxCount 3, from revision 2", func(a *asker) string {
		return a.ten().keep(3).read(a.S, esdb.Revision(2), esdb.Forwards, 50)
	}},
	{"then $tb 5", func(a *asker) string { return a.ten().keep(3).from(5).seen(a.S) }},
	{"then append", func(a *asker) string { return a.ten().from(5).append(a.S, esdb.Revision(9), some(1)...) }},
	{"then $tb 100", func(a *asker) string { return a.ten().from(100).seen(a.S) }},
	{"then append NoStream", func(a *asker) string {
		a.ten().append(a.S, esdb.Revision(9), some(1)...)
		return a.from(100).append(a.S, esdb.NoStream{}, some(1)...)
	}},
	{"of a deleted stream", func(a *asker) string { return a.hidden().metadata(a.S) }},
	{"set before the first event", func(a *asker) string { return a.keep(2).append(a.S, esdb.NoStream{}, some(1)...) }},
}}}

func (a *asker) ten() *asker {
	a.given(a.S, some(10)...)
	return a
}

func (a *asker) keep(count uint64) *asker {
	return a.describe(func(m *esdb.StreamMetadata) { m.SetMaxCount(count) })
}

func (a *asker) from(revision uint64) *asker {
	return a.describe(func(m *esdb.StreamMetadata) { m.SetTruncateBefore(revision) })
}

func (a *asker) describe(how func(*esdb.StreamMetadata)) *asker {
	a.Helper()
	var m esdb.StreamMetadata
	how(&m)
	if _, err := a.client.SetStreamMetadata(a.Context(), a.S, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, m); err != nil {
		a.Fatal(err)
	}
	return a
}

func (a *asker) metadata(stream string) string {
	m, err := a.client.GetStreamMetadata(a.Context(), stream, esdb.ReadStreamOptions{From: esdb.End{}, Direction: esdb.Backwards})
	if err != nil {
		return describe(err)
	}
	text, err := m.ToJson()
	if err != nil {
		return err.Error()
	}
	return string(text)
}
