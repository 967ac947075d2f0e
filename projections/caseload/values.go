package caseload

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// standing is what was said last of one case, by what it is about.
type standing map[string]last

type last struct {
	value, day string
	origin     int64
}

// after tells whether this happened after something else.
func (l last) after(other last) bool {
	return cmp.Or(cmp.Compare(l.day, other.day), cmp.Compare(l.origin, other.origin)) > 0
}

// stage is how far the case was.
func (s standing) stage() string {
	switch stage := s["stage"].value; {
	case stage != reopened:
		return stage
	case s["accepted"].value == "":
		return "intake"
	}
	return "open"
}

func (s standing) intake() (in intake, err error) {
	if text := s["intake"].value; text != "" {
		err = json.Unmarshal([]byte(text), &in)
	}
	return in, err
}

// work is what shows that someone was at work in the case.
var work = []string{"contact", "work", "risk", "flag", "cleared"}

// row is the case in the list.
func (s standing) row(id string, at projections.Point) (Row, error) {
	in, err := s.intake()
	if err != nil {
		return Row{}, err
	}
	r := Row{
		Client: in.Client, Category: in.Category, Project: in.Project, Site: in.Site, Urgency: in.Urgency, OpenedBy: in.OpenedBy,
		Stage: s.stage(), Since: s["stage"].day, Void: s["void"].value, AssignedOn: s["worker"].day, Risk: s["risk"].value, LastContact: s["contact"].day,
	}
	if r.Case, err = uuid.Parse(id); err != nil {
		return r, err
	}
	if assigned, ok := s["worker"]; ok {
		if r.Worker, err = uuid.Parse(assigned.value); err != nil {
			return r, err
		}
		r.Untouched = true
	}
	for what, last := range s {
		kind, of, _ := strings.Cut(what, " ")
		if slices.Contains(work, kind) && last.after(s["worker"]) {
			r.Untouched = false
		}
		if last.value == "" {
			continue
		}
		switch kind {
		case "co":
			worker, err := uuid.Parse(of)
			if err != nil {
				return r, err
			}
			r.CoWorkers = append(r.CoWorkers, worker)
		case "flag":
			if _, cleared := s["cleared "+of]; !cleared {
				r.Flags = append(r.Flags, last.value)
			}
		case "step":
			text, isUnsure := strings.CutSuffix(last.value, unsure)
			by, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return r, err
			}
			r.Due = append(r.Due, Step{Step: of, By: by, Day: projections.LastDay(by), Unsure: isUnsure, Overdue: at.Late(by)})
		}
	}
	slices.SortFunc(r.CoWorkers, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	slices.Sort(r.Flags)
	slices.SortFunc(r.Due, func(a, b Step) int { return cmp.Or(a.By.Compare(b.By), cmp.Compare(a.Step, b.Step)) })
	for _, step := range r.Due {
		if step.Overdue {
			r.Overdue++
		}
	}
	return r, nil
}

// values is what was said last of each case up to a point: of everything, or of what is named.
func values(tx *readdb.Tx, cases, whats []string, at projections.Point) (map[string]standing, error) {
	stood := make(map[string]standing, len(cases))
	for some := range slices.Chunk(cases, 500) {
		// Which things were ever said of these cases comes from the index; the latest word on each is one look-up.
		q := question{args: []any{at.Day(), known(at), at.Known()}}
		which := "case_id IN " + q.list(some)
		if whats != nil {
			which += " AND what IN " + q.list(whats)
		}
		err := tx.Query(`SELECT v.case_id, v.what, v.value, v.day, v.origin
			FROM (SELECT DISTINCT case_id, what FROM caseload_value@ WHERE `+which+`) said
			JOIN caseload_value@ v ON v.id = (
				SELECT id FROM caseload_value@ l WHERE l.case_id = said.case_id AND l.what = said.what
				AND l.day <= $1 AND l.id < $2 AND l.until > $3 ORDER BY l.rank DESC, l.origin DESC LIMIT 1)`, q.args,
			func(rows *sql.Rows) error {
				var id, what string
				var l last
				if err := rows.Scan(&id, &what, &l.value, &l.day, &l.origin); err != nil {
					return err
				}
				if stood[id] == nil {
					stood[id] = make(standing, 16)
				}
				stood[id][what] = l
				return nil
			})
		if err != nil {
			return nil, fmt.Errorf("reading what was said of the cases: %w", err)
		}
	}
	return stood, nil
}

// question collects the arguments of a query.
type question struct{ args []any }

func (q *question) list(values []string) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		q.args = append(q.args, v)
		b.WriteString("$" + strconv.Itoa(len(q.args)))
	}
	b.WriteByte(')')
	return b.String()
}
