package app

import (
	"context"

	"github.com/casestream/casestream/projections/outcomes"
)

// OutcomesAsked is a question about outcomes: of a part of the programme, counted over a time, at a point in time.
type OutcomesAsked struct {
	Asked
	Project  string `json:"project,omitempty"`
	Category string `json:"category,omitempty"`
	Agency   string `json:"agency,omitempty"`
	Site     string `json:"site,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`

	Team bool                     `json:"team,omitempty" doc:"of cases, only those of the asker's team count"`
	Of   func(stream string) bool `json:"-"` // says which those are; nil: all
}

// Outcomes answers it. The same question gives the same answer, whatever was recorded since the point it asks for.
func (a *App) Outcomes(ctx context.Context, asked OutcomesAsked) (answer Answer[OutcomesAsked, outcomes.Result], err error) {
	at, point, err := a.Point(ctx, asked.AsOf, asked.KnownAt)
	if err != nil {
		return answer, err
	}
	for _, day := range []string{asked.From, asked.To} {
		if day != "" && !IsDay(day) {
			return answer, ErrNoDay
		}
	}
	asked.Asked = point
	answer.Asked = asked
	err = a.replays.run(ctx, func() (err error) {
		answer.Result, answer.Position, err = outcomes.Replay(ctx, a.Views, outcomes.Asked{
			Project: asked.Project, Category: asked.Category, Agency: asked.Agency, Site: asked.Site,
			From: asked.From, To: asked.To, AsOf: at.AsOf, KnownAt: at.KnownAt, Of: asked.Of,
		})
		return err
	})
	return answer, err
}

// YearAsked is a question about a year.
type YearAsked struct {
	Year int `json:"year"`
	Asked
}

// Year answers what a year came to, beside what was published.
func (a *App) Year(ctx context.Context, year int, asked Asked) (answer Answer[YearAsked, outcomes.YearReport], err error) {
	at, point, err := a.Point(ctx, asked.AsOf, asked.KnownAt)
	if err != nil {
		return answer, err
	}
	answer.Asked = YearAsked{Year: year, Asked: point}
	err = a.replays.run(ctx, func() (err error) {
		answer.Result, answer.Position, err = outcomes.Year(ctx, a.Views, year, at.AsOf, at.KnownAt)
		return err
	})
	return answer, err
}
