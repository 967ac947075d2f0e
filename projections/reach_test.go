package projections_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/google/uuid"
)

// What ties a case to those who ask is what is so now, whatever day is asked for. Whether that is enough is decided elsewhere.
func TestWhoMaySeeACaseIsAskedWithWhatTiesThemToItNow(t *testing.T) {
	d := newDiary(t, newLog())
	me, report, other := worker(1), worker(2), worker(3)
	until := noon("2012-06-01")
	write := func(n int, fact events.Event) { d.write(caseStream(n), noon("2012-03-05"), fact) }
	entered := func(n int) events.Entered { return d.next(caseStream(n)) }
	for n := range 3 {
		d.opens(n, "2012-03-01", other)
	}
	write(0, events.AccessGranted{Entered: entered(0), Worker: me, Until: until, Purpose: "cover"})
	write(0, events.WorkerAssigned{Entered: entered(0), Worker: report, Role: "co_worker"})
	write(0, events.WorkerAssigned{Entered: entered(0), Worker: worker(4), Role: "co_worker"}) // not of the reach
	write(1, events.AccessGranted{Entered: entered(1), Worker: me, Until: until, Purpose: "cover"})
	write(1, events.AccessEnded{Entered: entered(1), Worker: me})
	write(1, events.ConflictDeclared{Entered: entered(1), Worker: me, Kind: "kin"})
	write(2, events.ConflictDeclared{Entered: entered(2), Worker: me, Kind: "kin"})
	write(2, events.ConflictLifted{Entered: entered(2), Worker: me})
	write(2, events.CaseClosed{Entered: entered(2), Reason: "goals_met"})
	write(3, events.IntakeRecorded{Entered: entered(3), Client: number("client", 3), Category: "orphan", Project: "p", Site: "station"})
	write(3, events.IntakeDecided{Entered: entered(3)})

	type ties struct {
		worker           uuid.UUID
		co               []uuid.UUID
		until            time.Time
		conflict, closed bool
	}
	want := map[uuid.UUID]ties{
		number("case", 0): {worker: other, co: []uuid.UUID{report}, until: until},
		number("case", 1): {worker: other, conflict: true},
		number("case", 2): {worker: other, closed: true},
		number("case", 3): {closed: true},
	}
	db := d.seen()
	for _, day := range []string{"", "2012-03-05", "2012-03-02"} {
		asked := 0
		reach := &caseload.Reach{Worker: me, Team: []uuid.UUID{report}, May: func(found caseload.Ties) bool {
			asked++
			w := want[found.Case]
			if found.Worker != w.worker || !slices.Equal(found.CoWorkers, w.co) || !found.Granted.Equal(w.until) || found.Conflict != w.conflict || found.Closed != w.closed {
				t.Errorf("as of %q: %+v, want %+v", day, found, w)
			}
			if found.Case == number("case", 3) && (found.Site != "station" || found.Client != number("client", 3) || found.Project != "p") {
				t.Errorf("of its intake it says %+v", found)
			}
			return !found.Conflict
		}}
		list, err := caseload.List(context.Background(), db, caseload.Filter{Reach: reach}, asOf(day))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list.Rows {
			if row.Case == number("case", 1) {
				t.Errorf("as of %q what is refused is in the list", day)
			}
			asked--
		}
		if asked != 1 {
			t.Errorf("as of %q it refused %d, not the one it was told to", day, asked)
		}
	}
}
