package casefile

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// A row of the table is a sheet: facts of one stream that follow each other, two lines each, its stamp and what it says, as
// JSON, which has no line break. It stands at the position of its last fact. A fact comes on a sheet of its own, and as
// soon as there are enough of them they are put together: a long case is read in a few rows, and a case of a few facts is
// never written twice.
const fullSheet = 32

// sheetOf is a fact on a sheet of its own.
func sheetOf(f projections.Fact) string {
	sheet := stampOf(f).appendTo(make([]byte, 0, 160+len(f.Data)))
	sheet = append(append(sheet, '\n'), f.Data...)
	return string(append(sheet, '\n'))
}

// fills tells whether a fact is the last of a full sheet.
func fills(f projections.Fact) bool { return f.Version%fullSheet == 0 }

// bind puts a fact and those before it onto one sheet.
func bind(tx *readdb.Tx, last projections.Fact) error {
	var sheets []string
	var first int64
	err := tx.Query(`SELECT position, facts FROM casefile_fact@ WHERE stream = $1 AND position <= $2 ORDER BY position DESC LIMIT $3`,
		[]any{last.Stream, int64(last.Position), fullSheet}, func(rows *sql.Rows) error {
			var sheet string
			err := rows.Scan(&first, &sheet)
			sheets = append(sheets, sheet)
			return err
		})
	if err != nil {
		return fmt.Errorf("reading the sheets of %s: %w", last.Stream, err)
	}
	slices.Reverse(sheets)
	if err := tx.Exec(`DELETE FROM casefile_fact@ WHERE stream = $1 AND position >= $2 AND position < $3`,
		last.Stream, first, int64(last.Position)); err != nil {
		return fmt.Errorf("taking away the sheets of %s: %w", last.Stream, err)
	}
	if err := tx.Exec(`UPDATE casefile_fact@ SET facts = $1 WHERE stream = $2 AND position = $3`,
		strings.Join(sheets, ""), last.Stream, int64(last.Position)); err != nil {
		return fmt.Errorf("binding the sheets of %s: %w", last.Stream, err)
	}
	return nil
}

// batch is some sheets of a stream that are decoded together.
type batch struct {
	sheets []string // until they are decoded
	size   int      // of their text, bytes
	facts  []events.Recorded
	err    error
}

// enough text makes a batch, bytes: some twenty facts, a tenth of a millisecond's work.
const enough = 24_000

// query reads the facts of a stream after a position, in batches. A full batch is decoded on another core while the
// sheets after it come in.
func query(tx *readdb.Tx, name string, after events.Position) (batches []*batch, err error) {
	var decoding sync.WaitGroup
	now := &batch{} // the one that is not yet full
	err = tx.Query(`SELECT facts FROM casefile_fact@ WHERE stream = $1 AND position > $2 ORDER BY position`,
		[]any{name, int64(after)}, func(rows *sql.Rows) error {
			var sheet string
			if err := rows.Scan(&sheet); err != nil {
				return err
			}
			now.sheets = append(now.sheets, sheet)
			if now.size += len(sheet); now.size >= enough {
				full := now
				decoding.Go(func() { full.decode(name, after) })
				batches, now = append(batches, full), &batch{}
			}
			return nil
		})
	now.decode(name, after)
	decoding.Wait()
	return append(batches, now), err
}

// decode leaves out the facts up to a position: some of a sheet may be known, because it was bound since.
func (b *batch) decode(stream string, after events.Position) {
	n := 0
	for _, sheet := range b.sheets {
		n += strings.Count(sheet, "\n") / 2
	}
	b.facts = make([]events.Recorded, 0, n)
	actor := ""
	for _, sheet := range b.sheets {
		for sheet != "" {
			var line, said string
			line, sheet, _ = strings.Cut(sheet, "\n")
			said, sheet, _ = strings.Cut(sheet, "\n")
			at, err := stamped(line)
			if err != nil {
				b.err = err
				return
			}
			if at.position <= after {
				continue
			}
			if actor != at.actor { // of most facts of a case it is the one before: kept once, and without the sheet around it
				actor = strings.Clone(at.actor)
			}
			f := events.Recorded{Position: at.position, Stream: stream, Version: at.version, Meta: events.Meta{
				Actor: actor, OnBehalfOf: strings.Clone(at.behalf), OccurredAt: at.occurred, RecordedAt: at.recorded, Schema: at.shape,
			}}
			data := unsafe.Slice(unsafe.StringData(said), len(said)) // the same text: nobody changes it
			if f.Event, err = events.Decode(at.name, at.shape, data); err != nil {
				b.err = fmt.Errorf("position %s: %w", at.position, err)
				return
			}
			b.facts = append(b.facts, f)
		}
	}
	b.sheets = nil
}
