package cases

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// RaiseFlag warns whoever opens the case, until it is cleared. It is looked at again by a day.
type RaiseFlag struct {
	Entry    uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Kind     string    `json:"kind" enum:"safety,staff_risk,do_not_disclose" doc:"what it warns of"`
	Text     string    `json:"text" minLength:"1" maxLength:"4000" doc:"the warning"`
	ReviewBy string    `json:"review_by" format:"date" doc:"day by which to look at it again, not before it happened"`
}

func (cmd RaiseFlag) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if cmd.ReviewBy < day(meta.OccurredAt) {
		return nil, services.Refuse(RefusedDay, "review_by")
	}
	return []events.Event{events.FlagRaised{
		Entered: entered(cmd.Entry), Kind: cmd.Kind, Text: say(cmd.Text), ReviewBy: cmd.ReviewBy,
	}}, nil
}

// Flags are those that were raised and not cleared, in the order they were written.
func (c Case) Flags() (all []events.FlagRaised) {
	var cleared []uuid.UUID
	for _, clear := range each[events.FlagCleared](c) {
		cleared = append(cleared, clear.Flag)
	}
	for held, flag := range each[events.FlagRaised](c) {
		if !slices.Contains(cleared, original(held)) {
			all = append(all, flag)
		}
	}
	return all
}

// ClearFlag takes a warning down, once.
type ClearFlag struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Flag   uuid.UUID `json:"flag" format:"uuid" doc:"which flag"`
	Reason string    `json:"reason" minLength:"1" maxLength:"4000" doc:"why"`
}

func (cmd ClearFlag) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	held, err := answers[events.FlagRaised](c, cmd.Flag, meta)
	if err != nil {
		return nil, err
	}
	for _, cleared := range each[events.FlagCleared](c) {
		if cleared.Flag == original(held) {
			return nil, services.Refuse(RefusedCleared, cmd.Flag.String())
		}
	}
	return []events.Event{events.FlagCleared{Entered: entered(cmd.Entry), Flag: original(held), Reason: say(cmd.Reason)}}, nil
}
