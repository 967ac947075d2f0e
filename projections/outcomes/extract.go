package outcomes

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/disclosure"
	"github.com/casestream/casestream/projections/readdb"
)

// CaseRow is a case file that was opened in a year, as a row of an extract. File, Client and Site tell who it is: what
// leaves the house is made of them in api.
type CaseRow struct {
	File, Client, Site, Category string
	Outcome                      string // what became of the goals; empty: not closed, or too rare to say
	T                            *float64
	Contacts                     int // in the year
}

// Cases lists the case files of a project that were opened in a year, as known at a position; ok: their number is one
// that may be published, so that it tells nothing to have a row for each.
//
// An outcome is told only if the closures of the year tell it too, and as often, or more often by enough: otherwise the
// two would tell of those few by whom they differ. Whether a case is closed is not told.
func Cases(ctx context.Context, db *readdb.DB, year int, project string, knownAt events.Position) (rows []CaseRow, ok bool, err error) {
	whole, err := readYear(ctx, db, year, knownAt)
	if err != nil {
		return nil, false, fmt.Errorf("extracting the year %d: %w", year, err)
	}
	t := whole.tables()
	row := t.row(project)
	if row < 0 || t.caseFiles.year(row) == nil {
		return nil, false, nil
	}
	r := whole.of(project)
	contacts := make(map[string]int)
	for _, s := range r.served {
		if s.kind == "contact" {
			contacts[s.file] += s.number
		}
	}
	results := make(map[string]int)
	for _, h := range r.cases {
		if h.accepted == nil || !r.asked.within(h.accepted.day) {
			continue
		}
		c := CaseRow{
			File: h.file.id, Client: h.file.client, Site: h.file.site, Category: h.file.category,
			Outcome: h.lastOutcome(), Contacts: contacts[h.file.id],
		}
		if t := h.episodes[len(h.episodes)-1].attained().t; t != nil {
			attained := decimal(*t)
			c.T = &attained
		}
		results[c.Outcome]++
		rows = append(rows, c)
	}
	published := whole.publish(Published{Year: year, Over: true}, project).Closures.ByOutcome
	hideRareOutcomes(rows, results, published)
	slices.SortFunc(rows, func(a, b CaseRow) int { return strings.Compare(a.File, b.File) })
	return rows, true, nil
}

// lastOutcome is what became of the goals at the last closure, of a case that is closed.
func (h *history) lastOutcome() string {
	closures := h.episodes[len(h.episodes)-1].closures
	if h.open || len(closures) == 0 {
		return ""
	}
	return stated(closures[len(closures)-1].outcome)
}

func hideRareOutcomes(rows []CaseRow, results map[string]int, published Parts) {
	total := len(rows)
	here := partsOf(results, &total)
	told := func(outcome string) bool {
		is := func(n Number) bool { return n.Key == outcome }
		if !slices.ContainsFunc(here.Shown, is) {
			return false
		}
		at := slices.IndexFunc(published.Shown, is)
		if at < 0 {
			return false
		}
		more := published.Shown[at].Number - results[outcome]
		return more == 0 || more >= disclosure.Least
	}
	for i := range rows {
		if !told(rows[i].Outcome) {
			rows[i].Outcome = ""
		}
	}
}
