package sqlite

import (
	"time"

	"github.com/casestream/casestream/events/recent"
)

// head is how far a stream is: what the next append continues.
type head struct {
	stream   int64 // its row; 0: there is none yet
	version  int
	hash     chainHash
	recorded time.Time // its last event
}

// heads remembers the heads of the streams used last, as they are on disk.
type heads = recent.Map[string, head]

const rememberedHeads = 1 << 15 // in one generation; two take about 10 MB

func newHeads(room int) *heads { return recent.New[string, head](room) }
