package audit

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Filter says which facts. What is empty does not matter. Audit goes by when facts were recorded, not by when they
// happened: From and Until are days of that, both included, and a list as of a day is one Until it.
type Filter struct {
	Stream string `json:"stream,omitempty"`
	// Streams are the only ones that count; nil: all do.
	Streams []string `json:"-"`
	Actor   string   `json:"actor,omitempty"`
	Type    string   `json:"type,omitempty"`
	From    string   `json:"from,omitempty"`
	Until   string   `json:"until,omitempty"`

	After events.Position `json:"after"` // the last one already seen
	Limit int             `json:"limit"` // rows; 0: 100
}

// Page is a part of the list, in the order of the log.
type Page struct {
	Filter
	Position events.Position `json:"position"` // that the answer rests on
	Rows     []Row           `json:"rows"`
	More     bool            `json:"more,omitempty"` // there is more after the last row
}

// Row is one fact: who, what, when.
type Row struct {
	Position    events.Position `json:"position"`
	Stream      string          `json:"stream"`
	Version     int             `json:"version"`
	Type        string          `json:"type"`
	Actor       string          `json:"actor"`
	OnBehalfOf  string          `json:"on_behalf_of,omitempty"`
	RecordedAt  time.Time       `json:"recorded_at"`
	OccurredAt  time.Time       `json:"occurred_at"`
	Command     uuid.UUID       `json:"command"`
	Entry       uuid.UUID       `json:"entry,omitzero"`
	Correlation uuid.UUID       `json:"correlation,omitzero"`

	// Of a correction: the entry it is of, and the position at which what it changed had come to hold. What the entry
	// said after it came to hold at Position.
	Corrects uuid.UUID       `json:"corrects,omitzero"`
	Before   events.Position `json:"before,omitzero"`
}

// List is a page of facts.
func List(ctx context.Context, db *readdb.DB, filter Filter) (*Page, error) {
	if filter.Limit <= 0 {
		filter.Limit = 100
	}
	page := &Page{Filter: filter, Rows: []Row{}}
	parts := [][]string{nil}
	if filter.Streams != nil {
		parts = slices.Collect(slices.Chunk(filter.Streams, mostStreams))
	}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		page.Position = events.Position(tx.Position)
		for _, streams := range parts {
			query, args, err := filter.query(streams)
			if err != nil {
				return err
			}
			err = tx.Query(query, args, func(rows *sql.Rows) error {
				row, err := scan(rows)
				page.Rows = append(page.Rows, row)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(page.Rows, func(a, b Row) int { return cmp.Compare(a.Position, b.Position) })
	if page.More = len(page.Rows) > filter.Limit; page.More {
		page.Rows = page.Rows[:filter.Limit]
	}
	return page, nil
}

// mostStreams is how many streams one query names: databases take only so many arguments.
const mostStreams = 5000

// query asks for one row more than the limit, of these streams; nil: of all.
func (f Filter) query(streams []string) (query string, args []any, err error) {
	var where strings.Builder
	and := func(condition string, arg any) {
		args = append(args, arg)
		where.WriteString(" AND " + condition + " $" + strconv.Itoa(len(args)))
	}
	args = append(args, int64(min(f.After, projections.Latest)))
	for i, stream := range streams {
		where.WriteString(map[bool]string{true: " AND stream IN (", false: ","}[i == 0])
		args = append(args, stream)
		where.WriteString("$" + strconv.Itoa(len(args)))
		if i == len(streams)-1 {
			where.WriteString(")")
		}
	}
	for condition, arg := range map[string]string{"stream =": f.Stream, "actor =": f.Actor, "type =": f.Type} {
		if arg != "" {
			and(condition, arg)
		}
	}
	for condition, day := range map[string]string{"recorded >=": f.From, "recorded <": f.Until} {
		if day == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, day, events.Zone)
		if err != nil {
			return "", nil, fmt.Errorf("a day is written 2006-01-02")
		}
		if condition == "recorded <" {
			at = at.AddDate(0, 0, 1)
		}
		and(condition, at.UnixNano())
	}
	args = append(args, f.Limit+1)
	return `SELECT position, stream, version, type, actor, behalf, recorded, occurred, ids, was FROM audit_fact@
		WHERE position > $1` + where.String() + ` ORDER BY position LIMIT $` + strconv.Itoa(len(args)), args, nil
}

func scan(rows *sql.Rows) (row Row, err error) {
	var position, was, recorded, occurred int64
	var text string
	if err := rows.Scan(&position, &row.Stream, &row.Version, &row.Type, &row.Actor, &row.OnBehalfOf, &recorded, &occurred, &text, &was); err != nil {
		return row, err
	}
	i, err := parse(text)
	row.Position, row.Before = events.Position(position), events.Position(was)
	row.RecordedAt, row.OccurredAt = time.Unix(0, recorded).UTC(), time.Unix(0, occurred).UTC()
	row.Command, row.Entry, row.Correlation, row.Corrects = i[command], i[entered], i[correlated], i[corrected]
	return row, err
}
