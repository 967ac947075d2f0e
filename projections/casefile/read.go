package casefile

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// stream is what was known of a stream at a point: its facts as they were written, and its entries as they held.
type stream struct {
	name    string
	version int
	entries events.Entries
	written []*events.Held // also those that were taken back, in the order they were written

	forgotten  string // the day since which
	restricted bool
}

// read folds the facts of a stream that were known at a point. each, if not nil, sees every fact with the entry that
// it brought about or changed.
func read(tx *readdb.Tx, name string, at projections.Point, each func(*events.Recorded, *events.Held)) (*stream, error) {
	facts, err := known(tx, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	s := &stream{name: name, written: make([]*events.Held, 0, len(facts))}
	last := min(at.KnownAt, events.Position(tx.Position))
	for _, fact := range facts {
		if fact.Position > last {
			break
		}
		held := s.entries.Add(fact)
		s.version = fact.Version
		if held != nil && held.First.Version == fact.Version {
			s.written = append(s.written, held)
		}
		switch fact.Event.(type) {
		case events.ForgettingBegun:
			s.forgotten = cmp.Or(s.forgotten, events.DayOf(fact.Meta.RecordedAt))
		case events.ProcessingRestricted:
			s.restricted = true
		case events.RestrictionLifted:
			s.restricted = false
		}
		if each != nil {
			each(fact, held)
		}
	}
	return s, nil
}

// decoded are the facts of a stream up to a position. Decoding takes most of the time of a file, and facts do not
// change: they are kept, as sealed as they were written.
type decoded struct {
	facts []*events.Recorded
	upTo  uint64
}

// known gives all facts of a stream that are in the view, and perhaps some more, if the view has gone on since.
// They are shared: nobody may change them, nor what they point to.
func known(tx *readdb.Tx, name string) ([]*events.Recorded, error) {
	kept, _ := tx.Kept(name)
	before, _ := kept.(decoded)
	if before.upTo >= tx.Position {
		return before.facts, nil
	}
	batches, err := query(tx, name, before.upTo)
	if err != nil {
		return nil, err
	}
	facts := slices.Grow(slices.Clip(before.facts), len(batches)*batch)
	for _, b := range batches {
		if b.err != nil {
			return nil, b.err
		}
		for i := range b.facts {
			facts = append(facts, &b.facts[i])
		}
	}
	tx.Keep(name, decoded{facts, tx.Position}, len(facts)+1)
	return facts, nil
}

// rows are some facts as they stand in the table, one after the other.
type rows struct {
	facts []events.Recorded
	said  []said // until they are decoded
	err   error
}

// said is the name of a fact, and what it says, as JSON.
type said struct{ name, data string }

// batch is how many facts are decoded at a time.
const batch = 50

// query reads the facts of a stream after a position, in batches. A full batch is decoded on another core while the
// rows after it come in.
func query(tx *readdb.Tx, name string, after uint64) (batches []*rows, err error) {
	var decoding sync.WaitGroup
	now := &rows{} // the batch that is not yet full

	f := events.Recorded{Stream: name}
	var position int64
	var plain, data string
	columns := []any{&position, &plain, &f.Meta.OnBehalfOf, &data}
	err = tx.Query(`SELECT position, stamp, behalf, data FROM casefile_fact@ WHERE stream = $1 AND position > $2 ORDER BY position`,
		[]any{name, int64(after)}, func(result *sql.Rows) error {
			if err := result.Scan(columns...); err != nil {
				return err
			}
			at, err := stamped(plain)
			if err != nil {
				return fmt.Errorf("position %d: %w", position, err)
			}
			f.Position, f.Version, f.Meta.Schema = events.Position(position), at.version, at.shape
			f.Meta.OccurredAt, f.Meta.RecordedAt = at.occurred, at.recorded
			if f.Meta.Actor != at.actor { // of most facts of a case it is the one before: kept once, and without the stamp around it
				f.Meta.Actor = strings.Clone(at.actor)
			}
			if now.facts == nil {
				now.facts, now.said = make([]events.Recorded, 0, batch), make([]said, 0, batch)
			}
			now.facts, now.said = append(now.facts, f), append(now.said, said{at.name, data})
			if len(now.facts) == batch {
				full := now
				decoding.Go(full.decode)
				batches, now = append(batches, full), &rows{}
			}
			return nil
		})
	now.decode()
	decoding.Wait()
	return append(batches, now), err
}

func (r *rows) decode() {
	var data []byte // of one fact after the other: what is decoded keeps nothing of it
	for i := range r.facts {
		f := &r.facts[i]
		data = append(data[:0], r.said[i].data...)
		var err error
		if f.Event, err = events.Decode(r.said[i].name, f.Meta.Schema, data); err != nil && r.err == nil {
			r.err = fmt.Errorf("position %s: %w", f.Position, err)
		}
	}
	r.said = nil
}

// asOf lists the entries that held and had happened by the end of a day, in the order of (day, position), and those
// that were taken back. It is events.Entries.AsOf, with each day computed once.
func (s *stream) asOf(day string) (held, retracted []happened) {
	held = make([]happened, 0, len(s.written))
	for _, h := range s.written {
		switch on := h.Day(); {
		case on > day:
		case h.Retracted:
			retracted = append(retracted, happened{h, on})
		default:
			held = append(held, happened{h, on})
		}
	}
	slices.SortStableFunc(held, func(a, b happened) int { return strings.Compare(a.day, b.day) })
	return held, retracted
}
