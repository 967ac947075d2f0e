// Package casefile shows one stream as it was on a day, as was known at a position: a case with its plan, steps and
// timeline, a client, a group, an activity.
//
// The table keeps every fact as it is in the log, words sealed; Load folds those that count at a point in time. So
// there is one way of folding for every day, and today is no special case.
package casefile

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Projection keeps the facts of cases, clients, groups and activities, each stream together.
type Projection struct{}

func (Projection) Name() string { return "casefile" }
func (Projection) Version() int { return 5 }

var _ projections.Personal = Projection{}

// Sealed is where words are.
func (Projection) Sealed() map[string]string { return map[string]string{"casefile_fact": "facts"} }

func (Projection) Tables() []projections.Table {
	return []projections.Table{{
		Name: "casefile_fact",
		Columns: `stream TEXT NOT NULL,
			position INTEGER NOT NULL, -- of the last of them
			facts    TEXT NOT NULL,    -- sheet.go
			PRIMARY KEY (stream, position)`,
		Key:     2,
		Ordered: true, // the facts of a stream came weeks apart: each would be on a page of its own
	}, {
		Name: "casefile_person", // in which streams, beside their own, words of a client may be
		Columns: `client TEXT NOT NULL,
			stream TEXT NOT NULL,
			PRIMARY KEY (client, stream)`,
		Key:     2,
		Ordered: true,
	}}
}

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for len(batch) > 0 {
		run, client := untilForgotten(batch)
		batch = batch[len(run):]
		if err := keep(tx, run); err != nil {
			return err
		}
		if client == uuid.Nil {
			continue
		}
		if err := purge(tx, client); err != nil {
			return err
		}
	}
	return nil
}

// untilForgotten are the facts up to the first that ends the words of a client, and whose; Nil: all of them.
func untilForgotten(batch []projections.Fact) (run []projections.Fact, client uuid.UUID) {
	for n, f := range batch {
		if client, ok := projections.Forgets(f.Recorded); ok {
			return batch[:n+1], client
		}
	}
	return batch, uuid.Nil
}

// keep takes the facts of a stream together, as the table has them: so a page is sought and filled once for a batch, and
// not for each fact.
func keep(tx *readdb.Tx, batch []projections.Fact) error {
	together := slices.SortedStableFunc(slices.Values(batch), func(a, b projections.Fact) int { return strings.Compare(a.Stream, b.Stream) })
	for _, f := range together {
		if !shows(f.Stream) {
			continue
		}
		if err := tx.Insert("casefile_fact@", f.Stream, int64(f.Position), sheetOf(f)); err != nil {
			return err
		}
	}
	for _, f := range together { // apart: a statement between them would have each row written by itself
		if fills(f) && shows(f.Stream) {
			if err := bind(tx, f); err != nil {
				return err
			}
		}
		for _, client := range people(f.Event) {
			if err := tx.Exec(`INSERT INTO casefile_person@ (client, stream) VALUES ($1, $2) ON CONFLICT (client, stream) DO NOTHING`,
				client.String(), f.Stream); err != nil {
				return err
			}
		}
	}
	return nil
}

// shows tells of which streams there are files.
func shows(stream string) bool {
	return slices.Contains([]string{"case", "client", "group", "activity"}, category(stream))
}

// people are those whose words a stream may have from a fact on: the client of a case, a member of a group.
func people(fact events.Event) []uuid.UUID {
	switch fact := fact.(type) {
	case events.IntakeRecorded:
		return []uuid.UUID{fact.Client}
	case events.EntryAmended:
		return people(fact.Now.Entry)
	case events.MemberJoined:
		return []uuid.UUID{fact.Member}
	}
	return nil
}

// purge takes the words of a client out of every stream that has any.
func purge(tx *readdb.Tx, client uuid.UUID) error {
	owner := events.Stream("client", client)
	streams, err := StreamsOf(tx, client)
	if err != nil {
		return err
	}
	for _, stream := range streams {
		if err := projections.Purge(tx, "casefile_fact", "position", "facts", owner, "stream = $1", stream); err != nil {
			return err
		}
	}
	return nil
}

// StreamsOf are the streams that may have words of a client: their own, their cases, the groups they were a member of.
func StreamsOf(tx *readdb.Tx, client uuid.UUID) ([]string, error) {
	streams := []string{events.Stream("client", client)}
	err := tx.Query(`SELECT stream FROM casefile_person@ WHERE client = $1 ORDER BY stream`, []any{client.String()}, func(rows *sql.Rows) error {
		var stream string
		err := rows.Scan(&stream)
		streams = append(streams, stream)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for the streams of a client: %w", err)
	}
	return streams, nil
}

func category(stream string) string {
	category, _, _ := strings.Cut(stream, "-")
	return category
}
