// Package activities has the commands on one community activity (社区活动) and the rules that they keep: it is held
// once or cancelled, and its person-times are the heads that were counted.
//
// Activity is what an activity comes to; start there. Heads are counted by kind of people, never named, and are
// never summed as persons. A count is never edited: CorrectCount says it anew, with a reason.
package activities

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Refusals of this package.
const (
	RefusedNoActivity  = "no-activity"     // nothing was planned under this id
	RefusedExists      = "activity-exists" // it was planned already
	RefusedHeld        = "already-held"    // it took place
	RefusedCancelled   = "cancelled"       // it does not take place
	RefusedNotHeld     = "not-held"        // there is no count yet that could be corrected
	RefusedUnknown     = "unknown-entry"   // names something else than the entry of its count
	RefusedHeads       = "heads-missing"   // a count names one kind of people at least
	RefusedPersonTimes = "person-times"    // not the sum of the heads
	RefusedNegative    = "negative-number" // about: the field
	RefusedForms       = "forms"           // more forms came back than went out, or more satisfied than came back
	RefusedCode        = "unknown-code"    // a code that the system does not know; about: the field
	RefusedMissing     = "missing"         // an id that is blank; about: the field
	RefusedDay         = "invalid-day"     // no day of the calendar; about: the field
	RefusedWhy         = "why-missing"     // a correction and a cancellation say why
)

// Codes lists the refusals of this package.
func Codes() []string {
	return []string{
		RefusedNoActivity, RefusedExists, RefusedHeld, RefusedCancelled, RefusedNotHeld, RefusedUnknown, RefusedHeads,
		RefusedPersonTimes, RefusedNegative, RefusedForms, RefusedCode, RefusedMissing, RefusedDay, RefusedWhy,
	}
}

// Activity is what an activity comes to. Its text stays sealed, under its own key.
type Activity struct {
	Plan    events.ActivityPlanned
	Entries events.Entries
	Stage   Stage

	count uuid.UUID // the entry of what was held
}

// Stage is how far an activity is.
type Stage string

const (
	None      Stage = ""
	Planned   Stage = "planned"
	Held      Stage = "held"
	Cancelled Stage = "cancelled"
)

// Evolve folds one fact into the activity. It cannot fail: what happened, happened.
func (a Activity) Evolve(r events.Recorded) Activity {
	a.Entries.Add(&r)
	switch fact := r.Event.(type) {
	case events.ActivityPlanned:
		a.Plan, a.Stage = fact, Planned
	case events.ActivityHeld:
		a.Stage, a.count = Held, fact.Entry
	case events.ActivityCancelled:
		a.Stage = Cancelled
	}
	return a
}

// Count is what was held, its heads as last corrected; false before that.
func (a Activity) Count() (events.ActivityHeld, bool) {
	held, ok := a.Entries.Find(a.count)
	if !ok || a.Stage != Held {
		return events.ActivityHeld{}, false
	}
	count, ok := held.Now.(events.ActivityHeld)
	return count, ok
}

// takes refuses an entry id that is blank or in use, and what the activity cannot take in its stage.
func (a Activity) takes(entry uuid.UUID, stage Stage) error {
	if entry == uuid.Nil {
		return services.Refuse(RefusedMissing, "entry")
	}
	if a.Stage == None {
		return services.Refuse(RefusedNoActivity)
	}
	if _, exists := a.Entries.Find(entry); exists {
		return services.Refuse(services.RefusedEntry, entry.String())
	}
	if a.Stage == stage {
		return nil
	}
	switch a.Stage {
	case Held:
		return services.Refuse(RefusedHeld)
	case Cancelled:
		return services.Refuse(RefusedCancelled)
	default:
		return services.Refuse(RefusedNotHeld)
	}
}

// known refuses a code that is not among those the system knows.
func known(field, code string, codes []string) error {
	if slices.Contains(codes, code) {
		return nil
	}
	return services.Refuse(RefusedCode, field)
}
