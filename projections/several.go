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

// Rebuild folds views again from nothing. No names: all views.
func (s Several) Rebuild(ctx context.Context, report Report, names ...string) error {
	return s.each(names, func(p *Projector, names []string) error { return p.Rebuild(ctx, report, names...) })
}

// Wait returns when the views have arrived at a position, or when ctx ends. No names: all views.
func (s Several) Wait(ctx context.Context, at events.Position, names ...string) error {
	return s.each(names, func(p *Projector, names []string) error { return p.Wait(ctx, at, names...) })
}

// Status lists all views.
func (s Several) Status() (all []Status) {
	for _, p := range s {
		all = append(all, p.Status()...)
	}
	return all
}

// each asks each projector for those of the views that it has; no names: for all.
func (s Several) each(names []string, do func(p *Projector, names []string) error) error {
	for _, name := range names {
		if !slices.ContainsFunc(s, func(p *Projector) bool { return p.has(name) }) {
			return fmt.Errorf("%s: %w", name, ErrNoView)
		}
	}
	for _, p := range s {
		its := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !p.has(name) })
		if len(names) > 0 && len(its) == 0 {
			continue
		}
		if err := do(p, its); err != nil {
			return err
		}
	}
	return nil
}

func (p *Projector) has(name string) bool {
	return slices.ContainsFunc(p.all, func(v Projection) bool { return v.Name() == name })
}
