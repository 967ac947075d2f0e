package access

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// Reading is who read something on one day, in one way: how often, from when to when.
type Reading struct {
	Stream  string    `json:"stream"`
	Day     string    `json:"day"`
	Actor   string    `json:"actor" doc:"the id of a worker, or the name of an account"`
	Role    string    `json:"role"`
	Route   string    `json:"route" doc:"by which route, by its name"`
	Purpose string    `json:"purpose,omitempty"`
	Classes []string  `json:"classes" doc:"S1 who it is, S2 clinical and social, S3 disclosures"`
	Glass   string    `json:"glass,omitempty" doc:"the broken glass that let the reader in"`
	Times   int       `json:"times"`
	Since   time.Time `json:"since" doc:"the first time that day"`
	Until   time.Time `json:"until" doc:"the last time that day"`
}

// Readers lists who read any of these streams, the newest first. It is the last ones of very many.
func Readers(ctx context.Context, db *readdb.DB, limit int, streams ...string) ([]Reading, error) {
	list := []Reading{}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		var in []string
		var args []any
		for _, stream := range streams {
			args = append(args, stream)
			in = append(in, fmt.Sprintf("$%d", len(args)))
		}
		args = append(args, limit)
		return tx.Query(`SELECT stream, day, actor, role, route, purpose, classes, glass, times, since, until FROM access_reading@
			WHERE stream IN (`+strings.Join(in, ", ")+`)
			ORDER BY until DESC, stream, actor, role, route, purpose, classes, glass LIMIT $`+fmt.Sprint(len(args)), args,
			func(rows *sql.Rows) error {
				var r Reading
				var classes string
				var since, until int64
				if err := rows.Scan(&r.Stream, &r.Day, &r.Actor, &r.Role, &r.Route, &r.Purpose, &classes, &r.Glass, &r.Times, &since, &until); err != nil {
					return err
				}
				r.Classes, r.Since, r.Until = strings.Fields(classes), instant(since), instant(until)
				list = append(list, r)
				return nil
			})
	})
	return list, err
}

// Unusual is one time that a rule marked.
type Unusual struct {
	Position events.Position `json:"position" doc:"in the read log"`
	At       time.Time       `json:"at"`
	Actor    string          `json:"actor" doc:"the id of a worker, or the name of an account"`
	Role     string          `json:"role"`
	Route    string          `json:"route"`
	Glass    string          `json:"glass,omitempty"`
	Marks    []string        `json:"marks" doc:"the rules that found it unusual"`
	Streams  []string        `json:"streams" doc:"what was read"`
}

// Unusuals lists what rules marked after a position of the read log, the oldest first.
func Unusuals(ctx context.Context, db *readdb.DB, after events.Position, limit int) ([]Unusual, error) {
	list := []Unusual{}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		return tx.Query(`SELECT position, at, actor, role, route, glass, marks, streams FROM access_unusual@
			WHERE position > $1 ORDER BY position LIMIT $2`, []any{int64(after), limit}, func(rows *sql.Rows) error {
			var u Unusual
			var position, at int64
			var marks, streams string
			if err := rows.Scan(&position, &at, &u.Actor, &u.Role, &u.Route, &u.Glass, &marks, &streams); err != nil {
				return err
			}
			u.Position, u.At, u.Marks = events.Position(position), instant(at), strings.Fields(marks)
			if err := json.Unmarshal([]byte(streams), &u.Streams); err != nil {
				return fmt.Errorf("reading what was read: %w", err)
			}
			list = append(list, u)
			return nil
		})
	})
	return list, err
}

// Broken is a glass that was broken. Why, in words, is sealed in its stream.
type Broken struct {
	ID       string    `json:"glass"`
	Stream   string    `json:"-"`
	Case     string    `json:"case"`
	Actor    string    `json:"actor"`
	Role     string    `json:"role"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
	Until    time.Time `json:"until" doc:"it lets in until then"`
	ReviewBy time.Time `json:"review_by"`
	Overdue  bool      `json:"overdue" doc:"it should have been reviewed by now"`
}

// Unreviewed lists the broken glasses that nobody has reviewed, the oldest first, as they stand at a time.
func Unreviewed(ctx context.Context, db *readdb.DB, now time.Time) ([]Broken, error) {
	list := []Broken{}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		return tx.Query(`SELECT id, stream, actor, role, reason, at, until, review_by FROM access_glass@
			WHERE reviewed = 0 ORDER BY at, id`, nil, func(rows *sql.Rows) error {
			var b Broken
			var at, until, by int64
			if err := rows.Scan(&b.ID, &b.Stream, &b.Actor, &b.Role, &b.Reason, &at, &until, &by); err != nil {
				return err
			}
			_, id, _ := events.SplitStream(b.Stream)
			b.Case, b.At, b.Until, b.ReviewBy = id.String(), instant(at), instant(until), instant(by)
			b.Overdue = now.After(b.ReviewBy)
			list = append(list, b)
			return nil
		})
	})
	return list, err
}
