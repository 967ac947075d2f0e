package rest

import (
	"context"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
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
	command[clients.Client, clients.RegisterClient](r, k, act{path: "/clients/{id}/registration", summary: "Register a client (服务对象)"})
	command[clients.Client, clients.AmendClientDetails](r, k, act{path: "/clients/{id}/details", summary: "Amend the client's details, all of them, and say why", ifMatch: true})
}

func (r *router) groupRoutes() {
	k := kind[groups.Group]{category: "group", desk: r.app.Groups, may: r.mayGroup}
	command[groups.Group, groups.PlanGroup](r, k, act{path: "/groups/{id}/plan", summary: "Plan a group (小组)"})
	command[groups.Group, groups.JoinMember](r, k, act{path: "/groups/{id}/members", summary: "A member joins"})
	command[groups.Group, groups.LeaveMember](r, k, act{path: "/groups/{id}/departures", summary: "A member leaves"})
	command[groups.Group, groups.AgreeContract](r, k, act{path: "/groups/{id}/contracts", summary: "Agree the group's contract"})
	command[groups.Group, groups.HoldSession](r, k, act{path: "/groups/{id}/sessions", summary: "Record a session with its attendance (节)"})
	command[groups.Group, groups.CorrectAttendance](r, k, act{path: "/groups/{id}/attendance-corrections", summary: "Correct the attendance of a session", ifMatch: true})
	command[groups.Group, groups.EvaluateGroup](r, k, act{path: "/groups/{id}/evaluation", summary: "Evaluate the group at its end"})
}

func (r *router) activityRoutes() {
	k := kind[activities.Activity]{category: "activity", desk: r.app.Activities, may: r.mayActivity}
	command[activities.Activity, activities.PlanActivity](r, k, act{path: "/activities/{id}/plan", summary: "Plan a community activity (社区活动)"})
	command[activities.Activity, activities.HoldActivity](r, k, act{path: "/activities/{id}/report", summary: "Record that it was held, and who came"})
	command[activities.Activity, activities.CorrectCount](r, k, act{path: "/activities/{id}/count-corrections", summary: "Correct the head-count", ifMatch: true})
	command[activities.Activity, activities.CancelActivity](r, k, act{path: "/activities/{id}/cancellation", summary: "Cancel it"})
}

func (r *router) programmeRoutes() {
	k := kind[programme.Programme]{
		category: "programme", one: programmeStream, desk: r.app.Programme,
		may: func(context.Context, rights.Right, string, any, events.Meta) error { return nil }, // the role is all
	}
	command[programme.Programme, programme.NameCommissioner](r, k, act{path: "/programme/commissioners", summary: "Name a commissioner (试点单位)"})
	command[programme.Programme, programme.FoundAgency](r, k, act{path: "/programme/agencies", summary: "Found an agency (社工机构)"})
	command[programme.Programme, programme.OpenStation](r, k, act{path: "/programme/stations", summary: "Open a station (社工站)"})
	command[programme.Programme, programme.LaunchProject](r, k, act{path: "/programme/projects", summary: "Launch a project"})
	command[programme.Programme, programme.AddSite](r, k, act{path: "/programme/sites", summary: "Add a site to a project"})
	command[programme.Programme, programme.SignAgreement](r, k, act{path: "/programme/agreements", summary: "Sign a purchase of service"})
	command[programme.Programme, programme.EstablishPost](r, k, act{path: "/programme/posts", summary: "Establish a post (社工岗位)"})
	command[programme.Programme, programme.RegisterWorker](r, k, act{path: "/programme/workers", summary: "Register a worker on a post"})
	command[programme.Programme, programme.LicenseWorker](r, k, act{path: "/programme/licences", summary: "Record a worker's licence"})
	command[programme.Programme, programme.RecordWorkerHome](r, k, act{path: "/programme/homes", summary: "Record where a worker lives: who opens a file from there is marked in the read log"})
	command[programme.Programme, programme.RecordTraining](r, k, act{path: "/programme/training", summary: "Record a worker's training"})
	command[programme.Programme, programme.MakeGrant](r, k, act{path: "/programme/grants", summary: "Make a grant to an agency"})
	command[programme.Programme, programme.SetTarget](r, k, act{path: "/programme/targets", summary: "Set a target for a year"})
	command[programme.Programme, programme.PublishClaim](r, k, act{path: "/programme/claims", summary: "Keep a figure as it was published"})
	command[programme.Programme, programme.AdmitEvaluator](r, k, act{path: "/programme/admissions", summary: "Admit an evaluator to the extracts of a project, until a day"})
}

// mayClient lets whoever registers a new client in, and otherwise those to whom the client is open.
func (r *router) mayClient(ctx context.Context, right rights.Right, stream string, cmd any, _ events.Meta) error {
	if _, registers := cmd.(*clients.RegisterClient); registers {
		exists := false
		if err := r.app.Clients.Look(ctx, stream, func(_ clients.Client, version int) { exists = version > 0 }); err != nil || !exists {
			return err
		}
		right = rights.Instead[right]
	}
	_, err := r.door.toClient(ctx, right, stream)
	return err
}

// mayGroup: whoever plans a group for a worker of theirs, then whoever answers for that worker.
func (r *router) mayGroup(ctx context.Context, right rights.Right, stream string, cmd any, _ events.Meta) error {
	worker, err := r.leader(ctx, stream)
	if err != nil {
		return err
	}
	if plan, ok := cmd.(*groups.PlanGroup); ok && worker == uuid.Nil {
		worker = plan.Worker
		if err := r.siteExists(ctx, plan.Project, plan.Site); err != nil {
			return err
		}
	}
	_, err = r.door.toWork(ctx, right, stream, worker)
	return err
}

// leader is the worker who answers for a group.
func (r *router) leader(ctx context.Context, stream string) (worker uuid.UUID, err error) {
	err = r.app.Groups.Look(ctx, stream, func(g groups.Group, _ int) { worker = g.Plan.Worker })
	return worker, err
}

// mayActivity: as for a group.
func (r *router) mayActivity(ctx context.Context, right rights.Right, stream string, cmd any, _ events.Meta) error {
	worker, err := r.organiser(ctx, stream)
	if err != nil {
		return err
	}
	if plan, ok := cmd.(*activities.PlanActivity); ok && worker == uuid.Nil {
		worker = plan.Worker
		if err := r.siteExists(ctx, plan.Project, plan.Site); err != nil {
			return err
		}
	}
	_, err = r.door.toWork(ctx, right, stream, worker)
	return err
}

// organiser is the worker who answers for an activity.
func (r *router) organiser(ctx context.Context, stream string) (worker uuid.UUID, err error) {
	err = r.app.Activities.Look(ctx, stream, func(a activities.Activity, _ int) { worker = a.Plan.Worker })
	return worker, err
}
