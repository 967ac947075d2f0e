package cases

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Consent is the basis of a ConsentRecorded that someone entitled gave. Any other basis is a legal one, by its code.
const Consent = "consent"

// RecordConsent writes down what someone entitled agreed to, or which legal basis stands in for it. Under 14 the
// guardian consents; where the guardian is not known or under suspicion, a temporary guardian or a legal basis.
type RecordConsent struct {
	Entry           uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Purpose         string    `json:"purpose" enum:"service,sharing,reporting,photo" doc:"what for"`
	Recipient       string    `json:"recipient,omitempty" maxLength:"64" pattern:"^[a-z0-9]+([-_][a-z0-9]+)*$" doc:"sharing: code of the receiving agency"`
	Basis           string    `json:"basis" minLength:"1" maxLength:"64" doc:"consent, or the key of a legal basis"`
	Capacity        string    `json:"capacity" enum:"self,guardian,temporary_guardian,none" doc:"in what capacity it was given"`
	GivenBy         string    `json:"given_by,omitempty" maxLength:"300" doc:"who gave it"`
	Form            string    `json:"form,omitempty" enum:"signed,oral" doc:"signed, or oral with a witness"`
	Witness         string    `json:"witness,omitempty" maxLength:"300" doc:"oral: who witnessed it"`
	ChildsWish      string    `json:"childs_wish,omitempty" maxLength:"4000" doc:"the child's own wish"`
	LimitsExplained bool      `json:"limits_explained" doc:"the limits of confidentiality were explained"`
	Reason          string    `json:"reason,omitempty" maxLength:"4000" doc:"why a legal basis stands in"`
	Beside          `json:"-"`
}

func (cmd RecordConsent) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if (cmd.Purpose == "sharing") == blank(cmd.Recipient) {
		return nil, services.Refuse(RefusedRecipient)
	}
	var err error
	if cmd.Basis == Consent {
		err = cmd.entitled(c, meta.OccurredAt)
	} else {
		err = standsIn(cmd.Basis, cmd.Purpose, cmd.Reason, "reason", meta.OccurredAt)
	}
	if err != nil {
		return nil, err
	}
	return []events.Event{events.ConsentRecorded{
		Entered: entered(cmd.Entry), Purpose: cmd.Purpose, Recipient: cmd.Recipient, Basis: cmd.Basis, Capacity: cmd.Capacity,
		GivenBy: say(cmd.GivenBy), Form: cmd.Form, Witness: say(cmd.Witness), ChildsWish: say(cmd.ChildsWish),
		LimitsExplained: cmd.LimitsExplained, Reason: say(cmd.Reason),
	}}, nil
}

// entitled refuses a consent by someone who cannot give it, or in a form that proves nothing.
func (cmd RecordConsent) entitled(c Case, at time.Time) error {
	age, known := c.age(cmd.Beside)
	switch {
	case cmd.Capacity == "none":
		return services.Refuse(RefusedCapacity)
	case cmd.Capacity == "self" && known && age < consentsAlone:
		return services.Refuse(RefusedGuardian)
	case cmd.Capacity == "guardian" && c.guardianship(day(at)) == "unsafe":
		return services.Refuse(RefusedUnsafe)
	case cmd.Form == "":
		return services.Refuse(RefusedMissing, "form")
	case cmd.Form == "oral" && blank(cmd.Witness):
		return services.Refuse(RefusedWitness)
	}
	return nil
}

// WithdrawConsent ends a consent from then on. A closed case takes it too: nobody has to come back to say no.
type WithdrawConsent struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Consent uuid.UUID `json:"consent" format:"uuid" doc:"which consent"`
	By      string    `json:"by" enum:"self,guardian,temporary_guardian" doc:"in what capacity"`
	Reason  string    `json:"reason,omitempty" maxLength:"4000" doc:"why, as far as they say"`
}

func (cmd WithdrawConsent) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	held, err := answers[events.ConsentRecorded](c, cmd.Consent, meta)
	if err != nil {
		return nil, err
	}
	if c.withdrawn(held) != nil {
		return nil, services.Refuse(RefusedWithdrawn, cmd.Consent.String())
	}
	return []events.Event{events.ConsentWithdrawn{
		Entered: entered(cmd.Entry), Consent: original(held), By: cmd.By, Reason: say(cmd.Reason),
	}}, nil
}

// withdrawn is the entry that withdrew a consent, nil while it holds.
func (c Case) withdrawn(consent *events.Held) *events.Held {
	for held, entry := range each[events.ConsentWithdrawn](c) {
		if entry.Consent == original(consent) {
			return held
		}
	}
	return nil
}

// holds tells whether a consent covers what happened at a time: from the day it was given until it was withdrawn.
func (c Case) holds(consent *events.Held, at time.Time) bool {
	end := c.withdrawn(consent)
	return consent.Day() <= day(at) && (end == nil || at.Before(end.HappenedAt))
}

// served refuses what needs consent to the service, or a legal basis in its place.
func (c Case) served(at time.Time) error {
	for held, entry := range each[events.ConsentRecorded](c) {
		if entry.Purpose == "service" && c.holds(held, at) {
			return nil
		}
	}
	return services.Refuse(RefusedConsent, "service")
}
