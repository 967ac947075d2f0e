package sqlite

import "sync"

// bell wakes whoever waits for news. Take next before looking whether there is any, then nothing is missed.
type bell struct {
	mu   sync.Mutex
	ring chan struct{}
}

func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ring == nil {
		b.ring = make(chan struct{})
	}
	return b.ring
}

func (b *bell) rings() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ring != nil {
		close(b.ring)
		b.ring = nil
	}
}
