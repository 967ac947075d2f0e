package projections_test

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// A long file stands on a few full sheets and some with one fact each. Whenever it is looked at while it grows, and from
// whatever was remembered of it, it has all of its facts, in their order, each once.
func TestALongFileHasAllOfItsFactsWhileItGrows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDiary(t, newLog())
		db := open(t)
		defer db.Close()
		p := projections.New(d.log, db, nil, casefile.Projection{}).Sizes(rapid.IntRange(1, 70).Draw(rt, "few"), rapid.IntRange(1, 70).Draw(rt, "many"))
		streams := []string{caseStream(1), caseStream(2), clientStream(1)}
		written, at := make([][]uuid.UUID, len(streams)), make([][]events.Position, len(streams))

		for range rapid.IntRange(1, 6).Draw(rt, "times") {
			for range rapid.IntRange(0, 90).Draw(rt, "facts") {
				n := rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "stream")
				fact := events.NoteRecorded{Entered: d.next(streams[n]), Kind: "process", Text: sealed.Say("孩子说夜里仍会惊醒。")}
				written[n] = append(written[n], fact.Entry)
				at[n] = append(at[n], d.write(streams[n], noon("2012-05-18"), fact))
			}
			if err := p.CatchUp(t.Context(), nil); err != nil {
				rt.Fatal(err)
			}
			n := rapid.IntRange(0, len(streams)-1).Draw(rt, "read")
			known := rapid.IntRange(0, len(written[n])).Draw(rt, "known")
			same(rt, db, streams[n], projections.Latest, written[n])
			if known > 0 {
				same(rt, db, streams[n], at[n][known-1], written[n][:known])
			}
			if want, rows := len(written[n])/32+len(written[n])%32, sheets(rt, db, streams[n]); rows != want {
				rt.Fatalf("%d facts stand on %d sheets, not %d", len(written[n]), rows, want)
			}
		}
		anew := open(t)
		defer anew.Close()
		if err := projections.New(d.log, anew, nil, casefile.Projection{}).CatchUp(t.Context(), nil); err != nil {
			rt.Fatal(err)
		}
		if dump(t, db, casefile.Projection{}) != dump(t, anew, casefile.Projection{}) {
			rt.Fatal("folded anew it is another table")
		}
	})
}

func TestWhoIsForgottenHasNoWordsOnFullSheets(t *testing.T) {
	d, db := newDiary(t, newLog()), open(t)
	p := projections.New(d.log, db, nil, casefile.Projection{})
	for range 70 {
		d.write(clientStream(1), noon("2012-05-18"), events.NoteRecorded{Entered: d.next(clientStream(1)), Kind: "process", Text: sealed.Say("孩子")})
	}
	left := func() int {
		t.Helper()
		if err := p.CatchUp(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		rows, _, err := projections.Left(t.Context(), db, clientStream(1), casefile.Projection{})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if rows := left(); rows != 2+70%32 {
		t.Fatalf("%d rows have their words before", rows)
	}
	d.write(clientStream(1), noon("2012-05-19"), events.ForgettingBegun{})
	if rows := left(); rows != 0 {
		t.Fatalf("%d rows have their words", rows)
	}
	db.DropKept()
	file, err := casefile.Load(t.Context(), db, clientStream(1), projections.Point{KnownAt: projections.Latest})
	if err != nil || file.Version != 71 || len(file.Timeline()) != 70 {
		t.Fatal(file, err)
	}
	for _, entry := range file.Timeline() {
		if note := entry.Fact.(events.NoteRecorded); !note.Text.IsZero() || note.Kind != "process" {
			t.Fatalf("%+v is left of a note", note)
		}
	}
}

// same holds a file to the entries that were written.
func same(t *rapid.T, db *readdb.DB, stream string, known events.Position, written []uuid.UUID) {
	t.Helper()
	file, err := casefile.Load(t.Context(), db, stream, projections.Point{KnownAt: known})
	if len(written) == 0 && errors.Is(err, casefile.ErrNothing) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var read []uuid.UUID
	for _, entry := range file.Everything() {
		read = append(read, entry.ID)
	}
	if file.Version != len(written) || !slices.Equal(read, written) {
		t.Fatalf("of %d facts it has %d, in version %d, or others", len(written), len(read), file.Version)
	}
}

// sheets counts the rows of a stream.
func sheets(t *rapid.T, db *readdb.DB, stream string) (n int) {
	t.Helper()
	err := db.View(t.Context(), "casefile", func(tx *readdb.Tx) error {
		return tx.Query(`SELECT count(*) FROM casefile_fact@ WHERE stream = $1`, []any{stream}, func(rows *sql.Rows) error { return rows.Scan(&n) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
