// Package cases has the commands on one case and the rules that they keep: the stages of casework, consent, what a
// closed case still takes, and that nothing is ever edited.
//
// One file holds one part of the work, commands and their decisions together; the specs beside it are its rules
// in words. A command names what it creates, so asking twice gives nothing new. Personal text comes in as a plain
// string and leaves as sealed.Text.
package cases

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Refusals of this package.
const (
	RefusedNoCase    = "no-case"       // nothing was recorded under this id
	RefusedClosed    = "case-closed"   // needs reopening first
	RefusedUndecided = "not-accepted"  // the intake was not accepted
	RefusedUnknown   = "unknown-entry" // names an entry that is not in this case
	RefusedCode      = "unknown-code"  // a code that the category or the system does not know
)

// Case is what a case comes to. Its entries stay sealed: rules need who, when and which, never the words.
type Case struct {
	Intake  events.IntakeRecorded
	Entries events.Entries

	OpenedBy  string // the actor who recorded the intake
	Stage     Stage
	Episode   int
	Worker    uuid.UUID // responsible
	CoWorkers []uuid.UUID
	ClosedAt  time.Time // when the last closure happened
}

// Stage is how far a case is.
type Stage string

const (
	None     Stage = ""
	Intake   Stage = "intake" // recorded, not yet decided
	Declined Stage = "declined"
	Open     Stage = "open"
	Closed   Stage = "closed"
)

// Owner is whose key seals what is said in the case: the client's.
func (c Case) Owner() string {
	if c.Intake.Client == uuid.Nil {
		return ""
	}
	return events.Stream("client", c.Intake.Client)
}

// Evolve folds one fact into the case. It cannot fail: what happened, happened.
func (c Case) Evolve(r events.Recorded) Case {
	c.Entries.Add(r)
	switch fact := r.Event.(type) {
	case events.IntakeRecorded:
		c.Intake, c.Stage, c.Episode, c.OpenedBy = fact, Intake, 1, r.Meta.Actor
	case events.IntakeDecided:
		c.Stage = Declined
		if fact.Accepted {
			c.Stage = Open
		}
	case events.WorkerAssigned:
		if fact.Role == "co_worker" {
			c.CoWorkers = append(c.CoWorkers[:len(c.CoWorkers):len(c.CoWorkers)], fact.Worker)
		} else {
			c.Worker = fact.Worker
		}
	case events.CaseClosed:
		c.Stage, c.ClosedAt = Closed, r.Meta.OccurredAt
	case events.CaseReopened:
		c.Stage, c.Episode = Open, fact.Episode
		if fact.Worker != uuid.Nil {
			c.Worker = fact.Worker
		}
	}
	return c
}

// takes refuses what the case cannot take in its stage, and an entry id that is in use.
func (c Case) takes(entry uuid.UUID, stages ...Stage) error {
	if c.Stage == None {
		return services.Refuse(RefusedNoCase)
	}
	if _, exists := c.Entries.Find(entry); exists {
		return services.Refuse(services.RefusedEntry, entry.String())
	}
	for _, stage := range stages {
		if c.Stage == stage {
			return nil
		}
	}
	if c.Stage == Closed {
		return services.Refuse(RefusedClosed)
	}
	return services.Refuse(RefusedUndecided)
}

func say(text string) sealed.Text { return sealed.Say(text) }

// takesLate is takes for what a closed case also takes if it happened before its closure.
func (c Case) takesLate(entry uuid.UUID, meta events.Meta, stages ...Stage) error {
	if c.Stage == Closed && meta.OccurredAt.Before(c.ClosedAt) {
		stages = append(stages, Closed)
	}
	return c.takes(entry, stages...)
}
