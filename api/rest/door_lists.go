package rest

import (
	"context"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// What a list may show is decided by the same rules as what may be opened.

// carried is the part of the caseload that someone may see. Which relations the rules give the list for says where to
// look; the rules then decide on each case, as things stand now.
func (d door) carried(ctx context.Context, right rights.Right) (filter caseload.Filter, err error) {
	id := identity(ctx)
	place, err := d.place(ctx)
	if err != nil {
		return filter, err
	}
	for _, relation := range d.rules.By(right, id.Role) {
		switch relation {
		case rights.Assigned, rights.CoWorker:
			filter.Workers = among(filter.Workers, id.Worker)
		case rights.Recorder:
			filter.Actors = among(filter.Actors, id.Worker)
		case rights.Supervising:
			filter.Workers, filter.Actors = among(filter.Workers, place.Team...), among(filter.Actors, place.Team...)
		case rights.Granted:
			filter.Granted = id.Worker.String()
		}
	}
	now := d.app.Now()
	filter.Reach = &caseload.Reach{Worker: id.Worker, Team: place.Team, May: func(row caseload.Ties) bool {
		ties := rights.Ties{
			Case: row.Case, Client: row.Client, Project: row.Project, Site: row.Site, Closed: row.Closed,
			Worker: row.Worker, CoWorkers: row.CoWorkers, RecordedBy: workerOf(row.OpenedBy), Granted: []rights.Until{{Worker: id.Worker, Until: row.Granted}},
		}
		if row.Conflict {
			ties.Conflicts = []uuid.UUID{id.Worker}
		}
		has := rights.Near(id.Worker, ties, now) | rights.Far(place, ties)
		return d.rules.Decide(right, id.Role, has, d.state(row.Client, row.Closed)).May
	}}
	return filter, nil
}

func among(workers []string, more ...uuid.UUID) []string {
	for _, worker := range more {
		workers = append(workers, worker.String())
	}
	return workers
}

// theirs tells of which streams someone has a right, asking once for each. Only cases can be anyone's.
func (d door) theirs(ctx context.Context, right rights.Right) func(stream string) (bool, error) {
	id := identity(ctx)
	place, err := d.place(ctx)
	known := make(map[string]bool)
	return func(stream string) (bool, error) {
		if err != nil {
			return false, err
		}
		is, ok := known[stream]
		if category, _, _ := events.SplitStream(stream); !ok && category == "case" {
			var ties rights.Ties
			if err := d.app.FaceSheets.Look(ctx, stream, func(c cases.FaceSheet, _ int) { ties = tiesOf(c) }); err != nil {
				return false, err
			}
			has := rights.Near(id.Worker, ties, d.app.Now()) | rights.Far(place, ties)
			is = d.rules.Decide(right, id.Role, has, d.state(ties.Client, ties.Closed)).May
		}
		known[stream] = is
		return is, nil
	}
}

// toClient lets someone through to a client: whoever stands in a relation to one of the client's cases, and whoever
// registered the client, or supervises them, until someone is assigned to a case. A conflict of interest in one of the
// cases closes the client too.
func (d door) toClient(ctx context.Context, right rights.Right, stream string) (rights.Decision, error) {
	id := identity(ctx)
	place, err := d.place(ctx)
	if err != nil {
		return rights.Decision{}, err
	}
	all, err := d.casesOf(ctx, stream)
	if err != nil {
		return rights.Decision{}, err
	}
	registered := rights.Ties{}
	_, registered.Client, _ = events.SplitStream(stream)
	err = d.app.Clients.Look(ctx, stream, func(c clients.Client, _ int) { registered.RecordedBy = workerOf(c.RegisteredBy) })
	if err != nil {
		return rights.Decision{}, err
	}
	var closing rights.Relations
	for _, ties := range all {
		if ties.Worker != uuid.Nil {
			registered.Worker = ties.Worker
		}
		closing |= rights.Near(id.Worker, ties, d.app.Now()) & rights.Of(rights.Conflict)
	}
	if registered.Worker == uuid.Nil {
		all = append(all, registered)
	}
	for _, ties := range all {
		has := rights.Near(id.Worker, ties, d.app.Now()) | rights.Far(place, ties) | closing
		if decision := d.rules.Decide(right, id.Role, has, d.state(ties.Client, ties.Closed)); decision.May {
			return decision, nil
		}
	}
	return rights.Decision{}, &denied{right, stream}
}

// casesOf is what ties people to the cases of a client.
func (d door) casesOf(ctx context.Context, stream string) (all []rights.Ties, err error) {
	_, client, _ := events.SplitStream(stream)
	list, err := caseload.List(ctx, d.app.Views, caseload.Filter{Client: client.String()}, projections.Point{KnownAt: projections.Latest})
	if err != nil {
		return nil, err
	}
	for _, row := range list.Rows {
		err := d.app.FaceSheets.Look(ctx, events.Stream("case", row.Case), func(c cases.FaceSheet, _ int) { all = append(all, tiesOf(c)) })
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// registered tells whether someone, or one of their team, registered a client: they may open a case for them at any time.
func (d door) registered(ctx context.Context, stream string) (bool, error) {
	var by rights.Ties
	_, by.Client, _ = events.SplitStream(stream)
	err := d.app.Clients.Look(ctx, stream, func(c clients.Client, _ int) { by.RecordedBy = workerOf(c.RegisteredBy) })
	if err != nil {
		return false, err
	}
	decision, err := d.decide(ctx, rights.SeeClient, by, d.state(by.Client, false))
	return decision.May, err
}
