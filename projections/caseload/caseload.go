// Package caseload lists cases for those who carry them: who has which, how great the risk, the last contact, the next
// step due and what is overdue.
//
// What has one value at a time is a row for every time that it was said: the list of any day is the latest row of each
// up to that day, among those that were known and not yet superseded. Today is the same query.
package caseload

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// Projection keeps what was said of each case, light: codes, days and ids, no words but the client's sealed name.
type Projection struct{}

func (Projection) Name() string { return "caseload" }
func (Projection) Version() int { return 2 }

var _ projections.Personal = Projection{}

// Sealed is where names are.
func (Projection) Sealed() map[string]string { return map[string]string{"caseload_name": "name"} }

func (Projection) Tables() []projections.Table {
	return []projections.Table{
		{
			Name: "caseload_value",
			Columns: `id INTEGER PRIMARY KEY, -- of the fact's position and its place in the fact: see place
				case_id TEXT NOT NULL,
				what    TEXT NOT NULL,   -- what has one value at a time: worker, stage, step contact …
				rank    TEXT NOT NULL,   -- the day; empty where what was written later counts, wheprojections.Never it happened
				origin  BIGINT NOT NULL, -- position of the entry as it was first written
				day     TEXT NOT NULL,   -- it happened
				until   BIGINT NOT NULL, -- the position that superseded it
				value   TEXT NOT NULL`,
			Key:     1,
			Indexes: []string{"case_id, what, rank, origin"},
		}, {
			Name: "caseload_mark", // which cases to look at: every case that ever had the mark
			Columns: `id INTEGER PRIMARY KEY,
				mark    TEXT NOT NULL,
				case_id TEXT NOT NULL`,
			Key:     1,
			Indexes: []string{"mark, case_id"},
		}, {
			Name: "caseload_name",
			Columns: `id INTEGER PRIMARY KEY,
				client TEXT NOT NULL,
				origin BIGINT NOT NULL,
				until  BIGINT NOT NULL,
				name   TEXT NOT NULL -- JSON, sealed`,
			Key:     1,
			Indexes: []string{"client"},
		},
	}
}

// places is how many rows one fact can have in a table, at most.
const places = 256

// place is the id of the n-th row of a fact. So the rows that a correction supersedes are found without an index.
func place(position events.Position, n int) int64 { return int64(position)*places + int64(n) }

// known is the id that no row has reached which was known at a point.
func known(at projections.Point) int64 { return place(min(at.KnownAt, math.MaxInt64/places-1)+1, 0) }

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, f := range batch {
		category, id, _ := strings.Cut(f.Stream, "-")
		var err error
		switch category {
		case "case":
			err = applyCase(tx, id, f)
		case "client":
			err = applyClient(tx, id, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holds is the entry that a fact makes hold, if any, after what held before is superseded.
func holds(tx *readdb.Tx, table string, f projections.Fact) (events.Held, error) {
	if f.Now != nil {
		err := tx.Exec(`UPDATE `+table+` SET until = $1 WHERE id >= $2 AND id < $3 AND until > $1`,
			int64(f.Position), place(f.Before.By.Position, 0), place(f.Before.By.Position+1, 0))
		return *f.Now, err
	}
	switch fact := f.Event.(type) {
	case events.Correction, events.EntryRetracted: // of nothing that is known
		return events.Held{Retracted: true}, nil
	case events.Entry:
		return events.Held{First: &f.Recorded, Now: fact, HappenedAt: f.Meta.OccurredAt}, nil
	}
	return events.Held{Retracted: true}, nil
}

func applyCase(tx *readdb.Tx, id string, f projections.Fact) error {
	held, err := holds(tx, "caseload_value@", f)
	if err != nil || held.Retracted {
		return err
	}
	values, marks := said(&held)
	if len(values) > places {
		return fmt.Errorf("%d values in one fact", len(values))
	}
	for n, v := range values {
		if err := tx.Insert("caseload_value@", place(f.Position, n), id, v.what, v.rank, int64(held.First.Position), v.day, int64(projections.Never), v.value); err != nil {
			return err
		}
	}
	for n, mark := range marks {
		if err := tx.Insert("caseload_mark@", place(f.Position, n), mark, id); err != nil {
			return err
		}
	}
	return nil
}

// forgotten stands in the place of the names of whoever is.
const forgotten = `"forgotten"`

func applyClient(tx *readdb.Tx, id string, f projections.Fact) error {
	if _, ok := projections.Forgets(f.Recorded); ok {
		return tx.Exec(`UPDATE caseload_name@ SET name = $1 WHERE client = $2`, forgotten, id)
	}
	held, err := holds(tx, "caseload_name@", f)
	if err != nil || held.Retracted {
		return err
	}
	var details events.Details
	switch fact := held.Now.(type) {
	case events.ClientRegistered:
		details = fact.Details
	case events.ClientDetailsAmended:
		details = fact.Details
	default:
		return nil
	}
	name, err := json.Marshal(details.Name)
	if err != nil {
		return err
	}
	return tx.Insert("caseload_name@", place(f.Position, 0), id, int64(held.First.Position), int64(projections.Never), string(name))
}
