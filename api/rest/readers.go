package rest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	view "github.com/casestream/casestream/projections/access"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
)

var officers = who{session.PrivacyOfficer}

// readersRoutes are the questions to the read log.
func (r *router) readersRoutes() {
	ask(r, "/cases/{id}/readers", "case", "Who read this case: when, what of it, and why", reviewers, r.caseReaders)
	ask(r, "/clients/{id}/readers", "client", "Who read this client's details: when, and why", reviewers, r.clientReaders)
	ask(r, "/access/unusual", "access", "What rules marked as unusual among all that was read", officers, r.unusual)
	ask(r, "/access/glass", "access", "The broken glasses that nobody has reviewed yet, the oldest first", reviewers, r.unreviewed)
}

type readersOf struct {
	ID    string `path:"id" format:"uuid"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"the newest so many"`
}

// ReadersAsked is whose readers were asked for.
type ReadersAsked struct {
	Case   string `json:"case,omitempty"`
	Client string `json:"client,omitempty"`
}

// ReadersShown lists who read a file, the newest first.
type ReadersShown = app.Answer[ReadersAsked, []view.Reading]

// caseReaders also lists who was shown the words of a glass that was broken over the case.
func (r *router) caseReaders(ctx context.Context, in *readersOf) (*answer[ReadersShown], error) {
	name := stream("case", in.ID)
	found, err := r.door.toCase(ctx, name)
	if err := r.mayAskReaders(ctx, err, found.Stage != cases.None); err != nil {
		return nil, err
	}
	_, id, _ := events.SplitStream(name)
	return r.readers(ctx, ReadersAsked{Case: id.String()}, in.Limit, name, events.Glass(id))
}

func (r *router) clientReaders(ctx context.Context, in *readersOf) (*answer[ReadersShown], error) {
	name := stream("client", in.ID)
	exists := false
	err := r.app.Clients.Look(ctx, name, func(_ clients.Client, version int) { exists = version > 0 })
	if err == nil {
		err = r.seeClient(ctx, name)
	}
	if err := r.mayAskReaders(ctx, err, exists); err != nil {
		return nil, err
	}
	_, id, _ := events.SplitStream(name)
	return r.readers(ctx, ReadersAsked{Client: id.String()}, in.Limit, name)
}

// mayAskReaders lets the supervisor of a file ask who read it, and the privacy officer for any there is.
func (r *router) mayAskReaders(ctx context.Context, err error, exists bool) error {
	if errors.Is(err, errHidden) && exists && identity(ctx).Role == session.PrivacyOfficer {
		return nil
	}
	return err
}

func (r *router) readers(ctx context.Context, asked ReadersAsked, limit int, streams ...string) (*answer[ReadersShown], error) {
	head, err := r.app.ReadersArrived(ctx)
	if err != nil {
		return nil, err
	}
	list, err := view.Readers(ctx, r.app.Views, limit, streams...)
	if err != nil {
		return nil, err
	}
	return &answer[ReadersShown]{Body: ReadersShown{Asked: asked, Position: head, Result: list}}, nil
}

type unusualAfter struct {
	Previous string `query:"previous" maxLength:"20" pattern:"^[0-9]*$" doc:"go on after this position of the read log"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// UnusualShown lists what rules marked, the oldest first.
type UnusualShown = app.Answer[UnusualAsked, []view.Unusual]

// UnusualAsked is where a list of the unusual goes on.
type UnusualAsked struct {
	Previous events.Position `json:"previous,omitzero"`
}

func (r *router) unusual(ctx context.Context, in *unusualAfter) (*answer[UnusualShown], error) {
	var asked UnusualAsked
	if in.Previous != "" && asked.Previous.UnmarshalText([]byte(in.Previous)) != nil {
		return nil, problem(codeBadDay)
	}
	head, err := r.app.ReadersArrived(ctx)
	if err != nil {
		return nil, err
	}
	list, err := view.Unusuals(ctx, r.app.Views, asked.Previous, in.Limit)
	if err != nil {
		return nil, err
	}
	return &answer[UnusualShown]{Body: UnusualShown{Asked: asked, Position: head, Result: list}}, nil
}

// GlassShown lists broken glasses.
type GlassShown = app.Answer[GlassAsked, []view.Broken]

// GlassAsked is when one stands who asks what is overdue.
type GlassAsked struct {
	At string `json:"at" format:"date-time"`
}

func (r *router) unreviewed(ctx context.Context, _ *struct{}) (*opened[GlassShown], error) {
	head, err := r.app.ReadersArrived(ctx)
	if err != nil {
		return nil, err
	}
	now := r.app.Now()
	list, err := r.toReview(ctx, now)
	if err != nil {
		return nil, err
	}
	return openEach(ctx, r, GlassAsked{At: stamp(now)}, head, list, func(b *view.Broken) string { return b.Stream })
}

// toReview are the broken glasses that are for somebody to review: all for the privacy officer; for a supervisor those
// over the cases of the team, and those that the team broke.
func (r *router) toReview(ctx context.Context, now time.Time) ([]view.Broken, error) {
	id := identity(ctx)
	if !slices.Contains(reviewers, id.Role) {
		return nil, nil
	}
	list, err := view.Unreviewed(ctx, r.app.Views, now)
	if err != nil || id.Role == session.PrivacyOfficer {
		return list, err
	}
	theirs := r.theirs(ctx)
	mine := make([]view.Broken, 0, len(list))
	for _, broken := range list {
		over, err := theirs("case-" + broken.Case)
		if err != nil {
			return nil, err
		}
		by, err := r.door.whose(ctx, broken.Actor)
		if err != nil {
			return nil, err
		}
		if over || by {
			mine = append(mine, broken)
		}
	}
	return slices.Clip(mine), nil
}
