// Package cases has the commands on one case and the rules that they keep: the stages of casework, consent, what a
// closed case still takes, and that nothing is ever edited.
//
// One file holds one part of the work, commands and their decisions together; the specs beside it are its rules
// in words. A command names what it creates, so asking twice gives nothing new. Personal text comes in as a plain
// string and leaves as sealed.Text. The tags of a command are its contract, for the api and for everybody else.
package cases

import (
	"iter"
	"math"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/google/uuid"
)

// Case is what a case comes to. Its entries are without their words.
type Case struct {
	FaceSheet
	Entries events.Entries
}

// FaceSheet is what stands on the front of a case file: whose it is, who has it, and how it stands.
type FaceSheet struct {
	ID       uuid.UUID
	Intake   events.IntakeRecorded // as it holds
	OpenedBy string                // the actor who recorded the intake
	Access   Access
	Standing
}

// Outline is the case for whoever only looks.
func (c Case) Outline() FaceSheet { return c.FaceSheet }

// Wordless says that a desk remembers it without words.
func (Case) Wordless() {}

// Owner is whose key seals what is said in the case: the client's.
func (c Case) Owner() string {
	if c.Intake.Client == uuid.Nil {
		return ""
	}
	return events.Stream("client", c.Intake.Client)
}

// Evolve folds one fact into the case. It cannot fail: what happened, happened.
func (c Case) Evolve(r events.Recorded) Case {
	c.Access = c.Access.after(r.Event)
	held := c.Entries.Add(&r)
	if held == nil {
		return c
	}
	if intake, ok := held.Now.(events.IntakeRecorded); ok {
		c.Intake, c.OpenedBy = intake, held.First.Meta.Actor
		_, c.ID, _ = events.SplitStream(r.Stream)
	}
	// A fact that comes in its order goes on top. A correction, or a fact that is recorded late, moves what follows.
	if held.By.Version == held.First.Version && held.Day() >= c.Standing.day {
		c.Standing = c.Standing.after(held)
		return c
	}
	c.Standing = Standing{}
	for _, held := range c.Entries.AsOf(forever) {
		c.Standing = c.Standing.after(held)
	}
	return c
}

const forever = "9999-12-31"

// knows refuses a command on a case that is not there, an entry id that is in use, and what breaks its own contract.
// It is all that those need which a case takes at any time.
func (c Case) knows(cmd any, entry uuid.UUID) error {
	if c.Stage == None {
		return services.Refuse(RefusedNoCase)
	}
	if c.Entries.Uses(entry) {
		return services.Refuse(services.RefusedEntry, entry.String())
	}
	return contract(cmd)
}

// running refuses what happened while the case was closed, or after it was declined. What happened before is
// taken, however late it is recorded.
func (c Case) running(cmd any, entry uuid.UUID, meta events.Meta) error {
	if err := c.knows(cmd, entry); err != nil {
		return err
	}
	if !c.closedAt(meta.OccurredAt, math.MaxInt) {
		return nil
	}
	if c.Stage == Declined {
		return services.Refuse(RefusedUndecided)
	}
	return services.Refuse(RefusedClosed)
}

// ended refuses what belongs to the time after a closure.
func (c Case) ended(cmd any, entry uuid.UUID, meta events.Meta) error {
	if err := c.knows(cmd, entry); err != nil {
		return err
	}
	if c.Stage == Declined || !c.closedAt(meta.OccurredAt, math.MaxInt) {
		return services.Refuse(RefusedOpen)
	}
	return nil
}

// accepted is running, and the intake was accepted.
func (c Case) accepted(cmd any, entry uuid.UUID, meta events.Meta) error {
	if err := c.running(cmd, entry, meta); err != nil {
		return err
	}
	if !c.Accepted {
		return services.Refuse(RefusedUndecided)
	}
	return nil
}

// after is the case as it would be with one more fact.
func (c Case) after(fact events.Event, meta events.Meta) Case {
	var then Case
	var last events.Recorded
	for _, r := range c.Entries.Facts() {
		then, last = then.Evolve(*r), *r
	}
	return then.Evolve(events.Recorded{Stream: last.Stream, Version: last.Version + 1, Meta: meta, Event: fact})
}

// each yields the entries of one type that hold, in the order they were written.
func each[E events.Entry](c Case) iter.Seq2[*events.Held, E] {
	return func(yield func(*events.Held, E) bool) {
		for _, held := range c.Entries.All() {
			if entry, ok := held.Now.(E); ok && !yield(held, entry) {
				return
			}
		}
	}
}

// latest is the entry of one type that holds at the end of a day: the one with the greatest (day it happened,
// version) that meets the condition; nil if there is none.
func latest[E events.Entry](c Case, day string, meets func(E) bool) (found *events.Held, entry E) {
	for held, e := range each[E](c) {
		if on := held.Day(); on <= day && meets(e) && (found == nil || on >= found.Day()) {
			found, entry = held, e
		}
	}
	return found, entry
}

// find is an entry of one type that holds, by its id or that of one of its amendments.
func find[E events.Entry](c Case, id uuid.UUID) (*events.Held, E, error) {
	if held, ok := c.Entries.Find(id); ok && !held.Retracted {
		if entry, ok := held.Now.(E); ok {
			return held, entry, nil
		}
	}
	var none E
	return nil, none, services.Refuse(RefusedUnknown, id.String())
}

// answers is find for what comes after the entry: it refuses what is said to have happened on a day before it.
func answers[E events.Entry](c Case, id uuid.UUID, meta events.Meta) (*events.Held, error) {
	held, _, err := find[E](c, id)
	if err == nil && day(meta.OccurredAt) < held.Day() {
		return nil, services.Refuse(RefusedOrder, id.String())
	}
	return held, err
}

// original is the id that an entry was first written under.
func original(held *events.Held) uuid.UUID { return held.First.Event.(events.Entry).EntryID() }

// category is what the case's kind of case asks and owes.
func (c Case) category() categories.Category {
	category, _ := categories.Find(c.Intake.Category)
	return category
}

func entered(entry uuid.UUID) events.Entered { return events.Entered{Entry: entry} }

func say(text string) sealed.Text { return sealed.Say(text) }

func isAny[E any](E) bool { return true }

func day(t time.Time) string { return events.DayOf(t) }
