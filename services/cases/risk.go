package cases

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// High is the level of risk at which contact is kept closely.
const High = "high"

// RateRisk says how much danger there is, and why. It sets the pace of contact.
type RateRisk struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Level  string    `json:"level" enum:"high,medium,low" doc:"how much danger"`
	Reason string    `json:"reason" minLength:"1" maxLength:"4000" doc:"why"`
}

func (cmd RateRisk) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	fact := events.RiskRated{Entered: entered(cmd.Entry), Level: cmd.Level, Reason: say(cmd.Reason)}
	fact.Done = c.settled(stepRisk, stepSafety)
	if meta.OccurredAt.Before(c.lastRated()) {
		return []events.Event{fact}, nil // rated anew since: that one sets the pace
	}
	going, next := c.settled(rhythm...), pace(cmd.Level, c.selfHarm)
	if !slices.Contains(going, next) && (cmd.Level == High || len(going) > 0) {
		fact.Done = append(fact.Done, going...)
		fact.Due = c.owes(meta.OccurredAt, next)
	}
	return []events.Event{fact}, nil
}

// lastRated is when the risk was last rated.
func (c Case) lastRated() (at time.Time) {
	for held := range each[events.RiskRated](c) {
		if held.HappenedAt.After(at) {
			at = held.HappenedAt
		}
	}
	return at
}
