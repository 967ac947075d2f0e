package cases

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// MakeReferral asks another agency to take over a part. It needs consent to share with that agency, or a legal
// basis and a reason.
type MakeReferral struct {
	Entry       uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	To          string    `json:"to" minLength:"1" maxLength:"64" pattern:"^[a-z0-9]+([-_][a-z0-9]+)*$" doc:"code of the agency"`
	Reason      string    `json:"reason" minLength:"1" maxLength:"4000" doc:"why"`
	Consent     uuid.UUID `json:"consent,omitempty,omitzero" format:"uuid" doc:"the consent to share with that agency"`
	Basis       string    `json:"basis,omitempty" maxLength:"64" doc:"without consent: key of the legal basis"`
	BasisReason string    `json:"basis_reason,omitempty" maxLength:"4000" doc:"why the legal basis stands in"`
}

func (cmd MakeReferral) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	consent, err := cmd.covered(c, meta.OccurredAt)
	if err != nil {
		return nil, err
	}
	return []events.Event{events.ReferralMade{
		Entered: entered(cmd.Entry), To: cmd.To, Reason: say(cmd.Reason), Consent: consent, Basis: cmd.Basis, BasisReason: say(cmd.BasisReason),
	}}, nil
}

// covered answers with the consent that covers a referral; it is nil where a legal basis stands in.
func (cmd MakeReferral) covered(c Case, at time.Time) (uuid.UUID, error) {
	if cmd.Basis != "" {
		if err := standsIn(cmd.Basis, "sharing", cmd.BasisReason, "basis_reason", at); err != nil {
			return uuid.Nil, err
		}
	}
	if cmd.Consent == uuid.Nil {
		if cmd.Basis == "" {
			return uuid.Nil, services.Refuse(RefusedConsent, "sharing")
		}
		return uuid.Nil, nil
	}
	held, consent, err := find[events.ConsentRecorded](c, cmd.Consent)
	switch {
	case err != nil:
		return uuid.Nil, err
	case consent.Purpose != "sharing" || consent.Recipient != cmd.To:
		return uuid.Nil, services.Refuse(RefusedConsent, "sharing")
	case !c.holds(held, at):
		return uuid.Nil, services.Refuse(RefusedWithdrawn, cmd.Consent.String())
	}
	return original(held), nil
}

// AnswerReferral writes down what the other agency said, or that the referral was withdrawn. A closed case takes it.
type AnswerReferral struct {
	Entry    uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Referral uuid.UUID `json:"referral" format:"uuid" doc:"which referral"`
	Answer   string    `json:"answer" enum:"accepted,declined,withdrawn" doc:"accepted or declined by them, or withdrawn by us"`
	Note     string    `json:"note,omitempty" maxLength:"4000" doc:"what they said"`
}

func (cmd AnswerReferral) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	held, err := answers[events.ReferralMade](c, cmd.Referral, meta)
	if err != nil {
		return nil, err
	}
	answer, completed := c.referral(held)
	switch {
	case completed:
		return nil, services.Refuse(RefusedCompleted, cmd.Referral.String())
	case answer != "" && (answer != "accepted" || cmd.Answer != "withdrawn"):
		return nil, services.Refuse(RefusedAnswered, cmd.Referral.String())
	}
	return []events.Event{events.ReferralAnswered{
		Entered: entered(cmd.Entry), Referral: original(held), Answer: cmd.Answer, Note: say(cmd.Note),
	}}, nil
}

// CompleteReferral writes down what became of a referral that was accepted (回执). A closed case takes it.
type CompleteReferral struct {
	Entry    uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Referral uuid.UUID `json:"referral" format:"uuid" doc:"which referral"`
	Result   string    `json:"result" minLength:"1" maxLength:"4000" doc:"what became of it"`
}

func (cmd CompleteReferral) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	held, err := answers[events.ReferralMade](c, cmd.Referral, meta)
	if err != nil {
		return nil, err
	}
	answer, completed := c.referral(held)
	switch {
	case completed:
		return nil, services.Refuse(RefusedCompleted, cmd.Referral.String())
	case answer != "accepted":
		return nil, services.Refuse(RefusedNotAgreed, cmd.Referral.String())
	}
	return []events.Event{events.ReferralCompleted{
		Entered: entered(cmd.Entry), Referral: original(held), Result: say(cmd.Result),
	}}, nil
}

// referral is how far a referral is: the last answer, and whether it is completed.
func (c Case) referral(held *events.Held) (answer string, completed bool) {
	for _, answered := range each[events.ReferralAnswered](c) {
		if answered.Referral == original(held) {
			answer = answered.Answer
		}
	}
	for _, done := range each[events.ReferralCompleted](c) {
		completed = completed || done.Referral == original(held)
	}
	return answer, completed
}
