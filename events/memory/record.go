package memory

import (
	"bytes"

	"github.com/casestream/casestream/events"
)

// record is an event as a disk would have it: readers get a copy of their own, and no writer can change it later.
type record struct {
	stream  string
	version int
	name    string // of the fact, on disk
	data    []byte
	meta    events.Meta
}

func (r record) recorded(at events.Position) (events.Recorded, error) {
	fact, err := events.Decode(r.name, r.meta.Schema, r.data)
	if err != nil {
		return events.Recorded{}, err
	}
	r.meta.CommandDigest = bytes.Clone(r.meta.CommandDigest)
	return events.Recorded{Position: at, Stream: r.stream, Version: r.version, Meta: r.meta, Event: fact}, nil
}
