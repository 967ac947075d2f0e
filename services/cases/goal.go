package cases

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/measures"
	"github.com/google/uuid"
)

// RateGoal says how far a goal of the plan in force was reached.
type RateGoal struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Goal  uuid.UUID `json:"goal" format:"uuid" doc:"which goal"`
	Level int       `json:"level" minimum:"-2" maximum:"2" doc:"−2 much less than expected, 0 as expected, +2 much more"`
	When  string    `json:"when" enum:"baseline,interim,closure,follow-up" doc:"at which point of the case"`
	Note  string    `json:"note,omitempty" maxLength:"4000" doc:"what it rests on"`
}

func (cmd RateGoal) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	var err error
	if cmd.When == followUp {
		err = c.ended(cmd, cmd.Entry, meta)
	} else {
		err = c.accepted(cmd, cmd.Entry, meta)
	}
	if err != nil {
		return nil, err
	}
	_, plan := latest(c, day(meta.OccurredAt), isAny[events.PlanAgreed])
	if !slices.ContainsFunc(plan.Goals, func(g events.Goal) bool { return g.Goal == cmd.Goal }) {
		return nil, services.Refuse(RefusedGoal, cmd.Goal.String())
	}
	fact := events.GoalRated{
		Entered: entered(cmd.Entry), Plan: plan.Version, Goal: cmd.Goal, Level: cmd.Level, When: cmd.When, Note: say(cmd.Note),
	}
	fact.T, fact.Rated, fact.Unrated = c.after(fact, meta).attained(day(meta.OccurredAt))
	return []events.Event{fact}, nil
}

// attained is the goal attainment of the plan in force at the end of a day, from the last rating of each of its
// goals that is known, and how many goals it rests on. Without a rating there is no T.
func (c Case) attained(day string) (t *float64, rated, unrated int) {
	_, plan := latest(c, day, isAny[events.PlanAgreed])
	var goals []measures.GoalRating
	for _, goal := range plan.Goals {
		last, rating := latest(c, day, func(r events.GoalRated) bool { return r.Plan == plan.Version && r.Goal == goal.Goal })
		goals = append(goals, measures.GoalRating{Weight: goal.Weight, Level: rating.Level, Rated: last != nil})
	}
	score, rated, unrated, ok := measures.GoalAttainment(goals)
	if !ok {
		return nil, rated, unrated
	}
	return &score, rated, unrated
}
