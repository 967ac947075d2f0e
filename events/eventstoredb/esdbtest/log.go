package esdbtest

import (
	"math"
	"sort"
	"sync"
	"time"

	"github.com/google/uuid"
)

// record is one event as it is kept. It never changes.
type record struct {
	ID          uuid.UUID
	Stream      string
	Revision    int64
	Position    uint64 // commit and prepare position, which are the same
	Created     int64  // in ticks of 100 ns since 1970
	Type        string
	ContentType string
	Data, Meta  []byte
	Empty       bool `json:",omitempty"` // the mark that an append without events leaves: a position and nothing to see
}

// size is the room that a record takes in the log, and so the distance to the next position. The numbers of a real server
// differ; that they have gaps does not.
func (r *record) size() uint64 {
	return uint64(100 + len(r.Stream) + len(r.Type) + len(r.Data) + len(r.Meta))
}

// log is everything that happened, in order. Slices only grow, so that readers hold a piece of one without the lock.
type log struct {
	mu      sync.Mutex
	records []*record
	streams map[string][]*record  // by revision
	dead    map[string]*record    // tombstones
	known   map[uuid.UUID]*record // what an append with Any or StreamExists is compared with
	end     uint64                // the position of the next record
	created int64                 // of the last record
	grown   chan struct{}         // closed when there is more
	keep    func([]*record)       // writes what was appended to a journal, before anyone sees it
}

// firstPosition is where the first event of a real server's log is.
const firstPosition = 548

func newLog() *log {
	l := emptyLog()
	l.begin()
	return l
}

// begin writes what a real server writes first: an event of its own, which no user of it may take for theirs.
func (l *log) begin() {
	l.add(&record{ID: uuid.New(), Stream: "$$$scavenges", Type: typeMetadata, ContentType: contentJSON, Data: []byte(`{"$maxAge":2592000}`)})
}

func emptyLog() *log {
	return &log{
		streams: map[string][]*record{}, dead: map[string]*record{}, known: map[uuid.UUID]*record{},
		end: firstPosition, grown: make(chan struct{}), keep: func([]*record) {},
	}
}

// add gives records their places and keeps them. The caller holds the lock.
func (l *log) add(records ...*record) {
	for _, r := range records {
		l.created = max(ticks(time.Now()), l.created+1) // no two of one append have the same
		r.Created = l.created
		switch {
		case r.Empty:
		case r.Type == typeTombstone:
			r.Revision = math.MaxInt64
		default:
			r.Revision = int64(len(l.streams[r.Stream]))
		}
		r.Position = l.end
		l.place(r)
		if _, twice := l.known[r.ID]; !twice && !r.Empty { // the first that has an id stays known by it
			l.known[r.ID] = r
		}
	}
	l.keep(records)
	close(l.grown)
	l.grown = make(chan struct{})
}

// place puts a record that has its numbers where it belongs.
func (l *log) place(r *record) {
	l.records = append(l.records, r)
	switch {
	case r.Empty:
	case r.Type == typeTombstone:
		l.dead[r.Stream] = r
	default:
		l.streams[r.Stream] = append(l.streams[r.Stream], r)
	}
	l.end = r.Position + r.size()
	l.created = r.Created
}

// forget loses what a real server has only in its cache.
func (l *log) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.known)
}

// from is every record from an index on, where the log ends, and what is closed when it has grown.
func (l *log) from(index int) (records []*record, end uint64, grown <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records[min(index, len(l.records)):], l.end, l.grown
}

// position is a place in $all as a client names it.
type position struct{ commit, prepare uint64 }

// seek is the index of the first record at or behind a position, and whether a real server knows this position: it
// reads from where a record begins, from 0, and from beyond the end, but not from in between.
func (l *log) seek(p position) (index int, valid bool) {
	records, end, _ := l.from(0)
	index = sort.Search(len(records), func(i int) bool {
		at := records[i].Position
		return at > p.commit || at == p.commit && at >= p.prepare
	})
	if p.commit == 0 || p.commit >= end {
		return index, true
	}
	at := sort.Search(len(records), func(i int) bool { return records[i].Position >= p.commit })
	return index, at < len(records) && records[at].Position == p.commit
}

// ticks counts 100 ns since 1970, as the protocol does.
func ticks(t time.Time) int64 { return t.UnixNano() / 100 }
