package outcomes

import (
	"database/sql"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// file is where a case, a group or an activity belongs, and whether its opening counts.
type file struct {
	id                                    string // its stream
	first                                 int64
	entry, actor, day                     string
	kind, project, category, site, client string
	held, aside                           int
}

// opens is the file that an entry opens.
func opens(entry events.Entry) (f file, ok bool) {
	switch fact := entry.(type) {
	case events.IntakeRecorded:
		f = file{kind: "case", project: fact.Project, category: fact.Category, site: fact.Site}
		if fact.Client != uuid.Nil {
			f.client = fact.Client.String()
		}
	case events.GroupPlanned:
		f = file{kind: "group", project: fact.Project, site: fact.Site}
	case events.ActivityPlanned:
		f = file{kind: "activity", project: fact.Project, site: fact.Site}
	default:
		return f, false
	}
	f.held = 1
	return f, true
}

const intoFile = `outcomes_file@ (position, file, first, entry, actor, day, kind, project, category, site, client, held, aside)`

func (f file) insert(tx *readdb.Tx, at events.Position) error {
	return tx.Insert(intoFile, int64(at), f.id, f.first, f.entry, f.actor, f.day, f.kind, f.project, f.category, f.site,
		f.client, f.held, f.aside)
}

// refile says a file anew, from a position on.
func refile(tx *readdb.Tx, id string, at events.Position, change func(*file)) error {
	var f file
	found := false
	err := tx.Query(`SELECT file, first, entry, actor, day, kind, project, category, site, client, held, aside
		FROM outcomes_file@ WHERE file = $1 AND superseded IS NULL`, []any{id}, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&f.id, &f.first, &f.entry, &f.actor, &f.day, &f.kind, &f.project, &f.category, &f.site, &f.client, &f.held, &f.aside)
	})
	if err != nil || !found {
		return err
	}
	before := f
	if change(&f); f == before {
		return nil
	}
	if err := tx.Exec(`UPDATE outcomes_file@ SET superseded = $1 WHERE file = $2 AND superseded IS NULL`, int64(at), id); err != nil {
		return err
	}
	return f.insert(tx, at)
}

// reopen says a file anew because its opening was corrected or retracted.
func reopen(tx *readdb.Tx, fact projections.Fact) error {
	held := fact.Now
	opened, ok := opens(held.Now)
	return refile(tx, fact.Stream, fact.Position, func(f *file) {
		if f.first != int64(held.First.Position) {
			return
		}
		if ok { // else it says something that opens no file: the file stays where it was
			f.day, f.kind = held.Day(), opened.kind
			f.project, f.category, f.site, f.client = opened.project, opened.category, opened.site, opened.client
		}
		if f.held = 0; ok && !held.Retracted {
			f.held = 1
		}
	})
}

// setAside counts one closure more, or one less, that says the file should not have been opened.
func setAside(tx *readdb.Tx, stream string, at events.Position, before, now bool) error {
	if before == now {
		return nil
	}
	return refile(tx, stream, at, func(f *file) {
		if now {
			f.aside++
		} else {
			f.aside--
		}
	})
}
