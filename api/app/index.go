package app

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/projections/search"
)

// The index of the search is beside the views and not among them: in search.db, or in the schema NAME_search. It can be
// left out of backups, and is made anew from log and keys.

// indexAt is where the index is.
func (s Settings) indexAt() (string, error) {
	if pg.Is(s.Views) {
		return pg.Beside(s.Views, "_search")
	}
	return filepath.Join(strings.TrimPrefix(s.Views, "sqlite:"), "search.db"), nil
}

func (a *App) openIndex(ctx context.Context) error {
	place, err := a.at.indexAt()
	if err != nil {
		return err
	}
	if a.Index, err = readdb.Open(ctx, place); err != nil {
		return err
	}
	a.closers = append(a.closers, a.Index.Close)
	return nil
}

// Known finds who is known by what is said, as of everything that was recorded until now.
func (a *App) Known(ctx context.Context, asked search.Asked) ([]search.Found, error) {
	if err := asked.Enough(); err != nil {
		return nil, err
	}
	head, err := a.Log.Head(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.Arrived(ctx, head, search.Projection{}.Name(), "caseload"); err != nil {
		return nil, err
	}
	return search.Find(ctx, a.Index, a.Keys, asked)
}
