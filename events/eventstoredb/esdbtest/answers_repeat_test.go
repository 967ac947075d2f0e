package esdbtest_test

import (
	"fmt"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// repeating asks what a retry after an unknown outcome meets.
var repeating = []topic{
	{"append again with the same ids", []question{
		{"at an explicit revision", again(1, esdb.Revision(0), stays)},
		{"NoStream", again(0, esdb.NoStream{}, stays)},
		{"Any", again(0, esdb.Any{}, stays)},
		{"StreamExists", again(1, esdb.StreamExists{}, stays)},
		{"restarted, explicit revision", again(1, esdb.Revision(0), restarts)},
		{"restarted, NoStream", again(0, esdb.NoStream{}, restarts)},
		{"restarted, Any", again(0, esdb.Any{}, restarts)},
		{"restarted, StreamExists", again(1, esdb.StreamExists{}, restarts)},
		{"after another event", func(a *asker) string {
			events := some(4)
			a.given(a.S, events[0])
			a.given(a.S, events[1:3]...)
			a.given(a.S, events[3])
			return a.append(a.S, esdb.Revision(0), events[1:3]...) + ", " + a.amount(a.S)
		}},
		{"after a delete", func(a *asker) string {
			events := some(2)
			a.given(a.S, events...)
			a.delete(a.S, esdb.Any{})
			return a.append(a.S, esdb.NoStream{}, events...) + ", " + a.amount(a.S)
		}},
		{"one id twice in an append", func(a *asker) string {
			one := some(1)[0]
			a.append(a.S, esdb.NoStream{}, one, one)
			return a.append(a.S, esdb.NoStream{}, one, one) + ", " + a.amount(a.S)
		}},
		{"other type and data", func(a *asker) string { return a.otherData() + ", " + a.amount(a.S) }},
		{"other type and data: what stays", func(a *asker) string {
			a.otherData()
			if events, err := a.events(a.S, esdb.Start{}, esdb.Forwards, 1); err != nil || events[0].EventType != "Probe" {
				return "the second"
			}
			return "the first"
		}},
		{"in another stream, NoStream", func(a *asker) string { return a.elsewhere(esdb.NoStream{}) }},
		{"in another stream, Any", func(a *asker) string { return a.elsewhere(esdb.Any{}) }},
	}},
	{"append other ids where [a b] were appended with NoStream", []question{
		{"[a] NoStream", other("a", esdb.NoStream{})},
		{"[a c] NoStream", other("ac", esdb.NoStream{})},
		{"[a b c] NoStream", other("abc", esdb.NoStream{})},
		{"[b a] NoStream", other("ba", esdb.NoStream{})},
		{"[b] at revision 0", other("b", esdb.Revision(0))},
		{"[b c] at revision 0", other("bc", esdb.Revision(0))},
		{"[b c] Any, known elsewhere first", func(a *asker) string {
			events := some(3)
			a.given(a.T2, events[:2]...)
			a.append(a.S, esdb.NoStream{}, events[:2]...)
			return a.append(a.S, esdb.Any{}, events[1:]...) + ", " + a.amount(a.S)
		}},
	}},
}

func stays(*asker) {}

func restarts(a *asker) {
	if err := a.server.Restart(); err != nil {
		a.Fatal(err)
	}
}

// again appends two events behind some, and the same once more.
func again(given int, expected esdb.ExpectedRevision, between func(*asker)) func(*asker) string {
	return func(a *asker) string {
		// A server of its own: a restart cuts everyone's connection.
		a.ownServer()
		if given > 0 {
			a.given(a.S, some(given)...)
		}
		events := some(2)
		first, err := a.put(a.S, expected, events...)
		if err != nil {
			return describe(err)
		}
		between(a)
		a.client = connect(a, a.server.URL())
		second, err := a.put(a.S, expected, events...)
		if err != nil {
			return describe(err)
		}
		where := "elsewhere"
		if second.CommitPosition == first.CommitPosition && second.PreparePosition == first.PreparePosition {
			where = "at the same position"
		}
		return fmt.Sprint("last ", second.NextExpectedVersion, ", ", where, ", ", a.amount(a.S))
	}
}

// other appends a, b or c in some order, where a and b are.
func other(letters string, expected esdb.ExpectedRevision) func(*asker) string {
	return func(a *asker) string {
		events := some(3)
		a.append(a.S, esdb.NoStream{}, events[:2]...)
		var batch []esdb.EventData
		for _, letter := range letters {
			batch = append(batch, events[strings.IndexRune("abc", letter)])
		}
		return a.append(a.S, expected, batch...) + ", " + a.amount(a.S)
	}
}

func (a *asker) otherData() string {
	events := some(2)
	a.append(a.S, esdb.NoStream{}, events...)
	events[0].EventType, events[0].Data = "Other", []byte(`{"other":1}`)
	return a.append(a.S, esdb.NoStream{}, events...)
}

func (a *asker) elsewhere(expected esdb.ExpectedRevision) string {
	events := some(2)
	a.append(a.S, esdb.NoStream{}, events...)
	answer := a.append(a.T2, expected, events...)
	if a.amount(a.S) == a.amount(a.T2) {
		return answer + ", " + a.amount(a.S) + " in each"
	}
	return answer
}
