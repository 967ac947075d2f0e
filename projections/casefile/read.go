package casefile

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

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
}

// read folds the facts of a stream that were known at a point. each, if not nil, sees every fact with the entry that
// it brought about or changed.
func read(tx *readdb.Tx, name string, at projections.Point, each func(events.Recorded, *events.Held)) (*stream, error) {
	rows, err := query(tx, name, at)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	s := &stream{name: name, written: make([]*events.Held, 0, len(rows))}
	for _, row := range rows {
		if row.err != nil {
			return nil, fmt.Errorf("reading %s, position %s: %w", name, row.fact.Position, row.err)
		}
		held := s.entries.Add(row.fact)
		s.version = row.fact.Version
		if held != nil && held.First.Version == row.fact.Version {
			s.written = append(s.written, held)
		}
		if each != nil {
			each(row.fact, held)
		}
	}
	return s, nil
}

// row is a fact as it stands in the table.
type row struct {
	fact events.Recorded
	name string // of the fact
	data []byte
	err  error
}

func query(tx *readdb.Tx, name string, at projections.Point) (rows []row, err error) {
	err = tx.Query(`SELECT position, version, type, shape, occurred, recorded, actor, behalf, data
		FROM casefile_fact@ WHERE stream = $1 AND position <= $2 ORDER BY position`, []any{name, at.Known()},
		func(result *sql.Rows) error {
			r := row{fact: events.Recorded{Stream: name}}
			var position, occurred, recorded int64
			f := &r.fact
			if err := result.Scan(&position, &f.Version, &r.name, &f.Meta.Schema, &occurred, &recorded,
				&f.Meta.Actor, &f.Meta.OnBehalfOf, &r.data); err != nil {
				return err
			}
			f.Position = events.Position(position)
			f.Meta.OccurredAt, f.Meta.RecordedAt = time.Unix(0, occurred).UTC(), time.Unix(0, recorded).UTC()
			rows = append(rows, r)
			return nil
		})
	decode(rows)
	return rows, err
}

// decode reads the facts of long streams on two cores: most of the time that a file takes goes here.
func decode(rows []row) {
	half := 0
	if len(rows) > 50 {
		half = len(rows) / 2
	}
	var first sync.WaitGroup
	first.Go(func() { decodeAll(rows[:half]) })
	decodeAll(rows[half:])
	first.Wait()
}

func decodeAll(rows []row) {
	for i := range rows {
		r := &rows[i]
		r.fact.Event, r.err = events.Decode(r.name, r.fact.Meta.Schema, r.data)
	}
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
