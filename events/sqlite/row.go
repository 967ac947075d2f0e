package sqlite

import (
	"unsafe"

	"github.com/casestream/casestream/events"
)

// row is an event as it stands in the table.
type row struct {
	position events.Position
	version  int
	name     string // of the fact
	meta     string // JSON
	data     string // JSON
}

// draft is an append on its way into the table: its rows are made by whoever asked, so that the writer only writes.
type draft struct {
	events.Draft
	rows []row // without position, version, and perhaps with a time that is too early
}

func drafted(stream string, expected int, meta events.Meta, facts []events.Event) (draft, error) {
	checked, err := events.Drafted(stream, expected, meta, facts)
	if err != nil {
		return draft{}, err
	}
	d := draft{Draft: checked, rows: make([]row, len(checked.Facts))}
	return d, d.write()
}

// write makes the rows of what the draft says now.
func (d *draft) write() error {
	for i := range d.rows {
		w, err := d.Written(i)
		if err != nil {
			return err
		}
		d.rows[i] = row{name: w.Type, meta: text(w.Meta), data: text(w.Data)}
	}
	return nil
}

// recorded is a row as its readers see it.
func (r row) recorded(stream string) (events.Recorded, error) {
	w := events.Written{Type: r.name, Meta: bytes(r.meta), Data: bytes(r.data)}
	return w.Recorded(r.position, stream, r.version)
}

// text and bytes are the same words once more, without a copy. Nobody changes words that were written, or that were read.
func text(of []byte) string  { return unsafe.String(unsafe.SliceData(of), len(of)) }
func bytes(of string) []byte { return unsafe.Slice(unsafe.StringData(of), len(of)) }
