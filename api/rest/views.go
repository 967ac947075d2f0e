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
	ask(r, "/cases/{id}/timeline", "case", "Its entries in the order of the day they happened", casework, r.timeline)
	ask(r, "/cases/{id}/audit", "case", "Its facts in the order they were recorded: who, what, when; corrections with what was before and after", casework, r.caseAudit)
	ask(r, "/clients/{id}", "client", "A client's details", casework, r.client)
	ask(r, "/groups/{id}", "group", "A group: roll, sessions, attendance", casework, r.group)
	ask(r, "/activities/{id}", "activity", "A community activity", casework, r.activity)
	ask(r, "/audit", "audit", "What was recorded, in order, on the cases of the team", supervises, r.audit)
	ask(r, "/outcomes", "outcomes", "Outcomes, counted from the facts: as of a day, as known at a day", numbers, r.outcomes)
	ask(r, "/outcomes/facts", "outcomes", "The facts behind a number, under pseudonyms", numbers, r.outcomeFacts)
	ask(r, "/reports/{year}", "outcomes", "The totals of a year beside what was published", numbers, r.year)
}

// oneID is the id of one stream, at a point in time.
type oneID struct {
	ID string `path:"id" format:"uuid"`
	About
}

// shown is the answer about one stream.
type shown[T any] = app.Answer[app.Asked, T]

// CaseShown is a case with its client.
type CaseShown struct {
	ID      uuid.UUID        `json:"id"`
	Version int              `json:"version" doc:"what If-Match wants"`
	Client  *casefile.Client `json:"client,omitempty"`
	casefile.Case
}

func (r *router) oneCase(ctx context.Context, in *oneID) (*opened[shown[CaseShown]], error) {
	name := stream("case", in.ID)
	if _, err := r.door.toCase(ctx, name); err != nil {
		return nil, err
	}
	file, asked, err := r.file(ctx, name, in.About)
	if err != nil {
		return nil, err
	}
	_, id, _ := events.SplitStream(name)
	return showing(ctx, r, file, asked, CaseShown{ID: id, Version: file.Version, Client: file.Client, Case: *file.Case})
}

func (r *router) timeline(ctx context.Context, in *oneID) (*opened[shown[[]casefile.Entry[events.Entry]]], error) {
	name := stream("case", in.ID)
	if _, err := r.door.toCase(ctx, name); err != nil {
		return nil, err
	}
	file, asked, err := r.file(ctx, name, in.About)
	if err != nil {
		return nil, err
	}
	return showing(ctx, r, file, asked, file.Everything())
}

func (r *router) client(ctx context.Context, in *oneID) (*opened[shown[*casefile.Client]], error) {
	name := stream("client", in.ID)
	if _, _, err := r.point(ctx, in.About, "caseload"); err != nil { // whose the client is, is in a view
		return nil, err
	}
	if err := r.mayClient(ctx, name, nil, events.Meta{}); err != nil {
		return nil, err
	}
	file, asked, err := r.file(ctx, name, in.About)
	if err != nil {
		return nil, err
	}
	return showing(ctx, r, file, asked, file.Client)
}

func (r *router) group(ctx context.Context, in *oneID) (*opened[shown[*casefile.Group]], error) {
	name := stream("group", in.ID)
	if err := r.mayGroup(ctx, name, nil, events.Meta{}); err != nil {
		return nil, err
	}
	file, asked, err := r.file(ctx, name, in.About)
	if err != nil {
		return nil, err
	}
	return showing(ctx, r, file, asked, file.Group)
}

func (r *router) activity(ctx context.Context, in *oneID) (*opened[shown[*casefile.Activity]], error) {
	name := stream("activity", in.ID)
	if err := r.mayActivity(ctx, name, nil, events.Meta{}); err != nil {
		return nil, err
	}
	file, asked, err := r.file(ctx, name, in.About)
	if err != nil {
		return nil, err
	}
	return showing(ctx, r, file, asked, file.Activity)
}

// file loads one stream at a point in time.
func (r *router) file(ctx context.Context, name string, in About) (*casefile.File, app.Asked, error) {
	at, asked, err := r.point(ctx, in, "casefile")
	if err != nil {
		return nil, asked, err
	}
	file, err := casefile.Load(ctx, r.app.Views, name, at)
	if errors.Is(err, casefile.ErrNothing) {
		err = errHidden
	}
	return file, asked, err
}

// showing opens an answer about one stream.
func showing[T any](ctx context.Context, r *router, file *casefile.File, asked app.Asked, result T, also ...string) (*opened[shown[T]], error) {
	streams := append([]string{file.Stream}, also...)
	if file.Client != nil {
		streams = append(streams, file.Client.Stream)
	}
	out, err := open(ctx, r, shown[T]{Asked: asked, Position: file.Position, Result: result}, streams...)
	if err == nil {
		out.ETag = etag(file.Version)
	}
	return out, err
}
