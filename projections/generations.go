package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// ErrLogShort: the views have seen more of this log than there is. Something that was acknowledged is missing:
// restore the log, or remove the views if the loss is known and accepted.
var ErrLogShort = errors.New("the log is shorter than the views remember")

// prepare finds the tables that are read and removes what is of no use. It answers with the views whose tables are
// missing, or of another version or log. What was parked tries again: a newer program may know what to do.
func (p *Projector) prepare(ctx context.Context) (missing []Projection, err error) {
	p.making.Lock()
	defer p.making.Unlock()
	p.applying.Lock()
	defer p.applying.Unlock()
	known, err := p.db.Generations(ctx)
	if err != nil {
		return nil, err
	}
	head, err := p.log.Head(ctx) // after what the views remember: another process may go on with both
	if err != nil {
		return nil, fmt.Errorf("reading the head of the log: %w", err)
	}
	log := p.log.ID().String()
	for _, g := range known {
		if g.Serving && g.Log == log && events.Position(g.Position) > head {
			return nil, fmt.Errorf("%w: %s has applied position %d, the log ends at %s: everything after that is missing",
				ErrLogShort, g.Projection, g.Position, head)
		}
	}
	serving := make(map[string]readdb.Generation)
	for _, g := range known {
		switch {
		case !slices.ContainsFunc(p.all, func(v Projection) bool { return v.Name() == g.Projection }):
		case g.Log != log:
			slog.WarnContext(ctx, "this view was folded from another log; it is made anew", "view", g.Projection, "folded from", g.Log, "log", log)
			err = errors.Join(err, p.discard(ctx, g.ID))
		case !g.Serving: // a rebuild that did not end
			err = errors.Join(err, p.unfinished(ctx, g.ID))
		default:
			serving[g.Projection] = g
		}
	}
	for _, projection := range p.all {
		g, ok := serving[projection.Name()]
		switch {
		case !ok:
			missing = append(missing, projection)
		case g.Version != projection.Version():
			slog.InfoContext(ctx, "this view has another version; it is rebuilt", "view", g.Projection, "from", g.Version, "to", projection.Version())
			missing = append(missing, projection)
		default:
			p.state.set(&view{Projection: projection, generation: g.ID, version: g.Version, position: events.Position(g.Position)})
		}
	}
	return missing, err
}

// unfinished removes a generation that nobody reads, unless another process is making it, or was a moment ago.
func (p *Projector) unfinished(ctx context.Context, generation int64) error {
	done, alone, err := p.db.TryBuilding(ctx)
	if err != nil || !alone {
		return err
	}
	defer done()
	known, err := p.db.Generations(ctx)
	for _, g := range known {
		if g.ID == generation && !g.Serving {
			return p.discard(ctx, generation)
		}
	}
	return err
}

// create makes the tables of a new generation. Their indexes come when they are full.
func (p *Projector) create(ctx context.Context, v *view) error {
	err := p.db.Update(ctx, func(tx *readdb.Tx) (err error) {
		if v.generation, err = tx.NewGeneration(v.Name(), v.version, p.log.ID().String()); err != nil {
			return err
		}
		for _, t := range v.Tables() {
			table := "CREATE TABLE " + t.Name + "@ (" + t.Columns + "\n)"
			if t.Ordered {
				table += " WITHOUT ROWID"
			}
			if err := tx.Script(table); err != nil {
				return fmt.Errorf("creating %s: %w", t.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("making the tables of %s: %w", v.Name(), err)
	}
	return nil
}

func (p *Projector) index(ctx context.Context, v *view) error {
	return p.db.Update(ctx, func(tx *readdb.Tx) error {
		if err := tx.On(v.generation); err != nil {
			return err
		}
		for _, t := range v.Tables() {
			for i, columns := range t.Indexes {
				if err := tx.Script(fmt.Sprintf("CREATE INDEX %s_i%d@ ON %s@ (%s)", t.Name, i, t.Name, columns)); err != nil {
					return fmt.Errorf("indexing %s: %w", t.Name, err)
				}
			}
			if err := tx.Analyse(t.Name); err != nil {
				return fmt.Errorf("analysing %s: %w", t.Name, err)
			}
		}
		return nil
	})
}

func (p *Projector) discard(ctx context.Context, generation int64) error {
	return p.db.Update(ctx, func(tx *readdb.Tx) error { return tx.Discard(generation) })
}

// Dump is what a view holds, as text that is equal for equal tables.
func Dump(ctx context.Context, db *readdb.DB, projection Projection) (string, error) {
	var b strings.Builder
	err := db.View(ctx, projection.Name(), func(tx *readdb.Tx) error {
		for _, t := range projection.Tables() {
			if err := tx.Dump(&b, t.Name, t.Key); err != nil {
				return err
			}
		}
		return nil
	})
	return b.String(), err
}
