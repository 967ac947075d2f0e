package events

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// Draft is an append on its way into a store: checked and encoded by whoever asked, so that the store only keeps it.
// What makes no sense is refused here, for every store in the same words.
type Draft struct {
	Stream   string
	Expected int
	Facts    []Encoded

	meta Meta // of all of them, but for the id and the shape
	size int
}

// Encoded is a fact of a draft: its id, this time and every other that it is asked, its name and shape, and what it says.
type Encoded struct {
	ID     uuid.UUID
	Type   string
	Schema int
	Data   []byte // JSON
}

// Drafted makes a draft of facts, or says why they cannot be kept: ErrTooLarge, sealed.ErrOpen, ErrUnknown, or a name,
// a command or a number of facts that makes no sense. The stream's version is for the store to compare.
func Drafted(stream string, expected int, meta Meta, facts []Event) (Draft, error) {
	category, id, ok := SplitStream(stream)
	switch {
	case !ok || stream != Stream(category, id):
		return Draft{}, errors.New("a stream is a category and an id")
	case len(facts) == 0:
		return Draft{}, errors.New("there are no facts to append")
	case meta.CommandID == uuid.Nil:
		return Draft{}, errors.New("a command without an id could not be asked again")
	}
	meta.OccurredAt, meta.RecordedAt = meta.OccurredAt.UTC(), meta.RecordedAt.UTC()
	meta.CommandDigest = bytes.Clone(meta.CommandDigest)
	d := Draft{Stream: stream, Expected: expected, Facts: make([]Encoded, len(facts)), meta: meta}
	for i, fact := range facts {
		data, schema, err := Encode(fact)
		if err != nil {
			return Draft{}, err
		}
		if d.size += len(data); d.size > MaxAppend {
			return Draft{}, ErrTooLarge
		}
		d.Facts[i] = Encoded{ID: ID(meta.CommandID, stream, i), Type: fact.Type(), Schema: schema, Data: data}
	}
	return d, nil
}

// Size is how many bytes of facts there are.
func (d *Draft) Size() int { return d.size }

// RecordedAt is when its facts were learned.
func (d *Draft) RecordedAt() time.Time { return d.meta.RecordedAt }

// NotBefore moves RecordedAt to that of the stream's last event, if that is later: clocks of several writers differ.
// It tells whether it did.
func (d *Draft) NotBefore(last time.Time) bool {
	if !last.After(d.meta.RecordedAt) {
		return false
	}
	d.meta.RecordedAt = last
	return true
}

// Meta is who, when and why of the i-th fact.
func (d *Draft) Meta(i int) Meta {
	meta := d.meta
	meta.EventID, meta.Schema = d.Facts[i].ID, d.Facts[i].Schema
	meta.CommandDigest = bytes.Clone(meta.CommandDigest)
	return meta
}

// Written is the i-th fact as a store on a disk keeps it.
func (d *Draft) Written(i int) (Written, error) {
	is := d.meta
	is.EventID, is.Schema = d.Facts[i].ID, d.Facts[i].Schema
	meta, err := is.appendJSON(make([]byte, 0, 512))
	if err != nil {
		return Written{}, fmt.Errorf("encoding who and when: %w", err)
	}
	return Written{Type: d.Facts[i].Type, Meta: meta, Data: d.Facts[i].Data}, nil
}

// Conflict is the answer to a draft that does not continue its stream.
func (d *Draft) Conflict(actual int) *Conflict {
	return &Conflict{Stream: d.Stream, Expected: d.Expected, Actual: actual}
}

// Written is a fact as a store on a disk keeps it: its name, and who, when and what as JSON.
type Written struct {
	Type       string
	Meta, Data []byte
}

// Recorded is a written fact as its readers see it. One that cannot be read is ErrDamaged, without the parser's words,
// which might repeat what is inside; one of a later version of this program is ErrUnknown.
func (w Written) Recorded(at Position, stream string, version int) (Recorded, error) {
	var meta Meta
	if err := json.Unmarshal(w.Meta, &meta); err != nil {
		return Recorded{}, fmt.Errorf("%w: who and when is unreadable", ErrDamaged)
	}
	fact, err := Decode(w.Type, meta.Schema, w.Data)
	switch {
	case errors.Is(err, ErrUnknown):
		return Recorded{}, err
	case err != nil:
		return Recorded{}, fmt.Errorf("%w: a %s is unreadable", ErrDamaged, w.Type)
	}
	return Recorded{Position: at, Stream: stream, Version: version, Meta: meta, Event: fact}, nil
}
