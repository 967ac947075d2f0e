// Package access folds the read log into what is asked of it: who read this, what was unusual, which broken glass is
// still to be reviewed. It is a view like the others, of another log.
package access

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// It holds no words: those of a broken glass stay where they are sealed, in the read log, so that forgetting somebody has
// nothing to do here.

// Projection keeps a row for each reader, day and way in which something was read, not for each time: a caseload that is
// opened all day long would bury who else has read a file.
type Projection struct{}

func (Projection) Name() string { return "access" }
func (Projection) Version() int { return 1 }

func (Projection) Tables() []projections.Table {
	return []projections.Table{
		{
			Name: "access_reading",
			Columns: `stream TEXT NOT NULL, -- what was read
				day     TEXT NOT NULL,
				actor   TEXT NOT NULL,
				role    TEXT NOT NULL,
				route   TEXT NOT NULL,
				purpose TEXT NOT NULL,
				classes TEXT NOT NULL,     -- S1 S2 S3, with blanks between
				glass   TEXT NOT NULL,     -- the broken one that let the reader in, or empty
				times   BIGINT NOT NULL,
				since   BIGINT NOT NULL,   -- the first time that day, ns since 1970
				until   BIGINT NOT NULL,   -- the last time that day
				PRIMARY KEY (stream, day, actor, role, route, purpose, classes, glass)`,
			Key: 8,
		}, {
			Name: "access_unusual", // a row for each time that a rule marked
			Columns: `position INTEGER PRIMARY KEY,
				at      BIGINT NOT NULL, -- ns since 1970
				actor   TEXT NOT NULL,
				role    TEXT NOT NULL,
				route   TEXT NOT NULL,
				glass   TEXT NOT NULL,
				marks   TEXT NOT NULL,   -- with blanks between
				streams TEXT NOT NULL    -- JSON`,
			Key: 1,
		}, {
			Name: "access_glass",
			Columns: `id TEXT PRIMARY KEY,
				stream    TEXT NOT NULL,
				actor     TEXT NOT NULL,
				role      TEXT NOT NULL,
				reason    TEXT NOT NULL,
				at        BIGINT NOT NULL, -- ns since 1970
				until     BIGINT NOT NULL,
				review_by BIGINT NOT NULL,
				reviewed  BIGINT NOT NULL, -- 0: not yet
				reviewer  TEXT NOT NULL,
				finding   TEXT NOT NULL`,
			Key:     1,
			Indexes: []string{"reviewed, at"},
		},
	}
}

// reading is a row of access_reading but for how often.
type reading struct{ stream, day, actor, role, route, purpose, classes, glass string }

type times struct{ n, since, until int64 }

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	readings := make(map[reading]times)
	for _, f := range batch {
		var err error
		switch fact := f.Event.(type) {
		case events.Disclosed:
			read(readings, f, fact.Asking, fact.Shown)
			err = unusual(tx, f, fact)
		case events.Exported:
			read(readings, f, fact.Asking, fact.Shown)
		case events.GlassBroken:
			err = broken(tx, f, fact)
		case events.GlassReviewed:
			err = tx.Exec(`UPDATE access_glass@ SET reviewed = $1, reviewer = $2, finding = $3 WHERE id = $4`,
				f.Meta.RecordedAt.UnixNano(), f.Meta.Actor, fact.Finding, fact.Glass.String())
		}
		if err != nil {
			return err
		}
	}
	return write(tx, readings)
}

func read(readings map[reading]times, f projections.Fact, asking events.Asking, shown []events.Shown) {
	at := f.Meta.RecordedAt
	for _, s := range shown {
		row := reading{
			day: events.DayOf(at), actor: f.Meta.Actor, role: asking.Role, route: asking.Route, purpose: asking.Purpose,
			classes: words(s.Classes), glass: id(asking.Glass),
		}
		for _, row.stream = range s.Streams {
			now := times{1, at.UnixNano(), at.UnixNano()}
			if before, again := readings[row]; again {
				now = times{before.n + 1, min(before.since, now.since), max(before.until, now.until)}
			}
			readings[row] = now
		}
	}
}

// write adds the readings of a batch to those before, in an order of its own, so that two processes do not wait for each other.
func write(tx *readdb.Tx, readings map[reading]times) error {
	rows := make([]reading, 0, len(readings))
	for row := range readings {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b reading) int {
		return cmp.Or(cmp.Compare(a.stream, b.stream), cmp.Compare(a.day, b.day), cmp.Compare(a.actor, b.actor), cmp.Compare(a.role, b.role),
			cmp.Compare(a.route, b.route), cmp.Compare(a.purpose, b.purpose), cmp.Compare(a.classes, b.classes), cmp.Compare(a.glass, b.glass))
	})
	for _, row := range rows {
		t := readings[row]
		err := tx.Exec(`INSERT INTO access_reading@ AS r (stream, day, actor, role, route, purpose, classes, glass, times, since, until)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (stream, day, actor, role, route, purpose, classes, glass) DO UPDATE SET times = r.times + excluded.times,
			since = CASE WHEN excluded.since < r.since THEN excluded.since ELSE r.since END,
			until = CASE WHEN excluded.until > r.until THEN excluded.until ELSE r.until END`,
			row.stream, row.day, row.actor, row.role, row.route, row.purpose, row.classes, row.glass, t.n, t.since, t.until)
		if err != nil {
			return err
		}
	}
	return nil
}

func unusual(tx *readdb.Tx, f projections.Fact, fact events.Disclosed) error {
	if len(fact.Marks) == 0 {
		return nil
	}
	var streams []string
	for _, s := range fact.Shown {
		streams = append(streams, s.Streams...)
	}
	data, err := json.Marshal(streams)
	if err != nil {
		return err
	}
	return tx.Insert("access_unusual@", int64(f.Position), f.Meta.RecordedAt.UnixNano(), f.Meta.Actor, fact.Role, fact.Route,
		id(fact.Glass), strings.Join(fact.Marks, " "), string(data))
}

func broken(tx *readdb.Tx, f projections.Fact, fact events.GlassBroken) error {
	return tx.Insert("access_glass@", fact.Entry.String(), f.Stream, f.Meta.Actor, fact.Role, fact.Reason,
		f.Meta.RecordedAt.UnixNano(), fact.Until.UnixNano(), fact.ReviewBy.UnixNano(), int64(0), "", "")
}

// words are codes in one column.
func words[S ~string](codes []S) string {
	var b strings.Builder
	for i, code := range codes {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(code))
	}
	return b.String()
}

func id(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

func instant(ns int64) time.Time { return time.Unix(0, ns).UTC() }
