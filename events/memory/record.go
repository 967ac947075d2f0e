package memory

import (
	"bytes"
	"errors"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// record is an event as a disk would have it: readers get a copy of their own, and no writer can change it later.
type record struct {
	stream  string
	version int
	name    string // of the fact, on disk
	data    []byte
	meta    events.Meta
}

// encode makes records of facts, or says why they cannot be kept.
func encode(stream string, meta events.Meta, facts []events.Event) ([]record, error) {
	if category, id, ok := events.SplitStream(stream); !ok || stream != events.Stream(category, id) {
		return nil, errors.New("a stream is a category and an id")
	}
	if len(facts) == 0 {
		return nil, errors.New("there are no facts to append")
	}
	if meta.CommandID == uuid.Nil {
		return nil, errors.New("a command without an id could not be asked again")
	}
	meta.OccurredAt, meta.RecordedAt = meta.OccurredAt.UTC(), meta.RecordedAt.UTC()
	meta.CommandDigest = bytes.Clone(meta.CommandDigest)
	records, size := make([]record, len(facts)), 0
	for i, fact := range facts {
		data, schema, err := events.Encode(fact)
		if err != nil {
			return nil, err
		}
		if size += len(data); size > events.MaxAppend {
			return nil, events.ErrTooLarge
		}
		meta.EventID, meta.Schema = events.ID(meta.CommandID, stream, i), schema
		records[i] = record{stream: stream, name: fact.Type(), data: data, meta: meta}
	}
	return records, nil
}

func (r record) recorded(at events.Position) (events.Recorded, error) {
	fact, err := events.Decode(r.name, r.meta.Schema, r.data)
	if err != nil {
		return events.Recorded{}, err
	}
	r.meta.CommandDigest = bytes.Clone(r.meta.CommandDigest)
	return events.Recorded{Position: at, Stream: r.stream, Version: r.version, Meta: r.meta, Event: fact}, nil
}
