package esdbtest_test

import (
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

// stopping asks clients of a server that goes away, each of a server of its own.
var stopping = []topic{{"the server stops", []question{
	{"a follower, killed", func(a *asker) string {
		told := a.ownServer().abandoned()
		return raw(told.err)
	}},
	{"a follower, asked again", func(a *asker) string {
		told := a.ownServer().abandoned()
		a.up()
		return told.until(dropped).kinds[len(told.kinds)-1]
	}},
	{"a client that calls meanwhile", func(a *asker) string {
		a.ownServer().given(a.S, some(1)...)
		a.server.Kill()
		return a.callsUntilClosed()
	}},
	{"that client, when it is back", func(a *asker) string {
		a.ownServer().given(a.S, some(1)...)
		a.server.Kill()
		a.callsUntilClosed()
		a.up()
		_, err := a.put(a.S, esdb.Any{}, some(1)...)
		return code(err)
	}},
	{"a client that did not call", func(a *asker) string {
		a.ownServer().abandoned() // with a subscription, or nobody could tell when the client has noticed
		a.up()
		_, err := a.put(a.S, esdb.Any{}, some(1)...)
		return code(err)
	}},
	{"a patient client, when it is back", func(a *asker) string {
		a.ownServer()
		a.client = connect(a, a.server.URL()+"&maxDiscoverAttempts=1000&discoveryInterval=10")
		a.given(a.S, some(1)...)
		a.server.Kill()
		_, _ = a.put(a.S, esdb.Any{}, some(1)...) // notices the loss
		answer := make(chan error)
		go func() {
			_, err := a.put(a.S, esdb.Any{}, some(1)...)
			answer <- err
		}()
		a.server.NotReady()
		a.up()
		return describe(<-answer)
	}},
}}}

func (a *asker) ownServer() *asker {
	a.server = esdbtest.Start(a)
	a.client = connect(a, a.server.URL())
	return a
}

func (a *asker) up() {
	a.Helper()
	if err := a.server.Up(); err != nil {
		a.Fatal(err)
	}
}

// abandoned is a follower whose server was killed.
func (a *asker) abandoned() *told {
	told, answer := a.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}})
	if told == nil {
		a.Fatal(answer)
	}
	told.until(caughtUp)
	a.server.Kill()
	return told.until(dropped)
}

func (a *asker) callsUntilClosed() string {
	var said []string
	for len(said) < 5 {
		_, err := a.put(a.S, esdb.Any{}, some(1)...)
		said = append(said, code(err))
		if code(err) == "ConnectionClosed" {
			break
		}
	}
	return strings.Join(said, ", ")
}
