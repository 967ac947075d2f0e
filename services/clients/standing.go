package clients

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Standing is what may be done with what is known of a client.
type Standing string

const (
	Active     Standing = "active"
	Restricted Standing = "restricted" // it is kept, and nothing else but what the law needs
	Forgotten  Standing = "forgotten"  // numbers, codes and days are left; also while the work is under way
)

// Standing tells what may be done with what is known of the client now.
func (c Client) Standing() Standing {
	switch {
	case c.Begun != nil:
		return Forgotten
	case c.restricted:
		return Restricted
	}
	return Active
}

// Request is what became of the last request to forget the client.
type Request struct {
	ID      uuid.UUID
	By      string
	Basis   string
	Asked   Step
	Checked *Step
	// Approved is the word of the second person, and Begins the end of the cooling-off.
	Approved *Step
	Begins   time.Time
}

// Step is who took one, and when.
type Step struct {
	By string // the actor
	At time.Time
}

func step(r events.Recorded) *Step { return &Step{By: r.Meta.Actor, At: r.Meta.RecordedAt} }

// keep folds a fact of keeping and forgetting.
func (c Client) keep(r events.Recorded) Client {
	switch fact := r.Event.(type) {
	case events.HoldPlaced:
		c.Holds = append(slices.Clip(c.Holds), fact.Entry)
	case events.HoldLifted:
		c.Holds = slices.DeleteFunc(slices.Clone(c.Holds), func(hold uuid.UUID) bool { return hold == fact.Hold })
	case events.ProcessingRestricted:
		c.restricted = true
	case events.RestrictionLifted:
		c.restricted = false
	case events.ForgettingRequested:
		c.Request = &Request{ID: fact.Entry, By: fact.By, Basis: fact.Basis, Asked: *step(r)}
	case events.ForgettingChecked:
		c.Request = c.Request.with(func(q *Request) { q.Checked = step(r) })
	case events.ForgettingApproved:
		c.Request = c.Request.with(func(q *Request) { q.Approved, q.Begins = step(r), fact.Begins })
	case events.ForgettingWithdrawn:
		c.Request = nil
	case events.ForgettingBegun:
		if c.Begun == nil {
			c.Begun = step(r)
		}
	case events.ClientForgotten:
		c.Done = &fact
	}
	return c
}

// with is a changed copy: states of before keep theirs.
func (q *Request) with(change func(*Request)) *Request {
	if q == nil {
		return nil
	}
	changed := *q
	change(&changed)
	return &changed
}
