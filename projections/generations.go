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

// prepare finds the tables that are read, makes those that are missing, and rebuilds those of another version or log.
func (p *Projector) prepare(ctx context.Context, report Report) error {
	head, err := p.log.Head(ctx)
	if err != nil {
		return fmt.Errorf("reading the head of the log: %w", err)
	}
	known, err := p.db.Generations(ctx)
	if err != nil {
		return err
	}
	for _, g := range known {
		if g.Serving && g.Log == p.log.ID().String() && events.Position(g.Position) > head {
			return fmt.Errorf("%w: %s has applied position %d, the log ends at %s: %s",
				ErrLogShort, g.Projection, g.Position, head, p.missing(g, head))
		}
	}
	var older []string
	for _, projection := range p.all {
		v := &view{Projection: projection}
		for _, g := range known {
			switch {
			case g.Projection != projection.Name():
			case g.Log != p.log.ID().String():
				slog.WarnContext(ctx, "this view was folded from another log; it is made anew", "view", g.Projection, "log", g.Log)
				err = errors.Join(err, p.discard(ctx, projection, g.ID))
			case !g.Serving: // a rebuild that did not end
				err = errors.Join(err, p.discard(ctx, projection, g.ID))
			default:
				v.generation, v.position = g.ID, events.Position(g.Position)
				if g.Version != projection.Version() {
					slog.InfoContext(ctx, "this view has a new version; it is rebuilt", "view", g.Projection, "from", g.Version, "to", projection.Version())
					older = append(older, projection.Name())
				}
			}
		}
		if err != nil {
			return err
		}
		if v.generation == 0 {
			if err := p.create(ctx, v, true); err != nil {
				return err
			}
		}
		if !slices.Contains(older, v.Name()) {
			p.state.set(v) // what was parked tries again: a newer program may know what to do
		}
	}
	if len(older) > 0 {
		return p.rebuild(ctx, report, older)
	}
	return nil
}

func (p *Projector) missing(g readdb.Generation, head events.Position) string {
	return fmt.Sprintf("%d positions are missing", g.Position-uint64(head))
}

// create makes the tables of a new generation: with indexes if it is read at once, else they come when it is full.
func (p *Projector) create(ctx context.Context, v *view, serving bool) error {
	err := p.db.Update(ctx, func(tx *readdb.Tx) error {
		id, err := tx.NewGeneration(v.Name(), v.Version(), p.log.ID().String(), serving)
		if err != nil {
			return err
		}
		v.generation = id
		for _, t := range v.Tables() {
			if err := tx.Script("CREATE TABLE " + t.Name + "@ (" + t.Columns + "\n)"); err != nil {
				return fmt.Errorf("creating %s: %w", t.Name, err)
			}
		}
		if serving {
			return index(tx, v)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("making the tables of %s: %w", v.Name(), err)
	}
	return nil
}

func index(tx *readdb.Tx, v *view) error {
	for _, t := range v.Tables() {
		for i, columns := range t.Indexes {
			if err := tx.Script(fmt.Sprintf("CREATE INDEX %s_i%d@ ON %s@ (%s)", t.Name, i, t.Name, columns)); err != nil {
				return fmt.Errorf("indexing %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

func (p *Projector) discard(ctx context.Context, projection Projection, generation int64) error {
	return p.db.Update(ctx, func(tx *readdb.Tx) error {
		if err := tx.On(generation); err != nil {
			return err
		}
		var tables []string
		for _, t := range projection.Tables() {
			tables = append(tables, t.Name)
		}
		if err := tx.Drop(tables); err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM generation WHERE id = $1`, generation)
	})
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
