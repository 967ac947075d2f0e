// Package clients has the commands on one client: a person, whose identity is written here once. Cases, groups and
// activities refer to it by id.
//
// What is known of a person is kept for as long as the rules say, restricted or forgotten: see Standing.
//
// Everything but the id may be missing: a nameless child is registered as what is known of it, and the details are
// said anew, as a whole and with the reason, when more is known. What they were stays in the log.
package clients

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// What this package says no with. The words for people are made at the edge, from these codes.
const (
	RefusedExists  = "client-exists" // registered already under this id
	RefusedNone    = "no-client"     // nobody was registered under this id
	RefusedBirth   = "birth"         // not a year, a month or a day, or later than it was said
	RefusedNumber  = "id-number"     // a number without a kind of document, or of none
	RefusedCode    = "unknown-code"  // a code that the system does not know
	RefusedMissing = "missing"       // something compulsory is blank

	RefusedForgotten     = "client-forgotten"  // numbers are left, and nothing can be said of the person any more
	RefusedRestricted    = "client-restricted" // it may be kept, and nothing else
	RefusedNotRestricted = "not-restricted"    // there is no restriction to lift
	RefusedHeld          = "on-hold"           // kept for the law
	RefusedNoHold        = "no-hold"           // no such hold stands
	RefusedCaseOpen      = "case-open"         // a case of theirs has not ended
	RefusedRetention     = "retention-open"    // what is known must be kept for longer
	RefusedRequested     = "already-requested" // a request is under way
	RefusedNoRequest     = "no-request"        // no such request is under way
	RefusedChecked       = "already-checked"
	RefusedUnchecked     = "not-checked"      // approval comes after the check
	RefusedApproved      = "already-approved" // the cooling-off runs
	RefusedUnapproved    = "not-approved"     // nobody has approved it
	RefusedSecond        = "second-person"    // who asked for it does not approve it
	RefusedCooling       = "cooling-off"      // it can still be withdrawn
)

// Codes lists every code that this package can say no with, so that none is without words.
func Codes() []string {
	return []string{
		RefusedExists, RefusedNone, RefusedBirth, RefusedNumber, RefusedCode, RefusedMissing, services.RefusedEntry,
		RefusedForgotten, RefusedRestricted, RefusedNotRestricted, RefusedHeld, RefusedNoHold, RefusedCaseOpen, RefusedRetention,
		RefusedRequested, RefusedNoRequest, RefusedChecked, RefusedUnchecked, RefusedApproved, RefusedUnapproved, RefusedSecond, RefusedCooling,
	}
}

// Client is what is known of a person now, sealed.
type Client struct {
	Details      events.Details
	RegisteredBy string // the actor
	RegisteredAt time.Time

	Holds   []uuid.UUID             // that stand
	Request *Request                // to forget the client, if one is under way or was carried out
	Begun   *Step                   // the point of no return
	Done    *events.ClientForgotten // what became of it

	registered bool
	restricted bool
	entries    []uuid.UUID
}

// Evolve folds one fact into the client. It cannot fail: what happened, happened. What was written last is what
// is known, whenever it was found out.
func (c Client) Evolve(r events.Recorded) Client {
	switch fact := r.Event.(type) {
	case events.ClientRegistered:
		c.registered, c.Details, c.RegisteredBy, c.RegisteredAt = true, fact.Details, r.Meta.Actor, r.Meta.OccurredAt
	case events.ClientDetailsAmended:
		c.Details = fact.Details
	default:
		c = c.keep(r)
	}
	if entry, ok := r.Event.(events.Entry); ok {
		c.entries = append(slices.Clip(c.entries), entry.EntryID())
	}
	return c
}

// unused refuses an entry id that is blank or in use.
func (c Client) unused(entry uuid.UUID) error {
	switch {
	case entry == uuid.Nil:
		return services.Refuse(RefusedMissing, "entry")
	case slices.Contains(c.entries, entry):
		return services.Refuse(services.RefusedEntry, entry.String())
	}
	return nil
}
