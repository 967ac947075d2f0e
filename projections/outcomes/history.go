package outcomes

import (
	"database/sql"

	"github.com/casestream/casestream/projections/readdb"
)

// history is what happened in one case, in the order of the day and, on one day, of the position of the entry.
type history struct {
	file     *file
	episodes []episode

	accepted *course // the first acceptance
	decided  *course // the last decision
	open     bool    // accepted, and not closed since
}

// episode is the course of a case from its opening, or a reopening, to the next reopening. What comes after a closure
// still belongs to the episode that was closed.
type episode struct {
	reopening *course // nil: the first
	closures  []course
	plan      []course // the goals of the plan in force, nil: no plan
	planned   int      // its version
	ratings   []course
	measures  []course
}

func (r *replay) readCourse(tx *readdb.Tx) error {
	var current history
	ended := func() {
		if current.file == nil {
			return
		}
		if r.counts(current.file) {
			r.cases = append(r.cases, current)
			return
		}
		for _, e := range current.episodes {
			for _, c := range e.closures {
				if aside(c.code) {
					r.aside = append(r.aside, c)
				}
			}
		}
	}
	var c course // of every row: one for each would be the most that is allocated for a report
	columns := []any{&c.file, &c.first, &c.position, &c.part, &c.day, &c.kind, &c.code, &c.version, &c.occasion, &c.leaving, &c.outcome, &c.number}
	err := tx.Query(`SELECT file, first, position, part, day, kind, code, version, occasion, leaving, outcome, number
		FROM outcomes_course@ WHERE `+holds+` AND day <= $2 ORDER BY file, day, first, part`,
		[]any{int64(r.known), r.asked.until()}, func(rows *sql.Rows) error {
			if err := rows.Scan(columns...); err != nil {
				return err
			}
			f, ok := r.in(c.file)
			if !ok {
				return nil
			}
			if current.file == nil || current.file != f {
				ended()
				current = history{file: f, episodes: make([]episode, 1)}
			}
			current.happened(c)
			return nil
		})
	ended()
	return err
}

// happened takes the next thing that happened.
func (h *history) happened(c course) {
	now := &h.episodes[len(h.episodes)-1]
	switch c.kind {
	case "decision":
		decision := c
		h.decided, h.open = &decision, c.code == "accepted"
		if h.open && h.accepted == nil {
			h.accepted = &decision
		}
	case "closure":
		now.closures, h.open = append(now.closures, c), false
	case "reopening":
		again := c
		h.open = h.accepted != nil
		h.episodes = append(h.episodes, episode{reopening: &again, plan: now.plan, planned: now.planned})
	case "plan":
		now.plan, now.planned = []course{}, c.version
	case "goal":
		now.plan = append(now.plan, c)
	case "rating":
		now.ratings = append(now.ratings, c)
	case "measure":
		now.measures = append(now.measures, c)
	}
}
