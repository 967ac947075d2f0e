package outcomes

import (
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, fact := range batch {
		if err := apply(tx, fact); err != nil {
			return fmt.Errorf("outcomes of %s at position %s: %w", fact.Event.Type(), fact.Position, err)
		}
	}
	return nil
}

func apply(tx *readdb.Tx, fact projections.Fact) error {
	switch entry := fact.Event.(type) {
	case events.Correction, events.EntryRetracted:
		if fact.Now == nil { // of an entry that is not there: it changes nothing
			return nil
		}
		return correct(tx, fact)
	case events.Entry:
		held := events.Held{First: &fact.Recorded, Now: entry, HappenedAt: fact.Meta.OccurredAt}
		if f, ok := opens(entry); ok {
			return open(tx, f, fact.Recorded)
		}
		if err := insert(tx, &held, fact.Position); err != nil {
			return err
		}
		return setAside(tx, fact.Stream, fact.Position, false, setsAside(entry))
	default:
		return programme(tx, fact.Recorded)
	}
}

func open(tx *readdb.Tx, f file, r events.Recorded) error {
	f.id, f.first, f.entry = r.Stream, int64(r.Position), r.Event.(events.Entry).EntryID().String()
	f.actor, f.day = r.Meta.Actor, events.DayOf(r.Meta.OccurredAt)
	return f.insert(tx, r.Position)
}

// correct ends the rows of an entry and brings those that hold now, if it still holds.
func correct(tx *readdb.Tx, fact projections.Fact) error {
	before, now := fact.Before, fact.Now
	if _, ok := opens(now.First.Event.(events.Entry)); ok {
		return reopen(tx, fact)
	}
	for _, table := range rowsIn(before.Now) {
		err := tx.Exec(`UPDATE `+table+` SET superseded = $1 WHERE first = $2 AND superseded IS NULL`,
			int64(fact.Position), int64(now.First.Position))
		if err != nil {
			return err
		}
	}
	if !now.Retracted {
		if err := insert(tx, now, fact.Position); err != nil {
			return err
		}
	}
	return setAside(tx, fact.Stream, fact.Position,
		setsAside(before.Now) && !before.Retracted, setsAside(now.Now) && !now.Retracted)
}

// rowsIn names the tables in which an entry has rows.
func rowsIn(entry events.Entry) (tables []string) {
	if _, _, ok := servedBy(entry); ok {
		tables = append(tables, "outcomes_served@")
	}
	if len(present(entry)) > 0 {
		tables = append(tables, "outcomes_present@")
	}
	if len(courseOf(entry)) > 0 {
		tables = append(tables, "outcomes_course@")
	}
	return tables
}

const (
	intoServed  = `outcomes_served@ (first, position, file, entry, actor, day, kind, person_times)`
	intoPresent = `outcomes_present@ (first, position, member, file, day)`
	intoCourse  = `outcomes_course@ (first, position, part, file, entry, actor, day, kind, code, version, occasion, leaving, outcome, number)`
)

// insert brings the rows of an entry as it holds.
func insert(tx *readdb.Tx, held *events.Held, at events.Position) error {
	first, position, stream := int64(held.First.Position), int64(at), held.First.Stream
	day := held.Day()
	if kind, personTimes, ok := servedBy(held.Now); ok {
		err := tx.Insert(intoServed, first, position, stream, entryOf(held), held.First.Meta.Actor, day, kind, personTimes)
		if err != nil {
			return err
		}
		for _, member := range present(held.Now) {
			if err := tx.Insert(intoPresent, first, position, member.String(), stream, day); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range courseOf(held.Now) {
		var number any
		if c.number != nil {
			number = *c.number
		}
		err := tx.Insert(intoCourse, first, position, c.part, stream, entryOf(held), held.First.Meta.Actor, day,
			c.kind, c.code, c.version, c.occasion, c.leaving, c.outcome, number)
		if err != nil {
			return err
		}
	}
	return nil
}

// entryOf is the id of the entry as it was first written; its corrections have ids of their own.
func entryOf(held *events.Held) string { return held.First.Event.(events.Entry).EntryID().String() }
