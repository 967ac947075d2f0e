package rest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	view "github.com/casestream/casestream/projections/access"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// readersRoutes are the questions to the read log.
func (r *router) readersRoutes() {
	ask(r, "/cases/{id}/readers", "case", "Who read this case: when, what of it, and why", r.caseReaders)
	ask(r, "/clients/{id}/readers", "client", "Who read this client's details: when, and why", r.clientReaders)
	ask(r, "/access/unusual", "access", "What rules marked as unusual among all that was read", r.unusual)
	ask(r, "/access/glass", "access", "The broken glasses that nobody has reviewed yet, the oldest first", r.unreviewed)
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
	found, _, err := r.door.toCase(ctx, rights.SeeReaders, name)
	if err == nil && found.Stage == cases.None { // an office has this right of every case
		err = &denied{rights.SeeReaders, name}
	}
	if err != nil {
		return nil, err
	}
	_, id, _ := events.SplitStream(name)
	return r.readers(ctx, ReadersAsked{Case: id.String()}, in.Limit, name, events.Glass(id))
}

func (r *router) clientReaders(ctx context.Context, in *readersOf) (*answer[ReadersShown], error) {
	name := stream("client", in.ID)
	exists := false
	err := r.app.Clients.Look(ctx, name, func(_ clients.Client, version int) { exists = version > 0 })
	if err != nil {
		return nil, err
	}
	if _, err = r.door.toClient(ctx, rights.SeeReaders, name); err == nil && !exists {
		err = &denied{rights.SeeReaders, name}
	}
	if err != nil {
		return nil, err
	}
	_, id, _ := events.SplitStream(name)
	return r.readers(ctx, ReadersAsked{Client: id.String()}, in.Limit, name)
}

func (r *router) readers(ctx context.Context, asked ReadersAsked, limit int, streams ...string) (*answer[ReadersShown], error) {
	list, at, err := r.app.WhoRead(ctx, limit, streams...)
	if err != nil {
		return nil, err
	}
	return &answer[ReadersShown]{Body: ReadersShown{Asked: asked, Position: at, Result: list}}, nil
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
	previous, err := positioned(in.Previous)
	if err != nil {
		return nil, err
	}
	head, err := r.app.ReadersArrived(ctx)
	if err != nil {
		return nil, err
	}
	list, err := view.Unusuals(ctx, r.app.Views, previous, in.Limit)
	if err != nil {
		return nil, err
	}
	return &answer[UnusualShown]{Body: UnusualShown{Asked: UnusualAsked{previous}, Position: head, Result: list}}, nil
}

// GlassShown lists broken glasses.
type GlassShown = app.Answer[GlassAsked, []GlassWaiting]

// GlassAsked is when one stands who asks what is overdue.
type GlassAsked struct {
	At string `json:"at" format:"date-time"`
}

// GlassWaiting is a broken glass that waits for a review.
type GlassWaiting struct {
	view.Broken
	Words sealed.Text `json:"words,omitzero" doc:"why, by who broke it"`
}

func (r *router) unreviewed(ctx context.Context, _ *struct{}) (*opened[GlassShown], error) {
	head, err := r.app.ReadersArrived(ctx)
	if err != nil {
		return nil, err
	}
	now := r.app.Now()
	list, err := r.waiting(ctx, now)
	if err != nil {
		return nil, err
	}
	rows := make([]GlassWaiting, len(list))
	for i, broken := range list {
		rows[i].Broken = broken
		if rows[i].Words, err = r.why(ctx, broken); err != nil {
			return nil, err
		}
	}
	shown := shows(r.door.ofNoCase(ctx, rights.ListGlass), "")
	return openEach(ctx, r, shown, GlassAsked{At: stamp(now)}, head, rows, func(w *GlassWaiting) string { return w.Stream })
}

// why are the words of who broke a glass, sealed: no view has them.
func (r *router) why(ctx context.Context, broken view.Broken) (words sealed.Text, err error) {
	for entry, err := range r.app.Access.Read(ctx, broken.Stream, 1) {
		if err != nil {
			return words, fmt.Errorf("reading why the glass was broken: %w", err)
		}
		if fact, ok := entry.Event.(events.GlassBroken); ok && fact.Entry.String() == broken.ID {
			words = fact.Words
		}
	}
	return words, nil
}

// waiting are the broken glasses that are for somebody to review: all for the privacy officer; for a supervisor those
// over the cases of the team, and those that the team broke.
func (r *router) waiting(ctx context.Context, now time.Time) ([]view.Broken, error) {
	if !r.door.rules.Opens(rights.ListGlass, identity(ctx).Role) {
		return nil, nil
	}
	list, err := view.Unreviewed(ctx, r.app.Views, now)
	mine := make([]view.Broken, 0, len(list))
	for _, broken := range list {
		id, _ := uuid.Parse(broken.Case) // as the view wrote it
		switch err := r.door.toReview(ctx, id, broken.Actor); {
		case err == nil:
			mine = append(mine, broken)
		case !errors.Is(err, errHidden):
			return nil, err
		}
	}
	return mine, err
}
