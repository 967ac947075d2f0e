package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/demo"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

type token struct {
	Role   string `arg:"" enum:"worker,supervisor,evaluator,administrator,privacy_officer,demo,list,revoke" help:"worker, supervisor, evaluator, administrator or privacy_officer; demo: one of each for a demo directory, as shell variables; list: the tokens that are good; revoke: take one back."`
	Worker string `help:"For a worker or supervisor: the id of the worker in the programme."`
	For    string `help:"For an evaluator, administrator or privacy officer: a name of the account, no person's name." default:"account"`
	Days   int    `help:"How long it is good." default:"30"`
	Scope  string `help:"What it is limited to: read, write, numbers, or several with a comma between. Default: all that the role may." placeholder:"SCOPE"`
	ID     string `help:"For revoke: the id that list shows."`
}

// Run prints the token alone, so that TOKEN=$(casestream token …) is enough.
func (t token) Run(c *call) error {
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	switch t.Role {
	case "demo":
		return t.demo(c, a)
	case "list":
		return t.list(c, a)
	case "revoke":
		err := a.Tokens.TakeBack(c.ctx, t.ID, a.Now())
		if errors.Is(err, session.ErrUnknown) {
			return fmt.Errorf("there is no token with this id: name one of `casestream token list` with --id: %w", err)
		}
		return err
	}
	who := session.Identity{Role: session.Role(t.Role)}
	if who.Scope, err = session.ParseScope(t.Scope); err != nil {
		return err
	}
	switch who.Role {
	case session.Worker, session.Supervisor:
		if who.Worker, err = uuid.Parse(t.Worker); err != nil {
			return fmt.Errorf("a %s needs --worker with the id of a worker of the programme", t.Role)
		}
		known := false
		err := a.Programme.Look(c.ctx, events.ProgrammeStream, func(p programme.Programme, _ int) { _, known = p.Worker(who.Worker) })
		if err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("there is no such worker in the programme; an administrator registers one by POST /api/v1/programme/workers")
		}
	default:
		who.Name = t.Role + ":" + t.For
	}
	made, err := a.Tokens.Give(c.ctx, who, a.Now().Add(time.Duration(t.Days)*24*time.Hour))
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, made)
	return nil
}

// list prints the tokens that are good, without the tokens.
func (t token) list(c *call, a *app.App) error {
	given, err := a.Tokens.List(c.ctx, a.Now())
	if err != nil {
		return err
	}
	var rows [][]string
	for _, g := range given {
		rows = append(rows, []string{g.ID, string(g.Who.Role), g.Who.Actor(), g.Who.Scope.String(), g.Expires.In(events.Zone).Format(time.DateTime)})
	}
	c.table([]string{"id", "role", "of", "scope", "good until"}, rows)
	return nil
}

// demo prints what a shell can eval: tokens of people of the pilot year, and what the examples speak of.
func (t token) demo(c *call, a *app.App) error {
	if is, _, err := c.dir.Demo(); err != nil || !is {
		return errors.Join(err, fmt.Errorf("%s is no demo directory", c.dir))
	}
	known := demo.Notable()
	for _, one := range []struct {
		name string
		who  session.Identity
	}{
		{"WORKER", session.Identity{Role: session.Worker, Worker: known.Worker}},
		{"SUPERVISOR", session.Identity{Role: session.Supervisor, Worker: known.Supervisor}},
		{"EVALUATOR", session.Identity{Role: session.Evaluator, Name: "evaluator:demo"}},
		{"ADMINISTRATOR", session.Identity{Role: session.Administrator, Name: "administrator:demo"}},
		{"PRIVACY_OFFICER", session.Identity{Role: session.PrivacyOfficer, Name: "privacy_officer:demo"}},
	} {
		made, err := a.Tokens.Give(c.ctx, one.who, a.Now().Add(time.Duration(t.Days)*24*time.Hour))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "export %s=%s\n", one.name, made)
	}
	return nil
}
