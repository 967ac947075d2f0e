package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/projections"
)

// Keyring is what is done with keys beyond sealing and opening.
type Keyring interface {
	sealed.Keys
	// Destroy destroys all keys of an owner, for good. Asked again it does what is missing.
	Destroy(ctx context.Context, owner string, at time.Time) error
	// Drop forgets what this process holds of an owner's keys in memory.
	Drop(owner string)
	// Epoch is that of the newest key that an owner ever had; 0: there never was one.
	Epoch(ctx context.Context, owner string) (int, error)
}

// honour makes sure that whoever was forgotten has no key here, before anything is opened: an old backup of the keys
// may have been put back. Who writes destroys such a key again; who only reads opens nothing with it.
func (a *App) honour(ctx context.Context, keys *keydb.DB, writing bool) error {
	log := a.Log.ID().String()
	from, err := keys.Honoured(ctx, log)
	if err != nil {
		return err
	}
	head, err := a.Log.Head(ctx)
	if err != nil {
		return err
	}
	withheld, last := make(map[string]bool), events.Position(from)
	for r, err := range a.Log.ReadAll(ctx, events.Position(from)) {
		if errors.Is(err, events.ErrDamaged) || errors.Is(err, events.ErrUnknown) {
			slog.WarnContext(ctx, "who was forgotten cannot be read beyond this position", "after", last.String(), "why", err.Error())
			head = last
			break
		}
		if err != nil {
			return fmt.Errorf("looking who was forgotten: %w", err)
		}
		if last = r.Position; !forgets(r) {
			continue
		}
		if _, gone, err := keys.Forgotten(ctx, r.Stream); err != nil {
			return err
		} else if gone {
			continue
		}
		if !writing {
			withheld[r.Stream] = true
			continue
		}
		slog.WarnContext(ctx, "someone who was forgotten has a key here: the keys are of an older backup, or the forgetting was interrupted; "+
			"the key is destroyed now", "stream", r.Stream, "forgotten", r.Meta.RecordedAt, "position", r.Position.String())
		if err := keys.Destroy(ctx, r.Stream, r.Meta.RecordedAt); err != nil {
			return err
		}
	}
	if writing {
		return keys.Honour(ctx, log, uint64(head))
	}
	if len(withheld) > 0 {
		slog.WarnContext(ctx, "the keys have some of people who were forgotten: nothing is opened with them here; casestream serve destroys them",
			"people", len(withheld))
		a.Keys = without{keys, withheld}
	}
	return nil
}

func forgets(r events.Recorded) bool {
	_, is := projections.Forgets(r)
	return is
}

// without are keys but those of some.
type without struct {
	sealed.Keys
	owners map[string]bool
}

func (w without) Sealing(ctx context.Context, owner string) (*sealed.Key, error) {
	if w.owners[owner] {
		return nil, sealed.ErrForgotten
	}
	return w.Keys.Sealing(ctx, owner)
}

func (w without) Opening(ctx context.Context, id string) (*sealed.Key, error) {
	if w.owners[sealed.OwnerOf(id)] {
		return nil, sealed.ErrForgotten
	}
	return w.Keys.Opening(ctx, id)
}

// told passes on what has arrived in the views, and forgets in memory whom another process may have forgotten.
func (a *App) told(at events.Position, recorded []events.Recorded) {
	a.Standings.Take(recorded...)
	for _, r := range recorded {
		if _, ok := r.Event.(events.ForgettingApproved); ok {
			select {
			case a.Approved <- struct{}{}:
			default:
			}
		}
		if forgets(r) {
			a.Keyring.Drop(r.Stream)
			a.Clients.Drop(r.Stream)
			a.Views.DropKept()
		}
	}
	a.News.Arrived(at, recorded)
}

// RootKey is where the keys are, and in which file the root key that wraps them.
func (a *App) RootKey() (keys, file string, err error) {
	keys, err = a.at.keys()
	return keys, a.Dir.file("root.key"), err
}
