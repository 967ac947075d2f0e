package rest

import (
	"context"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

// Refusals of the door: what a command names must exist in another stream.
const (
	refusedNoClient = clients.RefusedNone
	refusedNoSite   = "no-site"
	refusedNoWorker = "no-worker"
)

func (r *router) clientRoutes() {
	k := kind[clients.Client]{category: "client", desk: r.app.Clients, may: r.mayClient}
	command[clients.Client, clients.RegisterClient](r, k, act{path: "/clients/{id}/registration", summary: "Register a client (服务对象)", open: casework})
	command[clients.Client, clients.AmendClientDetails](r, k, act{path: "/clients/{id}/details", summary: "Amend the client's details, all of them, and say why", open: casework, ifMatch: true})
}

func (r *router) groupRoutes() {
	k := kind[groups.Group]{category: "group", desk: r.app.Groups, may: r.mayGroup}
	command[groups.Group, groups.PlanGroup](r, k, act{path: "/groups/{id}/plan", summary: "Plan a group (小组)", open: casework})
	command[groups.Group, groups.JoinMember](r, k, act{path: "/groups/{id}/members", summary: "A member joins", open: casework})
	command[groups.Group, groups.LeaveMember](r, k, act{path: "/groups/{id}/departures", summary: "A member leaves", open: casework})
	command[groups.Group, groups.AgreeContract](r, k, act{path: "/groups/{id}/contracts", summary: "Agree the group's contract", open: casework})
	command[groups.Group, groups.HoldSession](r, k, act{path: "/groups/{id}/sessions", summary: "Record a session with its attendance (节)", open: casework})
	command[groups.Group, groups.CorrectAttendance](r, k, act{path: "/groups/{id}/attendance-corrections", summary: "Correct the attendance of a session", open: casework, ifMatch: true})
	command[groups.Group, groups.EvaluateGroup](r, k, act{path: "/groups/{id}/evaluation", summary: "Evaluate the group at its end", open: casework})
}

func (r *router) activityRoutes() {
	k := kind[activities.Activity]{category: "activity", desk: r.app.Activities, may: r.mayActivity}
	command[activities.Activity, activities.PlanActivity](r, k, act{path: "/activities/{id}/plan", summary: "Plan a community activity (社区活动)", open: casework})
	command[activities.Activity, activities.HoldActivity](r, k, act{path: "/activities/{id}/report", summary: "Record that it was held, and who came", open: casework})
	command[activities.Activity, activities.CorrectCount](r, k, act{path: "/activities/{id}/count-corrections", summary: "Correct the head-count", open: casework, ifMatch: true})
	command[activities.Activity, activities.CancelActivity](r, k, act{path: "/activities/{id}/cancellation", summary: "Cancel it", open: casework})
}

func (r *router) programmeRoutes() {
	k := kind[programme.Programme]{
		category: "programme", one: programmeStream, desk: r.app.Programme,
		may: func(context.Context, string, any, events.Meta) error { return nil }, // the role is all
	}
	command[programme.Programme, programme.NameCommissioner](r, k, act{path: "/programme/commissioners", summary: "Name a commissioner (试点单位)", open: structure})
	command[programme.Programme, programme.FoundAgency](r, k, act{path: "/programme/agencies", summary: "Found an agency (社工机构)", open: structure})
	command[programme.Programme, programme.OpenStation](r, k, act{path: "/programme/stations", summary: "Open a station (社工站)", open: structure})
	command[programme.Programme, programme.LaunchProject](r, k, act{path: "/programme/projects", summary: "Launch a project", open: structure})
	command[programme.Programme, programme.AddSite](r, k, act{path: "/programme/sites", summary: "Add a site to a project", open: structure})
	command[programme.Programme, programme.SignAgreement](r, k, act{path: "/programme/agreements", summary: "Sign a purchase of service", open: structure})
	command[programme.Programme, programme.EstablishPost](r, k, act{path: "/programme/posts", summary: "Establish a post (社工岗位)", open: structure})
	command[programme.Programme, programme.RegisterWorker](r, k, act{path: "/programme/workers", summary: "Register a worker on a post", open: structure})
	command[programme.Programme, programme.LicenseWorker](r, k, act{path: "/programme/licences", summary: "Record a worker's licence", open: structure})
	command[programme.Programme, programme.RecordWorkerHome](r, k, act{path: "/programme/homes", summary: "Record where a worker lives: who opens a file from there is marked in the read log", open: structure})
	command[programme.Programme, programme.RecordTraining](r, k, act{path: "/programme/training", summary: "Record a worker's training", open: structure})
	command[programme.Programme, programme.MakeGrant](r, k, act{path: "/programme/grants", summary: "Make a grant to an agency", open: structure})
	command[programme.Programme, programme.SetTarget](r, k, act{path: "/programme/targets", summary: "Set a target for a year", open: structure})
	command[programme.Programme, programme.PublishClaim](r, k, act{path: "/programme/claims", summary: "Keep a figure as it was published", open: structure})
	command[programme.Programme, programme.AdmitEvaluator](r, k, act{path: "/programme/admissions", summary: "Admit an evaluator to the extracts of a project, until a day", open: structure})
}

// mayClient lets whoever registers a new client in, and otherwise those who have one of the client's cases, or whose
// team registered the client while no case is anyone's yet. Who registered a client may open a case for them at any time.
func (r *router) mayClient(ctx context.Context, stream string, cmd any, _ events.Meta) error {
	var opened string
	var exists bool
	err := r.app.Clients.Look(ctx, stream, func(c clients.Client, version int) { opened, exists = c.RegisteredBy, version > 0 })
	if err != nil {
		return err
	}
	mine, err := r.door.whose(ctx, opened)
	if err != nil {
		return err
	}
	switch cmd.(type) {
	case *clients.RegisterClient:
		if !exists {
			return nil
		}
	case *openCase:
		if mine {
			return nil
		}
	}
	_, id, _ := events.SplitStream(stream)
	if mine {
		if assigned, err := r.assigned(ctx, id); err != nil || !assigned {
			return err
		}
	}
	return r.hasClient(ctx, id)
}

// assigned tells whether someone was assigned to a case of the client: from then on it is theirs, not the recorder's.
func (r *router) assigned(ctx context.Context, client uuid.UUID) (bool, error) {
	list, err := caseload.List(ctx, r.app.Views, caseload.Filter{Client: client.String()}, projections.Point{KnownAt: projections.Latest})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(list.Rows, func(row caseload.Row) bool { return row.Worker != uuid.Nil }), nil
}

// mayGroup: whoever plans a group for a worker of theirs, then whoever answers for that worker.
func (r *router) mayGroup(ctx context.Context, stream string, cmd any, _ events.Meta) error {
	var worker uuid.UUID
	if err := r.app.Groups.Look(ctx, stream, func(g groups.Group, _ int) { worker = g.Plan.Worker }); err != nil {
		return err
	}
	if plan, ok := cmd.(*groups.PlanGroup); ok && worker == uuid.Nil {
		worker = plan.Worker
		if err := r.siteExists(ctx, plan.Project, plan.Site); err != nil {
			return err
		}
	}
	return r.door.theirs(ctx, worker)
}

// mayActivity: as for a group.
func (r *router) mayActivity(ctx context.Context, stream string, cmd any, _ events.Meta) error {
	var worker uuid.UUID
	if err := r.app.Activities.Look(ctx, stream, func(a activities.Activity, _ int) { worker = a.Plan.Worker }); err != nil {
		return err
	}
	if plan, ok := cmd.(*activities.PlanActivity); ok && worker == uuid.Nil {
		worker = plan.Worker
		if err := r.siteExists(ctx, plan.Project, plan.Site); err != nil {
			return err
		}
	}
	return r.door.theirs(ctx, worker)
}

// hasClient lets those through who have a case of the client.
func (r *router) hasClient(ctx context.Context, client uuid.UUID) error {
	filter, err := r.door.carried(ctx)
	if err != nil {
		return err
	}
	filter.Client = client.String()
	list, err := caseload.List(ctx, r.app.Views, filter, projections.Point{KnownAt: projections.Latest})
	if err == nil && len(list.Rows) == 0 {
		err = errHidden
	}
	return err
}
