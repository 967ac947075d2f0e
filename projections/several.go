package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/casestream/casestream/events"
)

// Several keep views up that are in databases of their own, as one Projector does those of one.
type Several []*Projector

// CatchUp is that of each, one after the other.
func (s Several) CatchUp(ctx context.Context, report Report) error {
	for _, p := range s {
		if err := p.CatchUp(ctx, report); err != nil {
			return err
		}
	}
	return nil
}

// Run runs all of them until ctx ends, or until one of them refuses.
func (s Several) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	refused := make([]error, len(s))
	for i, p := range s {
		running.Go(func() {
			if refused[i] = p.Run(ctx); refused[i] != nil {
				stop()
			}
		})
	}
	running.Wait()
	return errors.Join(refused...)
}

// Rebuild folds views again from nothing, those of all databases at once. No names: all views. It reports how far the
// first of the databases is; the others have less to do.
func (s Several) Rebuild(ctx context.Context, report Report, names ...string) error {
	which, err := s.of(names)
	if err != nil {
		return err
	}
	var folding sync.WaitGroup
	failed := make([]error, len(which))
	for i, w := range which {
		its := report
		if i > 0 {
			its = nil
		}
		folding.Go(func() { failed[i] = w.Rebuild(ctx, its, w.names...) })
	}
	folding.Wait()
	return errors.Join(failed...)
}

// Wait returns when the views have arrived at a position, or when ctx ends. No names: all views.
func (s Several) Wait(ctx context.Context, at events.Position, names ...string) error {
	which, err := s.of(names)
	for _, w := range which {
		if err := w.Wait(ctx, at, w.names...); err != nil {
			return err
		}
	}
	return err
}

// Status lists all views.
func (s Several) Status() (all []Status) {
	for _, p := range s {
		all = append(all, p.Status()...)
	}
	return all
}

// some of the views of a projector, by their names; no names: all.
type some struct {
	*Projector
	names []string
}

// of gives each projector those of the views that it has, and leaves out whoever has none; no names: all of all.
func (s Several) of(names []string) (which []some, err error) {
	for _, name := range names {
		if !slices.ContainsFunc(s, func(p *Projector) bool { return p.has(name) }) {
			return nil, fmt.Errorf("%s: %w", name, ErrNoView)
		}
	}
	for _, p := range s {
		its := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !p.has(name) })
		if len(names) == 0 || len(its) > 0 {
			which = append(which, some{p, its})
		}
	}
	return which, nil
}

func (p *Projector) has(name string) bool {
	return slices.ContainsFunc(p.all, func(v Projection) bool { return v.Name() == name })
}
