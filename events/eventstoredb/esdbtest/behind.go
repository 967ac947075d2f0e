package esdbtest

import (
	"context"
	"fmt"

	"github.com/casestream/casestream/events"
)

// Behind keeps what is appended in a store as well, before it is acknowledged: a server that costs what the disk costs,
// for measuring. The store is as new as the server. What is no fact of ours stays in memory.
func Behind(store events.Store) Option {
	return func(s *Server) error {
		s.behind = store
		return nil
	}
}

// persist puts the records of an append, the last of which has this revision, into the store behind.
func (s *Server) persist(ctx context.Context, stream string, last int64, records []*record) error {
	if _, _, ours := events.SplitStream(stream); s.behind == nil || !ours {
		return nil
	}
	facts := make([]events.Event, len(records))
	var meta events.Meta
	for i, r := range records {
		recorded, err := events.Written{Type: r.Type, Meta: r.Meta, Data: r.Data}.Recorded(0, stream, 0)
		if err != nil {
			return err
		}
		facts[i] = recorded.Event
		if i == 0 {
			meta = recorded.Meta
		}
	}
	if _, err := s.behind.Append(ctx, stream, int(last)+1-len(records), meta, facts...); err != nil {
		return fmt.Errorf("the store behind: %w", err)
	}
	return nil
}
