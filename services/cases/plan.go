package cases

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/google/uuid"
)

// AgreePlan agrees on a service plan, or on its next version: the whole plan anew.
type AgreePlan struct {
	Entry    uuid.UUID  `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Aim      string     `json:"aim" minLength:"1" maxLength:"4000" doc:"the aim"`
	Goals    []PlanGoal `json:"goals" minItems:"1" maxItems:"30" doc:"what attainment is rated against"`
	Strategy string     `json:"strategy,omitempty" maxLength:"10000" doc:"how, and who does what"`
	AgreedBy []string   `json:"agreed_by" minItems:"1" enum:"client,guardian,worker,supervisor" doc:"who agreed to it"`
}

// PlanGoal is one goal of a plan. A goal that is kept in the next version keeps its id.
type PlanGoal struct {
	Goal   uuid.UUID `json:"goal" format:"uuid" doc:"id of the goal, made by the client (UUIDv7)"`
	Domain string    `json:"domain,omitempty" maxLength:"64" doc:"key of a domain of the category"`
	Title  string    `json:"title" minLength:"1" maxLength:"1000" doc:"the goal in words"`
	Levels []string  `json:"levels,omitempty" maxItems:"5" maxLength:"1000" doc:"what −2, −1, 0, +1 and +2 would look like, in this order; or none"`
	Weight float64   `json:"weight" exclusiveMinimum:"0" maximum:"100" doc:"how much it counts, beside the others"`
	By     string    `json:"by,omitempty" format:"date" doc:"by which day"`
}

func (cmd AgreePlan) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.accepted(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if err := c.served(meta.OccurredAt); err != nil {
		return nil, err
	}
	goals, err := planned(c.category(), cmd.Goals)
	if err != nil {
		return nil, err
	}
	version := 1
	for _, before := range each[events.PlanAgreed](c) {
		version = max(version, before.Version+1)
	}
	fact := events.PlanAgreed{
		Entered: entered(cmd.Entry), Version: version, Aim: say(cmd.Aim), Goals: goals, Strategy: say(cmd.Strategy), AgreedBy: cmd.AgreedBy,
	}
	fact.Done = c.settled(stepPlan, stepReview)
	fact.Due = c.owes(meta.OccurredAt, stepReview)
	return []events.Event{fact}, nil
}

func planned(category categories.Category, goals []PlanGoal) (out []events.Goal, err error) {
	for n, g := range goals {
		var refused string
		switch {
		case slices.ContainsFunc(goals[:n], func(before PlanGoal) bool { return before.Goal == g.Goal }):
			refused = RefusedTwice
		case g.Weight <= 0:
			refused = RefusedWeight
		case len(g.Levels) != 0 && len(g.Levels) != 5 || slices.ContainsFunc(g.Levels, func(l string) bool { return blank(l) }):
			refused = RefusedLevels
		case g.Domain != "" && !slices.ContainsFunc(category.Domains, func(d categories.Choice) bool { return d.Key == g.Domain }):
			return nil, services.Refuse(RefusedCode, "domain")
		}
		if refused != "" {
			return nil, services.Refuse(refused, g.Goal.String())
		}
		var levels []sealed.Text
		for _, level := range g.Levels {
			levels = append(levels, say(level))
		}
		out = append(out, events.Goal{Goal: g.Goal, Domain: g.Domain, Title: say(g.Title), Levels: levels, Weight: g.Weight, By: g.By})
	}
	return out, nil
}
