package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// ErrNoView: there is no view of that name.
var ErrNoView = errors.New("there is no view of that name")

// rebuild folds views anew beside those that are read. Only the last few facts and the swap keep the projector
// waiting; who reads sees the old tables, then the new.
func (p *Projector) rebuild(ctx context.Context, report Report, names []string) error {
	p.rebuilding.Lock()
	defer p.rebuilding.Unlock()
	fresh, err := p.fresh(ctx, names)
	if err != nil {
		return err
	}
	at := events.Position(0)
	catchUp := func(read func(batch) error) error {
		head, err := p.log.Head(ctx)
		if err != nil {
			return err
		}
		for b := range ahead(ctx, p.log.ReadAll(ctx, at), rebuilding) {
			if err := read(b); err != nil {
				return err
			}
			at = b.facts[len(b.facts)-1].Position
			if report != nil {
				report("", at, max(head, at))
			}
		}
		return ctx.Err()
	}
	beside := func(b batch) error {
		if b.err != nil {
			return b.err
		}
		if err := p.apply(ctx, fresh, b.facts); err != nil {
			return err
		}
		for _, v := range fresh {
			if v.parked != "" { // the tables that are read are no worse
				return fmt.Errorf("%s: %w: %s", v.Name(), ErrParked, v.parked)
			}
		}
		return nil
	}
	if err := catchUp(beside); err != nil {
		return p.abandon(ctx, fresh, err)
	}
	for _, v := range fresh {
		err := p.db.Update(ctx, func(tx *readdb.Tx) error {
			return errors.Join(tx.On(v.generation), index(tx, v))
		})
		if err != nil {
			return p.abandon(ctx, fresh, err)
		}
	}
	if err := catchUp(beside); err != nil {
		return p.abandon(ctx, fresh, err)
	}
	p.applying.Lock()
	defer p.applying.Unlock()
	if err := catchUp(beside); err != nil {
		return p.abandon(ctx, fresh, err)
	}
	return p.swap(ctx, fresh)
}

// fresh makes empty generations beside those that are read.
func (p *Projector) fresh(ctx context.Context, names []string) ([]*view, error) {
	var all []*view
	for _, projection := range p.all {
		if len(names) > 0 && !slices.Contains(names, projection.Name()) {
			continue
		}
		v := &view{Projection: projection}
		if err := p.create(ctx, v, false); err != nil {
			return nil, p.abandon(ctx, all, err)
		}
		all = append(all, v)
	}
	if len(all) == 0 || len(names) > len(all) {
		return nil, p.abandon(ctx, all, ErrNoView)
	}
	return all, nil
}

// swap lets the fresh generations be read, all in one step, and removes the ones before.
func (p *Projector) swap(ctx context.Context, fresh []*view) error {
	var before []readdb.Generation
	known, err := p.db.Generations(ctx)
	if err != nil {
		return p.abandon(ctx, fresh, err)
	}
	for _, g := range known {
		if g.Serving && slices.ContainsFunc(fresh, func(v *view) bool { return v.Name() == g.Projection }) {
			before = append(before, g)
		}
	}
	err = p.db.Update(ctx, func(tx *readdb.Tx) error {
		for _, g := range before {
			if err := tx.Exec(`UPDATE generation SET serving = 0 WHERE id = $1`, g.ID); err != nil {
				return err
			}
		}
		for _, v := range fresh {
			if err := tx.Exec(`UPDATE generation SET serving = 1 WHERE id = $1`, v.generation); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return p.abandon(ctx, fresh, err)
	}
	for _, v := range fresh {
		p.state.set(v)
		for _, g := range before {
			if g.Projection == v.Name() {
				err = errors.Join(err, p.discard(ctx, v.Projection, g.ID))
			}
		}
	}
	return err
}

// abandon removes what a rebuild began.
func (p *Projector) abandon(ctx context.Context, fresh []*view, why error) error {
	ctx = context.WithoutCancel(ctx)
	for _, v := range fresh {
		why = errors.Join(why, p.discard(ctx, v.Projection, v.generation))
	}
	return fmt.Errorf("rebuilding: %w", why)
}
