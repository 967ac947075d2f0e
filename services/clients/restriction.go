package clients

import (
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// PlaceHold keeps what is known of a client for the law: nobody is forgotten while a hold stands.
type PlaceHold struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry; it names the hold"`
	Reason string    `json:"reason" enum:"litigation,investigation,inspection,complaint,other" doc:"what it is kept for"`
	Why    string    `json:"why" minLength:"1" maxLength:"4000" doc:"who asks for it, and in which matter"`
}

// LiftHold ends a hold.
type LiftHold struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry"`
	Hold  uuid.UUID `json:"hold" format:"uuid" doc:"which hold"`
	Why   string    `json:"why" minLength:"1" maxLength:"4000" doc:"why it is not needed any more"`
}

// RestrictProcessing stops work with what is known of a client, but for keeping it and what the law needs (PIPL art. 47).
type RestrictProcessing struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry"`
	Reason string    `json:"reason" enum:"retention_open,accuracy_contested,unlawful,claims,objection" doc:"why"`
	Why    string    `json:"why" minLength:"1" maxLength:"4000" doc:"in words"`
}

// LiftRestriction lets the work go on.
type LiftRestriction struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry"`
	Why   string    `json:"why" minLength:"1" maxLength:"4000" doc:"why"`
}

var (
	holdReasons     = []string{"litigation", "investigation", "inspection", "complaint", "other"}
	restrictReasons = []string{"retention_open", "accuracy_contested", "unlawful", "claims", "objection"}
)

// kept refuses what cannot be written in the stream of a client any more, or not under this entry, or not without words.
func (c Client) kept(entry uuid.UUID, why string) error {
	switch {
	case !c.registered:
		return services.Refuse(RefusedNone)
	case c.Standing() == Forgotten:
		return services.Refuse(RefusedForgotten)
	}
	if err := c.unused(entry); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return services.Refuse(RefusedMissing, "why")
	}
	return nil
}

func (cmd PlaceHold) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	if err := c.kept(cmd.Entry, cmd.Why); err != nil {
		return nil, err
	}
	if !slices.Contains(holdReasons, cmd.Reason) {
		return nil, services.Refuse(RefusedCode, "reason")
	}
	return []events.Event{events.HoldPlaced{Entered: events.Entered{Entry: cmd.Entry}, Reason: cmd.Reason, Why: sealed.Say(cmd.Why)}}, nil
}

func (cmd LiftHold) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	if err := c.kept(cmd.Entry, cmd.Why); err != nil {
		return nil, err
	}
	if !slices.Contains(c.Holds, cmd.Hold) {
		return nil, services.Refuse(RefusedNoHold)
	}
	return []events.Event{events.HoldLifted{Entered: events.Entered{Entry: cmd.Entry}, Hold: cmd.Hold, Why: sealed.Say(cmd.Why)}}, nil
}

func (cmd RestrictProcessing) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	if err := c.kept(cmd.Entry, cmd.Why); err != nil {
		return nil, err
	}
	switch {
	case c.restricted:
		return nil, services.Refuse(RefusedRestricted)
	case !slices.Contains(restrictReasons, cmd.Reason):
		return nil, services.Refuse(RefusedCode, "reason")
	}
	return []events.Event{events.ProcessingRestricted{Entered: events.Entered{Entry: cmd.Entry}, Reason: cmd.Reason, Why: sealed.Say(cmd.Why)}}, nil
}

func (cmd LiftRestriction) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	if err := c.kept(cmd.Entry, cmd.Why); err != nil {
		return nil, err
	}
	if !c.restricted {
		return nil, services.Refuse(RefusedNotRestricted)
	}
	return []events.Event{events.RestrictionLifted{Entered: events.Entered{Entry: cmd.Entry}, Why: sealed.Say(cmd.Why)}}, nil
}
