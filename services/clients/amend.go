package clients

import (
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// AmendClientDetails says all details anew, and why. What is left out is not known any more.
type AmendClientDetails struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client of the system (UUIDv7)"`
	Why   string    `json:"why" minLength:"1" maxLength:"4000" doc:"why they are amended"`
	Details
}

func (cmd AmendClientDetails) Decide(c Client, meta events.Meta) ([]events.Event, error) {
	if !c.registered {
		return nil, services.Refuse(RefusedNone)
	}
	if c.Standing() == Forgotten {
		return nil, services.Refuse(RefusedForgotten)
	}
	if err := c.unused(cmd.Entry); err != nil {
		return nil, err
	}
	if strings.TrimSpace(cmd.Why) == "" {
		return nil, services.Refuse(RefusedMissing, "why")
	}
	details, err := cmd.Details.sealed(meta.OccurredAt)
	if err != nil {
		return nil, err
	}
	return []events.Event{events.ClientDetailsAmended{
		Entered: events.Entered{Entry: cmd.Entry}, Details: details, Why: sealed.Say(cmd.Why),
	}}, nil
}
