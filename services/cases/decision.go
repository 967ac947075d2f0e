package cases

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// DecideIntake accepts a case, or declines it and says why and where to instead.
type DecideIntake struct {
	Entry    uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Accepted bool      `json:"accepted" doc:"true: accepted; false: declined"`
	Reason   string    `json:"reason,omitempty" maxLength:"4000" doc:"why; compulsory when it is declined"`
	Instead  string    `json:"instead,omitempty" maxLength:"4000" doc:"declined: where to instead"`
}

func (cmd DecideIntake) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	switch {
	case c.Stage == Closed:
		return nil, services.Refuse(RefusedClosed)
	case c.Stage != Intake:
		return nil, services.Refuse(RefusedDecided)
	case !cmd.Accepted && blank(cmd.Reason):
		return nil, services.Refuse(RefusedMissing, "reason")
	}
	fact := events.IntakeDecided{
		Entered: entered(cmd.Entry), Accepted: cmd.Accepted, Reason: say(cmd.Reason), Instead: say(cmd.Instead),
	}
	if cmd.Accepted {
		fact.Done = c.settled(stepDecision)
		fact.Due = c.due(meta.OccurredAt, c.opening()...)
	} else {
		fact.Done = c.open()
	}
	return c.fitting(fact, meta)
}

// opening is what is owed when an episode begins: an assessment, and contact at the pace of the danger.
func (c Case) opening() []string { return []string{stepAssessment, pace(c.Risk, c.selfHarm)} }
