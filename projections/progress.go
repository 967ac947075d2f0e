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

// Status is how far a view is. Version is that of the tables that are read; 0: there are none yet.
type Status struct {
	View     string          `json:"view"`
	Version  int             `json:"version"`
	Position events.Position `json:"position"`
	Parked   string          `json:"parked,omitempty"` // why it goes no further
}

// view is a projection in one generation of its tables.
type view struct {
	Projection
	generation int64
	version    int
	position   events.Position
	parked     string
}

// progress tells how far the views are that are read, and wakes who waits for them.
type progress struct {
	mu      sync.Mutex
	views   []*view
	changed chan struct{} // closed, and made anew, whenever something changes
	waiting int           // for a view to arrive
}

// awaited tells whether anybody waits for a view to arrive.
func (s *progress) awaited() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting > 0
}

func (s *progress) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// news is closed at the next change. The caller holds mu.
func (s *progress) news() <-chan struct{} {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// set puts a generation in the place of the one that was read before.
func (s *progress) set(fresh *view) {
	s.update(func() {
		s.views = slices.DeleteFunc(slices.Clone(s.views), func(v *view) bool { return v.Name() == fresh.Name() })
		s.views = append(s.views, fresh)
	})
}

func (s *progress) serving() []*view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.views)
}

// behind is how far the view is that has applied least, of those that go on; ok is false if none does.
func (s *progress) behind() (least events.Position, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.views {
		if v.parked == "" && (!ok || v.position < least) {
			least, ok = v.position, true
		}
	}
	return least, ok
}

// change returns when a view goes on again, or when ctx ends.
func (s *progress) change(ctx context.Context) error {
	for {
		s.mu.Lock()
		goes := slices.ContainsFunc(s.views, func(v *view) bool { return v.parked == "" })
		news := s.news()
		s.mu.Unlock()
		if goes {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *progress) wait(ctx context.Context, at events.Position, which []Projection) error {
	s.add(1)
	defer s.add(-1)
	for {
		s.mu.Lock()
		arrived := true
		var parked string
		for _, projection := range which {
			v := s.find(projection.Name())
			if v != nil && v.position >= at {
				continue
			}
			arrived = false
			if v != nil && v.parked != "" {
				parked = v.Name()
			}
		}
		news := s.news()
		s.mu.Unlock()
		switch {
		case arrived:
			return nil
		case parked != "":
			return fmt.Errorf("waiting for %s: %w", parked, ErrParked)
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *progress) add(waiting int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting += waiting
}

func (s *progress) find(name string) *view {
	for _, v := range s.views {
		if v.Name() == name {
			return v
		}
	}
	return nil
}

// Status lists the views, also those that have no tables yet.
func (p *Projector) Status() []Status {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	all := make([]Status, 0, len(p.all))
	for _, projection := range p.all {
		status := Status{View: projection.Name()}
		if v := p.state.find(projection.Name()); v != nil {
			status.Version, status.Position, status.Parked = v.version, v.position, v.parked
		}
		all = append(all, status)
	}
	return all
}
