package eventstoredb

import (
	"context"
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
)

// categories are ours: a server may have streams of other programs, and has many of its own.
var categories = func() map[string]bool {
	all := map[string]bool{}
	for _, category := range events.Categories() {
		all[category] = true
	}
	return all
}()

// ours tells whether a stream is a part of the log.
func ours(stream string) bool {
	category, id, ok := events.SplitStream(stream)
	return ok && categories[category] && stream == events.Stream(category, id)
}

// recorded is an event of the server as our readers see it.
func recorded(e *esdb.RecordedEvent) (events.Recorded, error) {
	w := events.Written{Type: e.EventType, Meta: e.UserMetadata, Data: e.Data}
	r, err := w.Recorded(events.Position(e.Position.Commit), e.StreamID, versionOf(e))
	if err != nil {
		err = fmt.Errorf("position %d, version %d of %s: %w", e.Position.Commit, versionOf(e), e.StreamID, err)
	}
	return r, err
}

// Read begins one event before what is asked for: so even who finds nothing new has seen the stream's head, and the
// append that follows need not.
func (s *Store) Read(ctx context.Context, stream string, from int) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		if err := s.read(ctx, stream, max(from, 1), yield); err != nil {
			yield(events.Recorded{}, fmt.Errorf("reading %s: %w", stream, err))
		}
	}
}

func (s *Store) read(ctx context.Context, stream string, from int, yield func(events.Recorded, error) bool) error {
	for next := max(from-1, 1); ; {
		if err := s.lines.ended(ctx); err != nil {
			return err
		}
		p, err := ask(ctx, s.lines, s.reading, streamPage(stream, revision(next), esdb.Forwards, pageEvents))
		if err != nil {
			return err
		}
		for i, e := range p.events {
			if versionOf(e) != next {
				return fmt.Errorf("%w: version %d is missing", events.ErrDamaged, next)
			}
			next++
			if on, err := s.show(ctx, e, next > from, yield); !on || err != nil {
				return err
			}
			if i == len(p.events)-1 && !p.more {
				s.remember(e)
			}
		}
		if !p.more {
			return nil
		}
	}
}

// show yields an event that is wanted, and tells whether more is.
func (s *Store) show(ctx context.Context, e *esdb.RecordedEvent, wanted bool, yield func(events.Recorded, error) bool) (bool, error) {
	if err := s.lines.ended(ctx); err != nil || !wanted {
		return true, err
	}
	r, err := recorded(e)
	if err != nil {
		return false, err
	}
	s.saw(r.Position)
	return yield(r, nil), nil
}

// remember keeps the head of a stream that was read to its end.
func (s *Store) remember(last *esdb.RecordedEvent) {
	if is, err := headOf(last); err == nil {
		s.heads.saw(last.StreamID, is)
	}
}

func (s *Store) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		if _, _, err := s.walk(ctx, after, yield); err != nil {
			yield(events.Recorded{}, fmt.Errorf("reading the log: %w", err))
		}
	}
}

// walk yields what is after a position, up to what is the head when it begins. It says how far it came and whether more
// is wanted.
func (s *Store) walk(ctx context.Context, after events.Position, yield func(events.Recorded, error) bool) (events.Position, bool, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return after, false, err
	}
	for after < head {
		p, err := ask(ctx, s.lines, s.reading, allPage(allFrom(after), esdb.Forwards, pageEvents))
		if err != nil {
			return after, false, err
		}
		before := after
		for _, e := range p.events {
			at := events.Position(e.Position.Commit)
			if at <= after { // a page begins with the event at its position
				continue
			}
			if at > head {
				return after, true, nil
			}
			if on, err := s.show(ctx, e, ours(e.StreamID), yield); !on || err != nil {
				return after, false, err
			}
			after = at
		}
		if after == before {
			return after, false, fmt.Errorf("%w: there is nothing after position %d and the head is %d", events.ErrDamaged, after, head)
		}
	}
	return after, true, nil
}

func allFrom(after events.Position) esdb.AllPosition {
	if after == 0 {
		return esdb.Start{}
	}
	return esdb.Position{Commit: uint64(after), Prepare: uint64(after)}
}

// Head is the position of the last event of ours. What this process has seen of the log need not be looked through again.
func (s *Store) Head(ctx context.Context) (events.Position, error) {
	if err := s.lines.ended(ctx); err != nil {
		return 0, fmt.Errorf("reading the head: %w", err)
	}
	var from esdb.AllPosition = esdb.End{}
	for count := 16; ; count = min(2*count, pageEvents) {
		seen := events.Position(s.seen.Load())
		p, err := ask(ctx, s.lines, s.reading, allPage(from, esdb.Backwards, count))
		if err != nil {
			return 0, fmt.Errorf("reading the head: %w", err)
		}
		for _, e := range p.events {
			at := events.Position(e.Position.Commit)
			if at <= seen {
				return seen, nil
			}
			if ours(e.StreamID) {
				s.saw(at)
				return at, nil
			}
			from = e.Position
		}
		if !p.more {
			return seen, nil
		}
	}
}

// saw remembers the last position known to be of an event of ours.
func (s *Store) saw(at events.Position) {
	for {
		seen := s.seen.Load()
		if uint64(at) <= seen || s.seen.CompareAndSwap(seen, uint64(at)) {
			return
		}
	}
}
