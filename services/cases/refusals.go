package cases

import (
	"slices"

	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/measures"
)

// What this package says no with. The words for people are made at the edge, from these codes.
const (
	RefusedNoCase    = "no-case"       // nothing was recorded under this id
	RefusedExists    = "case-exists"   // the intake of this case was recorded already
	RefusedClosed    = "case-closed"   // it happened while the case was closed: needs reopening first
	RefusedOpen      = "not-closed"    // only a closed case has follow-ups and can be reopened
	RefusedUndecided = "not-accepted"  // the intake was not accepted
	RefusedDecided   = "decided"       // the intake was decided already
	RefusedUnknown   = "unknown-entry" // names an entry that is not in this case
	RefusedCode      = "unknown-code"  // a code that the category or the system does not know
	RefusedMissing   = "missing"       // something compulsory is blank
	RefusedRange     = "out-of-range"  // a number or a text outside its bounds
	RefusedDay       = "not-a-day"     // not a day as 2006-01-02
	RefusedTwice     = "twice"         // the same thing is named twice

	RefusedAge        = "too-young"   // nobody of that age
	RefusedAgeUnknown = "age-unknown" // the rule protects children, and the age is not known

	RefusedConsent   = "consent-needed"    // no consent for this, nor a legal basis in its place
	RefusedWithdrawn = "consent-withdrawn" // it does not hold any more
	RefusedGuardian  = "guardian-needed"   // under 14 a guardian consents, not the child
	RefusedUnsafe    = "guardian-unsafe"   // the guardian was found to be a danger
	RefusedCapacity  = "capacity"          // nobody consented, so it is no consent
	RefusedWitness   = "witness-needed"    // oral consent
	RefusedRecipient = "recipient"         // sharing is with someone, and only sharing is
	RefusedBasis     = "legal-basis"       // no such legal basis, or not in force on that day, or not for this

	RefusedDoneOrNot   = "done-or-not"  // a measure has answers, or the reason why it was not done
	RefusedGoal        = "unknown-goal" // no goal of the plan in force
	RefusedWeight      = "weight"       // a goal weighs more than nothing
	RefusedLevels      = "levels"       // five levels are described, or none
	RefusedPersonTimes = "person-times" // does not add up from who was there and served
	RefusedNotServed   = "not-served"   // who is consulted is not served

	RefusedDuplicate    = "duplicate-of"        // another case stays when this one is a duplicate
	RefusedGuardianship = "guardianship-needed" // no assessment found the guardian able
	RefusedSupervisor   = "supervisor-needed"   // only a supervisor may allow it
	RefusedEscorts      = "escorts-needed"      // nobody escorted them
	RefusedCleared      = "flag-cleared"        // the flag was taken down already
	RefusedAnswered     = "referral-answered"   // the referral was answered already
	RefusedNotAgreed    = "referral-not-agreed" // the other agency has not accepted it
	RefusedCompleted    = "referral-completed"  // the referral is done
	RefusedNotRetracted = "not-retractable"     // decisions, assignments, consents, closures are amended, never taken back
	RefusedRetracted    = "retracted"           // it was taken back already
	RefusedOneEntry     = "one-entry"           // an amendment says exactly one entry anew
	RefusedOtherEntry   = "other-entry"         // what is said anew is another entry than the one it amends
	RefusedNeeded       = "still-needed"        // another entry rests on it
	RefusedOrder        = "out-of-order"        // decision, closure and reopening would not follow one another
	RefusedOwnAccess    = "own-access"          // nobody lets themselves in
	RefusedConflict     = "conflict"            // a conflict of interest was declared for this worker
	RefusedNoAccess     = "no-access"           // nothing is granted to this worker
	RefusedNoConflict   = "no-conflict"         // no conflict of interest is declared for this worker
	refusedAnswer       = "answer-"             // and the code of a form's fault
)

// Codes lists every code that this package can say no with, so that none is without words.
func Codes() []string {
	codes := []string{
		RefusedNoCase, RefusedExists, RefusedClosed, RefusedOpen, RefusedUndecided, RefusedDecided, RefusedUnknown, RefusedCode,
		RefusedMissing, RefusedRange, RefusedDay, RefusedTwice, RefusedAge, RefusedAgeUnknown, RefusedConsent, RefusedWithdrawn,
		RefusedGuardian, RefusedUnsafe, RefusedCapacity, RefusedWitness, RefusedRecipient, RefusedBasis, RefusedDoneOrNot,
		RefusedGoal, RefusedWeight, RefusedLevels, RefusedPersonTimes, RefusedNotServed, RefusedDuplicate,
		RefusedGuardianship, RefusedSupervisor, RefusedEscorts, RefusedCleared, RefusedAnswered, RefusedNotAgreed,
		RefusedCompleted, RefusedNotRetracted, RefusedRetracted, RefusedOneEntry, RefusedOtherEntry, RefusedNeeded, RefusedOrder,
		RefusedOwnAccess, RefusedConflict, RefusedNoAccess, RefusedNoConflict,
		services.RefusedEntry, services.RefusedFuture,
		measures.UnknownItem, measures.NoDomains, measures.ByGoals, // OutOfRange is RefusedRange
	}
	for _, fault := range []string{
		categories.FaultUnknown, categories.FaultKind, categories.FaultOption,
		categories.FaultTooLong, categories.FaultRange, categories.FaultHidden, // FaultRequired refuses nothing
	} {
		codes = append(codes, refusedAnswer+fault)
	}
	return slices.Clip(codes)
}
