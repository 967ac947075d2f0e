package demo_test

import (
	"context"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// tally is a naive count: over the facts as they stand in the log, with no help from the packages that count for a
// living. What happened and was recorded by the end of the days given counts; nothing else does.
type tally struct {
	caseFiles, sessions, activities, personTimes int
	contacts, attendances, heads                 int
	intakes, declined, measures, reopened        int
	severity                                     int // summed, to see corrections
}

func count(t *testing.T, log events.Store, asOf, knownAt string) (sum tally) {
	t.Helper()
	type entry struct {
		event    events.Event
		happened time.Time
	}
	entries := map[uuid.UUID][]entry{} // as first said, then as amended
	amends := map[uuid.UUID]uuid.UUID{}
	var order []uuid.UUID
	retracted := map[uuid.UUID]bool{}
	streams := map[uuid.UUID]string{}
	for r, err := range log.ReadAll(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if events.DayOf(r.Meta.RecordedAt) > knownAt {
			continue
		}
		switch fact := r.Event.(type) {
		case events.EntryAmended:
			happened := entries[fact.Amends][len(entries[fact.Amends])-1].happened
			if !fact.HappenedAt.IsZero() {
				happened = fact.HappenedAt
			}
			entries[fact.Amends] = append(entries[fact.Amends], entry{fact.Now.Entry, happened})
			amends[fact.Entry] = fact.Amends
		case events.EntryRetracted:
			if original, ok := amends[fact.Retracts]; ok {
				entries[original] = entries[original][:len(entries[original])-1]
			} else {
				retracted[fact.Retracts] = true
			}
		case events.AttendanceCorrected:
			last := entries[fact.Session][len(entries[fact.Session])-1]
			session := last.event.(events.SessionHeld)
			session.Attendance, session.PersonTimes = fact.Attendance, fact.PersonTimes
			entries[fact.Session] = append(entries[fact.Session], entry{session, last.happened})
		case events.ActivityCountCorrected:
			last := entries[fact.Held][len(entries[fact.Held])-1]
			held := last.event.(events.ActivityHeld)
			held.Heads, held.PersonTimes = fact.Heads, fact.PersonTimes
			entries[fact.Held] = append(entries[fact.Held], entry{held, last.happened})
		case events.Entry:
			id := fact.EntryID()
			if len(entries[id]) > 0 {
				t.Fatalf("the entry id %s is there twice", id)
			}
			entries[id] = []entry{{r.Event, r.Meta.OccurredAt}}
			order = append(order, id)
			streams[id] = r.Stream
		}
	}
	accepted, wrong := map[string]bool{}, map[string]bool{}
	for _, id := range order {
		last := entries[id][len(entries[id])-1]
		if closed, ok := last.event.(events.CaseClosed); ok { // supersedes the opening, on whatever day
			wrong[streams[id]] = closed.Reason == "duplicate" || closed.Reason == "opened_in_error"
		}
		if retracted[id] || events.DayOf(last.happened) > asOf {
			continue
		}
		switch fact := last.event.(type) {
		case events.IntakeRecorded:
			sum.intakes++
		case events.IntakeDecided:
			accepted[streams[id]] = fact.Accepted
			if !fact.Accepted {
				sum.declined++
			}
		case events.CaseReopened:
			sum.reopened++
		case events.MeasureTaken:
			sum.measures++
			if fact.Instrument == "severity" && fact.Score != nil {
				sum.severity += int(*fact.Score)
			}
		case events.InterventionRecorded:
			if fact.Reached {
				sum.contacts += fact.PersonTimes
			}
		case events.FollowUpRecorded:
			if fact.Reached {
				sum.contacts++
			}
		case events.SessionHeld:
			sum.sessions++
			for _, line := range fact.Attendance {
				if line.Presence == "present" {
					sum.attendances++
				}
			}
		case events.ActivityHeld:
			sum.activities++
			for _, h := range fact.Heads {
				sum.heads += h.Number
			}
		}
	}
	for stream, yes := range accepted {
		if yes && !wrong[stream] {
			sum.caseFiles++
		}
	}
	sum.personTimes = sum.contacts + sum.attendances + sum.heads
	return sum
}
