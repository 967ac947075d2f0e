// Package bell says that there is news: something was appended to the log, or the views have arrived at it.
//
// The log is the truth and the bell only wakes. A message that is lost costs a tick, never data: whoever is woken
// looks for itself, from where it was. So news may be coalesced, late, or about nothing new. A message has positions,
// names of streams and types of events, and nothing about anyone.
//
// A listener looks whenever Listen yields, whatever it yields:
//
//	for range b.Listen(ctx, bell.Log, time.Second) {
//		catchUp()
//	}
package bell

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/casestream/casestream/events"
)

// Subject is what there is news of.
type Subject string

const (
	// Log: facts were appended. Only the newest counts: it says how far the log is.
	Log Subject = "casestream.log"
	// Views: facts have arrived in every view, so that what is read now shows them. The newest of each stream counts.
	Views Subject = "casestream.views"
)

// News is that a stream has a new fact. Without a stream it is about anything up to the position; the zero News
// says only that it is time to look.
type News struct {
	Position events.Position `json:"position"`
	Stream   string          `json:"stream,omitempty"`
	Type     string          `json:"type,omitempty"`
}

// Bell rings and listens over one connection to NATS. Many goroutines may use it.
type Bell struct {
	conn    *nats.Conn
	outward map[Subject]*mail
	done    chan struct{}
	ringers sync.WaitGroup
	closing sync.Once
	hangUp  func() error // ends what is under the connection
}

// pace is how often a bell rings at most. The first news goes out at once; what comes within a pace goes together.
const pace = time.Millisecond

func newBell(conn *nats.Conn, hangUp func() error) *Bell {
	b := &Bell{
		conn: conn, hangUp: hangUp, done: make(chan struct{}),
		outward: map[Subject]*mail{Log: newMail(Log), Views: newMail(Views)},
	}
	for on, out := range b.outward {
		b.ringers.Go(func() { b.ring(on, out) })
	}
	return b
}

// Ring tells news. It never waits, and it is cheap: it may be called for every append.
func (b *Bell) Ring(on Subject, news ...News) { b.outward[on].put(news...) }

// Arrived tells that the views have arrived at a position with these facts. A projector calls it.
func (b *Bell) Arrived(at events.Position, facts []events.Recorded) {
	news := make([]News, 0, len(facts)+1)
	for _, r := range facts {
		if r.CaughtUp() {
			continue
		}
		news = append(news, News{Position: r.Position, Stream: r.Stream, Type: r.Event.Type()})
	}
	if len(news) == 0 {
		news = append(news, News{Position: at})
	}
	b.Ring(Views, news...)
}

// ring publishes what was put into its mail, from one goroutine.
func (b *Bell) ring(on Subject, out *mail) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-out.ready:
		case <-b.done:
			return
		}
		if data, err := json.Marshal(out.take()); err == nil {
			_ = b.conn.Publish(string(on), data) // if it fails, it costs a tick
		}
		wait.Reset(pace)
		select {
		case <-wait.C:
		case <-b.done:
			return
		}
	}
}

// Listen yields news until ctx ends or the bell is closed. It begins with the zero News as soon as it hears, so that
// what was told before can be looked for, and it yields a zero News after every tick in which it heard nothing.
// A listener that is slow hears less often, never later: what came meanwhile is coalesced.
func (b *Bell) Listen(ctx context.Context, on Subject, tick time.Duration) iter.Seq[News] {
	return func(yield func(News) bool) {
		inward := newMail(on)
		heard, err := b.conn.Subscribe(string(on), func(m *nats.Msg) { inward.deliver(m.Data) })
		if err != nil {
			return // closed
		}
		defer heard.Unsubscribe()
		_ = b.conn.FlushTimeout(tick) // until the server knows of it; if it is away, ticks go on
		if !yield(News{}) {
			return
		}
		silence := time.NewTicker(tick)
		defer silence.Stop()
		for {
			news := []News{{}}
			select {
			case <-inward.ready:
				news = inward.take()
			case <-silence.C:
			case <-ctx.Done():
				return
			case <-b.done:
				return
			}
			for _, n := range news {
				if !yield(n) {
					return
				}
			}
			silence.Reset(tick)
		}
	}
}

// Close ends every Listen. What was rung and not yet told is lost, which costs a tick.
func (b *Bell) Close() error {
	var err error
	b.closing.Do(func() {
		close(b.done)
		b.ringers.Wait()
		err = b.hangUp()
	})
	if err != nil {
		return fmt.Errorf("closing the bell: %w", err)
	}
	return nil
}
