package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// advance applies what the views have not seen, up to the present.
func (p *Projector) advance(ctx context.Context, report Report) error {
	from, ok := p.state.behind()
	if !ok {
		return nil
	}
	head, err := p.log.Head(ctx)
	if err != nil {
		return fmt.Errorf("reading the head of the log: %w", err)
	}
	for batch := range p.ahead(ctx, from, p.few) {
		if err := p.take(ctx, batch); err != nil {
			return err
		}
		if n := len(batch.facts); report != nil && n > 0 {
			at := batch.facts[n-1].Position
			report("", at, max(at, head))
		}
	}
	return ctx.Err()
}

// take applies a batch to the views that are read: those of now, because a rebuild may just have swapped one.
func (p *Projector) take(ctx context.Context, b batch) error {
	p.applying.Lock()
	defer p.applying.Unlock()
	views := p.state.serving()
	if err := p.apply(ctx, views, b.facts); err != nil {
		return err
	}
	if n := len(b.facts); p.told != nil && n > 0 {
		recorded := make([]events.Recorded, n)
		for i, f := range b.facts {
			recorded[i] = f.Recorded
		}
		p.told(b.facts[n-1].Position, recorded)
	}
	return p.unreadable(ctx, views, b.err)
}

// unreadable parks views at a place of the log that cannot be read: of a newer version of the program, or damaged.
// Any other error is given back.
func (p *Projector) unreadable(ctx context.Context, views []*view, why error) error {
	if !errors.Is(why, events.ErrUnknown) && !errors.Is(why, events.ErrDamaged) {
		return why
	}
	for _, v := range views {
		if v.parked == "" {
			if err := p.park(ctx, v, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// apply takes a batch into all views in one transaction. If one of them cannot, each goes on by itself, so that
// none is held up by another, and the one is parked at the fact that it cannot apply.
func (p *Projector) apply(ctx context.Context, views []*view, facts []Fact) error {
	if len(facts) == 0 {
		return nil
	}
	if err := p.commit(ctx, views, facts); err == nil || !poison(ctx, err) {
		return err
	}
	for _, v := range views {
		if err := p.applyAlone(ctx, v, facts); err != nil {
			return err
		}
	}
	return nil
}

func (p *Projector) applyAlone(ctx context.Context, v *view, facts []Fact) error {
	alone := []*view{v}
	if err := p.commit(ctx, alone, facts); err == nil || !poison(ctx, err) {
		return err
	}
	for i, f := range facts {
		if err := p.commit(ctx, alone, facts[i:i+1]); err != nil {
			if poison(ctx, err) {
				err = p.park(ctx, v, fmt.Errorf("%s at position %s: %w", f.Event.Type(), f.Position, err))
			}
			return err
		}
	}
	return nil
}

// poison tells an error that comes from a fact, and will come again, from one of the moment: the end of ctx, a full
// disk, another process that applies to the same views.
func poison(ctx context.Context, err error) bool {
	return ctx.Err() == nil && !errors.Is(err, readdb.ErrMoved) && !readdb.Trouble(err)
}

// commit applies facts to views, rows and checkpoints in one transaction. A checkpoint moves only from where this
// projector knows it to be, so each fact counts once even if two processes should apply.
func (p *Projector) commit(ctx context.Context, views []*view, facts []Fact) error {
	last := facts[len(facts)-1].Position
	var moved []*view
	err := p.db.Update(ctx, func(tx *readdb.Tx) error {
		moved = moved[:0]
		for _, v := range views {
			fresh := after(facts, v.position)
			if v.parked != "" || len(fresh) == 0 {
				continue
			}
			if err := tx.On(v.generation); err != nil {
				return err
			}
			if err := tx.Move(uint64(v.position), uint64(last)); err != nil {
				return err
			}
			if err := applied(tx, v, fresh); err != nil {
				return fmt.Errorf("applying to %s: %w", v.Name(), err)
			}
			moved = append(moved, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.state.update(func() {
		for _, v := range moved {
			v.position = last
		}
	})
	return nil
}

// applied is Apply. A view that panics is parked like one that cannot apply a fact; the others must go on.
func applied(tx *readdb.Tx, v *view, facts []Fact) (err error) {
	defer func() {
		if bug := recover(); bug != nil {
			err = fmt.Errorf("panic: %v", bug)
		}
	}()
	return v.Apply(tx, facts)
}

func after(facts []Fact, position events.Position) []Fact {
	for i, f := range facts {
		if f.Position > position {
			return facts[i:]
		}
	}
	return nil
}

func (p *Projector) park(ctx context.Context, v *view, why error) error {
	slog.ErrorContext(ctx, "view parked", "view", v.Name(), "position", v.position.String(), "why", why.Error())
	err := p.db.Update(ctx, func(tx *readdb.Tx) error {
		return tx.Exec(`UPDATE generation SET parked = $1 WHERE id = $2`, why.Error(), v.generation)
	})
	p.state.update(func() { v.parked = why.Error() })
	return err
}
