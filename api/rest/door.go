package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/keeping"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// The door: who is asking, and what the book of rules (package rights) says to it. The door looks up what the rules want
// to know and decides nothing itself. Everything that is refused here is a 404 that says nothing.

// errHidden: not there, or not theirs. Nobody learns which.
var errHidden = errors.New("not there, or not theirs")

// denied is errHidden where the rules refused it: a right, and the stream that it was asked of, if it is of one. Whether
// that stream exists is not known: of one that does not, nobody has a right either.
type denied struct {
	right  rights.Right
	stream string
}

func (d *denied) Error() string { return errHidden.Error() }

func (d *denied) Is(target error) bool { return target == errHidden }

// asking is who asks, and since when.
type asking struct {
	who   session.Identity
	since time.Time // of the machine's clock, whatever day it is here

	signedIn time.Time // on the device that it comes from; zero: not on a device, but with a token
}

type askingKey struct{}

// identify finds out who asks, before anything else is looked at.
func identify(a *app.App) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			id, err := bearer(c, a)
			if err == nil {
				err = used(c, a)
			}
			if err != nil {
				return err
			}
			ctx := context.WithValue(c.Request().Context(), askingKey{}, asking{who: id, since: time.Now(), signedIn: signedInAt(c)})
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}

// bearer is who has the token of a request now, or is signed in on the device that it comes from.
func bearer(c echo.Context, a *app.App) (session.Identity, error) {
	token, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	if !ok {
		return onDevice(c, a)
	}
	id, err := a.Tokens.Who(c.Request().Context(), token, a.Now())
	if errors.Is(err, session.ErrUnknown) {
		return id, problem(codeNoToken)
	}
	if err != nil {
		return id, refuse(c.Request().Context(), err)
	}
	return id, inScope(c, id.Scope)
}

func identity(ctx context.Context) session.Identity {
	is, _ := ctx.Value(askingKey{}).(asking)
	return is.who
}

// noTakes is how long a no takes, or a multiple of it: longer than the case of years takes to be read that nobody asked for
// since a restart. Without it, whoever has a watch would learn which cases there are. Tests have no watch.
var noTakes = 50 * time.Millisecond

// hold lets the time of a no pass.
func hold(ctx context.Context) {
	is, ok := ctx.Value(askingKey{}).(asking)
	if !ok || noTakes == 0 {
		return
	}
	left := time.NewTimer(noTakes - time.Since(is.since)%noTakes)
	defer left.Stop()
	select {
	case <-left.C:
	case <-ctx.Done():
	}
}

// door answers what someone may.
type door struct {
	app   *app.App
	rules *rights.Rules
}

func newDoor(a *app.App) door {
	return door{app: a, rules: rights.New(rights.TheBook())}
}

// state is the one place that tells the state of a case, now, whatever day is asked for: what its client is comes before
// whether it is closed. It answers from memory: lists ask it for every row, and an answer that took longer for some cases
// would tell of them.
func (d door) state(client uuid.UUID, closed bool) rights.State {
	switch d.app.Standings.Of(client) {
	case keeping.Forgotten:
		return rights.Erased
	case keeping.Restricted:
		return rights.Restricted
	}
	if closed {
		return rights.Closed
	}
	return rights.Open
}

// admit lets through to a route whoever may have its right of something.
func (d door) admit(ctx context.Context, right rights.Right) (session.Identity, error) {
	id := identity(ctx)
	if !d.rules.Opens(right, id.Role) && !d.rules.Opens(rights.Instead[right], id.Role) {
		return id, &denied{right: right}
	}
	return id, nil
}

// ofNoCase is the decision on a right for which no case is spoken of.
func (d door) ofNoCase(ctx context.Context, right rights.Right) rights.Decision {
	return d.rules.Decide(right, identity(ctx).Role, 0, rights.NoCase)
}

// toCase lets someone through to a case. One that does not exist ties nobody to it: the same steps lead to the same no.
func (d door) toCase(ctx context.Context, right rights.Right, stream string) (found cases.FaceSheet, decision rights.Decision, err error) {
	var ties rights.Ties
	if err = d.app.FaceSheets.Look(ctx, stream, func(c cases.FaceSheet, _ int) { found, ties = c, tiesOf(c) }); err != nil {
		return found, decision, err
	}
	_, ties.Case, _ = events.SplitStream(stream) // whether there is one or not
	decision, err = d.decide(ctx, right, ties, d.state(ties.Client, ties.Closed))
	if err == nil && !decision.May {
		err = &denied{right, stream}
	}
	return found, decision, err
}

// toWork lets someone through to what one worker answers for: a group, an activity.
func (d door) toWork(ctx context.Context, right rights.Right, stream string, worker uuid.UUID) (rights.Decision, error) {
	decision, err := d.decide(ctx, right, rights.Ties{Worker: worker}, rights.Open)
	if err == nil && !decision.May {
		err = &denied{right, stream}
	}
	return decision, err
}

// decide asks the rules, first with what is at hand; where that does not give everything, with the asker's place in the
// programme too, and with who broke the glass over the case.
func (d door) decide(ctx context.Context, right rights.Right, ties rights.Ties, state rights.State) (rights.Decision, error) {
	id, now := identity(ctx), d.app.Now()
	if decision := d.rules.Decide(right, id.Role, rights.Near(id.Worker, ties, now), state); decision.Whole() {
		return decision, nil
	}
	place, err := d.place(ctx)
	if err != nil {
		return rights.Decision{}, err
	}
	var mine uuid.UUID
	if ties.Case != uuid.Nil && d.rules.Heeds(right, id.Role, rights.Of(rights.UnderGlass, rights.OverGlass)) {
		if ties.Broken, mine, err = d.broken(ctx, ties.Case, now); err != nil {
			return rights.Decision{}, err
		}
	}
	decision := d.rules.Decide(right, id.Role, rights.Near(id.Worker, ties, now)|rights.Far(place, ties), state)
	if decision.May && decision.By == rights.UnderGlass {
		looking(ctx).through(mine)
	}
	return decision, nil
}

// place is the asker's in the programme.
func (d door) place(ctx context.Context) (at rights.Place, err error) {
	id := identity(ctx).Worker
	err = d.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) {
		worker, _ := p.Worker(id)
		post, _ := p.Post(worker.Post)
		at = rights.Place{Project: post.Project, Site: post.Site, Agency: post.Employer}
		if team := p.Team(id); len(team) > 1 {
			at.Team = team[1:]
		}
	})
	return at, err
}

// tiesOf is what of a case relations follow from.
func tiesOf(c cases.FaceSheet) rights.Ties {
	t := rights.Ties{
		Case: c.ID, Client: c.Intake.Client, Project: c.Intake.Project, Site: c.Intake.Site,
		Closed: c.Stage == cases.Closed || c.Stage == cases.Declined,
		Worker: c.Worker, CoWorkers: c.CoWorkers, RecordedBy: workerOf(c.OpenedBy), Past: c.Past, Conflicts: c.Access.Conflicts,
	}
	for _, granted := range c.Access.Granted {
		t.Granted = append(t.Granted, rights.Until(granted))
	}
	for _, referred := range c.Referred {
		t.Referred = append(t.Referred, referred.To)
	}
	return t
}

// workerOf is the worker whom an actor stands for; nobody, if it is an account.
func workerOf(actor string) uuid.UUID {
	worker, _ := uuid.Parse(actor)
	return worker
}

// problems answers every error of the router in the same form.
func problems(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	var p *Problem
	if !errors.As(err, &p) {
		var e *echo.HTTPError
		switch {
		case errors.As(err, &e) && e.Code == http.StatusNotFound:
			p = problem(codeNotFound)
		case errors.As(err, &e) && e.Code == http.StatusMethodNotAllowed:
			p = problem(codeMethod)
		case errors.As(err, &e) && e.Code == http.StatusRequestEntityTooLarge:
			p = problem(codeTooLarge)
		default:
			errors.As(refuse(c.Request().Context(), err), &p)
		}
	}
	if p.Status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="casestream"`)
	}
	c.Response().Header().Set("Content-Type", p.ContentType(""))
	c.Response().WriteHeader(p.Status)
	_ = encode(c.Response(), p)
}
