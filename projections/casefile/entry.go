package casefile

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// Entry is an entry as it held at the point that was asked for. Its words are sealed, in the stream of the file.
type Entry[F events.Entry] struct {
	ID   uuid.UUID `json:"id"`
	Type string    `json:"type"`
	// Day it happened, in the programme's zone, and the instant: the worker's word, perhaps amended.
	Day        string    `json:"day"`
	HappenedAt time.Time `json:"happened_at"`
	// What follows is of the entry as it was first written; a correction does not change it.
	RecordedAt time.Time       `json:"recorded_at"`
	Position   events.Position `json:"position"`
	Version    int             `json:"version"` // of its stream
	Actor      string          `json:"actor"`
	OnBehalfOf string          `json:"on_behalf_of,omitempty"`

	Amended   bool        `json:"amended,omitempty"`   // it says something else than it first did, or of another day
	Retracted bool        `json:"retracted,omitempty"` // it was taken back; Fact is what it said last
	Corrected *Correction `json:"corrected,omitempty"` // the last amendment or retraction, even one that was itself taken back
	Fact      F           `json:"fact"`
}

// Correction is who amended or retracted an entry, when, and why.
type Correction struct {
	Position   events.Position `json:"position"`
	RecordedAt time.Time       `json:"recorded_at"`
	Actor      string          `json:"actor"`
	Type       string          `json:"type"`
	Why        sealed.Text     `json:"why,omitzero"`
}

// happened is an entry that holds, with the day on which it happened.
type happened struct {
	*events.Held
	day string
}

// id is the one that an entry was first written under.
func (h happened) id() uuid.UUID { return original(h.Held) }

// entry shows a held entry. fact is what it says: h.Now, in its own type.
func entry[F events.Entry](h happened, fact F) Entry[F] {
	first := h.First
	e := Entry[F]{
		ID: h.id(), Type: fact.Type(), Day: h.day, HappenedAt: h.HappenedAt,
		RecordedAt: first.Meta.RecordedAt, Position: first.Position, Version: first.Version,
		Actor: first.Meta.Actor, OnBehalfOf: first.Meta.OnBehalfOf,
		Amended: h.Amended(), Retracted: h.Retracted, Fact: fact,
	}
	if h.By.Version != first.Version {
		c := correction(h.By)
		e.Corrected = &c
	}
	return e
}

func noted[F events.Entry](h happened, fact F) *Entry[F] {
	e := entry(h, fact)
	return &e
}

func correction(by *events.Recorded) Correction {
	return Correction{
		Position: by.Position, RecordedAt: by.Meta.RecordedAt, Actor: by.Meta.Actor,
		Type: by.Event.Type(), Why: why(by.Event),
	}
}

// why is the reason that a correction gives.
func why(fact events.Event) sealed.Text {
	switch fact := fact.(type) {
	case events.EntryAmended:
		return fact.Why
	case events.EntryRetracted:
		return fact.Why
	case events.AttendanceCorrected:
		return fact.Why
	case events.ActivityCountCorrected:
		return fact.Why
	}
	return sealed.Text{}
}

// original is the id that an entry was first written under.
func original(held *events.Held) uuid.UUID { return held.First.Event.(events.Entry).EntryID() }
