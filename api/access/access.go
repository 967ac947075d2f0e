// Package access keeps the read log: who was shown what, who was refused. It is a log of its own, in a Store of its own,
// and what is in it is ids, codes and classes, never words.
//
// An entry is durable before what it speaks of leaves the process: whoever is about to answer calls Record first, and
// answers nothing if that fails. So a crash leaves an entry too many at most, never one too few.
//
// Read opened.go next: what was shown is not declared by hand, the sealed values say it when they are opened.
package access

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// ErrUnrecorded: it could not be recorded that something is shown, so it must not be shown.
var ErrUnrecorded = errors.New("it could not be recorded who is shown this, so it is not shown")

// Log is the read log. It is safe for concurrent use.
type Log struct {
	events.Store

	mu     sync.Mutex
	lines  map[string]*line
	closed bool
	under  sync.WaitGroup // appends under way
}

// New makes a read log of a store.
func New(store events.Store) *Log { return &Log{Store: store, lines: make(map[string]*line)} }

// Close waits for what is being recorded, and closes the store.
func (l *Log) Close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.under.Wait()
	return l.Store.Close()
}

// line is what waits to be recorded of one reader. Each reader has a stream, and appends to it one after the other; what
// comes while one is under way goes together into the next. The store commits those of many readers together.
type line struct {
	version int
	waiting []entry
	busy    bool
}

type entry struct {
	at   time.Time
	fact events.Event
	done chan error // has room for it
}

// Record keeps a fact of one reader, named as the log names an actor, and returns when it is durable. Any error is
// ErrUnrecorded; the fact may be there nevertheless.
func (l *Log) Record(ctx context.Context, actor string, at time.Time, fact events.Event) error {
	e := entry{at: at, fact: fact, done: make(chan error, 1)}
	stream := events.Reader(actor)
	l.queue(context.WithoutCancel(ctx), stream, actor, e)
	var err error
	select {
	case err = <-e.done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnrecorded, err)
	}
	return nil
}

// queue puts an entry behind those that wait, and sees that somebody is at work on them.
func (l *Log) queue(ctx context.Context, stream, actor string, e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		e.done <- events.ErrClosed
		return
	}
	n := l.lines[stream]
	if n == nil {
		n = new(line)
		l.lines[stream] = n
	}
	n.waiting = append(n.waiting, e)
	if !n.busy {
		n.busy = true
		l.under.Go(func() { l.work(ctx, stream, actor, n) })
	}
}

// work appends what waits until nothing does.
func (l *Log) work(ctx context.Context, stream, actor string, n *line) {
	for {
		l.mu.Lock()
		batch := few(n.waiting)
		n.waiting = n.waiting[len(batch):]
		n.busy = len(batch) > 0
		l.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		err := l.append(ctx, stream, actor, n, batch)
		for _, e := range batch {
			e.done <- err
		}
	}
}

const (
	mostFacts = 64     // in one append
	mostNames = 10_000 // of streams in them: an append takes a megabyte
)

// few is as much of what waits as one append takes; at least one.
func few(waiting []entry) []entry {
	names := 0
	for i, e := range waiting {
		if fact, ok := e.fact.(events.Disclosed); ok {
			for _, shown := range fact.Shown {
				names += len(shown.Streams)
			}
		}
		if i > 0 && (i == mostFacts || names > mostNames) {
			return waiting[:i]
		}
	}
	return waiting
}

// patience is how long an append may take.
const patience = 10 * time.Second

// append adds facts to the end of a reader's stream, wherever that is: who is behind is told by the conflict.
func (l *Log) append(ctx context.Context, stream, actor string, n *line, batch []entry) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	meta := events.Meta{CommandID: id, Actor: actor, OccurredAt: batch[0].at, RecordedAt: batch[0].at}
	facts := make([]events.Event, len(batch))
	for i, e := range batch {
		facts[i] = e.fact
	}
	for range 3 {
		if _, err = l.Append(ctx, stream, n.version, meta, facts...); err == nil {
			n.version += len(facts)
			return nil
		}
		var conflict *events.Conflict
		if !errors.As(err, &conflict) {
			return err
		}
		n.version = conflict.Actual
	}
	return err
}
