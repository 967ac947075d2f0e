package esdbtest

import (
	"context"
	"sync"
)

// gate is open, or holds whoever comes by.
type gate struct {
	mu    sync.Mutex
	holds []*Hold
}

// Hold is a gate that is shut, by whoever must Release it.
type Hold struct {
	// Arrived has the stream of each call that waits here ("" for other calls), so that a test need not guess when.
	Arrived <-chan string

	arrived  chan string
	released chan struct{}
	once     sync.Once
}

// Release lets go on what waits here, and what comes later pass.
func (h *Hold) Release() { h.once.Do(func() { close(h.released) }) }

func (g *gate) hold() *Hold {
	h := &Hold{arrived: make(chan string, 1024), released: make(chan struct{})}
	h.Arrived = h.arrived
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds = append(g.holds, h)
	return h
}

// pass waits until nobody holds the gate, or the call ends.
func (g *gate) pass(ctx context.Context, stream string) error {
	g.mu.Lock()
	holds := g.holds
	g.mu.Unlock()
	for _, h := range holds {
		select {
		case <-h.released:
			continue
		default:
		}
		select {
		case h.arrived <- stream:
		default: // so many wait that nobody counts them
		}
		select {
		case <-h.released:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
