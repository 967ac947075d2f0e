package sqlite

import (
	"fmt"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
)

// Where version n of a stream stands is a row of `placed`, which is two tables. Events come from all over: in one big
// table each of them would change a page of its own, and a commit of sixteen small facts would write, sync and checkpoint
// a hundred kilobytes. So the places of the newest stand together in a small one, a few pages that every commit
// changes anyway, and from time to time all of them are brought to the others at once.

const (
	// enoughPlaces is how many new ones there are before they are brought to the others. Fewer would do it more often
	// for as many pages, more would need more pages for the new ones, and whoever appends then waits longer.
	enoughPlaces = 2048
	// placedEvents are events with their places. Where an event is not what its place says, there is none: the version is
	// missing.
	placedEvents = ` FROM placed AS p JOIN events AS e ON e.position = p.position AND e.stream = p.stream AND e.version = p.version`
	// readPlaces are the columns that scan reads, of the events of a stream from a version on.
	readPlaces = `SELECT e.position, p.version, type, meta, data, NULL` + placedEvents + `
		WHERE p.stream = (SELECT id FROM streams WHERE name = ?) AND p.version >= ? ORDER BY p.version` + pageLimit
)

// place says where the events of the turn stand that have no place yet. It asks the file whether each version is given for
// the first time, whatever the writer thinks that it knows.
func (t *turn) place() error {
	fresh := int(t.last - t.placed)
	if fresh == 0 {
		return nil
	}
	err := run(t.w.conn, `INSERT OR FAIL INTO new_places (stream, version, position) SELECT stream, version, position FROM events
		WHERE position > ? AND NOT EXISTS (SELECT 1 FROM places WHERE stream = events.stream AND version = events.version)`,
		func(stmt *sqlite.Stmt) { stmt.BindInt64(1, int64(t.placed)) })
	if err == nil && t.w.conn.Changes() != fresh {
		err = fmt.Errorf("%w: a version would be given twice", events.ErrDamaged)
	}
	t.placed = t.last
	return err
}

// bringPlaces brings the new places to the others, when they are enough. It comes after the answers. When it fails they
// stay where they are, where they are found as well, and it is tried again after as many more.
func (w *writer) bringPlaces(batch []*request) {
	for _, r := range batch {
		if r.err == nil {
			w.places += len(r.rows)
		}
	}
	if w.places < w.enoughPlaces || w.failed != nil {
		return
	}
	w.places = 0
	surprise, err := w.transact(func() error {
		if err := run(w.conn, `INSERT OR FAIL INTO places SELECT stream, version, position FROM new_places ORDER BY stream, version`, nil); err != nil {
			return err
		}
		return run(w.conn, `DELETE FROM new_places`, nil)
	})
	if err == nil {
		w.pages += w.enoughPlaces / 4 // about
		return
	}
	_ = w.judge(surprise, err) // nobody waits for an answer; whether the writer may go on is decided all the same
}
