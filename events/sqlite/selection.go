package sqlite

import (
	"context"
	"iter"
	"slices"

	"github.com/casestream/casestream/events"
)

// selection is the log for a reader of some categories. To decode a fact is most of what reading it costs.
type selection struct {
	*Store
	categories []string
}

var _ events.Selective = (*Store)(nil)

// Of is this log for a reader of some categories.
func (s *Store) Of(categories ...string) events.Store { return selection{s, categories} }

func (s selection) looks(stream string) bool {
	category, _, _ := events.SplitStream(stream)
	return slices.Contains(s.categories, category)
}

func (s selection) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return s.readAll(ctx, after, s.looks)
}

func (s selection) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return s.followAll(ctx, after, s.looks)
}
