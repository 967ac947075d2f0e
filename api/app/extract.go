package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/disclosure"
	"github.com/casestream/casestream/projections/outcomes"
)

// ErrTooFew: rows would show who they are, however coarsely they were told; or the year is not over.
var ErrTooFew = errors.New("too few cases for an extract")

// Extract is rows of single cases of one project, opened in one year. By what could make a person known (age, sex, site,
// category) each looks like those of at least K people; the month is never told, only the year.
type Extract struct {
	K         int          `json:"k" doc:"people who share age, sex, site and category with each row, at least"`
	Smallest  int          `json:"smallest_class" doc:"how many people the smallest such class has"`
	People    int          `json:"people"`
	Coarsened []Coarsened  `json:"coarsened" doc:"what is told more coarsely than it is known"`
	Rows      []ExtractRow `json:"rows" doc:"in the order of the pseudonyms"`
}

// Coarsened says how something is told.
type Coarsened struct {
	What string `json:"what" enum:"age,sex,site,category,month"`
	To   string `json:"to" doc:"under_18_or_not, any, year"`
}

// ExtractRow is one case. There is nothing in it that somebody wrote in words.
type ExtractRow struct {
	Person   string `json:"person" doc:"the same for the cases of one person in this project, and another in every other project"`
	Age      string `json:"age"`
	Sex      string `json:"sex"`
	Site     string `json:"site"`
	Category string `json:"category"`
	Outcome  string `json:"outcome" doc:"what became of the goals; empty: not closed, or too rare to say"`
	T        *int   `json:"t" doc:"goal attainment by the last ratings, to the nearest 5"`
	Contacts string `json:"contacts" doc:"how often there was contact in the year"`
}

// Extracted answers with the rows of a project and a year, ErrTooFew if they would give someone away. Who may ask is
// decided before.
func (a *App) Extracted(ctx context.Context, asked OutcomesAsked) (answer PublishedAnswer[Extract], err error) {
	if answer.Asked, err = a.wholeAsked(asked); err != nil {
		return answer, err
	}
	if !answer.Asked.over() {
		return answer, ErrTooFew
	}
	at, err := days.KnownAt(ctx, a.Views, answer.Asked.KnownAt)
	if err != nil {
		return answer, err
	}
	var cases []outcomes.CaseRow
	var ok bool
	err = a.replays.run(ctx, func() (err error) {
		cases, ok, err = outcomes.Cases(ctx, a.Views, answer.Asked.Year, asked.Project, at)
		return err
	})
	if err != nil {
		return answer, err
	}
	if !ok {
		return answer, ErrTooFew
	}
	answer.Result, err = a.extract(ctx, asked.Project, cases, projections.Point{AsOf: answer.Asked.KnownAt, KnownAt: at})
	return answer, err
}

// traits are by what a person could be recognised, those first that are given up first; coarser is what each is told as
// where it is not told as it is known.
var traits = []struct {
	name    string
	coarser []string
}{
	{"site", []string{anyone}},
	{"category", []string{anyone}},
	{"sex", []string{anyone}},
	{"age", []string{minority, anyone}},
}

func (a *App) extract(ctx context.Context, project string, cases []outcomes.CaseRow, at projections.Point) (Extract, error) {
	named, err := a.Pseudonyms(ctx, project)
	if err != nil {
		return Extract{}, err
	}
	e := Extract{K: disclosure.K, Coarsened: []Coarsened{{"month", "year"}}}
	known := make([]disclosure.Trait, len(traits))
	for t, trait := range traits {
		known[t] = disclosure.Trait{Name: trait.name, Levels: make([][]string, 1+len(trait.coarser))}
	}
	people := make([]string, len(cases))
	for i, c := range cases {
		age, sex, err := a.whom(ctx, c.File, at)
		if err != nil {
			return e, err
		}
		people[i] = named(personOf(c))
		for t, levels := range [][]string{{c.Site, anyone}, {c.Category, anyone}, {sex, anyone}, ageLevels(age)} {
			for level, value := range levels {
				known[t].Levels[level] = append(known[t].Levels[level], value)
			}
		}
	}
	levels, smallest, ok := disclosure.Coarsen(people, known)
	if !ok {
		return Extract{}, ErrTooFew
	}
	e.Smallest = smallest
	for t, level := range levels {
		if level > 0 {
			e.Coarsened = append(e.Coarsened, Coarsened{traits[t].name, traits[t].coarser[level-1]})
		}
	}
	for i, c := range cases {
		is := func(t int) string { return known[t].Levels[levels[t]][i] }
		e.Rows = append(e.Rows, ExtractRow{
			Person: people[i], Site: is(0), Category: is(1), Sex: is(2), Age: is(3),
			Outcome: c.Outcome, T: toFive(c.T), Contacts: contactBand(c.Contacts),
		})
	}
	slices.SortStableFunc(e.Rows, func(a, b ExtractRow) int { return strings.Compare(a.Person, b.Person) })
	e.People = len(slices.Compact(slices.Sorted(slices.Values(people))))
	return e, nil
}

// personOf is who a case is about: the client, or nobody else's if the client is not known.
func personOf(c outcomes.CaseRow) string {
	if c.Client != "" {
		return c.Client
	}
	return c.File
}

// Pseudonyms makes them, under a key of the project: nobody can tell who it is, nor find the person in another project.
func (a *App) Pseudonyms(ctx context.Context, project string) (func(id string) string, error) {
	key, err := a.Keys.Sealing(ctx, "pseudonyms-"+project)
	if err != nil {
		return nil, fmt.Errorf("making pseudonyms: %w", err)
	}
	return func(id string) string { return hex.EncodeToString(key.Digest([]byte(id))[:8]) }, nil
}

const (
	anyone   = "any"
	unknown  = "unknown"
	minority = "under_18_or_not"
)

// whom is the age in years when the case was opened, nil: not known, and the sex.
func (a *App) whom(ctx context.Context, file string, at projections.Point) (age *int, sex string, err error) {
	f, err := casefile.Load(ctx, a.Views, file, at)
	if errors.Is(err, casefile.ErrNothing) {
		return nil, unknown, nil
	}
	if err != nil {
		return nil, "", err
	}
	sex = unknown
	if f.Client != nil && f.Client.Details.Sex != "" {
		sex = f.Client.Details.Sex
	}
	if f.Case.Intake != nil {
		age = f.Case.Intake.Fact.AgeYears
	}
	return age, sex, nil
}

// ageLevels is an age in bands, ever wider ones. The first are of children before school, of those who cannot be
// punished (under 14), of other minors, of adults and of the old.
func ageLevels(age *int) []string {
	if age == nil {
		return []string{unknown, unknown, anyone}
	}
	for _, band := range []struct {
		below      int
		name, wide string
	}{{6, "0-5", "under_18"}, {14, "6-13", "under_18"}, {18, "14-17", "under_18"}, {60, "18-59", "18_and_over"}} {
		if *age < band.below {
			return []string{band.name, band.wide, anyone}
		}
	}
	return []string{"60_and_over", "18_and_over", anyone}
}

func contactBand(n int) string {
	for _, band := range []struct {
		below int
		name  string
	}{{5, "0-4"}, {10, "5-9"}, {20, "10-19"}, {40, "20-39"}} {
		if n < band.below {
			return band.name
		}
	}
	return "40_and_more"
}

func toFive(t *float64) *int {
	if t == nil {
		return nil
	}
	rounded := int(math.Round(*t/5)) * 5
	return &rounded
}
