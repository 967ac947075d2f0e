package eventstoredb

import (
	"time"

	"github.com/casestream/casestream/events/recent"
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
// without reading pays a read.
type heads struct{ known *recent.Map[string, head] }

const rememberedHeads = 1 << 15 // in one generation; two take about 8 MB

func newHeads() heads { return heads{recent.New[string, head](rememberedHeads)} }

func (h heads) get(stream string) (head, bool) { return h.known.Get(stream) }

// saw remembers what was read. Of two it keeps the later one, because calls overtake one another.
func (h heads) saw(stream string, is head) {
	h.known.Update(stream, func(before head) head {
		if is.version < before.version {
			return before
		}
		return is
	})
}
