package access

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

var (
	kase   = events.Stream("case", id5("case"))
	client = events.Stream("client", id5("client"))
	wang   = id5("wang").String()
	li     = id5("li").String()
	noon   = time.Date(2012, 7, 2, 12, 0, 0, 0, events.Zone)
)

func id5(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// log is a read log that is written to.
type log struct {
	*testing.T
	events.Store
	keys     sealedtest.Keys
	versions map[string]int
}

func (l *log) record(stream, actor string, at time.Time, fact events.Event) {
	l.Helper()
	meta := events.Meta{CommandID: uuid.New(), Actor: actor, OccurredAt: at, RecordedAt: at}
	closed, err := sealed.Seal(l.Context(), &l.keys, fact, sealed.Place{Stream: stream, Event: events.ID(meta.CommandID, stream, 0)}, stream)
	if err == nil {
		_, err = l.Append(l.Context(), stream, l.versions[stream], meta, closed)
		l.versions[stream]++
	}
	if err != nil {
		l.Fatal(err)
	}
}

func (l *log) shows(actor string, at time.Time, classes string, marks []string, streams ...string) {
	l.Helper()
	var all []sealed.Class
	for _, class := range strings.Fields(classes) {
		all = append(all, sealed.Class(class))
	}
	l.record(events.Reader(actor), actor, at, events.Disclosed{
		Asking: events.Asking{Role: "worker", Route: "get-cases", Purpose: "casework"}, Shown: []events.Shown{{Classes: all, Streams: streams}}, Marks: marks,
	})
}

func newLog(t *testing.T) *log {
	return &log{T: t, Store: memory.New(), versions: make(map[string]int)}
}

// folded folds a log into a new database.
func (l *log) folded() *readdb.DB {
	l.Helper()
	db, err := readdb.Open(l.Context(), pgtest.Place(l))
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = db.Close() })
	if err := projections.New(l.Store, db, nil, Projection{}).CatchUp(l.Context(), nil); err != nil {
		l.Fatal(err)
	}
	return db
}

func TestWhoReadAFileIsARowForEachReaderAndDay(t *testing.T) {
	l := newLog(t)
	l.shows(wang, noon, "S1 S2", nil, kase)
	l.shows(wang, noon, "S1", nil, client)
	l.shows(li, noon.Add(time.Hour), "S2", nil, kase)
	db := l.folded()
	p := projections.New(l.Store, db, nil, Projection{})
	l.shows(wang, noon.Add(2*time.Hour), "S1 S2", nil, kase) // in a later batch
	l.shows(wang, noon.Add(14*time.Hour), "S1 S2", nil, kase)
	l.record(events.Reader(li), li, noon, events.Denied{Asking: events.Asking{Role: "worker", Route: "get-cases"}, Stream: kase})
	if err := p.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	list, err := Readers(t.Context(), db, 10, kase)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 || list[0].Day != "2012-07-03" || list[1].Actor != wang || list[1].Times != 2 || list[2].Actor != li {
		t.Fatalf("%+v", list)
	}
	if r := list[1]; !r.Since.Equal(noon) || !r.Until.Equal(noon.Add(2*time.Hour)) || !slices.Equal(r.Classes, []string{"S1", "S2"}) || r.Purpose != "casework" {
		t.Errorf("%+v", r)
	}
	if list, _ := Readers(t.Context(), db, 10, kase, client); len(list) != 4 {
		t.Errorf("of the case and the client: %+v", list)
	}
	if list, _ := Readers(t.Context(), db, 2, kase); len(list) != 2 {
		t.Errorf("of many: %+v", list)
	}
}

func TestWhatIsUnusualIsListedOnceEach(t *testing.T) {
	l := newLog(t)
	l.shows(wang, noon, "S1", []string{"night", "own-surname"}, client, kase)
	l.shows(wang, noon, "S1", nil, client)
	l.shows(wang, noon, "S1", []string{"night"}, client)
	db := l.folded()
	list, err := Unusuals(t.Context(), db, 0, 10)
	if err != nil || len(list) != 2 || !slices.Equal(list[0].Marks, []string{"night", "own-surname"}) || !slices.Equal(list[0].Streams, []string{client, kase}) {
		t.Fatalf("%+v, %v", list, err)
	}
	if next, _ := Unusuals(t.Context(), db, list[0].Position, 10); len(next) != 1 || next[0].Position != list[1].Position {
		t.Errorf("then: %+v", next)
	}
}

func TestABrokenGlassIsListedUntilItIsReviewed(t *testing.T) {
	l := newLog(t)
	over := events.Glass(id5("case"))
	breaks := func(name string, at time.Time) {
		l.record(over, wang, at, events.GlassBroken{
			Entered: events.Entered{Entry: id5(name)}, Role: "worker", Client: id5("client"), Reason: "violence", Words: sealed.Say("他又打了孩子"),
			Until: at.Add(time.Hour), ReviewBy: at.Add(72 * time.Hour),
		})
	}
	breaks("one", noon)
	breaks("two", noon.Add(24*time.Hour))
	list, err := Unreviewed(t.Context(), l.folded(), noon.Add(73*time.Hour))
	if err != nil || len(list) != 2 || list[0].ID != id5("one").String() || !list[0].Overdue || list[1].Overdue || list[0].Case != id5("case").String() {
		t.Fatalf("%+v, %v", list, err)
	}
	l.record(over, li, noon.Add(time.Hour), events.GlassReviewed{Entered: events.Entered{Entry: id5("review")}, Glass: id5("one"), Role: "supervisor", Finding: "justified"})
	if list, err := Unreviewed(t.Context(), l.folded(), noon); err != nil || len(list) != 1 || list[0].ID != id5("two").String() {
		t.Errorf("after the review: %+v, %v", list, err)
	}
}
