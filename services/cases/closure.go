package cases

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/google/uuid"
)

// CloseCase ends an episode, of a case that is open or was never decided. Exit is how the person left, Outcome what
// became of the goals.
type CloseCase struct {
	Entry       uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Reason      string    `json:"reason" minLength:"1" maxLength:"64" doc:"key of a common reason for closure"`
	ReasonText  string    `json:"reason_text,omitempty" maxLength:"4000" doc:"the reason in words; compulsory for the reason other"`
	DuplicateOf uuid.UUID `json:"duplicate_of,omitempty,omitzero" format:"uuid" doc:"reason duplicate: the case that stays"`
	Exit        string    `json:"exit,omitempty" maxLength:"64" doc:"how the person left: key of an exit of the category"`
	Outcome     string    `json:"outcome,omitempty" maxLength:"64" doc:"what became of the goals: key of an outcome of the category"`
	Goals       string    `json:"goals,omitempty" maxLength:"10000" doc:"summary of the goals"`
	After       string    `json:"after,omitempty" maxLength:"10000" doc:"plan for the time after"`
	Beside      `json:"-"`
}

func (cmd CloseCase) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	switch c.Stage {
	case Closed:
		return nil, services.Refuse(RefusedClosed)
	case Declined:
		return nil, services.Refuse(RefusedUndecided)
	}
	reason, err := cmd.reason(c)
	if err != nil {
		return nil, err
	}
	if err := cmd.left(c); err != nil {
		return nil, err
	}
	fact := events.CaseClosed{
		Entered: entered(cmd.Entry), Episode: c.Episode, Reason: cmd.Reason, ReasonText: say(cmd.ReasonText),
		DuplicateOf: cmd.DuplicateOf, Exit: cmd.Exit, Outcome: cmd.Outcome, Goals: say(cmd.Goals), After: say(cmd.After),
	}
	fact.T, fact.Rated, fact.Unrated = c.attained(day(meta.OccurredAt))
	fact.Done = c.open()
	if !reason.SupersedesOpening && cmd.Reason != "died" && cmd.Exit != "died" {
		fact.Due = c.afterwards(cmd.Exit, meta)
	}
	return c.fitting(fact, meta)
}

// reason finds the reason for closure, and refuses it without what it requires.
func (cmd CloseCase) reason(c Case) (categories.Reason, error) {
	reason, known := categories.ClosureReason(cmd.Reason)
	switch {
	case !known:
		return reason, services.Refuse(RefusedCode, "reason")
	case reason.Requires == "text" && blank(cmd.ReasonText):
		return reason, services.Refuse(RefusedMissing, "reason_text")
	case (reason.Requires == "case") != (cmd.DuplicateOf != uuid.Nil), cmd.DuplicateOf != uuid.Nil && cmd.DuplicateOf == c.ID:
		return reason, services.Refuse(RefusedDuplicate)
	}
	return reason, nil
}

// left refuses an exit or an outcome that the category does not have, or not at that age.
func (cmd CloseCase) left(c Case) error {
	category := c.category()
	if cmd.Exit != "" {
		exit, known := category.Exit(cmd.Exit)
		if !known {
			return services.Refuse(RefusedCode, "exit")
		}
		if exit.MinAge > 0 {
			if err := c.oldEnough(cmd.Beside, exit.MinAge); err != nil {
				return err
			}
		}
	}
	if _, known := category.Outcome(cmd.Outcome); !known && cmd.Outcome != "" {
		return services.Refuse(RefusedCode, "outcome")
	}
	return nil
}

// dischargedBy are the exits from a hospital after which someone looks in soon.
var dischargedBy = []string{"discharged", "trial_discharge", "against_advice"}

// afterwards is what falls due after a closure: the follow-ups of the category, and the first contact after hospital.
func (c Case) afterwards(exit string, meta events.Meta) (due []events.Due) {
	if slices.Contains(dischargedBy, exit) {
		due = c.due(meta.OccurredAt, stepDischarge)
	}
	for _, window := range c.category().FollowUps {
		due = append(due, dueBy(FollowUp+window.Key, window.After, meta.OccurredAt))
	}
	return due
}
