// Package outcomes keeps what a project achieved as facts, not as totals: a row for each opening, decision, closure,
// reopening, plan, goal rating, measure, contact, group session and activity, with the position that brought it and
// the position from which it no longer holds. Nothing is ever taken away, so a past report is a WHERE clause: as of
// a day filters when it happened, as known at a position filters what was known, and the same question gets the same
// number twice. Numbers open into the rows that they count (Listed).
//
// Nothing sealed is kept here: codes, scores, days, counts and ids.
package outcomes

import "github.com/casestream/casestream/projections"

// Projection folds the log into outcomes.
type Projection struct{}

var _ projections.Projection = Projection{}

func (Projection) Name() string { return "outcomes" }
func (Projection) Version() int { return 1 }

// Each row has the position of the entry as it was first written (first), the position that brought the row
// (position), and the position from which it no longer holds (superseded). A correction ends the rows of its entry and
// brings new ones; a retraction ends them. By first, an entry's rows are found without another index.
const (
	times = `first BIGINT NOT NULL, position BIGINT NOT NULL, `
	named = `superseded BIGINT, file TEXT NOT NULL, entry TEXT NOT NULL, actor TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL, `
)

// Tables are five: what files there are, what happened in the course of a case, who was served how often, who was
// present in a group, and the programme around all that.
func (Projection) Tables() []projections.Table {
	return []projections.Table{
		{
			// The file of a case, a group or an activity: the stream it is kept in, and where it belongs. held is 0 when
			// its opening was retracted; aside counts the closures that say it was opened in error or is a duplicate.
			// Either way the file stays, because what was done in it was done, and the opening does not count.
			Name: "outcomes_file", Key: 2,
			Columns: `file TEXT NOT NULL, position BIGINT NOT NULL, superseded BIGINT, first BIGINT NOT NULL, entry TEXT NOT NULL,
				actor TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL, project TEXT NOT NULL, category TEXT NOT NULL,
				site TEXT NOT NULL, client TEXT NOT NULL, held INTEGER NOT NULL, aside INTEGER NOT NULL, PRIMARY KEY (file, position)`,
		},
		{
			// decision, closure, reopening, plan (a row more for each goal), rating, measure; row.go says what their columns say.
			Name: "outcomes_course", Key: 3,
			Columns: times + `part INTEGER NOT NULL, ` + named + `code TEXT NOT NULL, version INTEGER NOT NULL, occasion TEXT NOT NULL,
				leaving TEXT NOT NULL, outcome TEXT NOT NULL, number BIGINT, PRIMARY KEY (first, position, part)`,
		},
		{
			// contact, session, activity: who was served, in person-times.
			Name: "outcomes_served", Key: 2,
			Columns: times + named + `person_times BIGINT NOT NULL, PRIMARY KEY (first, position)`,
		},
		{
			// One member present at one session.
			Name: "outcomes_present", Key: 3,
			Columns: times + `member TEXT NOT NULL, superseded BIGINT, file TEXT NOT NULL, day TEXT NOT NULL,
				PRIMARY KEY (first, position, member)`,
		},
		{
			// project, target, claim, post, agency. What is said again under the same name takes the place of what was said.
			Name: "outcomes_programme", Key: 1,
			Columns: `position BIGINT NOT NULL PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL,
				agency TEXT NOT NULL, about TEXT NOT NULL, year INTEGER NOT NULL, number BIGINT NOT NULL, unit TEXT NOT NULL,
				source TEXT NOT NULL`,
		},
	}
}
