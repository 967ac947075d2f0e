package rest

import (
	"context"
	"errors"
	"slices"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/google/uuid"
)

// viewRoutes are the questions about cases and numbers, for today and for any past day.
func (r *router) viewRoutes() {
	ask(r, "/caseload", "caseload", "Who carries what: risk, last contact, what is due and overdue", r.caseload)
	ask(r, "/cases/{id}", "case", "A case as it stood on a day", r.oneCase)
	ask(r, "/cases/{id}/timeline", "case", "Its entries in the order of the day they happened", one(r, rights.SeeTimeline, "case", r.seeCase, entries))
	ask(r, "/cases/{id}/audit", "case", "Its facts in the order they were recorded: who, what, when; corrections with what was before and after", r.caseAudit)
	ask(r, "/cases/{id}/duty", "case", "What whoever is on duty needs: flags, whom to call, who may collect, where to", one(r, rights.SeeDuty, "case", r.seeCase, showDuty))
	ask(r, "/cases/{id}/referrals", "case", "What was referred to one's own agency, and of whom", r.referred)
	ask(r, "/clients/{id}", "client", "A client's details", one(r, rights.SeeClient, "client", r.door.toClient, func(f seen) *casefile.Client { return f.Client }))
	ask(r, "/groups/{id}", "group", "A group: roll, sessions, attendance", one(r, rights.SeeWork, "group", r.seeGroup, func(f seen) *casefile.Group { return f.Group }))
	ask(r, "/activities/{id}", "activity", "A community activity", one(r, rights.SeeWork, "activity", r.seeActivity, func(f seen) *casefile.Activity { return f.Activity }))
	ask(r, "/audit", "audit", "What was recorded, in order, on the cases of the team", r.audit)
	ask(r, "/outcomes", "outcomes", "Outcomes, counted from the facts: as of a day, as known at a day", r.outcomes)
	ask(r, "/extracts/{project}", "outcomes", "The cases of a project and a year as rows that give nobody away, for evaluators admitted to it", r.extract)
	ask(r, "/outcomes/facts", "outcomes", "The facts behind a number, of the cases of the team", r.outcomeFacts)
	ask(r, "/reports/{year}", "outcomes", "The totals of a year beside what was published", r.year)
}

// oneID is the id of one stream, at a point in time.
type oneID struct {
	ID string `path:"id" format:"uuid"`
	About
	Purposed
}

// oneCaseID is the id of a case, at a point in time.
type oneCaseID struct {
	ID string `path:"id" format:"uuid"`
	About
	Purposed
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
func one[T any](r *router, right rights.Right, category string, may may, show func(seen) T) func(context.Context, *oneID) (*opened[shown[T]], error) {
	return func(ctx context.Context, in *oneID) (*opened[shown[T]], error) {
		name := stream(category, in.ID)
		at, asked, err := r.point(ctx, in.About, "casefile", "caseload") // whose a client is, is in the caseload
		if err != nil {
			return nil, err
		}
		decision, err := may(ctx, right, name)
		if err != nil {
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
		answer := shown[T]{Asked: asked, Position: file.Position, Result: show(seen{file, decision, identity(ctx)})}
		out, err := open(ctx, r, shows(decision, in.Purpose), answer, streams...)
		if err == nil {
			out.ETag = etag(file.Version)
		}
		return out, err
	}
}

// may lets someone through to a stream.
type may func(ctx context.Context, right rights.Right, stream string) (rights.Decision, error)

// seen is what a reader may see of a file: Decision says how much.
type seen struct {
	*casefile.File
	rights.Decision
	by session.Identity
}

func (r *router) oneCase(ctx context.Context, in *oneCaseID) (*opened[shown[CaseShown]], error) {
	show := showNewest
	if in.All {
		show = showCase
	}
	return one(r, rights.SeeCase, "case", r.seeCase, show)(ctx, &oneID{in.ID, in.About, in.Purposed})
}

func showCase(file seen) CaseShown {
	_, id, _ := events.SplitStream(file.Stream)
	return CaseShown{ID: id, Version: file.Version, Client: file.Client, Case: *file.Case}
}

func showNewest(file seen) CaseShown {
	c := showCase(file)
	c.Case, c.Older = c.Newest(newest)
	return c
}

// entries are those of a case that a reader may see. Of own entries those are left out that others have said anew or
// taken back since.
func entries(file seen) []casefile.Entry[events.Entry] {
	all := file.Everything()
	if !file.OwnOnly {
		return all
	}
	return slices.DeleteFunc(all, func(e casefile.Entry[events.Entry]) bool {
		return e.Actor != file.by.Actor() || e.Corrected != nil && e.Corrected.Actor != file.by.Actor()
	})
}

func (r *router) seeCase(ctx context.Context, right rights.Right, name string) (rights.Decision, error) {
	_, decision, err := r.door.toCase(ctx, right, name)
	return decision, err
}

func (r *router) seeGroup(ctx context.Context, right rights.Right, name string) (rights.Decision, error) {
	worker, err := r.leader(ctx, name)
	if err != nil {
		return rights.Decision{}, err
	}
	return r.door.toWork(ctx, right, name, worker)
}

func (r *router) seeActivity(ctx context.Context, right rights.Right, name string) (rights.Decision, error) {
	worker, err := r.organiser(ctx, name)
	if err != nil {
		return rights.Decision{}, err
	}
	return r.door.toWork(ctx, right, name, worker)
}
