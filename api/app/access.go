package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/bell"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/projections"
	view "github.com/casestream/casestream/projections/access"
	"github.com/casestream/casestream/projections/readdb"
)

// accessFile is the read log. It is in the data directory and in SQLite in any case: see the README.
const accessFile = "access.db"

// openAccess opens the read log for writing, and makes it if there is none.
func (a *App) openAccess(ctx context.Context) error {
	log, err := sqlite.Open(ctx, a.Dir.file(accessFile))
	if err != nil {
		return err
	}
	a.Access, a.Pace = access.New(log), new(access.Pace)
	a.closers = append(a.closers, a.Access.Close)
	a.Readers = projections.New(a.Access, a.Views, a.shattered, view.Projection{})
	return nil
}

// readAccess opens it beside the process that writes it, if there is one.
func (a *App) readAccess(ctx context.Context) error {
	log, err := sqlite.OpenReader(ctx, a.Dir.file(accessFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	a.Access = access.New(log)
	a.closers = append(a.closers, a.Access.Close)
	return nil
}

// shattered wakes who listens when a glass was broken or reviewed; what people read day by day wakes nobody.
func (a *App) shattered(_ events.Position, facts []events.Recorded) {
	for _, r := range facts {
		switch r.Event.(type) {
		case events.GlassBroken, events.GlassReviewed:
			a.News.Ring(bell.Views)
			return
		}
	}
}

// ReadersArrived waits until the view of the read log has arrived at its end, at most a few seconds, and says where that is.
func (a *App) ReadersArrived(ctx context.Context) (events.Position, error) {
	head, err := a.Access.Head(ctx)
	if err != nil {
		return 0, err
	}
	return head, arrived(ctx, projections.Several{a.Readers}, head)
}

// WhoRead lists who was shown what of these streams, the newest first, and says up to which position of the read log. Where
// there is none yet, nobody was.
func (a *App) WhoRead(ctx context.Context, limit int, streams ...string) (list []view.Reading, at events.Position, err error) {
	if a.Access == nil {
		return nil, 0, nil
	}
	if a.Readers == nil {
		return a.whoReadBeside(ctx, limit, streams...)
	}
	if at, err = a.ReadersArrived(ctx); err == nil {
		list, err = view.Readers(ctx, a.Views, limit, streams...)
	}
	return list, at, err
}

// whoReadBeside is WhoRead where nobody keeps the view of the read log up: it folds it for itself, into a file that goes
// again. There are no words in it.
func (a *App) whoReadBeside(ctx context.Context, limit int, streams ...string) (list []view.Reading, at events.Position, err error) {
	dir, err := os.MkdirTemp("", "casestream-readers-")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(dir)
	db, err := readdb.Open(ctx, filepath.Join(dir, "views.db"))
	if err != nil {
		return nil, 0, err
	}
	defer db.Close()
	if at, err = a.Access.Head(ctx); err != nil {
		return nil, 0, err
	}
	if err = projections.New(a.Access, db, nil, view.Projection{}).CatchUp(ctx, nil); err == nil {
		list, err = view.Readers(ctx, db, limit, streams...)
	}
	return list, at, err
}

// Seen is what a command beside the running server asks it to record: that somebody at this machine is shown something.
type Seen struct {
	Actor  string         `json:"actor"`
	Asking events.Asking  `json:"asking"`
	Shown  []events.Shown `json:"shown"`
	Export *Export        `json:"export,omitempty"` // taken away in a file; nil: read
}

// Export is what a file is, by its code, and how many rows are in it.
type Export struct {
	What string `json:"what"`
	Rows int    `json:"rows"`
}

// Fact is what the read log keeps of it.
func (s Seen) Fact() events.Event {
	if s.Export != nil {
		return events.Exported{Asking: s.Asking, What: s.Export.What, Rows: s.Export.Rows, Shown: s.Shown}
	}
	return events.Disclosed{Asking: s.Asking, Shown: s.Shown}
}

// Disclose records that somebody was shown something, from a process that does not have the read log open for writing:
// it opens it for this one entry. While another process writes it, that is sqlite.ErrWritten.
func (d Dir) Disclose(ctx context.Context, record func(*access.Log) error) error {
	if _, err := os.Stat(string(d)); err != nil {
		return err
	}
	log, err := sqlite.Open(ctx, d.file(accessFile))
	if err != nil {
		return err
	}
	to := access.New(log)
	return errors.Join(record(to), to.Close())
}
