package sqlite

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
)

// selection is the log for a reader of some categories. To copy a fact out of the file and to decode it is most of what
// reading it costs.
type selection struct {
	*Store
	looks
}

var _ events.Selective = (*Store)(nil)

// Of is this log for a reader of some categories.
func (s *Store) Of(categories ...string) events.Store {
	ours := `CASE WHEN substr(name, 1, instr(name, '-') - 1) IN ('` + strings.Join(categories, `', '`) + `') THEN `
	return selection{s, looks{categories: categories, columns: ours + `meta END, ` + ours + `data END`}}
}

func (s selection) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return s.readAll(ctx, after, s.looks)
}

func (s selection) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return s.followAll(ctx, after, s.looks)
}

// looks says of which streams a reader wants to know what the facts say.
type looks struct {
	categories []string // nil: of all
	columns    string   // who, when and what, where they are wanted
}

var everywhere = looks{columns: `meta, data`}

func (l looks) at(stream string) bool {
	category, _, _ := events.SplitStream(stream)
	return l.categories == nil || slices.Contains(l.categories, category)
}
