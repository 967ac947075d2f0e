package rest

import (
	"context"
	"slices"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/projections/caseload"
)

// carriedBy is a question for a caseload.
type carriedBy struct {
	About
	Project  string `query:"project" maxLength:"64" doc:"only one project, by its code"`
	Category string `query:"category" maxLength:"64" doc:"only one category"`
	Stage    string `query:"stage" enum:"intake,declined,open,closed" doc:"only cases that are so far"`
	Worker   string `query:"worker" format:"uuid" doc:"only one worker of the team"`
}

// CaseloadShown is a list of cases, what is overdue first.
type CaseloadShown = app.Answer[CaseloadAsked, []caseload.Row]

// CaseloadAsked is what a caseload was asked for.
type CaseloadAsked struct {
	app.Asked
	Project  string `json:"project,omitempty"`
	Category string `json:"category,omitempty"`
	Stage    string `json:"stage,omitempty"`
	Worker   string `json:"worker,omitempty"`
}

func (r *router) caseload(ctx context.Context, in *carriedBy) (*opened[CaseloadShown], error) {
	at, point, err := r.point(ctx, in.About, "caseload")
	if err != nil {
		return nil, err
	}
	filter, err := r.door.carried(ctx, rights.ListCases)
	if err != nil {
		return nil, err
	}
	if in.Worker != "" {
		if !slices.Contains(filter.Workers, in.Worker) {
			return nil, &denied{right: rights.ListCases}
		}
		filter.Workers, filter.Actors, filter.Granted = []string{in.Worker}, []string{in.Worker}, ""
	}
	filter.Project, filter.Category, filter.Stage = in.Project, in.Category, in.Stage
	list, err := caseload.List(ctx, r.app.Views, filter, at)
	if err != nil {
		return nil, err
	}
	asked := CaseloadAsked{Asked: point, Project: in.Project, Category: in.Category, Stage: in.Stage, Worker: in.Worker}
	shown := shows(r.door.rules.Common(rights.ListCases, identity(ctx).Role), "")
	return openEach(ctx, r, shown, asked, list.Position, list.Rows, func(row *caseload.Row) string { return row.SealedIn() })
}
