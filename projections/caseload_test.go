package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// opens writes the intake of case n, accepted, and gives it to a worker.
func (d *diary) opens(n int, day string, responsible uuid.UUID, steps ...events.Due) {
	kase := caseStream(n)
	d.write(kase, noon(day), events.IntakeRecorded{Entered: d.next(kase), Client: number("client", n), Category: "orphan", Project: "p", Steps: events.Steps{Due: steps}})
	d.write(kase, noon(day), events.IntakeDecided{Entered: d.next(kase), Accepted: true})
	if responsible != uuid.Nil {
		d.write(kase, noon(day), events.WorkerAssigned{Entered: d.next(kase), Worker: responsible, Role: "responsible"})
	}
}

// numbers names the cases of a list by their numbers, in its order.
func (d *diary) numbers(db *readdb.DB, filter caseload.Filter, at projections.Point) string {
	d.tb.Helper()
	list, err := caseload.List(context.Background(), db, filter, at)
	if err != nil {
		d.tb.Fatal(err)
	}
	var names []string
	for _, row := range list.Rows {
		for n := range 10 {
			if row.Case == number("case", n) {
				names = append(names, fmt.Sprint(n))
			}
		}
	}
	return strings.Join(names, " ")
}

func by(day string) time.Time { return noon(day).Add(12 * time.Hour) } // the midnight that ends it

func TestWhatIsOverdueComesFirstThenRiskThenTheNextStep(t *testing.T) {
	d := newDiary(t, newLog())
	d.opens(0, "2012-03-01", worker(1), events.Due{Step: "plan", By: by("2012-03-20")})
	d.opens(1, "2012-03-01", worker(1), events.Due{Step: "plan", By: by("2012-03-18")})
	d.opens(2, "2012-03-01", worker(1))
	d.write(caseStream(2), noon("2012-03-02"), events.RiskRated{Entered: d.next(caseStream(2)), Level: "high"})
	d.opens(3, "2012-03-01", worker(1), events.Due{Step: "plan", By: by("2012-03-05")})
	d.opens(4, "2012-03-01", worker(1))
	db := d.seen()
	for day, want := range map[string]string{"2012-03-05": "2 3 1 0 4", "2012-03-06": "3 2 1 0 4", "2012-03-20": "3 1 2 0 4"} {
		if got := d.numbers(db, caseload.Filter{}, asOf(day)); got != want {
			t.Errorf("on %s the order is %s, want %s", day, got, want)
		}
	}
}

func TestAStepIsLateAtTheInstantItIsDueBy(t *testing.T) {
	d := newDiary(t, newLog())
	d.opens(0, "2012-03-01", worker(1), events.Due{Step: "health_check", By: noon("2012-03-01").Add(2 * time.Hour)})
	db := d.seen()
	for hours, late := range map[time.Duration]int{1: 0, 2: 1, 3: 1} {
		at := asOf("2012-03-01")
		at.Now = noon("2012-03-01").Add(hours * time.Hour)
		list, err := caseload.List(context.Background(), db, caseload.Filter{}, at)
		if err != nil || list.Rows[0].Overdue != late {
			t.Errorf("%d hours after noon: %+v, %v", hours, list.Rows, err)
		}
		if file := d.load(db, caseStream(0), at); file.Case.Due[0].Overdue != (late == 1) || file.Case.Due[0].Day != "2012-03-01" {
			t.Errorf("%d hours after noon the file says %+v", hours, file.Case.Due)
		}
	}
}

func TestAWorkersListHasWhatTheWorkerCarriesOnThatDay(t *testing.T) {
	d := newDiary(t, newLog())
	one, two := worker(1), worker(2)
	d.actor = "intake-desk"
	d.opens(0, "2012-03-01", one)
	d.opens(1, "2012-03-01", one)
	d.opens(2, "2012-03-01", uuid.Nil)
	d.write(caseStream(0), noon("2012-03-05"), events.WorkerAssigned{Entered: d.next(caseStream(0)), Worker: two, Role: "responsible"})
	d.write(caseStream(1), noon("2012-03-05"), events.WorkerAssigned{Entered: d.next(caseStream(1)), Worker: two, Role: "co_worker"})
	d.write(caseStream(1), noon("2012-03-09"), events.CaseClosed{Entered: d.next(caseStream(1)), Reason: "goals_met"})
	db := d.seen()
	mine := func(w uuid.UUID) caseload.Filter { return caseload.Filter{Workers: []string{w.String()}} }
	for _, ask := range []struct {
		filter caseload.Filter
		day    string
		want   string
	}{
		{mine(one), "2012-03-04", "0 1"},
		{mine(one), "2012-03-06", "1"},
		{mine(two), "2012-03-04", ""},
		{mine(two), "2012-03-06", "0 1"},
		{caseload.Filter{Actors: []string{"intake-desk"}}, "2012-03-06", "2"},
		{caseload.Filter{Workers: []string{one.String()}, Actors: []string{"intake-desk"}}, "2012-03-06", "1 2"},
		{caseload.Filter{Project: "p", Stage: "open"}, "2012-03-08", "0 1 2"},
		{caseload.Filter{Project: "p", Stage: "open"}, "2012-03-09", "0 2"},
		{caseload.Filter{Stage: "closed"}, "2012-03-09", "1"},
		{caseload.Filter{Category: "street_child"}, "2012-03-09", ""},
		{caseload.Filter{}, "2012-02-28", ""},
	} {
		got := strings.Fields(d.numbers(db, ask.filter, asOf(ask.day)))
		for _, n := range strings.Fields(ask.want) {
			if !strings.Contains(strings.Join(got, " "), n) {
				t.Errorf("%+v on %s gives %v, want %s", ask.filter, ask.day, got, ask.want)
			}
		}
		if len(got) != len(strings.Fields(ask.want)) {
			t.Errorf("%+v on %s gives %v, want %s", ask.filter, ask.day, got, ask.want)
		}
	}
}

func TestACaseIsUntouchedUntilSomethingIsDoneInItAfterItsAssignment(t *testing.T) {
	d := newDiary(t, newLog())
	d.opens(0, "2012-03-01", worker(1))
	d.kinds("before")
	d.write(caseStream(0), noon("2012-03-05"), events.WorkerAssigned{Entered: d.next(caseStream(0)), Worker: worker(2), Role: "responsible"})
	d.write(caseStream(0), noon("2012-03-07"), events.NoteRecorded{Entered: d.next(caseStream(0)), Kind: "process"})
	db := d.seen()
	for day, untouched := range map[string]bool{"2012-03-05": true, "2012-03-06": true, "2012-03-07": false} {
		list, err := caseload.List(context.Background(), db, caseload.Filter{}, asOf(day))
		if err != nil || list.Rows[0].Untouched != untouched || list.Rows[0].AssignedOn != "2012-03-05" {
			t.Errorf("on %s: %+v, %v", day, list.Rows[0], err)
		}
	}
}

func TestACaseOpenedInErrorIsVoidOnEveryDay(t *testing.T) {
	d := newDiary(t, newLog())
	d.opens(0, "2012-03-01", worker(1))
	before := d.position
	d.write(caseStream(0), noon("2012-03-09"), events.CaseClosed{Entered: d.next(caseStream(0)), Reason: "opened_in_error"})
	db := d.seen()
	for _, ask := range []struct {
		at   projections.Point
		void string
	}{{asOf("2012-03-02"), "opened_in_error"}, {projections.Point{AsOf: "2012-03-02", KnownAt: before}, ""}} {
		list, err := caseload.List(context.Background(), db, caseload.Filter{}, ask.at)
		if err != nil || list.Rows[0].Void != ask.void || d.load(db, caseStream(0), ask.at).Case.Void != ask.void {
			t.Errorf("at %+v: %+v, %v", ask.at, list.Rows, err)
		}
	}
}
