// Package memory is a log that lives as long as its process: for specs and tests. It passes the same suite as the
// stores that last, and it encodes what it is given, so that a fact which could not be kept fails here already.
package memory

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Store is a log in memory. Its positions have no gaps, but nobody should count on that.
type Store struct {
	id     uuid.UUID
	closed chan struct{}

	mu      sync.Mutex
	log     []record         // only grows: a slice of it stays true without the lock
	streams map[string][]int // where each version is in the log
	news    chan struct{}    // closed and replaced by every append
}

var _ events.Store = (*Store)(nil)

// Promises are what a log in memory promises beyond the port.
var Promises = events.Promises{Gapless: true}

// New is an empty log.
func New() *Store {
	return &Store{id: uuid.New(), closed: make(chan struct{}), streams: map[string][]int{}, news: make(chan struct{})}
}

func (s *Store) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	draft, err := events.Drafted(stream, expected, meta, facts)
	if err == nil {
		err = s.ended(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("appending to %s: %w", stream, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.streams[stream]
	if expected != len(at) {
		return s.again(draft)
	}
	if expected > 0 {
		draft.NotBefore(s.log[at[expected-1]].meta.RecordedAt)
	}
	for i, fact := range draft.Facts {
		s.streams[stream] = append(s.streams[stream], len(s.log))
		s.log = append(s.log, record{stream: stream, version: expected + i + 1, name: fact.Type, data: fact.Data, meta: draft.Meta(i)})
	}
	close(s.news)
	s.news = make(chan struct{})
	return events.Position(len(s.log)), nil
}

// again answers an append that does not continue its stream: as the first time if it is already there, else a conflict.
func (s *Store) again(d events.Draft) (events.Position, error) {
	at, end := s.streams[d.Stream], d.Expected+len(d.Facts)
	if d.Expected < 0 || end > len(at) {
		return 0, d.Conflict(len(at))
	}
	for i, fact := range d.Facts {
		if s.log[at[d.Expected+i]].meta.EventID != fact.ID {
			return 0, d.Conflict(len(at))
		}
	}
	return events.Position(at[end-1] + 1), nil
}

func (s *Store) Read(ctx context.Context, stream string, from int) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		s.mu.Lock()
		log, at := s.log, s.streams[stream]
		s.mu.Unlock()
		if err := s.ended(ctx); err != nil {
			yield(events.Recorded{}, fmt.Errorf("reading %s: %w", stream, err))
			return
		}
		for _, n := range at[min(max(from, 1)-1, len(at)):] {
			if !s.yield(ctx, log, n, yield) {
				return
			}
		}
	}
}

func (s *Store) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		log, _ := s.present()
		if err := s.ended(ctx); err != nil {
			yield(events.Recorded{}, fmt.Errorf("reading the log: %w", err))
			return
		}
		for n := int(min(after, events.Position(len(log)))); n < len(log); n++ {
			if !s.yield(ctx, log, n, yield) {
				return
			}
		}
	}
}

// Follow ends with the reason as its last word: the context's error, or events.ErrClosed.
func (s *Store) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		for said := false; ; {
			log, news := s.present()
			for ; after < events.Position(len(log)); after++ {
				if !s.yield(ctx, log, int(after), yield) {
					return
				}
			}
			if !said && !yield(events.Recorded{}, nil) {
				return
			}
			said = true
			select {
			case <-news:
			case <-ctx.Done():
			case <-s.closed:
			}
			if err := s.ended(ctx); err != nil {
				yield(events.Recorded{}, fmt.Errorf("following the log: %w", err))
				return
			}
		}
	}
}

func (s *Store) Head(ctx context.Context) (events.Position, error) {
	if err := s.ended(ctx); err != nil {
		return 0, fmt.Errorf("reading the head: %w", err)
	}
	log, _ := s.present()
	return events.Position(len(log)), nil
}

func (s *Store) ID() uuid.UUID { return s.id }

// Close ends whoever follows. Closing twice is harmless.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	return nil
}

func (s *Store) present() ([]record, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log, s.news
}

func (s *Store) ended(ctx context.Context) error {
	select {
	case <-s.closed:
		return events.ErrClosed
	default:
		return ctx.Err()
	}
}

// yield hands out the n-th record of the log and tells whether the reader wants more.
func (s *Store) yield(ctx context.Context, log []record, n int, yield func(events.Recorded, error) bool) bool {
	err := s.ended(ctx)
	var r events.Recorded
	if err == nil {
		r, err = log[n].recorded(events.Position(n + 1))
	}
	if err != nil {
		yield(events.Recorded{}, fmt.Errorf("reading position %d: %w", n+1, err))
		return false
	}
	return yield(r, nil)
}
