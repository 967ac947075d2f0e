package eventstoredb

import (
	"sync"
	"time"
)

// head is how far a stream is: what the next append continues.
type head struct {
	version  int
	recorded time.Time // its last event
}

// heads remembers the heads of the streams read last, so that an append need not ask for the last event's time. Another
// process may have appended since: a head is what was, and the server has the last word. What this process
// wrote is not remembered: the server may have answered as the first time, and then what stands there are the times
// of another call, or of another process. Who decides reads the stream first, and so it costs nothing; who appends
// without reading pays a read. It holds two generations: when the young one is full the old one is forgotten.
type heads struct {
	mu         sync.Mutex
	young, old map[string]head
}

const rememberedHeads = 1 << 15 // in one generation; two take about 8 MB

func newHeads() *heads { return &heads{young: map[string]head{}} }

func (h *heads) get(stream string) (head, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.young[stream]
	if !ok {
		if known, ok = h.old[stream]; ok {
			h.add(stream, known)
		}
	}
	return known, ok
}

// saw remembers what was read or written. Of two it keeps the later one, because calls overtake one another.
func (h *heads) saw(stream string, is head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.young[stream]
	if !ok {
		known = h.old[stream]
	}
	if is.version >= known.version {
		h.add(stream, is)
	}
}

func (h *heads) add(stream string, is head) {
	if _, in := h.young[stream]; !in && len(h.young) >= rememberedHeads {
		h.young, h.old = make(map[string]head, rememberedHeads), h.young
	}
	h.young[stream] = is
}
