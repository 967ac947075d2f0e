package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// row is an event as it stands in the table.
type row struct {
	position events.Position
	version  int
	name     string // of the fact
	meta     string // JSON
	data     string // JSON
}

// draft is an append on its way into the log: encoded by whoever asked, so that the writer only writes.
type draft struct {
	stream   string
	expected int
	meta     events.Meta // of the first event
	rows     []row       // without position, version, and perhaps with a time that is too early
	size     int
}

// encode makes a draft of facts, or says why they cannot be kept.
func encode(stream string, expected int, meta events.Meta, facts []events.Event) (d draft, err error) {
	if category, id, ok := events.SplitStream(stream); !ok || stream != events.Stream(category, id) {
		return d, errors.New("a stream is a category and an id")
	}
	if len(facts) == 0 {
		return d, errors.New("there are no facts to append")
	}
	if meta.CommandID == uuid.Nil {
		return d, errors.New("a command without an id could not be asked again")
	}
	meta.OccurredAt, meta.RecordedAt = meta.OccurredAt.UTC(), meta.RecordedAt.UTC()
	d = draft{stream: stream, expected: expected, meta: meta, rows: make([]row, len(facts))}
	for i, fact := range facts {
		data, schema, err := events.Encode(fact)
		if err != nil {
			return d, err
		}
		if d.size += len(data); d.size > events.MaxAppend {
			return d, events.ErrTooLarge
		}
		meta.EventID, meta.Schema = d.id(i), schema
		who, err := json.Marshal(meta)
		if err != nil {
			return d, fmt.Errorf("encoding who and when: %w", err)
		}
		d.rows[i] = row{name: fact.Type(), meta: string(who), data: string(data)}
	}
	return d, nil
}

// id is the id that the i-th event of the draft has, this time and every other.
func (d draft) id(i int) uuid.UUID { return events.ID(d.meta.CommandID, d.stream, i) }

// stamp writes the draft's RecordedAt into its rows anew.
func (d draft) stamp() error {
	for i := range d.rows {
		var meta events.Meta
		if err := json.Unmarshal([]byte(d.rows[i].meta), &meta); err != nil {
			return err
		}
		meta.RecordedAt = d.meta.RecordedAt
		who, err := json.Marshal(meta)
		if err != nil {
			return err
		}
		d.rows[i].meta = string(who)
	}
	return nil
}

// recorded is a row as its readers see it.
func (r row) recorded(stream string) (events.Recorded, error) {
	var meta events.Meta
	if err := json.Unmarshal([]byte(r.meta), &meta); err != nil {
		return events.Recorded{}, fmt.Errorf("%w: who and when is unreadable", events.ErrDamaged)
	}
	fact, err := events.Decode(r.name, meta.Schema, []byte(r.data))
	switch {
	case errors.Is(err, events.ErrUnknown):
		return events.Recorded{}, err
	case err != nil: // the parser's words might repeat what is inside
		return events.Recorded{}, fmt.Errorf("%w: a %s is unreadable", events.ErrDamaged, r.name)
	}
	return events.Recorded{Position: r.position, Stream: stream, Version: r.version, Meta: meta, Event: fact}, nil
}
