package cases

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// RecordIntervention writes down what was done with or for the client. It needs an accepted case and consent to
// the service; crisis work needs neither, and an attempt that failed needs no consent.
type RecordIntervention struct {
	Entry       uuid.UUID       `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Kind        string          `json:"kind" enum:"talk,home_visit,phone_call,visit,linking,advocacy,crisis,escort_home" doc:"what was done"`
	Mode        string          `json:"mode" enum:"in_person,phone,online,letter" doc:"how"`
	Place       string          `json:"place,omitempty" maxLength:"64" pattern:"^[a-z0-9]+([-_][a-z0-9]+)*$" doc:"code of the place: a site, home, school …; an address belongs in the note"`
	Minutes     int             `json:"minutes" minimum:"0" maximum:"1440" doc:"how long"`
	Reached     bool            `json:"reached" doc:"false: an attempt that failed"`
	PersonTimes int             `json:"person_times" minimum:"0" maximum:"50" doc:"persons served: must add up from who was present and served"`
	Present     []PersonPresent `json:"present,omitempty" maxItems:"50" doc:"who was there"`
	Goals       []uuid.UUID     `json:"goals,omitempty" maxItems:"30" format:"uuid" doc:"goals of the plan that were worked on"`
	Note        string          `json:"note,omitempty" maxLength:"20000" doc:"what happened"`
}

// PersonPresent is someone who was there. Family is served where it says so; who is consulted is not.
type PersonPresent struct {
	Who    string `json:"who" enum:"client,guardian,family,teacher,doctor,police,other" doc:"who"`
	Name   string `json:"name,omitempty" maxLength:"100" doc:"name, where it matters"`
	Served bool   `json:"served" doc:"was served, not only consulted"`
}

func (cmd RecordIntervention) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := cmd.allowed(c, meta); err != nil {
		return nil, err
	}
	served, err := servedOf(cmd.Present)
	switch {
	case err != nil:
		return nil, err
	case !cmd.Reached && served > 0, cmd.PersonTimes != served:
		return nil, services.Refuse(RefusedPersonTimes)
	}
	if err := c.knowsGoals(cmd.Goals, day(meta.OccurredAt)); err != nil {
		return nil, err
	}
	fact := events.InterventionRecorded{
		Entered: entered(cmd.Entry), Kind: cmd.Kind, Mode: cmd.Mode, Place: cmd.Place, Minutes: cmd.Minutes,
		Reached: cmd.Reached, PersonTimes: served, Goals: cmd.Goals, Note: say(cmd.Note),
	}
	for _, p := range cmd.Present {
		fact.Present = append(fact.Present, events.Present{Who: p.Who, Name: say(p.Name), Served: p.Served})
	}
	if served > 0 {
		fact.Steps = c.contacted(fact, meta.OccurredAt)
	}
	return []events.Event{fact}, nil
}

func (cmd RecordIntervention) allowed(c Case, meta events.Meta) error {
	if cmd.Kind == "crisis" {
		return c.running(cmd, cmd.Entry, meta)
	}
	if err := c.accepted(cmd, cmd.Entry, meta); err != nil || !cmd.Reached {
		return err
	}
	return c.served(meta.OccurredAt)
}

// servedOf counts the person-times of one contact: each person once, the client at most once.
func servedOf(present []PersonPresent) (served int, err error) {
	clients := 0
	for _, p := range present {
		switch {
		case p.Who == "client":
			clients++
		case p.Served && p.Who != "guardian" && p.Who != "family":
			return 0, services.Refuse(RefusedNotServed, p.Who)
		}
		if p.Served {
			served++
		}
	}
	if clients > 1 {
		return 0, services.Refuse(RefusedTwice, "client")
	}
	return served, nil
}

// knowsGoals refuses goals that are not in the plan in force on a day.
func (c Case) knowsGoals(goals []uuid.UUID, day string) error {
	_, plan := latest(c, day, isAny[events.PlanAgreed])
	for _, goal := range goals {
		if !slices.ContainsFunc(plan.Goals, func(g events.Goal) bool { return g.Goal == goal }) {
			return services.Refuse(RefusedGoal, goal.String())
		}
	}
	return nil
}

// contacted is what a contact that served someone settles, and when the next is due. A contact that is recorded
// after a later one brings the next one no nearer.
func (c Case) contacted(fact events.InterventionRecorded, at time.Time) (steps events.Steps) {
	done := append([]string{stepSelfHarm, stepDischarge}, rhythm...)
	if fact.Kind == "crisis" && fact.Mode == "in_person" {
		done = append(done, stepSafety, stepHealth) // they were seen
	}
	for held, before := range each[events.InterventionRecorded](c) {
		if before.PersonTimes > 0 && held.HappenedAt.After(at) {
			return steps
		}
	}
	steps.Done = c.settled(done...)
	if c.Accepted {
		steps.Due = c.owes(at, pace(c.Risk, c.selfHarm))
	}
	return steps
}
