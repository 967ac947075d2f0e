package events

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Correction is a fact that says an earlier entry anew: an amendment, a corrected attendance or head-count.
type Correction interface {
	Entry
	Corrects() uuid.UUID
	Anew(before Entry) Entry
}

// Held is an entry as it holds: what it says now, and when that happened. The entry of a Held that nothing
// corrected is the event itself.
type Held struct {
	First      *Recorded // as it was first written
	Now        Entry     // what it says since the last correction known
	HappenedAt time.Time // First.Meta.OccurredAt, or what a correction gives
	By         *Recorded // the fact that made it so: First, a correction, or a retraction of one
	Retracted  bool

	said []version // nil while nothing corrected it
}

// Day is the day it happened, in the programme's zone.
func (h *Held) Day() string { return DayOf(h.HappenedAt) }

// Amended tells whether it says something else than it first did.
func (h *Held) Amended() bool { return len(h.said) > 1 }

type version struct {
	id         uuid.UUID // of the entry or of the correction
	now        Entry
	happenedAt time.Time // zero: as the versions before it say
	retracted  bool
}

// Entries are the entries of one stream as they hold: the last correction wins, correcting again is correcting the
// original again, and taking a correction back makes the one before hold again.
// The zero Entries is an empty stream.
type Entries struct {
	facts []*Recorded
	order []*Held
	byID  map[uuid.UUID]*Held // also by the ids of corrections; nil for the id of what brought about no entry
}

// Add takes the next fact of the stream, and keeps it: nobody may change it from now on. It answers with the entry that
// the fact brought about or changed, nil for a fact that is no entry.
func (e *Entries) Add(r *Recorded) *Held {
	e.facts = append(e.facts, r)
	entry, ok := r.Event.(Entry)
	if !ok {
		return nil
	}
	if e.byID == nil {
		e.byID = make(map[uuid.UUID]*Held)
	}
	switch fact := entry.(type) {
	case EntryRetracted:
		e.byID[fact.Entry] = nil
		return e.retract(fact.Retracts, r)
	case Correction:
		e.byID[fact.EntryID()] = nil
		return e.correct(fact, r)
	}
	held := &Held{First: r, Now: entry, HappenedAt: r.Meta.OccurredAt, By: r}
	e.order = append(e.order, held)
	e.byID[entry.EntryID()] = held
	return held
}

func (e *Entries) correct(fact Correction, r *Recorded) *Held {
	held := e.byID[fact.Corrects()]
	if held == nil {
		return nil
	}
	anew := version{id: fact.EntryID(), now: fact.Anew(held.Now)}
	if amended, ok := fact.(EntryAmended); ok {
		anew.happenedAt = amended.HappenedAt
	}
	held.said = append(held.versions(), anew)
	e.byID[fact.EntryID()] = held
	held.settle(r)
	return held
}

func (e *Entries) retract(id uuid.UUID, r *Recorded) *Held {
	held := e.byID[id]
	if held == nil {
		return nil
	}
	held.said = held.versions()
	for i := range held.said {
		if held.said[i].id == id {
			held.said[i].retracted = true
		}
	}
	held.settle(r)
	return held
}

// versions are what it said so far; of most entries that is one thing, which is not written down twice.
func (h *Held) versions() []version {
	if h.said == nil {
		return []version{{id: h.First.Event.(Entry).EntryID(), now: h.Now, happenedAt: h.HappenedAt}}
	}
	return h.said
}

// settle finds what holds after a correction or retraction: what was said last, and the day that was given last, both
// by what was not taken back.
func (h *Held) settle(by *Recorded) {
	h.By = by
	h.Retracted = h.said[0].retracted
	for _, v := range h.said {
		if v.retracted {
			continue
		}
		h.Now = v.now
		if !v.happenedAt.IsZero() {
			h.HappenedAt = v.happenedAt
		}
	}
}

// Facts are all that was added, in its order.
func (e *Entries) Facts() []*Recorded { return e.facts }

// Find is an entry by its id or by that of one of its corrections.
func (e *Entries) Find(id uuid.UUID) (*Held, bool) {
	held := e.byID[id]
	return held, held != nil
}

// Uses tells whether an id is that of an entry, of a correction or of a retraction.
func (e *Entries) Uses(id uuid.UUID) bool {
	_, used := e.byID[id]
	return used
}

// Original tells whether id is that of an entry, not of a correction.
func (h *Held) Original(id uuid.UUID) bool { return h.First.Event.(Entry).EntryID() == id }

// TakenBack tells whether the entry or the correction with this id was retracted.
func (h *Held) TakenBack(id uuid.UUID) bool {
	for _, v := range h.said {
		if v.id == id {
			return v.retracted
		}
	}
	return false
}

// All lists the entries that hold, in the order they were written.
func (e *Entries) All() []*Held {
	return slices.DeleteFunc(slices.Clone(e.order), func(h *Held) bool { return h.Retracted })
}

// AsOf lists the entries that hold and had happened by the end of a day, in the order of (day, position).
func (e *Entries) AsOf(day string) []*Held {
	held := slices.DeleteFunc(e.All(), func(h *Held) bool { return h.Day() > day })
	slices.SortStableFunc(held, func(a, b *Held) int {
		switch da, db := a.Day(), b.Day(); {
		case da < db:
			return -1
		case da > db:
			return 1
		default:
			return a.First.Version - b.First.Version
		}
	})
	return held
}

func (a EntryAmended) Corrects() uuid.UUID        { return a.Amends }
func (a EntryAmended) Anew(_ Entry) Entry         { return a.Now.Entry }
func (a AttendanceCorrected) Corrects() uuid.UUID { return a.Session }

// Anew is the session with the attendance as corrected.
func (a AttendanceCorrected) Anew(before Entry) Entry {
	session, ok := before.(SessionHeld)
	if !ok {
		return before
	}
	session.Attendance, session.PersonTimes = a.Attendance, a.PersonTimes
	return session
}

func (c ActivityCountCorrected) Corrects() uuid.UUID { return c.Held }

// Anew is the activity with the heads as corrected.
func (c ActivityCountCorrected) Anew(before Entry) Entry {
	activity, ok := before.(ActivityHeld)
	if !ok {
		return before
	}
	activity.Heads, activity.PersonTimes, activity.Counted = c.Heads, c.PersonTimes, c.Counted
	return activity
}
