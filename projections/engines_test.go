package projections_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/outcomes"
	"github.com/casestream/casestream/projections/readdb"
)

// TestMain runs every test with the views in SQLite, then in PostgreSQL.
func TestMain(m *testing.M) { os.Exit(pgtest.Both(m, pgtest.Fast)) }

// server is the one that the tests run on or, while they run on SQLite, one of this test.
func server(t *testing.T) *pgtest.Server {
	if running := pgtest.Running(); running != nil {
		return running
	}
	return pgtest.New(t, pgtest.Fast)
}

func TestTheTablesAreTheSameToTheByteOnBothEngines(t *testing.T) {
	ctx := context.Background()
	d := year(t, newLog(), 1500)
	for n, odd := range []string{"a\x00b", "\x00", "Z", "a", "ｚ", "𠮷", "王", "'%_\\", "<nil>"} { // what no code is, but a log may have
		d.actor = "office:" + odd
		d.opens(1000+n, "2012-05-01", worker(1), events.Due{Step: odd, By: by("2012-06-01")})
		kase := caseStream(1000 + n)
		d.write(kase, noon("2012-05-02"), events.MeasureTaken{Entered: d.next(kase), Instrument: odd, When: odd, NotDone: odd})
		d.write(kase, noon("2012-05-03"), events.CaseClosed{Entered: d.next(kase), Reason: odd, Exit: odd})
	}
	var dumps, lists, counts []string
	for _, place := range []string{filepath.Join(t.TempDir(), "views.db"), server(t).Place()} {
		db := reopen(t, place)
		p := projections.New(d.log, db, nil, all()...)
		if err := p.CatchUp(ctx, nil); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Status() {
			if s.Parked != "" || s.Position != d.position {
				t.Errorf("%+v", s)
			}
		}
		dumps = append(dumps, dump(t, db, all()...))
		list, err := caseload.List(ctx, db, caseload.Filter{}, asOf("2012-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, text(t, list.Rows))
		result, _, err := outcomes.Replay(ctx, db, outcomes.Asked{KnownAt: projections.Latest})
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, text(t, result))
	}
	if dumps[0] != dumps[1] {
		one, other := strings.Split(dumps[0], "\n"), strings.Split(dumps[1], "\n")
		for n := range min(len(one), len(other)) {
			if one[n] != other[n] {
				t.Fatalf("line %d is\n%s\nin SQLite and\n%s\nin PostgreSQL", n, one[n], other[n])
			}
		}
		t.Fatalf("%d lines in SQLite, %d in PostgreSQL", len(one), len(other))
	}
	if lists[0] != lists[1] {
		t.Errorf("the caseload is\n%s\non SQLite, and on PostgreSQL\n%s", lists[0], lists[1])
	}
	if counts[0] != counts[1] {
		t.Errorf("the outcomes are\n%s\non SQLite, and on PostgreSQL\n%s", counts[0], counts[1])
	}
}

// inTwo are two databases of views on one place, as two processes have them.
func inTwo(t *testing.T, place string) [2]*readdb.DB {
	return [2]*readdb.DB{reopen(t, place), reopen(t, place)}
}
