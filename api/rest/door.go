package rest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// The door: who may come in, and who may see what. It is all in this file. A worker has the cases assigned to them
// (and those they took in, until someone is assigned); a supervisor has those of the team; an evaluator has numbers
// and pseudonyms; an administrator has the programme and no case. Everything else is a 404 that says nothing.

// errHidden: not there, or not theirs. Nobody learns which.
var errHidden = errors.New("not there, or not theirs")

// who are the roles that a route is open to.
type who []session.Role

var (
	casework   = who{session.Worker, session.Supervisor}
	numbers    = who{session.Supervisor, session.Evaluator, session.Administrator}
	structure  = who{session.Administrator}
	everybody  = who{session.Worker, session.Supervisor, session.Evaluator, session.Administrator}
	supervises = who{session.Supervisor}
	evaluates  = who{session.Evaluator}
)

type identityKey struct{}

// identify finds out who asks, before anything else is looked at.
func identify(a *app.App) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			id, err := bearer(c, a)
			if err != nil {
				return err
			}
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), identityKey{}, id)))
			return next(c)
		}
	}
}

// bearer is who has the token of a request now.
func bearer(c echo.Context, a *app.App) (session.Identity, error) {
	token, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	if !ok {
		return session.Identity{}, problem(codeNoToken)
	}
	id, err := a.Tokens.Who(c.Request().Context(), token, a.Now())
	if errors.Is(err, session.ErrUnknown) {
		return id, problem(codeNoToken)
	}
	if err != nil {
		return id, refuse(c.Request().Context(), err)
	}
	return id, nil
}

func identity(ctx context.Context) session.Identity {
	id, _ := ctx.Value(identityKey{}).(session.Identity)
	return id
}

// door answers what someone may.
type door struct{ app *app.App }

// admit lets a role through to a route.
func (d door) admit(ctx context.Context, open who) (session.Identity, error) {
	id := identity(ctx)
	if !slices.Contains(open, id.Role) {
		return id, errHidden
	}
	return id, nil
}

// team is whose cases someone has: their own, and for a supervisor the team's.
func (d door) team(ctx context.Context, id session.Identity) (team []uuid.UUID, err error) {
	switch id.Role {
	case session.Worker:
		return []uuid.UUID{id.Worker}, nil
	case session.Supervisor:
		err = d.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) { team = p.Team(id.Worker) })
		if !slices.Contains(team, id.Worker) {
			team = append(slices.Clone(team), id.Worker)
		}
		return team, err
	}
	return nil, nil
}

// whose tells whether someone, or one of their team, is who did something.
func (d door) whose(ctx context.Context, actor string) (bool, error) {
	team, err := d.team(ctx, identity(ctx))
	return slices.ContainsFunc(team, func(worker uuid.UUID) bool { return worker.String() == actor }), err
}

// carried is the part of the caseload that is someone's.
func (d door) carried(ctx context.Context) (caseload.Filter, error) {
	team, err := d.team(ctx, identity(ctx))
	whose := make([]string, len(team))
	for i, worker := range team {
		whose[i] = worker.String()
	}
	return caseload.Filter{Workers: whose, Actors: whose}, err
}

// toCase lets someone through to a case that is theirs. A case that does not exist is nobody's.
func (d door) toCase(ctx context.Context, stream string) (found cases.Case, err error) {
	id := identity(ctx)
	team, err := d.team(ctx, id)
	if err != nil {
		return found, err
	}
	theirs := false
	err = d.app.Cases.Look(ctx, stream, func(c cases.Case, version int) {
		theirs = version > 0 && related(c, team)
		found = c
	})
	if err == nil && !theirs {
		err = errHidden
	}
	return found, err
}

func related(c cases.Case, team []uuid.UUID) bool {
	if c.Worker == uuid.Nil && slices.ContainsFunc(team, func(worker uuid.UUID) bool { return worker.String() == c.OpenedBy }) {
		return true
	}
	return c.Worker != uuid.Nil && slices.Contains(team, c.Worker) || slices.ContainsFunc(c.CoWorkers, func(worker uuid.UUID) bool { return slices.Contains(team, worker) })
}

// theirs lets someone through to what one worker answers for: a group, an activity.
func (d door) theirs(ctx context.Context, worker uuid.UUID) error {
	team, err := d.team(ctx, identity(ctx))
	if err == nil && !slices.Contains(team, worker) {
		err = errHidden
	}
	return err
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
