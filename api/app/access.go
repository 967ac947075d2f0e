package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/bell"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/projections"
	view "github.com/casestream/casestream/projections/access"
)

// accessFile is the read log. It is in the data directory and in SQLite in any case: see the README.
const accessFile = "access.db"

// openAccess opens the read log for writing, and makes it if there is none.
func (a *App) openAccess(ctx context.Context) error {
	log, err := sqlite.Open(ctx, a.Dir.file(accessFile))
	if err != nil {
		return err
	}
	a.Access = access.New(log)
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
	return head, arrived(ctx, a.Readers, head)
}

// Seen is what a command beside the running server asks it to record: that somebody at this machine is shown something.
type Seen struct {
	Actor string           `json:"actor"`
	Fact  events.Disclosed `json:"fact"`
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
