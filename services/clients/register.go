package clients

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// RegisterClient opens a client's stream with what is known of the person, which may be nothing.
type RegisterClient struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client of the system (UUIDv7)"`
	Details
}

func (cmd RegisterClient) Decide(c Client, meta events.Meta) ([]events.Event, error) {
	if c.registered {
		return nil, services.Refuse(RefusedExists)
	}
	if err := c.unused(cmd.Entry); err != nil {
		return nil, err
	}
	details, err := cmd.Details.sealed(meta.OccurredAt)
	if err != nil {
		return nil, err
	}
	return []events.Event{events.ClientRegistered{Entered: events.Entered{Entry: cmd.Entry}, Details: details}}, nil
}
