package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// build folds views from nothing, beside those that are read. Only the last few facts and the swap keep the projector
// waiting; who reads sees the old tables, then the new. A view that parks on the way keeps the tables it had, and if
// it had none it is read as far as it came; strict, nothing is swapped then.
func (p *Projector) build(ctx context.Context, report Report, which []Projection, strict bool) (err error) {
	if len(which) == 0 {
		return nil
	}
	p.making.Lock()
	defer p.making.Unlock()
	done, err := p.db.Building(ctx)
	if err != nil {
		return err
	}
	defer done()
	var fresh []*view
	defer func() {
		if err != nil {
			err = p.abandon(ctx, fresh, err)
		}
	}()
	for _, projection := range which {
		v := &view{Projection: projection, version: projection.Version()}
		if err := p.create(ctx, v); err != nil {
			return err
		}
		fresh = append(fresh, v)
	}
	at := events.Position(0)
	catchUp := func() error {
		head, err := p.log.Head(ctx)
		if err != nil {
			return fmt.Errorf("reading the head of the log: %w", err)
		}
		for b := range p.ahead(ctx, at, p.many) {
			if err := p.beside(ctx, fresh, b, strict); err != nil {
				return err
			}
			if n := len(b.facts); n > 0 {
				at = b.facts[n-1].Position
			}
			if report != nil {
				report("", at, max(head, at))
			}
		}
		return ctx.Err()
	}
	if err := catchUp(); err != nil {
		return err
	}
	for _, v := range fresh {
		if err := p.index(ctx, v); err != nil {
			return err
		}
	}
	if err := catchUp(); err != nil { // what came while the indexes were made
		return err
	}
	p.applying.Lock()
	defer p.applying.Unlock()
	if err := catchUp(); err != nil {
		return err
	}
	return p.swap(ctx, fresh)
}

// beside applies a batch to views that nobody reads yet.
func (p *Projector) beside(ctx context.Context, fresh []*view, b batch, strict bool) error {
	if err := p.apply(ctx, fresh, b.facts); err != nil {
		return err
	}
	if err := p.unreadable(ctx, fresh, b.err); err != nil {
		return err
	}
	for _, v := range fresh {
		if strict && v.parked != "" {
			return fmt.Errorf("%s: %w: %s", v.Name(), ErrParked, v.parked)
		}
	}
	return nil
}

// swap lets the fresh generations be read, all in one step, and removes the ones before.
func (p *Projector) swap(ctx context.Context, fresh []*view) error {
	known, err := p.db.Generations(ctx)
	if err != nil {
		return err
	}
	var reads []*view
	var useless []int64
	err = p.db.Update(ctx, func(tx *readdb.Tx) error {
		for _, v := range fresh {
			before := slices.IndexFunc(known, func(g readdb.Generation) bool { return g.Serving && g.Projection == v.Name() })
			switch {
			case before < 0:
			case v.parked != "":
				useless, v = append(useless, v.generation), p.stays(v, known[before])
			default:
				useless = append(useless, known[before].ID)
				if err := tx.Exec(`UPDATE generation SET serving = -1 WHERE id = $1`, known[before].ID); err != nil {
					return err
				}
			}
			if err := tx.Exec(`UPDATE generation SET serving = 1, parked = $1 WHERE id = $2`, v.parked, v.generation); err != nil {
				return err
			}
			reads = append(reads, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, v := range reads {
		p.state.set(v)
	}
	for _, generation := range useless {
		if err := p.discard(context.WithoutCancel(ctx), generation); err != nil {
			slog.WarnContext(ctx, "old tables stay until the next start", "generation", generation, "why", err.Error())
		}
	}
	return nil
}

// stays is the generation that is read on, because the fresh one was parked on its way.
func (p *Projector) stays(fresh *view, before readdb.Generation) *view {
	return &view{
		Projection: fresh.Projection, generation: before.ID, version: before.Version,
		position: events.Position(before.Position), parked: fresh.parked,
	}
}

// abandon removes what a rebuild began. What is read nevertheless stays: the swap was done, and only the answer was lost.
func (p *Projector) abandon(ctx context.Context, fresh []*view, why error) error {
	ctx = context.WithoutCancel(ctx)
	known, err := p.db.Generations(ctx)
	why = errors.Join(why, err)
	for _, v := range fresh {
		if slices.ContainsFunc(known, func(g readdb.Generation) bool { return g.ID == v.generation && !g.Serving }) {
			why = errors.Join(why, p.discard(ctx, v.generation))
		}
	}
	return fmt.Errorf("rebuilding: %w", why)
}
