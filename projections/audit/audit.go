// Package audit lists every fact of the log in order: who recorded what, when, of which day, in answer to which
// command, and what a correction changed. What the entry said before and after is in package casefile.
package audit

import (
	"encoding/hex"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Projection keeps a narrow row for each fact of the log.
type Projection struct{}

func (Projection) Name() string { return "audit" }
func (Projection) Version() int { return 1 }

func (Projection) Tables() []projections.Table {
	return []projections.Table{{
		Name: "audit_fact",
		Columns: `position INTEGER PRIMARY KEY,
			stream      TEXT NOT NULL,
			version     INTEGER NOT NULL,
			type        TEXT NOT NULL,
			actor       TEXT NOT NULL,
			behalf      TEXT NOT NULL,
			recorded    BIGINT NOT NULL, -- ns since 1970
			occurred    BIGINT NOT NULL,
			ids         TEXT NOT NULL,   -- command, entry, correlation, the entry corrected: see ids
			was         BIGINT NOT NULL  -- of a correction: the position at which the entry before it came to hold`,
		Key:     1,
		Indexes: []string{"stream", "actor", "recorded"},
	}}
}

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, f := range batch {
		i := ids{f.Meta.CommandID, uuid.Nil, f.Meta.Correlation, uuid.Nil}
		if entry, ok := f.Event.(events.Entry); ok {
			i[entered] = entry.EntryID()
		}
		was := events.Position(0)
		if f.Before != nil {
			was = f.Before.By.Position
			i[corrected] = f.Before.First.Event.(events.Entry).EntryID()
		}
		err := tx.Insert("audit_fact@", int64(f.Position), f.Stream, f.Version, f.Event.Type(), f.Meta.Actor, f.Meta.OnBehalfOf,
			f.Meta.RecordedAt.UnixNano(), f.Meta.OccurredAt.UnixNano(), i.String(), int64(was))
		if err != nil {
			return err
		}
	}
	return nil
}

// ids are kept in one column, the last ones left out where they are nil: nobody searches for them.
type ids [4]uuid.UUID

const (
	command = iota
	entered
	correlated
	corrected
)

func (i ids) String() string {
	n := len(i)
	for n > 0 && i[n-1] == uuid.Nil {
		n--
	}
	text := make([]byte, 0, len(i)*32)
	for _, id := range i[:n] {
		text = hex.AppendEncode(text, id[:])
	}
	return string(text)
}

func parse(text string) (i ids, err error) {
	for n := range min(len(text)/32, len(i)) {
		if _, err := hex.Decode(i[n][:], []byte(text[n*32:n*32+32])); err != nil {
			return i, err
		}
	}
	return i, nil
}
