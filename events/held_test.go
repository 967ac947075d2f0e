package events_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// A note of the 1st is moved to the 2nd, then said in other words, then one or the other is taken back.
func TestTakingBackAnAmendmentTakesBackTheDayItGave(t *testing.T) {
	note, moved, reworded := uuid.New(), uuid.New(), uuid.New()
	entered := func(id uuid.UUID) events.Entered { return events.Entered{Entry: id} }
	on := func(day int) time.Time { return time.Date(2012, 3, day, 12, 0, 0, 0, events.Zone) }
	said := func(kind string, id uuid.UUID) events.Said {
		return events.Said{Entry: events.NoteRecorded{Entered: entered(id), Kind: kind}}
	}
	story := []events.Event{
		events.NoteRecorded{Entered: entered(note), Kind: "process"},
		events.EntryAmended{Entered: entered(moved), Amends: note, HappenedAt: on(2), Now: said("process", moved)},
		events.EntryAmended{Entered: entered(reworded), Amends: note, Now: said("telephone", reworded)},
	}
	for _, c := range []struct {
		name      string
		takenBack []uuid.UUID
		day, kind string
	}{
		{"nothing", nil, "2012-03-02", "telephone"},
		{"the other words", []uuid.UUID{reworded}, "2012-03-02", "process"},
		{"the other day", []uuid.UUID{moved}, "2012-03-01", "telephone"},
		{"both", []uuid.UUID{moved, reworded}, "2012-03-01", "process"},
		{"both, the last first", []uuid.UUID{reworded, moved}, "2012-03-01", "process"},
	} {
		var entries events.Entries
		facts := append([]events.Event(nil), story...)
		for _, id := range c.takenBack {
			facts = append(facts, events.EntryRetracted{Entered: entered(uuid.New()), Retracts: id})
		}
		for n, fact := range facts {
			entries.Add(&events.Recorded{Version: n + 1, Meta: events.Meta{OccurredAt: on(1)}, Event: fact})
		}
		held, _ := entries.Find(note)
		if kind := held.Now.(events.NoteRecorded).Kind; held.Retracted || held.Day() != c.day || kind != c.kind {
			t.Errorf("%s taken back: a %s note of %s, want a %s note of %s", c.name, kind, held.Day(), c.kind, c.day)
		}
	}
}
