package activities

import (
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// PlanActivity opens an activity. That its project, site and worker exist is for the programme to say, before it is
// sent.
type PlanActivity struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the plan, made by the client (UUIDv7)"`
	Project string    `json:"project" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"code of the project"`
	Site    string    `json:"site" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"code of the site within the project"`
	Title   string    `json:"title" minLength:"1" maxLength:"200" doc:"what the activity is called"`
	Day     string    `json:"day" format:"date" doc:"the day it is planned for"`
	Worker  uuid.UUID `json:"worker" format:"uuid" doc:"the worker who runs it"`
}

func (cmd PlanActivity) Decide(a Activity, _ events.Meta) ([]events.Event, error) {
	if a.Stage != None {
		return nil, services.Refuse(RefusedExists)
	}
	if cmd.Entry == uuid.Nil {
		return nil, services.Refuse(RefusedMissing, "entry")
	}
	if cmd.Worker == uuid.Nil {
		return nil, services.Refuse(RefusedMissing, "worker")
	}
	if _, err := time.Parse(time.DateOnly, cmd.Day); err != nil {
		return nil, services.Refuse(RefusedDay, "day")
	}
	return []events.Event{events.ActivityPlanned{
		Entered: events.Entered{Entry: cmd.Entry}, Project: cmd.Project, Site: cmd.Site,
		Title: sealed.Say(cmd.Title), Day: cmd.Day, Worker: cmd.Worker,
	}}, nil
}

// CancelActivity says that it does not take place, and why.
type CancelActivity struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Why   string    `json:"why" minLength:"1" maxLength:"2000" doc:"why it does not take place"`
}

func (cmd CancelActivity) Decide(a Activity, _ events.Meta) ([]events.Event, error) {
	if err := a.takes(cmd.Entry, Planned); err != nil {
		return nil, err
	}
	if strings.TrimSpace(cmd.Why) == "" {
		return nil, services.Refuse(RefusedWhy)
	}
	return []events.Event{events.ActivityCancelled{
		Entered: events.Entered{Entry: cmd.Entry}, Why: sealed.Say(cmd.Why),
	}}, nil
}
