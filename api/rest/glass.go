package rest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/glass"
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// Breaking the glass: whoever has no relation to a case and cannot wait is let in, for an hour, to read and to write an
// urgent note. Supervisor and privacy officer are told at once, and somebody else must review it. What it opens, and to
// whom, is in the book of rules (package rights).

// breaking is a command that only counts when whoever sends it has just signed in again.
type breaking struct {
	ID    string `path:"id" format:"uuid" doc:"of the case"`
	Again string `header:"Sign-In-Again" doc:"with a token: it again, Bearer and the token. Whoever signed in on a device did so in the last ten minutes, else 403 sign-in-again"`
	Sent[glass.BreakGlass]
}

func (r *router) glassRoutes() {
	k := kind[glass.Glass]{category: "glass", desk: r.app.Glass, may: r.mayGlass}
	breaks := act{path: "/cases/{id}/break-glass", summary: "Break the glass: read a case that is not yours for an hour, and say why (紧急查阅)"}
	huma.Register(r.api, operationOf[glass.BreakGlass](r, breaks, "case"), func(ctx context.Context, in *breaking) (*receipt, error) {
		if _, err := r.door.admit(ctx, rights.BreakGlass); err != nil {
			return nil, refuse(ctx, err)
		}
		if err := r.signedInAgain(ctx, in.Again); err != nil {
			return nil, refuse(ctx, err)
		}
		return do(ctx, r, k, breaks, rights.BreakGlass, stream("glass", in.ID), &in.Sent)
	})
	command[glass.Glass, glass.ReviewGlass](r, k, act{path: "/cases/{id}/glass-reviews", summary: "Review that somebody broke the glass"})
}

// signedInAgain refuses who did not sign in on this device just now. Whoever has a token has nothing to sign in with; they
// send it a second time.
func (r *router) signedInAgain(ctx context.Context, proof string) error {
	is, _ := ctx.Value(askingKey{}).(asking)
	if !is.signedIn.IsZero() {
		if r.app.World().Sub(is.signedIn) > account.Fresh {
			return problem(account.RefusedStale)
		}
		return nil
	}
	token, ok := strings.CutPrefix(proof, "Bearer ")
	id, err := r.app.Tokens.Who(ctx, token, r.app.Now())
	if !ok || errors.Is(err, session.ErrUnknown) || err == nil && id != is.who {
		return problem(account.RefusedStale)
	}
	return err
}

// mayGlass lets through those whom the book lets break or review it, and puts into the command what stands in the case.
func (r *router) mayGlass(ctx context.Context, right rights.Right, stream string, cmd any, _ events.Meta) error {
	_, id, _ := events.SplitStream(stream)
	kase := events.Stream("case", id)
	found, _, err := r.door.toCase(ctx, right, kase)
	if err == nil && found.Stage == cases.None { // an office has this right of every case, and so do strangers
		err = &denied{right, kase}
	}
	if err != nil {
		return err
	}
	beside := glass.Beside{Client: found.Intake.Client, Role: string(identity(ctx).Role)}
	switch cmd := cmd.(type) {
	case *glass.BreakGlass:
		beside.Related, err = r.door.sees(ctx, kase)
		cmd.Put(beside)
	case *glass.ReviewGlass:
		cmd.Put(beside)
		var by string
		if by, err = r.breaker(ctx, stream, cmd.Glass); err == nil {
			err = r.door.toReview(ctx, id, by)
		}
	}
	return err
}

// sees tells whether someone sees a case without breaking the glass.
func (d door) sees(ctx context.Context, kase string) (bool, error) {
	_, decision, err := d.toCase(ctx, rights.SeeCase, kase)
	if errors.Is(err, errHidden) {
		return false, nil
	}
	return err == nil && decision.By != rights.UnderGlass, err
}

// breaker is the actor who broke a glass; empty if nobody did.
func (r *router) breaker(ctx context.Context, stream string, broken uuid.UUID) (actor string, err error) {
	err = r.app.Glass.Look(ctx, stream, func(g glass.Glass, _ int) {
		if i := slices.IndexFunc(g.Broken, func(b glass.Broken) bool { return b.ID == broken }); i >= 0 {
			actor = g.Broken[i].Actor
		}
	})
	return actor, err
}

// toReview lets someone through to the review of what an actor did to a case. Who has that right only because they
// supervise who broke the glass has it of what those did, and not of what others did to the same case.
func (d door) toReview(ctx context.Context, id uuid.UUID, by string) error {
	kase := events.Stream("case", id)
	_, decision, err := d.toCase(ctx, rights.ReviewGlass, kase)
	if err != nil || decision.By != rights.OverGlass {
		return err
	}
	place, err := d.place(ctx)
	if err == nil && !slices.Contains(place.Team, workerOf(by)) {
		err = &denied{rights.ReviewGlass, kase}
	}
	return err
}

// broken are those who broke the glass over a case, and the broken glass that lets in who asks, if one does.
func (d door) broken(ctx context.Context, id uuid.UUID, now time.Time) (by []rights.Until, mine uuid.UUID, err error) {
	err = d.app.Glass.Look(ctx, events.Glass(id), func(g glass.Glass, _ int) {
		for _, broken := range g.Broken {
			by = append(by, rights.Until{Worker: workerOf(broken.Actor), Until: broken.Until})
		}
		mine, _ = g.Lets(identity(ctx).Actor(), now)
	})
	return by, mine, err
}
