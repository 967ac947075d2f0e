// Package casefile shows one stream as it was on a day, as was known at a position: a case with its plan, steps and
// timeline, a client, a group, an activity.
//
// The table keeps every fact as it is in the log, words sealed; Load folds those that count at a point in time. So
// there is one way of folding for every day, and today is no special case.
package casefile

import (
	"fmt"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// Projection keeps the facts of cases, clients, groups and activities, each stream together.
type Projection struct{}

func (Projection) Name() string { return "casefile" }
func (Projection) Version() int { return 2 }

func (Projection) Tables() []projections.Table {
	return []projections.Table{{
		Name: "casefile_fact",
		Columns: `stream TEXT NOT NULL,
			position INTEGER NOT NULL,
			version  INTEGER NOT NULL,
			type     TEXT NOT NULL,
			shape    INTEGER NOT NULL,
			occurred BIGINT NOT NULL, -- ns since 1970
			recorded BIGINT NOT NULL,
			actor    TEXT NOT NULL,
			behalf   TEXT NOT NULL,
			data     TEXT NOT NULL, -- JSON of that shape
			PRIMARY KEY (stream, position)`,
		Key:     2,
		Ordered: true, // the facts of a stream came weeks apart: each would be on a page of its own
	}}
}

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, f := range batch {
		switch category(f.Stream) {
		case "case", "client", "group", "activity":
		default:
			continue
		}
		data, shape, err := events.Encode(f.Event)
		if err != nil {
			return fmt.Errorf("keeping position %s: %w", f.Position, err)
		}
		if err := tx.Insert("casefile_fact@", f.Stream, int64(f.Position), f.Version, f.Event.Type(), shape,
			f.Meta.OccurredAt.UnixNano(), f.Meta.RecordedAt.UnixNano(), f.Meta.Actor, f.Meta.OnBehalfOf, string(data)); err != nil {
			return err
		}
	}
	return nil
}

func category(stream string) string {
	category, _, _ := strings.Cut(stream, "-")
	return category
}
