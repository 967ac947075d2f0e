package outcomes

import (
	"database/sql"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

const intoProgramme = `outcomes_programme@ (position, day, kind, code, agency, about, year, number, unit, source)`

// programme keeps what is said of the programme around the cases. Its facts are no entries: one that says something
// anew takes the place of the one before when it is read (latest).
func programme(tx *readdb.Tx, r events.Recorded) error {
	row := func(kind, code, agency, about string, year, number int, unit, source string) error {
		return tx.Insert(intoProgramme, int64(r.Position), events.DayOf(r.Meta.OccurredAt), kind, code, agency, about, year, number, unit, source)
	}
	switch fact := r.Event.(type) {
	case events.AgencyFounded:
		return row("agency", fact.Agency, fact.Agency, "", 0, 0, "", "")
	case events.ProjectLaunched:
		return row("project", fact.Project, fact.Agency, fact.Category, 0, 0, "", "")
	case events.PostEstablished:
		return row("post", fact.Post, fact.Employer, fact.Kind, 0, 0, "", "")
	case events.TargetSet:
		return row("target", fact.Project, "", fact.Count, fact.Year, fact.Number, "", "")
	case events.ClaimPublished:
		return row("claim", "", "", fact.About, fact.Year, fact.Number, fact.Unit, fact.Source)
	}
	return nil
}

// said is a row of it. By kind:
//
//	agency   code
//	project  code, agency, about is the category
//	post     code, agency is the employer, about is the kind
//	target   code is the project or empty, about is the count, year, number
//	claim    about, year, number, unit, source
type said struct {
	kind, code, agency, about string
	year, number              int
	unit, source              string
}

// programmeFacts are what holds of the programme on the day one stands on.
type programmeFacts struct {
	projects map[string]said
	rest     []said // the others, in the order of (day, position)
}

func (r *replay) readProgramme(tx *readdb.Tx) error {
	r.programme = programmeFacts{projects: make(map[string]said)}
	upTo := Asked{AsOf: r.asked.AsOf}.until()
	place := make(map[said]int)
	return tx.Query(`SELECT kind, code, agency, about, year, number, unit, source FROM outcomes_programme@
		WHERE position <= $1 AND day <= $2 ORDER BY day, position`,
		[]any{int64(r.known), upTo}, func(rows *sql.Rows) error {
			var s said
			if err := rows.Scan(&s.kind, &s.code, &s.agency, &s.about, &s.year, &s.number, &s.unit, &s.source); err != nil {
				return err
			}
			if s.kind == "project" {
				r.programme.projects[s.code] = s
				return nil
			}
			if at, again := place[s.name()]; again {
				r.programme.rest[at] = s
				return nil
			}
			place[s.name()] = len(r.programme.rest)
			r.programme.rest = append(r.programme.rest, s)
			return nil
		})
}

// name is what tells two facts apart; of two of the same name the later holds. Claims that disagree are all kept.
func (s said) name() said {
	switch s.kind {
	case "target":
		return said{kind: s.kind, code: s.code, about: s.about, year: s.year}
	case "claim":
		return s
	}
	return said{kind: s.kind, code: s.code}
}

func (p programmeFacts) agency(project string) string { return p.projects[project].agency }

// category is that of the file or, of a group or an activity, that of its project.
func (p programmeFacts) category(f file) string {
	if f.kind == "case" {
		return f.category
	}
	return p.projects[f.project].about
}
