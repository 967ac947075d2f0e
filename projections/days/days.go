// Package days tells what was known on a day: the last position before anything recorded after that day. Every
// question of what was known then starts here.
package days

import (
	"context"
	"database/sql"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// Projection keeps the last position of each day. The clocks of several writers differ, so a position can be recorded
// earlier than the one before it; it belongs to the latest day so far, or a day would end twice.
type Projection struct{}

func (Projection) Name() string { return "days" }
func (Projection) Version() int { return 1 }

func (Projection) Tables() []projections.Table {
	return []projections.Table{{
		Name:    "days_day",
		Columns: `day TEXT PRIMARY KEY, last BIGINT NOT NULL`,
		Key:     1,
	}}
}

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	day, last := "", events.Position(0)
	err := tx.Query(`SELECT day FROM days_day@ ORDER BY day DESC LIMIT 1`, nil,
		func(rows *sql.Rows) error { return rows.Scan(&day) })
	if err != nil {
		return err
	}
	end := func() error {
		if last == 0 {
			return nil
		}
		return tx.Exec(`INSERT INTO days_day@ (day, last) VALUES ($1, $2)
			ON CONFLICT (day) DO UPDATE SET last = excluded.last`, day, int64(last))
	}
	for _, f := range batch {
		if on := events.DayOf(f.Meta.RecordedAt); on > day {
			if err := end(); err != nil {
				return err
			}
			day = on
		}
		last = f.Position
	}
	return end()
}

// KnownAt is the last position that was known at the end of a day. Before the first event that is 0; of a day to come
// it is as far as the view is.
func KnownAt(ctx context.Context, db *readdb.DB, day string) (events.Position, error) {
	last := int64(0)
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		return tx.Query(`SELECT last FROM days_day@ WHERE day <= $1 ORDER BY day DESC LIMIT 1`, []any{day},
			func(rows *sql.Rows) error { return rows.Scan(&last) })
	})
	return events.Position(last), err
}
