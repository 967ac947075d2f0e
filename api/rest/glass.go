package rest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/glass"
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// Breaking the glass: whoever has no relation to a case and cannot wait is let in, for an hour, to read and to write an
// urgent note. Supervisor and privacy officer are told at once, and somebody else must review it.

var reviewers = who{session.Supervisor, session.PrivacyOfficer}

// breaking is a command that only counts when whoever sends it has just signed in again.
type breaking struct {
	ID    string `path:"id" format:"uuid" doc:"of the case"`
	Again string `header:"Sign-In-Again" doc:"proves that it is you, now: Bearer and your token"`
	Sent[glass.BreakGlass]
}

func (r *router) glassRoutes() {
	k := kind[glass.Glass]{category: "glass", desk: r.app.Glass, may: r.mayGlass}
	breaks := act{path: "/cases/{id}/break-glass", summary: "Break the glass: read a case that is not yours for an hour, and say why", open: casework}
	huma.Register(r.api, operationOf(breaks, "case"), func(ctx context.Context, in *breaking) (*receipt, error) {
		if _, err := r.door.admit(ctx, breaks.open); err != nil {
			return nil, refuse(ctx, err)
		}
		if err := r.signedInAgain(ctx, in.Again); err != nil {
			return nil, refuse(ctx, err)
		}
		return do(ctx, r, k, breaks, stream("glass", in.ID), &in.Sent)
	})
	command[glass.Glass, glass.ReviewGlass](r, k, act{path: "/cases/{id}/glass-reviews", summary: "Review that somebody broke the glass", open: reviewers})
}

// signedInAgain refuses who does not prove anew who they are. Today the proof is the token itself, sent a second time.
func (r *router) signedInAgain(ctx context.Context, proof string) error {
	token, ok := strings.CutPrefix(proof, "Bearer ")
	if !ok {
		return problem(codeSignInAgain)
	}
	id, err := r.app.Tokens.Who(ctx, token, r.app.Now())
	if errors.Is(err, session.ErrUnknown) || err == nil && id != identity(ctx) {
		return problem(codeSignInAgain)
	}
	return err
}

// mayGlass lets whoever breaks it through to any case there is, and to a review those who answer for the case, or for
// who broke it, and the privacy officer.
func (r *router) mayGlass(ctx context.Context, stream string, cmd any, _ events.Meta) error {
	_, id, _ := events.SplitStream(stream)
	found, err := r.door.toCase(ctx, events.Stream("case", id))
	theirs := err == nil
	if err != nil && !errors.Is(err, errHidden) {
		return err
	}
	if found.Stage == cases.None {
		return errHidden
	}
	beside := glass.Beside{Client: found.Intake.Client, Role: string(identity(ctx).Role), Related: theirs}
	switch cmd := cmd.(type) {
	case *glass.BreakGlass:
		cmd.Put(beside)
	case *glass.ReviewGlass:
		cmd.Put(beside)
		if !theirs {
			return r.answersFor(ctx, stream, cmd.Glass)
		}
	}
	return nil
}

// answersFor lets through whom a broken glass is for to review, though the case is not theirs.
func (r *router) answersFor(ctx context.Context, stream string, broken uuid.UUID) error {
	if identity(ctx).Role == session.PrivacyOfficer {
		return nil
	}
	var actor string
	err := r.app.Glass.Look(ctx, stream, func(g glass.Glass, _ int) {
		if i := slices.IndexFunc(g.Broken, func(b glass.Broken) bool { return b.ID == broken }); i >= 0 {
			actor = g.Broken[i].Actor
		}
	})
	if err != nil {
		return err
	}
	mine, err := r.door.whose(ctx, actor)
	if err == nil && !mine {
		err = errHidden
	}
	return err
}

// byGlass tells whether someone has broken the glass over a case and is let in now. What is shown then says so.
func (d door) byGlass(ctx context.Context, stream string) (in bool, err error) {
	_, id, _ := events.SplitStream(stream)
	asks, now := asking(ctx), d.app.Now()
	err = d.app.Glass.Look(ctx, events.Glass(id), func(g glass.Glass, _ int) {
		asks.glass, in = g.Lets(asks.id.Actor(), now)
	})
	return in, err
}

// toRead lets someone through to a case that is theirs, or that they broke the glass over, to read it.
func (d door) toRead(ctx context.Context, stream string) error {
	_, err := d.toCase(ctx, stream)
	if errors.Is(err, errHidden) {
		in, failed := d.byGlass(ctx, stream)
		if failed != nil || in {
			return failed
		}
	}
	return err
}

// toWrite lets someone through to a case that is theirs; for an urgent note also who broke the glass over it.
func (d door) toWrite(ctx context.Context, stream string, cmd any) (cases.Case, error) {
	found, err := d.toCase(ctx, stream)
	if note, ok := cmd.(*cases.RecordNote); ok && errors.Is(err, errHidden) && note.Kind == cases.UrgentNote {
		in, failed := d.byGlass(ctx, stream)
		if failed != nil || in {
			err = failed
		}
	}
	return found, err
}
