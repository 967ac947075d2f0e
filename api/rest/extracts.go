package rest

import (
	"context"
	"errors"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

// extractOf is a question for the cases of one project as rows.
type extractOf struct {
	Project string `path:"project" maxLength:"64"`
	From    string `query:"from" maxLength:"10" doc:"the first day of a year; default: the last year that is over"`
	To      string `query:"to" maxLength:"10" doc:"the last day of that year"`
	KnownAt string `query:"known_at" maxLength:"20" doc:"the end of a month: only what was known then; default: yesterday"`
}

// ExtractShown are rows of single cases that give nobody away.
type ExtractShown = app.PublishedAnswer[app.Extract]

// extract gives rows to an evaluator who is admitted to the project. Of a project they are not admitted to there is
// nothing, whether it exists or not.
func (r *router) extract(ctx context.Context, in *extractOf) (*answer[ExtractShown], error) {
	account, today, admitted := identity(ctx).Actor(), events.DayOf(r.app.Now()), false
	err := r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) {
		admitted = p.Admitted(account, in.Project, today)
	})
	if id := identity(ctx); id.Account != uuid.Nil && !id.Extracts {
		admitted = false // an account that gets by without a second factor gets no rows
	}
	if err == nil && !admitted {
		err = &denied{right: rights.Extract}
	}
	if err != nil {
		return nil, err
	}
	out, err := r.app.Extracted(ctx, app.OutcomesAsked{
		Asked: app.Asked{KnownAt: in.KnownAt}, Project: in.Project, From: in.From, To: in.To,
	})
	if errors.Is(err, app.ErrTooFew) {
		err = problem(codeTooFew)
	}
	if err == nil {
		err = exported(ctx, "extract", len(out.Result.Rows), new(access.Opened)) // nothing in it was sealed
	}
	return &answer[ExtractShown]{Body: out}, unanswerable(err)
}
