package sqlite

import (
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
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
	meta     []events.Meta // of each event; perhaps with a time of recording that is too early
	rows     []row         // without position and version
	size     int           // bytes of facts
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
	meta.OccurredAt = meta.OccurredAt.UTC()
	d = draft{stream: stream, expected: expected, meta: make([]events.Meta, len(facts)), rows: make([]row, len(facts))}
	for i, fact := range facts {
		data, schema, err := events.Encode(fact)
		if err != nil {
			return d, err
		}
		if d.size += len(data); d.size > events.MaxAppend {
			return d, events.ErrTooLarge
		}
		d.meta[i] = meta
		d.meta[i].EventID, d.meta[i].Schema = events.ID(meta.CommandID, stream, i), schema
		d.rows[i] = row{name: fact.Type(), data: string(data)}
	}
	return d, d.stamp(meta.RecordedAt.UTC())
}

// stamp writes who and when into the rows, with this time of recording.
func (d draft) stamp(recordedAt time.Time) error {
	for i := range d.rows {
		d.meta[i].RecordedAt = recordedAt
		who, err := jsonv1.Marshal(&d.meta[i])
		if err != nil {
			return fmt.Errorf("encoding who and when: %w", err)
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
