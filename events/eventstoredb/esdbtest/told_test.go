package esdbtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/status"
)

const (
	isCaughtUp   = "caught up"
	isEvent      = "event"
	isCheckpoint = "checkpoint"
	isDropped    = "dropped"
)

func caughtUp(kind string) bool { return kind == isCaughtUp }
func anEvent(kind string) bool  { return kind == isEvent }
func dropped(kind string) bool  { return kind == isDropped }

// told is what a subscription has said: all of it, and since somebody last waited.
type told struct {
	subscription *esdb.Subscription
	kinds        []string
	events       []*esdb.RecordedEvent
	err          error
	from         int // index of the first of kinds since then
	fromEvent    int
}

func (a *asker) follow(stream string, from esdb.StreamPosition) (*told, string) {
	return a.listen(a.client.SubscribeToStream(a.patience(), stream, esdb.SubscribeToStreamOptions{From: from}))
}

func (a *asker) followAll(options esdb.SubscribeToAllOptions) (*told, string) {
	return a.listen(a.client.SubscribeToAll(a.patience(), options))
}

// patience ends a subscription that says nothing, so that a test fails and does not hang.
func (a *asker) patience() context.Context {
	ctx, enough := context.WithTimeout(a.whole.Context(), 30*time.Second) // the next question may go on with it
	a.whole.Cleanup(enough)
	return ctx
}

func (a *asker) listen(s *esdb.Subscription, err error) (*told, string) {
	if err != nil {
		return nil, describe(err)
	}
	a.Cleanup(func() { s.Close() })
	return &told{subscription: s}, ""
}

// until waits for something, or the end.
func (t *told) until(what func(kind string) bool) *told {
	t.from, t.fromEvent = len(t.kinds), len(t.events)
	for {
		kind := isDropped
		switch said := t.subscription.Recv(); {
		case said.EventAppeared != nil:
			kind = isEvent
			t.events = append(t.events, said.EventAppeared.OriginalEvent())
		case said.CheckPointReached != nil:
			kind = isCheckpoint
		case said.CaughtUp != nil:
			kind = isCaughtUp
		case said.SubscriptionDropped != nil:
			t.err = said.SubscriptionDropped.Error
		}
		t.kinds = append(t.kinds, kind)
		if kind == isDropped || what(kind) {
			return t
		}
	}
}

// words says it with revisions: [0 1] caught up.
func (t *told) words() string {
	var parts []string
	if events := t.events[t.fromEvent:]; len(events) > 0 {
		parts = append(parts, revisions(events))
	}
	for _, kind := range t.kinds[t.from:] {
		switch kind {
		case isCaughtUp:
			parts = append(parts, kind)
		case isDropped:
			parts = append(parts, describe(t.err))
		}
	}
	return strings.Join(parts, " ")
}

func (t *told) wordsSinceStart() string {
	return t.kinds[0] + " " + revisions(t.events)
}

// counts says how many of each: 50 events, 32 checkpoints, caught up.
func (t *told) counts() string {
	n := map[string]int{}
	for _, kind := range t.kinds {
		n[kind]++
	}
	parts := []string{fmt.Sprint(n[isEvent], " events")}
	if n[isCheckpoint] > 0 {
		parts = append(parts, fmt.Sprint(n[isCheckpoint], " checkpoints"))
	}
	return strings.Join(append(parts, t.kinds[len(t.kinds)-1]), ", ")
}

// runs says in which order: 5 events, 3 checkpoints, 5 events …
func (t *told) runs(since int) string {
	var parts []string
	for i, n := since, 0; i < len(t.kinds); i++ {
		n++
		if i+1 == len(t.kinds) || t.kinds[i+1] != t.kinds[i] {
			plural := "s"
			if n == 1 {
				plural = ""
			}
			parts = append(parts, fmt.Sprint(n, " ", t.kinds[i], plural))
			n = 0
		}
	}
	return strings.Join(parts, ", ")
}

// raw is the status of a subscription's end, which the client hands on as it is.
func raw(err error) string {
	var e *esdb.Error
	if errors.As(err, &e) {
		return describe(err)
	}
	return status.Code(err).String()
}
