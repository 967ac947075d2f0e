package casefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	batches, err := query(tx, name, events.Position(before.upTo))
	if err != nil {
		return nil, err
	}
	facts := slices.Grow(slices.Clip(before.facts), len(batches)*fullSheet)
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
