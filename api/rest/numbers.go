package rest

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/outcomes"
	"github.com/danielgtaylor/huma/v2"
)

// Counted is a question about numbers.
type Counted struct {
	About
	Project  string `query:"project" maxLength:"64" doc:"only one project, by its code"`
	Category string `query:"category" maxLength:"64" doc:"only one category"`
	Agency   string `query:"agency" maxLength:"64" doc:"only the projects of one agency"`
	Site     string `query:"site" maxLength:"64" doc:"only one site"`
	From     string `query:"from" maxLength:"10" doc:"count from this day"`
	To       string `query:"to" maxLength:"10" doc:"count up to this day"`
}

func (c Counted) asked() app.OutcomesAsked {
	return app.OutcomesAsked{
		Asked:   app.Asked{AsOf: c.AsOf, KnownAt: c.KnownAt},
		Project: c.Project, Category: c.Category, Agency: c.Agency, Site: c.Site, From: c.From, To: c.To,
	}
}

type outcomesAnswer = app.Answer[app.OutcomesAsked, outcomes.Result]

// outcomesShown are exact, or such that they give nobody away.
type outcomesShown = either[outcomesAnswer, app.PublishedAnswer[outcomes.Published]]

func (r *router) outcomes(ctx context.Context, in *Counted) (*answer[outcomesShown], error) {
	if numbersOnly(ctx) { // who would wait for a position learns how many facts there are
		out, err := r.app.Published(ctx, in.asked())
		return &answer[outcomesShown]{Body: outcomesShown{out}}, unanswerable(err)
	}
	if _, _, err := r.point(ctx, in.About, "outcomes", "caseload"); err != nil {
		return nil, err
	}
	asked := in.asked()
	var err error
	if asked.Of, err = r.door.counted(ctx); err != nil {
		return nil, err
	}
	asked.Team = true
	out, err := r.app.Outcomes(ctx, asked)
	return &answer[outcomesShown]{Body: outcomesShown{out}}, unanswerable(err)
}

// numbersOnly tells of those who may know numbers and nobody's case: what they get gives nobody away. A supervisor
// answers for the cases of the team by name, and has exact numbers of those; an evaluator and an administrator for none.
func numbersOnly(ctx context.Context) bool {
	return identity(ctx).Role != session.Supervisor
}

// unanswerable turns what is wrong with a question into what people are told.
func unanswerable(err error) error {
	switch {
	case errors.Is(err, app.ErrNoDay):
		return problem(codeBadDay)
	case errors.Is(err, app.ErrTooNarrow):
		return problem(codeTooNarrow)
	}
	return err
}

// either is an answer that depends on who asks.
type either[A, B any] struct{ of any }

func (e either[A, B]) encode(w io.Writer) error { return encode(w, e.of) }

// Schema is that of the one or the other.
func (either[A, B]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(reflect.TypeFor[A](), true, ""), r.Schema(reflect.TypeFor[B](), true, "")}}
}

// factsOf is a question for the facts behind a number.
type factsOf struct {
	Counted
	Number   string `query:"number" required:"true" enum:"case_files,intakes,declined,open,closed,reopened,set_aside,contacts,group_sessions,activities,person_times,measures,ratings" doc:"which number"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Previous string `query:"previous" maxLength:"20" pattern:"^[0-9]*$" doc:"go on after the fact first written at this position"`
}

// FactsShown are rows behind a number.
type FactsShown = app.Answer[app.OutcomesAsked, []outcomes.Listed]

// counted tells which cases are in someone's exact numbers. Whether there is any other case, nobody can count.
func (d door) counted(ctx context.Context) (func(stream string) bool, error) {
	filter, err := d.carried(ctx, rights.CountCases)
	if err != nil {
		return nil, err
	}
	theirs, _, err := caseload.Which(ctx, d.app.Views, filter)
	if err != nil {
		return nil, err
	}
	of := make(map[string]bool, len(theirs))
	for _, kase := range theirs {
		of[events.Stream("case", kase)] = true
	}
	return func(stream string) bool { return of[stream] }, nil
}

// outcomeFacts opens a number into its facts, for those who answer for them: a supervisor finds the cases of the team,
// by their ids, and nothing of other cases. Groups and activities are no person's; they are listed under pseudonyms.
func (r *router) outcomeFacts(ctx context.Context, in *factsOf) (*answer[FactsShown], error) {
	at, point, err := r.point(ctx, in.About, "outcomes")
	if err != nil {
		return nil, err
	}
	for _, day := range []string{in.From, in.To} {
		if day != "" && !app.IsDay(day) {
			return nil, problem(codeBadDay)
		}
	}
	previous, err := positioned(in.Previous)
	if err != nil {
		return nil, err
	}
	asked := in.asked()
	asked.Asked, asked.Team = point, true
	shown := FactsShown{Asked: asked, Result: []outcomes.Listed{}}
	theirs := r.door.theirs(ctx, rights.SeeCase)
	for len(shown.Result) < in.Limit {
		var page []outcomes.Listed
		page, shown.Position, err = outcomes.Facts(ctx, r.app.Views, outcomes.Asked{
			Project: in.Project, Category: in.Category, Agency: in.Agency, Site: in.Site, From: in.From, To: in.To,
			AsOf: at.AsOf, KnownAt: at.KnownAt,
		}, in.Number, previous, factsAtOnce)
		if err != nil {
			return nil, err
		}
		for _, row := range page {
			previous = row.First
			if ok, err := r.mayCount(ctx, &row, theirs); err != nil {
				return nil, err
			} else if ok && len(shown.Result) < in.Limit {
				shown.Result = append(shown.Result, row)
			}
		}
		if len(page) < factsAtOnce {
			break
		}
	}
	return &answer[FactsShown]{Body: shown}, nil
}

// factsAtOnce is how many facts are looked at together, of which few may be theirs.
const factsAtOnce = 1000

// mayCount tells whether a row may be listed. That of a group or an activity gets pseudonyms, under a key of the project.
func (r *router) mayCount(ctx context.Context, row *outcomes.Listed, theirs func(string) (bool, error)) (bool, error) {
	category, _, _ := strings.Cut(row.Stream, "-")
	if category == "case" {
		return theirs(row.Stream)
	}
	hide, err := r.app.Pseudonyms(ctx, row.Project)
	if err != nil {
		return false, err
	}
	row.Stream, row.Entry, row.Actor = category+"-"+hide(row.Stream), hide(row.Entry), hide(row.Actor)
	return true, nil
}

// yearOf is a question about one year.
type yearOf struct {
	Year int `path:"year" minimum:"2000" maximum:"2100"`
	About
}

// YearShown is what a year came to: of the whole programme, so it gives nobody away, whoever asks.
type YearShown = app.PublishedAnswer[outcomes.PublishedYear]

func (r *router) year(ctx context.Context, in *yearOf) (*answer[YearShown], error) {
	if _, err := positioned(in.After); err != nil {
		return nil, err
	}
	out, err := r.app.PublishedYear(ctx, in.Year, app.Asked{AsOf: in.AsOf, KnownAt: in.KnownAt})
	return &answer[YearShown]{Body: out}, unanswerable(err)
}
