package projections

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// Facts in one transaction: a few while following, so that readers soon see them; many while rebuilding.
const (
	following  = 1000
	rebuilding = 5000
)

// advance applies what a read yields, in batches.
func (p *Projector) advance(ctx context.Context, read iter.Seq2[events.Recorded, error], size int) error {
	for batch := range ahead(ctx, read, size) {
		if err := p.take(ctx, p.state.serving, batch); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// batch is a run of facts, or the error that ended the reading.
type batch struct {
	facts []events.Recorded
	err   error
}

// ahead reads the next batch while the last one is applied.
func ahead(ctx context.Context, read iter.Seq2[events.Recorded, error], size int) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		next := make(chan batch, 1)
		send := func(b batch) bool {
			select {
			case next <- b:
				return true
			case <-ctx.Done():
				return false
			}
		}
		go func() {
			defer close(next)
			facts := make([]events.Recorded, 0, size)
			for r, err := range read {
				if err != nil {
					send(batch{facts, err})
					return
				}
				if facts = append(facts, r); len(facts) == size {
					if !send(batch{facts, nil}) {
						return
					}
					facts = make([]events.Recorded, 0, size)
				}
			}
			if len(facts) > 0 {
				send(batch{facts, nil})
			}
		}()
		for b := range next {
			if !yield(b) {
				return
			}
		}
	}
}

// take applies a batch to views. which is asked under the lock, because a rebuild may swap one meanwhile.
func (p *Projector) take(ctx context.Context, which func() []*view, b batch) error {
	p.applying.Lock()
	defer p.applying.Unlock()
	views := which()
	if len(b.facts) > 0 {
		if err := p.apply(ctx, views, b.facts); err != nil {
			return err
		}
		if p.told != nil {
			p.told(b.facts[len(b.facts)-1].Position, b.facts)
		}
	}
	if errors.Is(b.err, events.ErrUnknown) || errors.Is(b.err, events.ErrDamaged) {
		for _, v := range views {
			if err := p.park(ctx, v, b.err); err != nil {
				return err
			}
		}
	}
	return b.err
}

// apply takes a batch into all views in one transaction. If one of them cannot, each goes on by itself, so that
// none is held up by another.
func (p *Projector) apply(ctx context.Context, views []*view, recorded []events.Recorded) error {
	facts, err := p.corrected(ctx, recorded)
	if err != nil {
		return err
	}
	if p.commit(ctx, views, facts) == nil {
		return nil
	}
	for _, v := range views {
		if p.commit(ctx, []*view{v}, facts) == nil {
			continue
		}
		for i := range facts {
			err := p.commit(ctx, []*view{v}, facts[i:i+1])
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err == nil {
				continue
			}
			if err := p.park(ctx, v, fmt.Errorf("%s at position %s: %w", facts[i].Event.Type(), facts[i].Position, err)); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// commit applies facts to views, rows and checkpoints in one transaction.
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
			if err := v.Apply(tx, fresh); err != nil {
				return fmt.Errorf("applying to %s: %w", v.Name(), err)
			}
			if err := tx.Exec(`UPDATE generation SET position = $1, parked = '' WHERE id = $2`, int64(last), v.generation); err != nil {
				return err
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

func after(facts []Fact, position events.Position) []Fact {
	for i, f := range facts {
		if f.Position > position {
			return facts[i:]
		}
	}
	return nil
}

func (p *Projector) park(ctx context.Context, v *view, why error) error {
	slog.ErrorContext(ctx, "view parked", "view", v.Name(), "position", v.position, "why", why)
	err := p.db.Update(ctx, func(tx *readdb.Tx) error {
		return tx.Exec(`UPDATE generation SET parked = $1 WHERE id = $2`, why.Error(), v.generation)
	})
	p.state.update(func() { v.parked = why.Error() })
	return err
}

// corrected gives each correction the entry as it held before and as it holds then. Corrections are rare: their
// streams are read again, up to where they stand, so the answer does not depend on how facts are batched.
func (p *Projector) corrected(ctx context.Context, recorded []events.Recorded) ([]Fact, error) {
	facts := make([]Fact, len(recorded))
	for i, r := range recorded {
		facts[i] = Fact{Recorded: r}
		switch r.Event.(type) {
		case events.Correction, events.EntryRetracted:
		default:
			continue
		}
		var entries events.Entries
		for earlier, err := range p.log.Read(ctx, r.Stream, 1) {
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", r.Stream, err)
			}
			if earlier.Version == r.Version {
				break
			}
			entries.Add(earlier)
		}
		corrected := r.Event.(events.Entry)
		id := corrected.EntryID()
		switch fact := corrected.(type) {
		case events.EntryRetracted:
			id = fact.Retracts
		case events.Correction:
			id = fact.Corrects()
		}
		if held, ok := entries.Find(id); ok {
			before := *held
			facts[i].Before = &before
			facts[i].Now = entries.Add(r)
		}
	}
	return facts, nil
}
