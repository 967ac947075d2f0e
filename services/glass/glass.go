// Package glass has the commands on the glass over one case: breaking it, for whoever has no relation to the case and
// cannot wait, and reviewing that somebody did. Its stream is in the read log, beside what was shown under it.
//
// A broken glass lets one reader into one case for an hour, to read and to write an urgent note, and must be reviewed by
// somebody else within three days. Who may break it, and who reviews, is the api's to say.
package glass

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// How long a broken glass lets its reader in, and by when it must have been reviewed.
const (
	Open   = time.Hour
	Review = 72 * time.Hour
)

// LeastWords is how many characters a reason has at least: a word is none.
const LeastWords = 20

// What this package says no with. The words for people are made at the edge, from these codes.
const (
	RefusedNotNeeded = "glass-not-needed" // the case is theirs
	RefusedOpen      = "glass-open"       // they have broken it already, and it still lets them in
	RefusedReviewed  = "glass-reviewed"   // somebody has reviewed it already
	RefusedOwn       = "own-glass"        // nobody reviews what they did themselves
	RefusedUnknown   = "unknown-entry"    // there is no such broken glass over this case
	RefusedCode      = "unknown-code"     // a code that the system does not know
	RefusedMissing   = "missing"          // something compulsory is blank, or the reason is too short
)

// Codes lists every code that this package can say no with, so that none is without words.
func Codes() []string {
	return []string{
		RefusedNotNeeded, RefusedOpen, RefusedReviewed, RefusedOwn, RefusedUnknown, RefusedCode, RefusedMissing, services.RefusedEntry,
	}
}

// Glass is the glass over one case.
type Glass struct {
	Broken  []Broken // in the order in which it was
	client  uuid.UUID
	entries []uuid.UUID
}

// Broken is one time that somebody broke it.
type Broken struct {
	ID              uuid.UUID
	Actor           string
	Until, ReviewBy time.Time
	Reviewed        bool
}

// Owner is whose key seals the words: the client's.
func (g Glass) Owner() string {
	if g.client == uuid.Nil {
		return ""
	}
	return events.Stream("client", g.client)
}

// Evolve folds one fact into the glass. It cannot fail: what happened, happened.
func (g Glass) Evolve(r events.Recorded) Glass {
	switch fact := r.Event.(type) {
	case events.GlassBroken:
		g.client = fact.Client
		g.Broken = append(slices.Clip(g.Broken), Broken{ID: fact.Entry, Actor: r.Meta.Actor, Until: fact.Until, ReviewBy: fact.ReviewBy})
	case events.GlassReviewed:
		g.Broken = slices.Clone(g.Broken)
		if i := g.find(fact.Glass); i >= 0 {
			g.Broken[i].Reviewed = true
		}
	}
	if entry, ok := r.Event.(events.Entry); ok {
		g.entries = append(slices.Clip(g.entries), entry.EntryID())
	}
	return g
}

func (g Glass) find(id uuid.UUID) int {
	return slices.IndexFunc(g.Broken, func(b Broken) bool { return b.ID == id })
}

// Lets tells whether somebody is let in now, and by which broken glass.
func (g Glass) Lets(actor string, now time.Time) (id uuid.UUID, in bool) {
	i := slices.IndexFunc(g.Broken, func(b Broken) bool { return b.Actor == actor && now.Before(b.Until) })
	if i < 0 {
		return uuid.Nil, false
	}
	return g.Broken[i].ID, true
}

// unused refuses an entry id that is blank or in use.
func (g Glass) unused(entry uuid.UUID) error {
	switch {
	case entry == uuid.Nil:
		return services.Refuse(RefusedMissing, "entry")
	case slices.Contains(g.entries, entry):
		return services.Refuse(services.RefusedEntry, entry.String())
	}
	return nil
}

// Beside is what a rule needs and what is not in the glass. The api puts it beside the command; nobody can send it.
type Beside struct {
	Client  uuid.UUID `json:"-"` // of the case
	Role    string    `json:"-"` // of who asks
	Related bool      `json:"-"` // the case is theirs: there is nothing to break
}

// Put puts beside the command what its rules need to know.
func (b *Beside) Put(beside Beside) { *b = beside }

var reasons = []string{"danger_to_life", "missing_person", "violence", "medical_emergency", "handover_gap", "other"}

// BreakGlass opens the case to somebody who has no relation to it.
type BreakGlass struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Reason string    `json:"reason" enum:"danger_to_life,missing_person,violence,medical_emergency,handover_gap,other" doc:"why it cannot wait"`
	Words  string    `json:"words" minLength:"20" maxLength:"4000" doc:"what happened, in 20 characters or more: supervisor and privacy officer read it"`
	Beside `json:"-"`
}

func (cmd BreakGlass) Decide(g Glass, meta events.Meta) ([]events.Event, error) {
	if err := g.unused(cmd.Entry); err != nil {
		return nil, err
	}
	_, open := g.Lets(meta.Actor, meta.RecordedAt)
	switch {
	case !slices.Contains(reasons, cmd.Reason):
		return nil, services.Refuse(RefusedCode, "reason")
	case utf8.RuneCountInString(strings.TrimSpace(cmd.Words)) < LeastWords:
		return nil, services.Refuse(RefusedMissing, "words")
	case cmd.Related:
		return nil, services.Refuse(RefusedNotNeeded)
	case open:
		return nil, services.Refuse(RefusedOpen)
	}
	now := meta.RecordedAt.UTC()
	return []events.Event{events.GlassBroken{
		Entered: events.Entered{Entry: cmd.Entry}, Role: cmd.Role, Client: cmd.Client, Reason: cmd.Reason, Words: sealed.Say(cmd.Words),
		Until: now.Add(Open), ReviewBy: now.Add(Review),
	}}, nil
}

var findings = []string{"justified", "not_justified"}

// ReviewGlass says what somebody else found about it.
type ReviewGlass struct {
	Entry   uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Glass   uuid.UUID `json:"glass" format:"uuid" doc:"which broken glass: the entry under which it was broken"`
	Finding string    `json:"finding" enum:"justified,not_justified" doc:"whether it was right to break it"`
	Words   string    `json:"words" minLength:"1" maxLength:"4000" doc:"what was found, and with whom it was spoken about"`
	Beside  `json:"-"`
}

func (cmd ReviewGlass) Decide(g Glass, meta events.Meta) ([]events.Event, error) {
	if err := g.unused(cmd.Entry); err != nil {
		return nil, err
	}
	i := g.find(cmd.Glass)
	switch {
	case !slices.Contains(findings, cmd.Finding):
		return nil, services.Refuse(RefusedCode, "finding")
	case strings.TrimSpace(cmd.Words) == "":
		return nil, services.Refuse(RefusedMissing, "words")
	case i < 0:
		return nil, services.Refuse(RefusedUnknown)
	case g.Broken[i].Actor == meta.Actor:
		return nil, services.Refuse(RefusedOwn)
	case g.Broken[i].Reviewed:
		return nil, services.Refuse(RefusedReviewed)
	}
	return []events.Event{events.GlassReviewed{
		Entered: events.Entered{Entry: cmd.Entry}, Glass: cmd.Glass, Role: cmd.Role, Finding: cmd.Finding, Words: sealed.Say(cmd.Words),
	}}, nil
}
