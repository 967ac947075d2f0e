package eventstoredb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
)

// Follow ends with the reason as its last word: the context's error, or events.ErrClosed. A server that is away is no
// reason: it waits. The past is read in pages, because then it is known what the past is: up to the head when the reading
// began. What comes after it comes by subscription, over a line of its own: one line carries a hundred
// conversations, and then appends would wait.
func (s *Store) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		if err := s.follow(ctx, after, yield); err != nil {
			yield(events.Recorded{}, fmt.Errorf("following the log: %w", err))
		}
	}
}

func (s *Store) follow(ctx context.Context, after events.Position, yield func(events.Recorded, error) bool) error {
	on := true
	for pause := shortest; ; pause = min(2*pause, longest) {
		var err error
		after, on, err = s.walk(ctx, after, yield)
		if err == nil {
			break
		}
		if !errors.Is(err, events.ErrUnavailable) {
			return err
		}
		rest(ctx, pause)
	}
	if !on || !yield(events.Recorded{}, nil) {
		return nil
	}
	lines := s.newLines()
	defer lines.close()
	defer context.AfterFunc(s.lines.life, lines.end)()
	for pause := shortest; ; pause = min(2*pause, longest) {
		began := after
		on, err := s.subscribe(ctx, lines, &after, yield)
		if !on {
			return err
		}
		if ended := lines.ended(ctx); ended != nil {
			return ended
		}
		if again, err := verdict(err); !again && !errors.Is(err, events.ErrUnavailable) {
			return err
		}
		slog.DebugContext(ctx, "the subscription dropped: going on from where it was", "position", after, "why", err)
		if after != began {
			pause = shortest
		}
		rest(ctx, pause)
	}
}

// subscribe yields what comes after a position until the subscription drops, and says how far it came. A follower that is
// so slow that the server drops it loses nothing: it comes back for the rest.
func (s *Store) subscribe(ctx context.Context, lines *lines, after *events.Position, yield func(events.Recorded, error) bool) (on bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(lines.life, cancel)()
	l, err := lines.reach(ctx, time.Now().Add(patience))
	if err != nil {
		return true, err
	}
	arrivals := make(chan arrival, ahead)
	go func() {
		defer l.put()
		arrive(ctx, l, *after, arrivals)
	}()
	opening := time.NewTimer(lines.limit)
	defer opening.Stop()
	for {
		var a arrival
		select {
		case a = <-arrivals:
			opening.Stop()
		case <-opening.C:
			a.err = errSilent
		case <-ctx.Done():
			return true, ctx.Err()
		}
		if a.err != nil {
			if broken(a.err) {
				lines.lose(l)
			}
			return true, a.err
		}
		if on, err := s.show(ctx, a.event, a.event != nil, yield); !on || err != nil {
			return false, err
		}
		*after = a.at
	}
}

// arrival is what a subscription brings: an event of ours, or how far it has looked, or why it ended.
type arrival struct {
	event *esdb.RecordedEvent
	at    events.Position
	err   error
}

const ahead = 16 // arrivals that may wait for whoever follows: each may be of a megabyte

// ourStreams lets the server skip what is not ours, but for streams that only look so.
var ourStreams = func() *esdb.SubscriptionFilter {
	filter := &esdb.SubscriptionFilter{Type: esdb.StreamFilterType}
	for _, category := range events.Categories() {
		filter.Prefixes = append(filter.Prefixes, category+"-")
	}
	return filter
}()

// arrive hands on what a subscription brings until it ends. How far it has looked without finding anything counts: it
// need not look there again.
func arrive(ctx context.Context, l *line, after events.Position, arrivals chan<- arrival) {
	hand := func(a arrival) {
		select {
		case arrivals <- a:
		case <-ctx.Done():
		}
	}
	options := esdb.SubscribeToAllOptions{From: allFrom(after), Filter: ourStreams, RequiresLeader: true}
	subscription, err := visited(leading(ctx), l, func(ctx context.Context, client *esdb.Client) (*esdb.Subscription, error) {
		return client.SubscribeToAll(ctx, options)
	})
	if err != nil {
		hand(arrival{err: err})
		return
	}
	defer subscription.Close()
	hand(arrival{at: after})
	for ctx.Err() == nil {
		switch message := subscription.Recv(); {
		case message.SubscriptionDropped != nil:
			hand(arrival{err: fmt.Errorf("dropped: %w", message.SubscriptionDropped.Error)})
			return
		case message.CheckPointReached != nil:
			hand(arrival{at: events.Position(message.CheckPointReached.Commit)})
		case message.EventAppeared != nil:
			event := message.EventAppeared.OriginalEvent()
			a := arrival{at: events.Position(event.Position.Commit)}
			if ours(event.StreamID) {
				a.event = event
			}
			hand(a)
		}
	}
}
