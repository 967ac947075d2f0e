package rest

import (
	"bytes"
	"context"
	"fmt"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/export"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// forgettingRoutes are those of the privacy officer: what is kept of people, and for how long.
func (r *router) forgettingRoutes() {
	k := kind[clients.Client]{category: "client", desk: r.app.Clients, may: r.mayKeep}
	command[clients.Client, clients.PlaceHold](r, k, act{path: "/clients/{id}/holds", summary: "Keep what is known for the law (法律保留)"})
	command[clients.Client, clients.LiftHold](r, k, act{path: "/clients/{id}/hold-liftings", summary: "Lift a hold"})
	command[clients.Client, clients.RestrictProcessing](r, k, act{path: "/clients/{id}/restrictions", summary: "Keep what is known and work with it no more (停止除存储外的处理)"})
	command[clients.Client, clients.LiftRestriction](r, k, act{path: "/clients/{id}/restriction-liftings", summary: "Lift a restriction"})
	command[clients.Client, clients.RequestForgetting](r, k, act{path: "/clients/{id}/forgetting-requests", summary: "Ask that a client be forgotten (删除请求)"})
	command[clients.Client, clients.CheckForgetting](r, k, act{path: "/clients/{id}/forgetting-checks", summary: "Check that nothing stands in the way"})
	command[clients.Client, clients.ApproveForgetting](r, k, act{path: "/clients/{id}/forgetting-approvals", summary: "Approve it, as a second person; then the cooling-off runs"})
	command[clients.Client, clients.WithdrawForgetting](r, k, act{path: "/clients/{id}/forgetting-withdrawals", summary: "Withdraw a request before it is carried out"})

	ask(r, "/retention", "client", "Clients who need not be kept any longer", r.due)
	ask(r, "/clients/{id}/export", "client", "What is recorded about a client, opened: everything for the client; for a guardian what a guardian knows", r.export)
}

// mayKeep lets officers through to every client there is, and puts into the command what stands in the cases.
func (r *router) mayKeep(ctx context.Context, right rights.Right, stream string, cmd any, _ events.Meta) error {
	exists := false
	if err := r.app.Clients.Look(ctx, stream, func(_ clients.Client, version int) { exists = version > 0 }); err != nil {
		return err
	}
	if !exists {
		return &denied{right, stream}
	}
	keeps, ok := cmd.(clients.Keeps)
	if !ok {
		return nil
	}
	_, client, _ := events.SplitStream(stream)
	cases, err := r.app.CasesOf(ctx, client)
	if err == nil {
		keeps.Keep(cases, r.app.Retention)
	}
	return err
}

// takes refuses what a client's cases do not take while they are restricted: all but what the law and the person are owed,
// and what lets fewer people in. What was done before is answered as it was then. Of one who was forgotten a moment ago
// nothing is there any more.
func (r *router) takes(ctx context.Context, stream string, client uuid.UUID, cmd any, meta events.Meta) error {
	var standing clients.Standing
	err := r.app.Clients.Look(ctx, events.Stream("client", client), func(c clients.Client, _ int) { standing = c.Standing() })
	switch {
	case err != nil || standing == clients.Active:
		return err
	case standing == clients.Forgotten:
		return errHidden
	}
	switch cmd.(type) {
	case *cases.AmendEntry, *cases.RetractEntry, *cases.WithdrawConsent, *cases.RecordIncident, *cases.CloseCase,
		*cases.EndAccess, *cases.DeclareConflict, *cases.LiftConflict:
		return nil
	}
	if done, err := r.app.Cases.Did(ctx, stream, meta.CommandID); err != nil || done {
		return err
	}
	return services.Refuse(clients.RefusedRestricted)
}

// dueOn is a question for whom need not be kept.
type dueOn struct {
	AsOf string `query:"as_of" maxLength:"10" doc:"a day; default: today"`
}

type dueAnswer = app.Answer[app.Asked, []app.DueForForgetting]

func (r *router) due(ctx context.Context, in *dueOn) (*answer[dueAnswer], error) {
	if in.AsOf == "" {
		in.AsOf = events.DayOf(r.app.Now())
	}
	if !app.IsDay(in.AsOf) {
		return nil, problem(codeBadDay)
	}
	head, err := r.app.Log.Head(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.app.Arrived(ctx, head, "caseload"); err != nil {
		return nil, err
	}
	due, err := r.app.DueForForgetting(ctx, in.AsOf)
	if due == nil {
		due = []app.DueForForgetting{}
	}
	return &answer[dueAnswer]{Body: dueAnswer{Asked: app.Asked{AsOf: in.AsOf}, Position: head, Result: due}}, err
}

// handing is of whom and for whom an export is. Who receives it has no default: the one gets what the other must not.
type handing struct {
	ID        string `path:"id" format:"uuid"`
	Recipient string `query:"recipient" required:"true" enum:"client,guardian" doc:"who receives it: the client gets everything; a guardian gets who the client is and what a guardian agreed to, whatever else there is"`
}

// handed is what the one or the other receives.
type handed = either[export.Everything, export.ForGuardian]

func (r *router) export(ctx context.Context, in *handing) (*opened[handed], error) {
	_, client, _ := events.SplitStream(stream("client", in.ID))
	all, ok, err := export.For(ctx, r.app, in.Recipient, client)
	if err == nil && !ok {
		err = errHidden
	}
	if err != nil {
		return nil, err
	}
	var saw access.Opened
	body, err := writtenIn(func(b *bytes.Buffer) error { return all.Write(ctx, r.app, b, &saw) })
	if err != nil {
		return nil, fmt.Errorf("exporting: %w", err)
	}
	what, rows := all.Said()
	if err := exported(ctx, what, rows, &saw); err != nil {
		return nil, err
	}
	return &opened[handed]{Body: written[handed]{body}}, nil
}
