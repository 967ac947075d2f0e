// Package app puts Casestream together: a data directory becomes a log, keys, views and desks. It is the only package
// that names adapters; everything else speaks of ports.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/bell"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/audit"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/keeping"
	"github.com/casestream/casestream/projections/outcomes"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/projections/search"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/glass"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/programme"
	"github.com/casestream/casestream/services/retention"
)

// Views lists what the log is folded into. A new view is a line here.
var Views = []projections.Projection{
	days.Projection{},
	caseload.Projection{},
	casefile.Projection{},
	outcomes.Projection{},
	audit.Projection{},
	keeping.Projection{},
}

// App is a running Casestream, without a door: rest and cli put one on.
type App struct {
	Dir  Dir
	Log  events.Store
	Keys sealed.Keys
	// Keyring are the same keys, for whoever destroys them.
	Keyring Keyring
	Views   *readdb.DB
	Index   *readdb.DB // of the search; nil beside the process that writes
	News    *bell.Bell

	Projector projections.Several // of Views and of the index, in this order; nil beside the process that writes
	Tokens    *session.Tokens
	Accounts  *account.Accounts

	Access  *access.Log            // who was shown what; nil beside a directory that has none yet
	Readers *projections.Projector // folds it; nil beside the process that writes
	Pace    *access.Pace

	Clients    *services.Desk[clients.Client]
	Cases      *services.Desk[cases.Case]
	FaceSheets *services.Outlines[cases.Case, cases.FaceSheet] // of the cases
	Groups     *services.Desk[groups.Group]
	Activities *services.Desk[activities.Activity]
	Programme  *services.Desk[programme.Programme]
	Glass      *services.Desk[glass.Glass] // in the read log

	// Now is the time here: the clock's, but in a demo directory that of the demo.
	Now func() time.Time

	// Standings tell who is restricted or forgotten; nil beside the process that writes, which has no door.
	Standings *keeping.Standings

	// World is the time everywhere else, also in a demo directory: phones that make codes and whoever else vouches for
	// people go by it, and so do sessions.
	World func() time.Time

	// Retention says how long what is kept.
	Retention retention.Rules

	// Quiet keeps recording in a client's cases and the beginning of a forgetting apart.
	Quiet *Quiet

	// Approved has a value when the forgetting of someone was approved: there may be work.
	Approved chan struct{}

	// PrepareKeys makes the keys of many owners together; each alone costs a sync of the disk.
	PrepareKeys func(ctx context.Context, owners ...string) error

	at      Settings
	replays replays
	closers []func() error
}

// Open opens a data directory for writing, and makes it if there is none. One process at a time can.
func Open(ctx context.Context, dir Dir, options ...Option) (_ *App, err error) {
	a := &App{Dir: dir, at: places(dir, options), Quiet: new(Quiet), replays: newReplays()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := dir.make(); err != nil {
		return nil, err
	}
	if a.Log, err = openLog(ctx, a.at.Log, false); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.Log.Close)
	if a.Views, err = openViews(ctx, a.at.Views, false); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.Views.Close)
	if err = a.openIndex(ctx); err != nil {
		return nil, err
	}
	if a.News, err = bell.Embedded(ctx); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.News.Close)
	a.Approved = make(chan struct{}, 1)
	if err = a.openAccess(ctx); err != nil {
		return nil, err
	}
	if err = a.furnish(ctx, true); err != nil {
		return nil, err
	}
	a.Projector = projections.Several{
		projections.New(a.Log, a.Views, a.told, Views...),
		projections.New(a.Log, a.Index, nil, search.Projection{Keys: a.Keys}),
	}
	return a, nil
}

// OpenReader opens a data directory beside the process that writes it, or without one. It changes nothing in it.
func OpenReader(ctx context.Context, dir Dir, options ...Option) (_ *App, err error) {
	a := &App{Dir: dir, at: places(dir, options), Quiet: new(Quiet), replays: newReplays()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.at.exist(); err != nil {
		return nil, err
	}
	if a.Log, err = openLog(ctx, a.at.Log, true); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.Log.Close)
	if a.Views, err = openViews(ctx, a.at.Views, true); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.Views.Close)
	if err := a.readAccess(ctx); err != nil {
		return nil, err
	}
	return a, a.furnish(ctx, false)
}

// furnish brings in what both need: keys, tokens, the clock and the desks.
func (a *App) furnish(ctx context.Context, writing bool) error {
	head, err := a.Log.Head(ctx)
	if err != nil {
		return err
	}
	keysAt, err := a.at.keys()
	if err != nil {
		return err
	}
	if err := a.Dir.keysThere(ctx, head, keysAt); err != nil {
		return err
	}
	if writing {
		if err := keydb.FinishRotation(ctx, keysAt, a.Dir.file("root.key")); err != nil {
			return err
		}
	}
	root, made, err := keydb.LoadOrCreateRoot(a.Dir.file("root.key"))
	if err != nil {
		return err
	}
	if made {
		slog.WarnContext(ctx, "a root key was made: keep a copy of it elsewhere, without it no personal word can ever be read again",
			"file", a.Dir.file("root.key"))
	}
	keys, err := keydb.Open(ctx, keysAt, root)
	if err != nil {
		return err
	}
	a.Keys, a.Keyring, a.PrepareKeys = keys, keys, keys.Prepare
	a.closers = append(a.closers, keys.Close)
	if err := a.honour(ctx, keys, writing); err != nil {
		return err
	}
	if a.Retention, err = a.Dir.retention(); err != nil {
		return err
	}
	if a.Tokens, err = session.Open(ctx, keysAt); err != nil {
		return err
	}
	a.closers = append(a.closers, a.Tokens.Close)
	if a.Accounts, err = account.Open(ctx, keysAt, a.Keys); err != nil {
		return err
	}
	a.closers = append(a.closers, a.Accounts.Close)
	a.World = time.Now
	if a.Now, err = a.Dir.clock(); err != nil {
		return err
	}
	said := a.Log
	if writing {
		if a.Standings, err = keeping.Know(ctx, a.Log, a.Views); err != nil {
			return err
		}
		said = a.Standings.Watch(a.Log)
	}
	a.Clients = services.NewDesk[clients.Client](said, a.Keys)
	a.Cases = services.NewDesk[cases.Case](a.Log, a.Keys)
	a.FaceSheets = services.NewOutlines[cases.Case, cases.FaceSheet](a.Cases)
	a.Groups = services.NewDesk[groups.Group](a.Log, a.Keys)
	a.Activities = services.NewDesk[activities.Activity](a.Log, a.Keys)
	a.Programme = services.NewDesk[programme.Programme](a.Log, a.Keys)
	if a.Access != nil {
		a.Glass = services.NewDesk[glass.Glass](a.Access, a.Keys)
	}
	return nil
}

// Close closes what was opened, last first.
func (a *App) Close() error {
	var err error
	for i := len(a.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, a.closers[i]())
	}
	a.closers = nil
	if err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	return nil
}

// ViewNames lists the views by name, and the index of the search.
func ViewNames() (names []string) {
	for _, view := range Views {
		names = append(names, view.Name())
	}
	return append(names, search.Projection{}.Name())
}
