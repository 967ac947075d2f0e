package outcomes

import (
	"context"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// PublishedYear is what a year came to beside what was aimed at and what was published, for those who may know numbers
// only. The programme around the cases (projects, agencies, posts) is public and counted exactly.
type PublishedYear struct {
	Year          int  `json:"year"`
	Over          bool `json:"over"`
	Activities    *int `json:"activities"`
	GroupSessions *int `json:"group_sessions"`
	CaseFiles     *int `json:"case_files"`
	PersonTimes   *int `json:"person_times"`

	Projects       int      `json:"projects"`
	Agencies       int      `json:"agencies"`
	AgenciesAtWork int      `json:"agencies_at_work"`
	Posts          int      `json:"posts"`
	PostsByKind    []Number `json:"posts_by_kind"`

	Targets []PublishedDelivery `json:"targets"`
	Claims  []Claim             `json:"claims"` // counted and agrees are null where what was counted is not published
}

// PublishedDelivery is what was reached of a target.
type PublishedDelivery struct {
	Project string   `json:"project,omitempty"`
	Year    int      `json:"year"`
	Count   string   `json:"count"`
	Target  int      `json:"target"`
	Reached *int     `json:"reached"`
	Share   *float64 `json:"share"` // reached ÷ target
}

// PublishYear is what may be published of a year. What is said of the programme, claims too, is as of a day.
func PublishYear(ctx context.Context, db *readdb.DB, year int, over bool, asOf string, knownAt events.Position) (PublishedYear, error) {
	r, err := readYear(ctx, db, year, knownAt)
	if err != nil {
		return PublishedYear{}, fmt.Errorf("publishing the year %d: %w", year, err)
	}
	exact, _, err := Year(ctx, db, year, asOf, knownAt)
	if err != nil {
		return PublishedYear{}, err
	}
	if !over {
		r.forget()
	}
	t := r.tables()
	all := t.share(func(n *headline) *int { return n.year(wholeProgramme) })
	p := PublishedYear{
		Year: year, Over: over, Activities: all.Activities, GroupSessions: all.GroupSessions, CaseFiles: all.CaseFiles, PersonTimes: all.PersonTimes,
		Projects: exact.Projects, Agencies: exact.Agencies, AgenciesAtWork: exact.AgenciesAtWork, Posts: exact.Posts, PostsByKind: exact.PostsByKind,
		Targets: []PublishedDelivery{}, Claims: []Claim{},
	}
	for _, d := range exact.Targets {
		row := t.row(d.Project)
		published := PublishedDelivery{Project: d.Project, Year: d.Year, Count: d.Count, Target: d.Target}
		published.Reached = t.share(func(n *headline) *int { return n.year(row) }).headline(d.Count)
		if published.Reached != nil {
			published.Share = d.Share
		}
		p.Targets = append(p.Targets, published)
	}
	for _, c := range exact.Claims {
		if _, ok := (Share{}).headline(c.About); ok && all.headline(c.About) == nil {
			c.Counted, c.Agrees = nil, nil
		}
		p.Claims = append(p.Claims, c)
	}
	return p, nil
}

// headline is one of the four numbers by which a programme is judged.
func (s PublishedHeadline) headline(count string) *int {
	switch count {
	case "activities":
		return s.Activities
	case "group_sessions":
		return s.GroupSessions
	case "case_files":
		return s.CaseFiles
	case "person_times":
		return s.PersonTimes
	}
	return nil
}
