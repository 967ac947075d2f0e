package search_test

import (
	"fmt"
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
	"github.com/casestream/casestream/projections/search"
	"github.com/google/uuid"
)

// index is one over a log in memory, on the engine of the run.
type index struct {
	*testing.T
	keys      sealedtest.Keys
	log       events.Store
	db        *readdb.DB
	projector *projections.Projector
	view      search.Projection
	versions  map[string]int
}

func open(t *testing.T) *index {
	x := &index{T: t, log: memory.New(), versions: make(map[string]int)}
	x.view = search.Projection{Keys: &x.keys}
	x.db, x.projector = x.fresh()
	return x
}

// fresh is another one over the same log.
func (x *index) fresh() (*readdb.DB, *projections.Projector) {
	x.Helper()
	db, err := readdb.Open(x.Context(), pgtest.Place(x))
	if err != nil {
		x.Fatal(err)
	}
	x.Cleanup(func() { _ = db.Close() })
	return db, projections.New(x.log, db, nil, x.view)
}

func client(n int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "client %d", n))
}

// write adds facts of a client.
func (x *index) write(n int, facts ...events.Event) {
	x.Helper()
	stream := events.Stream("client", client(n))
	for _, fact := range facts {
		meta := events.Meta{CommandID: uuid.Must(uuid.NewV7()), Actor: "worker", OccurredAt: time.Unix(1341190800, 0), RecordedAt: time.Unix(1341190800, 0)}
		closed, err := sealed.Seal(x.Context(), &x.keys, fact, sealed.Place{Stream: stream, Event: events.ID(meta.CommandID, stream, 0)}, stream)
		if err == nil {
			_, err = x.log.Append(x.Context(), stream, x.versions[stream], meta, closed)
		}
		if err != nil {
			x.Fatal(err)
		}
		x.versions[stream]++
	}
}

func details(name, birth string) events.Details {
	return events.Details{Name: sealed.Say(name), Birth: sealed.Say(birth)}
}

func registered(d events.Details) events.Event {
	return events.ClientRegistered{Entered: events.Entered{Entry: uuid.New()}, Details: d}
}

func amended(d events.Details) events.Event {
	return events.ClientDetailsAmended{Entered: events.Entered{Entry: uuid.New()}, Details: d, Why: sealed.Say("查明")}
}

// finds checks that exactly these are found.
func (x *index) finds(asked search.Asked, want ...int) {
	x.Helper()
	if err := x.projector.CatchUp(x.Context(), nil); err != nil {
		x.Fatal(err)
	}
	found, err := search.Find(x.Context(), x.db, &x.keys, asked)
	if err != nil {
		x.Fatal(err)
	}
	var ids, wanted []uuid.UUID
	for _, f := range found {
		ids = append(ids, f.Client)
	}
	for _, n := range want {
		wanted = append(wanted, client(n))
	}
	slices.SortFunc(wanted, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	if !slices.Equal(ids, wanted) {
		x.Errorf("%+v finds %v, not %v", asked, found, wanted)
	}
}

func TestAPersonIsFoundByTheWholeName(t *testing.T) {
	x := open(t)
	x.write(1, registered(details("龙𠮷生", "2001")))
	x.write(2, registered(details("龙吉生", "2001")))
	x.write(3, registered(events.Details{Name: sealed.Say("石磊"), OtherNames: sealed.Say("小石、石头"), Phone: sealed.Say("027-85550001"), Guardian: events.Guardian{Phone: sealed.Say("+86 13800138000")}}))
	x.write(4, registered(events.Details{IDKind: "resident_id", IDNumber: sealed.Say("42010620010501123X")}))
	x.write(5, registered(events.Details{})) // nobody knows anything
	x.finds(search.Asked{Name: "龙　𠮷生"}, 1)
	x.finds(search.Asked{Name: "龙吉生"}, 2)
	x.finds(search.Asked{Name: "龙𠮷"})
	x.finds(search.Asked{Name: "𠮷生"})
	x.finds(search.Asked{Name: "石头"}, 3)
	x.finds(search.Asked{Name: "石磊", Birth: "1999"}, 3) // whose birth nobody knows
	x.finds(search.Asked{Phone: "85550001"})            // without the code of the city it is another
	x.finds(search.Asked{Phone: "(027) 8555-0001"}, 3)
	x.finds(search.Asked{Phone: "13800138000"}, 3)
	x.finds(search.Asked{IDNumber: "４２０１０６２００１０５０１１２３x"}, 4)
	x.finds(search.Asked{Name: "龙𠮷生", Phone: "13800138000", IDNumber: "42010620010501123X"}, 1, 3, 4)
	found, err := search.Find(t.Context(), x.db, &x.keys, search.Asked{Name: "石磊", Phone: "13800138000"})
	if err != nil || len(found) != 1 || !slices.Equal(found[0].By, []string{"name", "phone"}) {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestABirthTellsThoseOfOneNameApart(t *testing.T) {
	x := open(t)
	guessed := details("王小明", "2001")
	guessed.BirthEstimated = true
	x.write(1, registered(details("王小明", "2001-05-01")))
	x.write(2, registered(details("王小明", "1999")))
	x.write(3, registered(guessed))
	x.write(4, registered(details("王小明", "")))
	x.finds(search.Asked{Name: "王小明"}, 1, 2, 3, 4)
	x.finds(search.Asked{Name: "王小明", Birth: "2001-09"}, 1, 3, 4)
	x.finds(search.Asked{Name: "王小明", Birth: "2003"}, 3, 4)
	x.finds(search.Asked{Name: "王小明", Birth: "1999-12-31"}, 2, 3, 4)
	x.finds(search.Asked{Name: "王小明", Birth: "1950"}, 4)
	if _, err := search.Find(t.Context(), x.db, &x.keys, search.Asked{Name: "王"}); err == nil {
		t.Error("a surname is enough")
	}
}

func TestBothTheOldNameAndTheNewOneFindSomeone(t *testing.T) {
	x := open(t)
	x.write(1, registered(details("小石", "")))
	x.finds(search.Asked{Name: "小石"}, 1)
	x.finds(search.Asked{Name: "石磊"})
	x.write(1, amended(details("石磊", "2001")))
	x.finds(search.Asked{Name: "小石"}, 1)
	x.finds(search.Asked{Name: "石磊"}, 1)
	x.finds(search.Asked{Name: "小石", Birth: "2001"}, 1)
	x.finds(search.Asked{Name: "小石", Birth: "1980"})
}

func TestWhoIsForgottenIsNotFoundAndNothingIsLeft(t *testing.T) {
	x := open(t)
	x.write(1, registered(details("小石", "2001")), amended(details("石磊", "2001")))
	x.write(2, registered(details("石磊", "1990")))
	x.finds(search.Asked{Name: "石磊"}, 1, 2)
	x.write(1, events.ForgettingBegun{})
	x.finds(search.Asked{Name: "石磊"}, 2)
	x.finds(search.Asked{Name: "小石"})
	left, beside, err := search.Left(t.Context(), x.db, client(1))
	others, _, failed := search.Left(t.Context(), x.db, client(2))
	if left+beside != 0 || err != nil || others == 0 || failed != nil {
		t.Errorf("of who is forgotten %d signs are left, %v; of the other %d, %v", left+beside, err, others, failed)
	}
	x.keys.Forget(events.Stream("client", client(1)))
	x.foldsAnewTheSame()
}

// foldsAnewTheSame checks that an index that is made anew is the one that followed, also where keys are gone since.
func (x *index) foldsAnewTheSame() {
	x.Helper()
	before, err := projections.Dump(x.Context(), x.db, x.view)
	if err != nil || !strings.Contains(before, "search_sign") {
		x.Fatal(before, err)
	}
	if err := x.projector.Rebuild(x.Context(), nil, "search"); err != nil {
		x.Fatal(err)
	}
	after, err := projections.Dump(x.Context(), x.db, x.view)
	if err != nil || before != after {
		x.Errorf("made anew it is %s, %v; it was %s", after, err, before)
	}
	db, projector := x.fresh()
	if err := projector.CatchUp(x.Context(), nil); err != nil {
		x.Fatal(err)
	}
	if other, err := projections.Dump(x.Context(), db, x.view); err != nil || other != before {
		x.Errorf("beside it is %s, %v; it was %s", other, err, before)
	}
}

func TestTheIndexHoldsNoWords(t *testing.T) {
	x := open(t)
	x.write(1, registered(events.Details{Name: sealed.Say("canaryname"), OtherNames: sealed.Say("canaryother"), Birth: sealed.Say("1987"), IDKind: "passport", IDNumber: sealed.Say("canarynumber"), Phone: sealed.Say("18771234567")}))
	x.finds(search.Asked{Name: "canaryname"}, 1)
	text, err := projections.Dump(t.Context(), x.db, x.view)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"canary", "1987", "18771234567"} {
		if strings.Contains(text, word) {
			t.Errorf("it holds %s: %s", word, text)
		}
	}
	if n := strings.Count(text, client(1).String()); n != 6 { // two names, a number, a telephone, a year, and that there is one
		t.Errorf("%d signs: %s", n, text)
	}
	x.foldsAnewTheSame()
}
