package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/casestream/casestream/events"
)

// ErrParked: a view met a fact that it cannot apply, and waits there for someone to look.
var ErrParked = errors.New("the view is parked")

// Status is how far a view is.
type Status struct {
	View     string          `json:"view"`
	Version  int             `json:"version"`
	Position events.Position `json:"position"`
	Parked   string          `json:"parked,omitempty"`
}

// view is a projection in one generation of its tables.
type view struct {
	Projection
	generation int64
	position   events.Position
	parked     string
}

// progress tells how far the views are that are read, and wakes who waits for them.
type progress struct {
	mu      sync.Mutex
	views   []*view
	changed chan struct{} // closed, and made anew, whenever something changes
}

func (s *progress) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	if s.changed != nil {
		close(s.changed)
	}
	s.changed = make(chan struct{})
}

// set puts a generation in the place of the one that was read before.
func (s *progress) set(fresh *view) {
	s.update(func() {
		for i, v := range s.views {
			if v.Name() == fresh.Name() {
				s.views[i] = fresh
				return
			}
		}
		s.views = append(s.views, fresh)
	})
}

func (s *progress) serving() []*view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.views)
}

// behind is how far the view is that has applied least, of those that go on.
func (s *progress) behind() events.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	least, any := events.Position(0), false
	for _, v := range s.views {
		if v.parked == "" && (!any || v.position < least) {
			least, any = v.position, true
		}
	}
	return least
}

func (s *progress) wait(ctx context.Context, at events.Position, names []string) error {
	for {
		s.mu.Lock()
		arrived, parked := len(s.views) > 0, ""
		for _, v := range s.views {
			if len(names) > 0 && !slices.Contains(names, v.Name()) || v.position >= at {
				continue
			}
			arrived = false
			if v.parked != "" {
				parked = v.Name()
			}
		}
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		switch {
		case arrived:
			return nil
		case parked != "":
			return fmt.Errorf("waiting for %s: %w", parked, ErrParked)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Status lists the views that are read.
func (p *Projector) Status() []Status {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	all := make([]Status, 0, len(p.state.views))
	for _, v := range p.state.views {
		all = append(all, Status{View: v.Name(), Version: v.Version(), Position: v.position, Parked: v.parked})
	}
	return all
}
