package outcomes

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// Replay is the report for what is asked, and the position up to which facts were known for it: what was asked
// for, or how far the view is if that is less.
func Replay(ctx context.Context, db *readdb.DB, asked Asked) (Result, events.Position, error) {
	r, err := read(ctx, db, asked)
	if err != nil {
		return Result{}, 0, fmt.Errorf("replaying outcomes: %w", err)
	}
	return r.result(), r.known, nil
}

// replay is what holds as of a day and as known at a position, of what was asked for. The database says which rows
// those are, and that is all there is to the two times; what is made of them does not know of times any more.
type replay struct {
	asked     Asked
	known     events.Position
	programme programmeFacts
	files     map[string]*file
	cases     []history // of files that were chosen and count
	aside     []course  // closures of files that were chosen and do not count, as a duplicate or in error
	served    []served
	presences []presence
}

func read(ctx context.Context, db *readdb.DB, asked Asked) (r *replay, err error) {
	err = db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		r = begin(tx, asked)
		for _, read := range []func(*readdb.Tx) error{r.readProgramme, r.readFiles, r.readCourse, r.readServed, r.readPresent} {
			if err := read(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

func begin(tx *readdb.Tx, asked Asked) *replay {
	return &replay{asked: asked, known: min(events.Position(tx.Position), asked.KnownAt)}
}

// holds is the WHERE clause of every report: the rows that hold as known at $1.
const holds = `position <= $1 AND (superseded IS NULL OR superseded > $1)`

func (r *replay) readFiles(tx *readdb.Tx) error {
	r.files = make(map[string]*file)
	return tx.Query(`SELECT file, day, kind, project, category, site, client, held, aside FROM outcomes_file@ WHERE `+holds,
		[]any{int64(r.known)}, func(rows *sql.Rows) error {
			var f file
			err := rows.Scan(&f.id, &f.day, &f.kind, &f.project, &f.category, &f.site, &f.client, &f.held, &f.aside)
			f.category = r.programme.category(f)
			r.files[f.id] = &f
			return err
		})
}

// nowhere is the file of what has none.
var nowhere = &file{}

// in finds the file and tells whether it was asked for.
func (r *replay) in(id string) (*file, bool) {
	f := r.files[id]
	if f == nil {
		f = nowhere
	}
	asks := func(asked, has string) bool { return asked == "" || asked == has }
	return f, asks(r.asked.Project, f.project) && asks(r.asked.Category, f.category) && asks(r.asked.Site, f.site) &&
		asks(r.asked.Agency, r.programme.agency(f.project)) && (r.asked.Of == nil || !strings.HasPrefix(id, "case-") || r.asked.Of(id))
}

// counts tells whether the opening of a file counts: it happened, nobody took it back, and no closure says that it
// should not have been.
func (r *replay) counts(f *file) bool {
	return f.kind == "case" && f.held == 1 && f.aside == 0 && f.day <= r.asked.until()
}
