package rest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

// caseRoutes are the commands of casework, in its order.
func (r *router) caseRoutes() {
	k := kind[cases.Case]{category: "case", desk: r.app.Cases, may: r.mayCase, whose: r.whoseCase}

	command[cases.Case, openCase](r, k, act{path: "/cases/{id}/intake", summary: "Record an intake: open a case, and register its client if new (接案)"})
	command[cases.Case, cases.DecideIntake](r, k, act{path: "/cases/{id}/decision", summary: "Accept or decline it", ifMatch: true})
	command[cases.Case, cases.RecordConsent](r, k, act{path: "/cases/{id}/consents", summary: "Record a consent for one purpose (知情同意)"})
	command[cases.Case, cases.WithdrawConsent](r, k, act{path: "/cases/{id}/withdrawals", summary: "Withdraw a consent"})
	command[cases.Case, cases.AssignWorker](r, k, act{path: "/cases/{id}/assignments", summary: "Assign a worker (指派)"})
	command[cases.Case, cases.RecordAssessment](r, k, act{path: "/cases/{id}/assessments", summary: "Record an assessment (预估)"})
	command[cases.Case, cases.TakeMeasure](r, k, act{path: "/cases/{id}/measures", summary: "Take a measure; its score is computed (量表)"})
	command[cases.Case, cases.RateRisk](r, k, act{path: "/cases/{id}/risks", summary: "Rate the risk (风险等级)"})
	command[cases.Case, cases.AgreePlan](r, k, act{path: "/cases/{id}/plans", summary: "Agree a version of the plan (服务计划)", ifMatch: true})
	command[cases.Case, cases.RateGoal](r, k, act{path: "/cases/{id}/goal-ratings", summary: "Rate how far a goal was reached (目标达成)"})
	command[cases.Case, cases.RecordIntervention](r, k, act{path: "/cases/{id}/interventions", summary: "Record an intervention (介入)"})
	command[cases.Case, cases.RecordNote](r, k, act{path: "/cases/{id}/notes", summary: "Record a note (过程记录)"})
	command[cases.Case, cases.AmendEntry](r, k, act{path: "/cases/{id}/amendments", summary: "Amend an entry: say it anew, and why (更正)", ifMatch: true})
	command[cases.Case, cases.RetractEntry](r, k, act{path: "/cases/{id}/retractions", summary: "Retract an entry or an amendment (撤销记录)", ifMatch: true})
	command[cases.Case, cases.RaiseFlag](r, k, act{path: "/cases/{id}/flags", summary: "Raise a flag (警示)"})
	command[cases.Case, cases.ClearFlag](r, k, act{path: "/cases/{id}/flag-clearances", summary: "Clear a flag"})
	command[cases.Case, cases.RecordIncident](r, k, act{path: "/cases/{id}/incidents", summary: "Record an incident (危机事件)"})
	command[cases.Case, cases.RecordHandover](r, k, act{path: "/cases/{id}/handovers", summary: "Record a handover (接领/护送返乡/移交)"})
	command[cases.Case, cases.MakeReferral](r, k, act{path: "/cases/{id}/referrals", summary: "Make a referral (转介)"})
	command[cases.Case, cases.AnswerReferral](r, k, act{path: "/cases/{id}/referral-answers", summary: "Record the answer to a referral"})
	command[cases.Case, cases.CompleteReferral](r, k, act{path: "/cases/{id}/referral-completions", summary: "Record what became of a referral (回执)"})
	command[cases.Case, cases.CloseCase](r, k, act{path: "/cases/{id}/closure", summary: "Close the case (结案)", ifMatch: true})
	command[cases.Case, cases.RecordFollowUp](r, k, act{path: "/cases/{id}/follow-ups", summary: "Record a follow-up (跟进/回访)"})
	command[cases.Case, cases.GrantAccess](r, k, act{path: "/cases/{id}/grants", summary: "Let a worker in for a time and a purpose"})
	command[cases.Case, cases.EndAccess](r, k, act{path: "/cases/{id}/grant-endings", summary: "End what was granted to a worker, before its time"})
	command[cases.Case, cases.DeclareConflict](r, k, act{path: "/cases/{id}/conflicts", summary: "Declare a conflict of interest (回避): it closes the case to that worker"})
	command[cases.Case, cases.LiftConflict](r, k, act{path: "/cases/{id}/conflict-liftings", summary: "Lift a conflict of interest"})
	command[cases.Case, cases.ReopenCase](r, k, act{path: "/cases/{id}/reopening", summary: "Reopen it: a new episode (重开)", ifMatch: true})
}

// mayCase lets people through to their cases, and an intake to whoever takes one. Then it puts into the command what
// the rules need of other streams: the client's age, and whether a supervisor speaks.
func (r *router) mayCase(ctx context.Context, right rights.Right, stream string, cmd any, meta events.Meta) error {
	var client uuid.UUID
	if intake, ok := cmd.(*openCase); ok {
		if err := r.intakeFits(ctx, right, stream, intake, meta); err != nil {
			return err
		}
		client = intake.Client
	} else {
		if special(ctx, cmd) {
			right = rights.Instead[right]
		}
		found, decision, err := r.door.toCase(ctx, right, stream)
		if err != nil {
			return err
		}
		if err := r.receives(ctx, decision, right, stream, found, cmd); err != nil {
			return err
		}
		client = found.Intake.Client
	}
	if err := r.takes(ctx, stream, client, cmd, meta); err != nil {
		return err
	}
	if needs, ok := cmd.(cases.Besides); ok {
		age, err := r.age(ctx, client, meta.OccurredAt)
		if err != nil {
			return err
		}
		needs.Put(age, identity(ctx).Role == session.Supervisor)
	}
	switch named := cmd.(type) {
	case *cases.AssignWorker:
		return r.workerExists(ctx, named.Worker)
	case *cases.GrantAccess:
		return r.workerExists(ctx, named.Worker)
	case *cases.DeclareConflict:
		return r.workerExists(ctx, named.Worker)
	}
	return nil
}

// whoseCase is remembered: a case stays that of its client.
func (r *router) whoseCase(ctx context.Context, stream string, cmd any) (client uuid.UUID, err error) {
	if intake, ok := cmd.(*openCase); ok {
		return intake.Client, nil
	}
	client, known := r.whose.Get(stream)
	if known {
		return client, nil
	}
	err = r.app.Cases.Look(ctx, stream, func(c cases.Case, _ int) { client = c.Intake.Client })
	if err == nil && client != uuid.Nil {
		r.whose.Put(stream, client)
	}
	return client, err
}

// special tells of the commands that need another right than their route does: a conflict of interest of one's own, a
// note that cannot wait.
func special(ctx context.Context, cmd any) bool {
	switch cmd := cmd.(type) {
	case *cases.DeclareConflict:
		return cmd.Worker == identity(ctx).Worker
	case *cases.RecordNote:
		return cmd.Kind == cases.UrgentNote
	}
	return false
}

// receives holds the receiver of a referral to those that are to their own agency.
func (r *router) receives(ctx context.Context, decision rights.Decision, right rights.Right, stream string, found cases.FaceSheet, cmd any) error {
	var referral uuid.UUID
	switch answer := cmd.(type) {
	case *cases.AnswerReferral:
		referral = answer.Referral
	case *cases.CompleteReferral:
		referral = answer.Referral
	}
	if decision.By != rights.Receiver {
		return nil
	}
	place, err := r.door.place(ctx)
	if err == nil && !slices.Contains(found.Referred, cases.Referred{Referral: referral, To: place.Agency}) {
		err = &denied{right, stream}
	}
	return err
}

// openCase is an intake, and with it the registration of a client who is new: one request for a record at night. The
// client comes first, under the same command id; sent again, what is missing is completed.
type openCase struct {
	cases.RecordIntake
	Register *clients.RegisterClient `json:"register,omitempty" doc:"the client, if not registered yet"`
}

// intakeFits: the client is known, the project and site are of the programme, and the case, if it exists, is theirs.
// A client who is new is registered when nothing stands in the way of the intake any more: a no changes nothing.
func (r *router) intakeFits(ctx context.Context, right rights.Right, stream string, intake *openCase, meta events.Meta) error {
	exists := false
	if err := r.app.Cases.Look(ctx, stream, func(_ cases.Case, version int) { exists = version > 0 }); err != nil {
		return err
	}
	if exists { // it is sent again, or the desk says no
		_, _, err := r.door.toCase(ctx, rights.Instead[right], stream)
		return err
	}
	if err := r.siteExists(ctx, intake.Project, intake.Site); err != nil {
		return err
	}
	client := events.Stream("client", intake.Client)
	if intake.Register == nil {
		mine, err := r.door.registered(ctx, client)
		if err != nil || mine {
			return err
		}
		_, err = r.door.toClient(ctx, rights.SeeClient, client)
		if errors.Is(err, errHidden) { // not there, or not theirs
			if err = deny(ctx, err); err == nil {
				err = services.Refuse(refusedNoClient)
			}
		}
		return err
	}
	if err := r.mayClient(ctx, rights.RegisterClient, client, intake.Register, meta); err != nil {
		return err
	}
	if _, err := intake.Decide(cases.Case{}, meta); err != nil {
		return err
	}
	_, err := r.app.Clients.Do(ctx, client, meta, *intake.Register)
	return err
}

// age is the client's, in whole years, on the day something happened; nil if not known.
func (r *router) age(ctx context.Context, client uuid.UUID, at time.Time) (*int, error) {
	var born string
	var err error
	look := r.app.Clients.Look(ctx, events.Stream("client", client), func(c clients.Client, _ int) {
		born, err = c.Details.Birth.Open(ctx, r.app.Keys, events.Stream("client", client))
	})
	if look != nil || err != nil {
		return nil, errors.Join(look, err)
	}
	return clients.Age(born, at), nil
}

func (r *router) siteExists(ctx context.Context, project, site string) error {
	var found bool
	err := r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) { _, found = p.Site(project, site) })
	if err == nil && !found {
		err = services.Refuse(refusedNoSite)
	}
	return err
}

func (r *router) workerExists(ctx context.Context, worker uuid.UUID) error {
	var found bool
	err := r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) { _, found = p.Worker(worker) })
	if err == nil && !found {
		err = services.Refuse(refusedNoWorker)
	}
	return err
}
