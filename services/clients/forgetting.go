package clients

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/retention"
	"github.com/google/uuid"
)

// Forgetting a person goes in steps, each a fact: someone asks; it is checked that no hold, no open case and no retention
// stands in the way; a second person approves; days pass in which it can be withdrawn; then it begins, and is done.

// RequestForgetting asks that a client be forgotten.
type RequestForgetting struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry; it names the request"`
	By    string    `json:"by" enum:"client,guardian,agency,court,authority" doc:"who asks for it"`
	Basis string    `json:"basis" enum:"retention_ended,consent_withdrawn,purpose_achieved,unlawful_processing,court_order" doc:"on what ground"`
	Why   string    `json:"why" minLength:"1" maxLength:"4000" doc:"in words"`
}

// CheckForgetting says that nothing stands in the way, or is refused with what does.
type CheckForgetting struct {
	Request uuid.UUID `json:"request" format:"uuid" doc:"which request"`
	Keeping `json:"-"`
}

// ApproveForgetting is the word of a second person, never of who asked.
type ApproveForgetting struct {
	Request uuid.UUID `json:"request" format:"uuid" doc:"which request"`
	Keeping `json:"-"`
}

// WithdrawForgetting ends a request before it was begun.
type WithdrawForgetting struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry"`
	Request uuid.UUID `json:"request" format:"uuid" doc:"which request"`
	Why     string    `json:"why" minLength:"1" maxLength:"4000" doc:"why"`
}

// BeginForgetting is the point of no return. Nobody sends it: it comes when the cooling-off is over. Again says it once
// more, for views to which words came that were sealed before the key was gone.
type BeginForgetting struct {
	Request uuid.UUID
	Again   bool
	Keeping
}

// CompleteForgetting says that it is done. What the client's stream knows is put to what was found on the way.
type CompleteForgetting struct {
	Found events.ClientForgotten
}

// Keeping is what a decision on forgetting needs of other streams: the client's cases, and the rules. The api puts it
// beside the command; nobody can send it.
type Keeping struct {
	Cases []Kept
	Rules retention.Rules
}

// Keeps is a command that needs a Keeping.
type Keeps interface {
	Keep(cases []Kept, rules retention.Rules)
}

// Keep puts it there.
func (k *Keeping) Keep(cases []Kept, rules retention.Rules) { k.Cases, k.Rules = cases, rules }

// Kept is a case of the client.
type Kept struct {
	Case     uuid.UUID
	Category string
	Ended    string // the day it was closed or declined; empty: it is open
}

// until is the last day of the longest retention, and what stands in the way on a day.
func (k Keeping) until(c Client, today string) (last string, err error) {
	if len(c.Holds) > 0 {
		return "", services.Refuse(RefusedHeld, c.Holds[0].String())
	}
	for _, kept := range k.Cases {
		until, ok := k.Rules.Until(kept.Category, kept.Ended)
		if !ok {
			return "", services.Refuse(RefusedCaseOpen, kept.Case.String())
		}
		last = max(last, until)
	}
	if last >= today {
		return "", services.Refuse(RefusedRetention, last)
	}
	return last, nil
}

var (
	askers = []string{"client", "guardian", "agency", "court", "authority"}
	bases  = []string{"retention_ended", "consent_withdrawn", "purpose_achieved", "unlawful_processing", "court_order"}
)

func (cmd RequestForgetting) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	if err := c.kept(cmd.Entry, cmd.Why); err != nil {
		return nil, err
	}
	switch {
	case c.Request != nil:
		return nil, services.Refuse(RefusedRequested, c.Request.ID.String())
	case !slices.Contains(askers, cmd.By):
		return nil, services.Refuse(RefusedCode, "by")
	case !slices.Contains(bases, cmd.Basis):
		return nil, services.Refuse(RefusedCode, "basis")
	}
	return []events.Event{events.ForgettingRequested{
		Entered: events.Entered{Entry: cmd.Entry}, By: cmd.By, Basis: cmd.Basis, Why: sealed.Say(cmd.Why),
	}}, nil
}

// requested finds the request that is under way.
func (c Client) requested(id uuid.UUID) (*Request, error) {
	switch {
	case c.Standing() == Forgotten:
		return nil, services.Refuse(RefusedForgotten)
	case c.Request == nil || c.Request.ID != id:
		return nil, services.Refuse(RefusedNoRequest)
	}
	return c.Request, nil
}

func (cmd CheckForgetting) Decide(c Client, meta events.Meta) ([]events.Event, error) {
	request, err := c.requested(cmd.Request)
	if err != nil {
		return nil, err
	}
	if request.Checked != nil {
		return nil, services.Refuse(RefusedChecked)
	}
	until, err := cmd.until(c, events.DayOf(meta.RecordedAt))
	if err != nil {
		return nil, err
	}
	return []events.Event{events.ForgettingChecked{Request: cmd.Request, Cases: len(cmd.Cases), Until: until, Rules: cmd.Rules.Version}}, nil
}

func (cmd ApproveForgetting) Decide(c Client, meta events.Meta) ([]events.Event, error) {
	request, err := c.requested(cmd.Request)
	if err != nil {
		return nil, err
	}
	switch {
	case request.Checked == nil:
		return nil, services.Refuse(RefusedUnchecked)
	case request.Approved != nil:
		return nil, services.Refuse(RefusedApproved)
	case meta.Actor == request.Asked.By:
		return nil, services.Refuse(RefusedSecond)
	}
	if _, err := cmd.until(c, events.DayOf(meta.RecordedAt)); err != nil {
		return nil, err
	}
	return []events.Event{events.ForgettingApproved{Request: cmd.Request, Begins: cmd.Rules.CoolingOff(meta.RecordedAt).UTC()}}, nil
}

func (cmd WithdrawForgetting) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	if err := c.kept(cmd.Entry, cmd.Why); err != nil {
		return nil, err
	}
	if _, err := c.requested(cmd.Request); err != nil {
		return nil, err
	}
	return []events.Event{events.ForgettingWithdrawn{Entered: events.Entered{Entry: cmd.Entry}, Request: cmd.Request, Why: sealed.Say(cmd.Why)}}, nil
}

func (cmd BeginForgetting) Decide(c Client, meta events.Meta) ([]events.Event, error) {
	if c.Begun != nil {
		if cmd.Again && c.Done == nil {
			return []events.Event{events.ForgettingBegun{Request: cmd.Request}}, nil
		}
		return nil, nil
	}
	request, err := c.requested(cmd.Request)
	if err != nil {
		return nil, err
	}
	switch {
	case request.Approved == nil:
		return nil, services.Refuse(RefusedUnapproved)
	case meta.RecordedAt.Before(request.Begins):
		return nil, services.Refuse(RefusedCooling)
	}
	if _, err := cmd.until(c, events.DayOf(meta.RecordedAt)); err != nil {
		return nil, err
	}
	return []events.Event{events.ForgettingBegun{Request: cmd.Request}}, nil
}

func (cmd CompleteForgetting) Decide(c Client, _ events.Meta) ([]events.Event, error) {
	switch {
	case c.Begun == nil:
		return nil, services.Refuse(RefusedUnapproved)
	case c.Done != nil:
		return nil, nil
	}
	return []events.Event{cmd.Found}, nil
}
