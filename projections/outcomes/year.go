package outcomes

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// YearReport is what a year came to, counted from the facts, beside what was aimed at and what was published.
type YearReport struct {
	Year          int `json:"year"`
	Activities    int `json:"activities"`
	GroupSessions int `json:"group_sessions"`
	CaseFiles     int `json:"case_files"`
	PersonTimes   int `json:"person_times"`

	// As they stand on the day asked for, whichever year they are from.
	Projects       int      `json:"projects"`
	Agencies       int      `json:"agencies"`
	AgenciesAtWork int      `json:"agencies_at_work"` // that have a project
	Posts          int      `json:"posts"`
	PostsByKind    []Number `json:"posts_by_kind"` // institution, community, dispatched

	Targets []Delivery `json:"targets"`
	Claims  []Claim    `json:"claims"`
}

// Claim is a figure as somebody published it, and the same figure as counted; null: it is not one that is counted here.
// Claims that disagree with each other stand side by side.
type Claim struct {
	About     string `json:"about"`
	Published int    `json:"published"`
	Unit      string `json:"unit"`
	Source    string `json:"source"`
	Counted   *int   `json:"counted"`
	Agrees    *bool  `json:"agrees"` // null: not counted
}

// Year reports a year as of a day and as known at a position, as in Asked.
func Year(ctx context.Context, db *readdb.DB, year int, asOf string, knownAt events.Position) (YearReport, events.Position, error) {
	r, err := read(ctx, db, Asked{
		AsOf: asOf, KnownAt: knownAt, From: fmt.Sprintf("%04d-01-01", year), To: fmt.Sprintf("%04d-12-31", year),
	})
	if err != nil {
		return YearReport{}, 0, fmt.Errorf("reporting the year %d: %w", year, err)
	}
	result := r.result()
	report := YearReport{
		Year: year, Activities: result.Activities, GroupSessions: result.GroupSessions, CaseFiles: result.CaseFiles,
		PersonTimes: result.PersonTimes.Total, Projects: len(r.programme.projects), Targets: result.Delivery, Claims: []Claim{},
	}
	atWork := make(map[string]bool)
	for _, p := range r.programme.projects {
		atWork[p.agency] = true
	}
	report.AgenciesAtWork = len(atWork)
	kinds := make(map[string]int)
	for _, s := range r.programme.rest {
		switch s.kind {
		case "agency":
			report.Agencies++
		case "post":
			report.Posts++
			kinds[stated(s.about)]++
		}
	}
	report.PostsByKind = numbers(kinds)
	for _, s := range r.programme.rest {
		if s.kind == "claim" && s.year == year {
			report.Claims = append(report.Claims, report.claim(s))
		}
	}
	slices.SortStableFunc(report.Claims, func(a, b Claim) int { return cmp.Compare(a.About, b.About) })
	return report, r.known, nil
}

// claim sets the counted figure beside a published one.
func (y YearReport) claim(s said) Claim {
	c := Claim{About: s.about, Published: s.number, Unit: s.unit, Source: s.source}
	counted := map[string]int{
		"activities": y.Activities, "group_sessions": y.GroupSessions, "case_files": y.CaseFiles, "person_times": y.PersonTimes,
		"projects": y.Projects, "agencies": y.Agencies, "agencies_at_work": y.AgenciesAtWork, "posts": y.Posts,
	}
	for _, kind := range y.PostsByKind {
		counted["posts_"+kind.Key] = kind.Number
	}
	if n, ok := counted[s.about]; ok {
		agrees := n == s.number
		c.Counted, c.Agrees = &n, &agrees
	}
	return c
}
