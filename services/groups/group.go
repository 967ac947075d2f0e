// Package groups has the commands on one group and the rules that they keep: who is on its roll, its sessions by
// number and phase, and that the person-times submitted are the members present.
//
// Group is what a group comes to; start there. Attendance is asked of everyone on the roll at the time of a session,
// so that an absent member is a fact and not a gap. An attendance is never edited: CorrectAttendance says it anew,
// with a reason, and a group that was evaluated still takes that.
package groups

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Refusals of this package.
const (
	RefusedNoGroup     = "no-group"              // nothing was planned under this id
	RefusedExists      = "group-exists"          // it was planned already
	RefusedEvaluated   = "group-evaluated"       // it has ended
	RefusedCode        = "unknown-code"          // a code that the system does not know; about: the field
	RefusedMissing     = "missing"               // an id that is blank; about: the field
	RefusedMember      = "already-member"        // is on the roll at that time, or was on it later
	RefusedNotMember   = "not-a-member"          // is not on the roll at that time
	RefusedNamed       = "named-client"          // a client's name is kept with the client
	RefusedAttended    = "attended-since"        // was present at a session after leaving
	RefusedNumber      = "session-number"        // not the number after the last session's
	RefusedPhase       = "phase-backwards"       // a phase before that of the last session
	RefusedTwice       = "named-twice"           // a member has two lines in one attendance
	RefusedIncomplete  = "attendance-incomplete" // a member of the roll has none
	RefusedPersonTimes = "person-times"          // not the number of members present
	RefusedUnknown     = "unknown-entry"         // names no session of this group
	RefusedWhy         = "why-missing"           // a correction says why
)

// Codes lists the refusals of this package.
func Codes() []string {
	return []string{
		RefusedNoGroup, RefusedExists, RefusedEvaluated, RefusedCode, RefusedMissing, RefusedMember, RefusedNotMember, RefusedNamed,
		RefusedAttended, RefusedNumber, RefusedPhase, RefusedTwice, RefusedIncomplete, RefusedPersonTimes,
		RefusedUnknown, RefusedWhy,
	}
}

// Group is what a group comes to, without the words that are said in it.
type Group struct {
	Plan        events.GroupPlanned
	Entries     events.Entries
	Stage       Stage
	EvaluatedAt time.Time // when the evaluation happened

	roll []membership // in the order they were recorded; never changed in place
}

// Wordless says that a desk remembers it without words.
func (Group) Wordless() {}

// Stage is how far a group is.
type Stage string

const (
	None      Stage = ""
	Running   Stage = "running" // planned, and not yet evaluated
	Evaluated Stage = "evaluated"
)

// Session is a session as it holds, its attendance as last corrected.
type Session struct {
	events.SessionHeld
	At time.Time // when it was held
}

// Evolve folds one fact into the group. It cannot fail: what happened, happened.
func (g Group) Evolve(r events.Recorded) Group {
	g.Entries.Add(&r)
	switch fact := r.Event.(type) {
	case events.GroupPlanned:
		g.Plan, g.Stage = fact, Running
	case events.MemberJoined:
		g.roll = append(slices.Clip(g.roll), membership{member: fact.Member, joined: r.Meta.OccurredAt})
	case events.MemberLeft:
		g.roll = left(g.roll, fact.Member, r.Meta.OccurredAt)
	case events.GroupEvaluated:
		g.Stage, g.EvaluatedAt = Evaluated, r.Meta.OccurredAt
	}
	return g
}

// Sessions lists the sessions in the order of their numbers.
func (g Group) Sessions() (sessions []Session) {
	for _, held := range g.Entries.All() {
		if session, ok := held.Now.(events.SessionHeld); ok {
			sessions = append(sessions, Session{SessionHeld: session, At: held.HappenedAt})
		}
	}
	return sessions
}

// PersonTimes is how many members were present, summed over all sessions.
func (g Group) PersonTimes() (sum int) {
	for _, session := range g.Sessions() {
		sum += session.PersonTimes
	}
	return sum
}

// takes refuses what the group cannot take any more, and an entry id that is blank or in use.
func (g Group) takes(entry uuid.UUID, stages ...Stage) error {
	if entry == uuid.Nil {
		return services.Refuse(RefusedMissing, "entry")
	}
	if g.Stage == None {
		return services.Refuse(RefusedNoGroup)
	}
	if _, exists := g.Entries.Find(entry); exists {
		return services.Refuse(services.RefusedEntry, entry.String())
	}
	if !slices.Contains(stages, g.Stage) {
		return services.Refuse(RefusedEvaluated)
	}
	return nil
}

// takesLate is takes for what an evaluated group also takes if it happened before its evaluation.
func (g Group) takesLate(entry uuid.UUID, at time.Time) error {
	if g.Stage == Evaluated && at.Before(g.EvaluatedAt) {
		return g.takes(entry, Evaluated)
	}
	return g.takes(entry, Running)
}

// known refuses a code that is not among those the system knows.
func known(field, code string, codes []string) error {
	if slices.Contains(codes, code) {
		return nil
	}
	return services.Refuse(RefusedCode, field)
}
