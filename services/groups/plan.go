package groups

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// How a group begins, what it agrees on, and how it ends.

var (
	kinds   = []string{"education", "growth", "support", "therapy", "mutual_aid"}
	reaches = []string{"fully", "partly", "not"}
)

// PlanGroup opens a group. That its project, site and worker exist is for the programme to say, before it is sent.
type PlanGroup struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the plan, made by the client (UUIDv7)"`
	Project string    `json:"project" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"code of the project"`
	Site    string    `json:"site" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"code of the site within the project"`
	Kind    string    `json:"kind" enum:"education,growth,support,therapy,mutual_aid" doc:"what kind of group"`
	Title   string    `json:"title" minLength:"1" maxLength:"200" doc:"what the group is called"`
	Goals   string    `json:"goals" minLength:"1" maxLength:"5000" doc:"what the group is for"`
	Worker  uuid.UUID `json:"worker" format:"uuid" doc:"the worker who leads it"`
	Planned int       `json:"planned" minimum:"1" maximum:"200" doc:"how many sessions are planned"`
}

func (cmd PlanGroup) Decide(g Group, _ events.Meta) ([]events.Event, error) {
	if g.Stage != None {
		return nil, services.Refuse(RefusedExists)
	}
	if cmd.Entry == uuid.Nil {
		return nil, services.Refuse(RefusedMissing, "entry")
	}
	if cmd.Worker == uuid.Nil {
		return nil, services.Refuse(RefusedMissing, "worker")
	}
	if err := known("kind", cmd.Kind, kinds); err != nil {
		return nil, err
	}
	return []events.Event{events.GroupPlanned{
		Entered: events.Entered{Entry: cmd.Entry}, Project: cmd.Project, Site: cmd.Site, Kind: cmd.Kind,
		Title: sealed.Say(cmd.Title), Goals: sealed.Say(cmd.Goals), Worker: cmd.Worker, Planned: cmd.Planned,
	}}, nil
}

// AgreeContract writes down the rules that the group gave itself. It may agree on new ones.
type AgreeContract struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the contract, made by the client (UUIDv7)"`
	Text  string    `json:"text" minLength:"1" maxLength:"10000" doc:"what was agreed"`
}

func (cmd AgreeContract) Decide(g Group, _ events.Meta) ([]events.Event, error) {
	if err := g.takes(cmd.Entry, Running); err != nil {
		return nil, err
	}
	return []events.Event{events.ContractAgreed{
		Entered: events.Entered{Entry: cmd.Entry}, Text: sealed.Say(cmd.Text),
	}}, nil
}

// EvaluateGroup ends the group and says how far it reached its goals.
type EvaluateGroup struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the evaluation, made by the client (UUIDv7)"`
	Reached string    `json:"reached" enum:"fully,partly,not" doc:"how far the goals were reached"`
	Text    string    `json:"text" minLength:"1" maxLength:"20000" doc:"the evaluation"`
}

func (cmd EvaluateGroup) Decide(g Group, _ events.Meta) ([]events.Event, error) {
	if err := g.takes(cmd.Entry, Running); err != nil {
		return nil, err
	}
	if err := known("reached", cmd.Reached, reaches); err != nil {
		return nil, err
	}
	return []events.Event{events.GroupEvaluated{
		Entered: events.Entered{Entry: cmd.Entry}, Reached: cmd.Reached, Text: sealed.Say(cmd.Text),
	}}, nil
}
