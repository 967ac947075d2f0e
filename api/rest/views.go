package rest

import (
	"context"
	"errors"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/google/uuid"
)

// viewRoutes are the questions about cases and numbers, for today and for any past day.
func (r *router) viewRoutes() {
	ask(r, "/caseload", "caseload", "Who carries what: risk, last contact, what is due and overdue", casework, r.caseload)
	ask(r, "/cases/{id}", "case", "A case as it stood on a day", casework, r.oneCase)
	ask(r, "/cases/{id}/timeline", "case", "Its entries in the order of the day they happened", casework, one(r, "case", r.seeCase, (*casefile.File).Everything))
	ask(r, "/cases/{id}/audit", "case", "Its facts in the order they were recorded: who, what, when; corrections with what was before and after", casework, r.caseAudit)
	ask(r, "/clients/{id}", "client", "A client's details", casework, one(r, "client", r.seeClient, func(f *casefile.File) *casefile.Client { return f.Client }))
	ask(r, "/groups/{id}", "group", "A group: roll, sessions, attendance", casework, one(r, "group", r.seeGroup, func(f *casefile.File) *casefile.Group { return f.Group }))
	ask(r, "/activities/{id}", "activity", "A community activity", casework, one(r, "activity", r.seeActivity, func(f *casefile.File) *casefile.Activity { return f.Activity }))
	ask(r, "/audit", "audit", "What was recorded, in order, on the cases of the team", supervises, r.audit)
	ask(r, "/outcomes", "outcomes", "Outcomes, counted from the facts: as of a day, as known at a day", numbers, r.outcomes)
	ask(r, "/extracts/{project}", "outcomes", "The cases of a project and a year as rows that give nobody away, for evaluators admitted to it", evaluates, r.extract)
	ask(r, "/outcomes/facts", "outcomes", "The facts behind a number, of the cases of the team", supervises, r.outcomeFacts)
	ask(r, "/reports/{year}", "outcomes", "The totals of a year beside what was published", numbers, r.year)
}

// oneID is the id of one stream, at a point in time.
type oneID struct {
	ID string `path:"id" format:"uuid"`
	About
}

// oneCaseID is the id of a case, at a point in time.
type oneCaseID struct {
	ID string `path:"id" format:"uuid"`
	About
	All bool `query:"all" doc:"the whole file: every entry of each list, not only the newest 50"`
}

// shown is the answer about one stream.
type shown[T any] = app.Answer[app.Asked, T]

// CaseShown is a case with its client.
type CaseShown struct {
	ID      uuid.UUID        `json:"id"`
	Version int              `json:"version" doc:"what If-Match wants"`
	Client  *casefile.Client `json:"client,omitempty"`
	casefile.Case
	Older casefile.Older `json:"older,omitzero" doc:"how many entries of each list are left out, because 50 newer ones are shown; all=true gives the whole file, /cases/{id}/timeline every entry. What is computed counts them all."`
}

// newest is how many entries of a list a case is shown with, unless all are asked for: a phone on a bad connection
// wants how things stand, not half a megabyte of years.
const newest = 50

// one answers questions about one stream: may lets the right people through, show picks what is shown.
func one[T any](r *router, category string, may func(ctx context.Context, name string) error, show func(*casefile.File) T) func(context.Context, *oneID) (*opened[shown[T]], error) {
	return func(ctx context.Context, in *oneID) (*opened[shown[T]], error) {
		name := stream(category, in.ID)
		at, asked, err := r.point(ctx, in.About, "casefile", "caseload") // whose a client is, is in the caseload
		if err != nil {
			return nil, err
		}
		if err := may(ctx, name); err != nil {
			return nil, err
		}
		file, err := casefile.Load(ctx, r.app.Views, name, at)
		if errors.Is(err, casefile.ErrNothing) {
			err = errHidden
		}
		if err != nil {
			return nil, err
		}
		streams := []string{file.Stream}
		if file.Client != nil {
			streams = append(streams, file.Client.Stream)
		}
		out, err := open(ctx, r, shown[T]{Asked: asked, Position: file.Position, Result: show(file)}, streams...)
		if err == nil {
			out.ETag = etag(file.Version)
		}
		return out, err
	}
}

func (r *router) oneCase(ctx context.Context, in *oneCaseID) (*opened[shown[CaseShown]], error) {
	show := showNewest
	if in.All {
		show = showCase
	}
	return one(r, "case", r.seeCase, show)(ctx, &oneID{in.ID, in.About})
}

func showCase(file *casefile.File) CaseShown {
	_, id, _ := events.SplitStream(file.Stream)
	return CaseShown{ID: id, Version: file.Version, Client: file.Client, Case: *file.Case}
}

func showNewest(file *casefile.File) CaseShown {
	c := showCase(file)
	c.Case, c.Older = c.Newest(newest)
	return c
}

func (r *router) seeCase(ctx context.Context, name string) error {
	return r.door.toRead(ctx, name)
}

func (r *router) seeClient(ctx context.Context, name string) error {
	return r.mayClient(ctx, name, nil, events.Meta{})
}

func (r *router) seeGroup(ctx context.Context, name string) error {
	return r.mayGroup(ctx, name, nil, events.Meta{})
}

func (r *router) seeActivity(ctx context.Context, name string) error {
	return r.mayActivity(ctx, name, nil, events.Meta{})
}
