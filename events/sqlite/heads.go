package sqlite

import (
	"sync"
	"time"
)

// head is how far a stream is: what the next append continues.
type head struct {
	stream   int64 // its row; 0: there is none yet
	version  int
	hash     chainHash
	recorded time.Time // its last event
}

// heads remembers the heads of the streams used last, as they are on disk. It holds two generations: when the young
// one is full the old one is forgotten, and who is asked for becomes young again.
type heads struct {
	mu         sync.Mutex
	young, old map[string]head
	room       int // of one generation
}

func newHeads(room int) *heads { return &heads{young: map[string]head{}, room: room} }

func (h *heads) get(stream string) (head, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if known, ok := h.young[stream]; ok {
		return known, true
	}
	known, ok := h.old[stream]
	if ok {
		h.add(stream, known)
	}
	return known, ok
}

func (h *heads) put(all map[string]head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for stream, is := range all {
		h.add(stream, is)
	}
}

func (h *heads) add(stream string, is head) {
	if _, in := h.young[stream]; !in && len(h.young) >= h.room {
		h.young, h.old = make(map[string]head, h.room), h.young
	}
	h.young[stream] = is
}

func (h *heads) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.young, h.old = map[string]head{}, nil
}
