package outcomes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// Listed is a row behind a number: ids, codes and days, nothing that was said. Stream, Client and Entry are real ids;
// whoever may see only pseudonyms gets those from api.
type Listed struct {
	First    events.Position `json:"first"`    // of the entry as it was first written: lists are in this order
	Position events.Position `json:"position"` // that made it what it is: First, or that of a correction
	Kind     string          `json:"kind"`     // opening, decision, closure, reopening, measure, rating, contact, session, activity
	Stream   string          `json:"stream"`
	Entry    string          `json:"entry"`
	Actor    string          `json:"actor"`
	Day      string          `json:"day"`
	Project  string          `json:"project"`
	Category string          `json:"category"`
	Site     string          `json:"site"`
	Client   string          `json:"client,omitempty"`
	Code     string          `json:"code,omitempty"`   // accepted, the reason of a closure, the instrument of a measure …
	Number   *float64        `json:"number,omitempty"` // person-times, score, level, T
}

// ErrNoNumber: there is no number of that name which opens into facts.
var ErrNoNumber = errors.New("there is no number of that name")

// Facts lists the rows behind a number of the report for what is asked, as many as the number says, in the order in
// which they were first written: those after a position, at most limit. The number is named as in Result: case_files,
// intakes, declined, open, closed, reopened, set_aside, contacts, group_sessions, activities, person_times; and
// measures and ratings, behind measures and goal_attainment.
func Facts(ctx context.Context, db *readdb.DB, asked Asked, number string, after events.Position, limit int) ([]Listed, events.Position, error) {
	l := lister{after: after, limit: limit, list: []Listed{}}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		l.replay = begin(tx, asked)
		if err := errors.Join(l.readProgramme(tx), l.readFiles(tx)); err != nil {
			return err
		}
		return l.of(tx, number)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("listing %s: %w", number, err)
	}
	return l.list, l.known, nil
}

type lister struct {
	*replay
	after events.Position
	limit int
	list  []Listed
}

func (l *lister) of(tx *readdb.Tx, number string) error {
	switch number {
	case "intakes":
		return l.listFiles(tx)
	case "contacts":
		return l.listServed(tx, "contact")
	case "group_sessions":
		return l.listServed(tx, "session")
	case "activities":
		return l.listServed(tx, "activity")
	case "person_times":
		return l.listServed(tx, "contact", "session", "activity")
	case "measures":
		return l.listCourse(tx, "measure")
	case "ratings":
		return l.listCourse(tx, "rating")
	}
	if err := l.readCourse(tx); err != nil {
		return err
	}
	var counted []course
	switch number {
	case "case_files":
		counted = l.accepted()
	case "declined":
		counted = l.declined()
	case "open":
		counted = l.open()
	case "reopened":
		counted = l.reopened()
	case "set_aside":
		counted = l.setAside()
	case "closed":
		for _, c := range l.closed() {
			counted = append(counted, c.course)
		}
	default:
		return ErrNoNumber
	}
	firsts := make(map[events.Position]bool, len(counted))
	for _, c := range counted {
		firsts[events.Position(c.first)] = true
	}
	return l.rows(tx, fromCourse, func(row *Listed, _ *file) bool { return firsts[row.First] })
}

const fromCourse = `SELECT first, position, kind, file, entry, actor, day, code, number FROM outcomes_course@ WHERE part = 0 AND `

// listCourse lists what happened in the course of the cases that count.
func (l *lister) listCourse(tx *readdb.Tx, kind string) error {
	return l.rows(tx, fromCourse, func(row *Listed, f *file) bool {
		return row.Kind == kind && l.counts(f) && l.asked.within(row.Day)
	})
}

func (l *lister) listFiles(tx *readdb.Tx) error {
	return l.rows(tx, `SELECT first, position, 'opening', file, entry, actor, day, '', NULL FROM outcomes_file@ WHERE `,
		func(row *Listed, f *file) bool { return l.counts(f) && l.asked.within(row.Day) })
}

func (l *lister) listServed(tx *readdb.Tx, kinds ...string) error {
	return l.rows(tx, `SELECT first, position, kind, file, entry, actor, day, '', person_times * `+strconv.Itoa(unit)+` FROM outcomes_served@ WHERE `,
		func(row *Listed, _ *file) bool { return slices.Contains(kinds, row.Kind) && l.asked.within(row.Day) })
}

// errEnough ends a list.
var errEnough = errors.New("enough")

// rows lists what holds, was asked for and is wanted. Of an entry at most one row holds at a time, so no two have the
// same first position.
func (l *lister) rows(tx *readdb.Tx, from string, want func(*Listed, *file) bool) error {
	err := tx.Query(from+holds+` AND day <= $2 AND first > $3 ORDER BY first`,
		[]any{int64(l.known), l.asked.until(), int64(l.after)}, func(rows *sql.Rows) error {
			if len(l.list) >= l.limit {
				return errEnough
			}
			var row Listed
			var first, position int64
			var number *int64
			err := rows.Scan(&first, &position, &row.Kind, &row.Stream, &row.Entry, &row.Actor, &row.Day, &row.Code, &number)
			if err != nil {
				return err
			}
			row.First, row.Position = events.Position(first), events.Position(position)
			f, ok := l.in(row.Stream)
			if !ok || !want(&row, f) {
				return nil
			}
			row.Project, row.Category, row.Site, row.Client = f.project, f.category, f.site, f.client
			if number != nil {
				n := decimal(*number)
				row.Number = &n
			}
			l.list = append(l.list, row)
			return nil
		})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
