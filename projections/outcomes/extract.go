package outcomes

import (
	"context"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// CaseRow is a case file that was opened in a year, as a row of an extract. File, Client and Site tell who it is: what
// leaves the house is made of them in api.
type CaseRow struct {
	File, Client, Site, Category string
	Outcome                      string // what became of the goals; empty: not closed, or too rare to tell
	T                            *float64
	Contacts                     int // in the year
}

// Cases lists the case files of a project that were opened in a year, as known at a position; ok: their number is one
// that may be published, so that it tells nothing to have a row for each. An outcome is told if what is published of
// the year tells it; it is told there of the same cases, so that there is nothing by which the two differ.
func Cases(ctx context.Context, db *readdb.DB, year int, project string, knownAt events.Position) (rows []CaseRow, ok bool, err error) {
	whole, err := readYear(ctx, db, year, knownAt)
	if err != nil {
		return nil, false, fmt.Errorf("extracting the year %d: %w", year, err)
	}
	t := whole.tables()
	row := t.row(project)
	if row < 0 {
		return nil, false, nil
	}
	number := t.caseFiles.year(row)
	if number == nil {
		return nil, false, nil
	}
	r := whole.of(project)
	contacts := make(map[string]int)
	for _, s := range r.served {
		if s.kind == "contact" {
			contacts[s.file] += s.number
		}
	}
	told := make(map[string]bool)
	for _, n := range r.outcomesTold(whole, number).Shown {
		told[n.Key] = true
	}
	for _, h := range r.opened() {
		c := CaseRow{File: h.file.id, Client: h.file.client, Site: h.file.site, Category: h.file.category, Contacts: contacts[h.file.id]}
		if t := h.episodes[len(h.episodes)-1].attained().t; t != nil {
			attained := decimal(*t)
			c.T = &attained
		}
		if last := h.lastOutcome(); told[last] {
			c.Outcome = last
		}
		rows = append(rows, c)
	}
	return rows, true, nil
}

// opened are the cases behind the case files of the time.
func (r *replay) opened() (cases []history) {
	for _, h := range r.cases {
		if h.accepted != nil && r.asked.within(h.accepted.day) {
			cases = append(cases, h)
		}
	}
	return cases
}

// outcomesTold tells the case files of the time apart by what became of the goals at their last closure.
func (r *replay) outcomesTold(whole *replay, caseFiles *int) Parts {
	kinds := func(r *replay) map[string]int {
		n := make(map[string]int)
		for _, h := range r.opened() {
			n[h.lastOutcome()]++
		}
		return n
	}
	return partsOf(kinds(r), kinds(whole), caseFiles)
}

// lastOutcome is what became of the goals at the last closure, of a case that is closed; else notClosed.
func (h history) lastOutcome() string {
	closures := h.episodes[len(h.episodes)-1].closures
	if h.open || len(closures) == 0 {
		return notClosed
	}
	return stated(closures[len(closures)-1].outcome)
}
