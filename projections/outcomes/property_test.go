package outcomes

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Whatever is recorded, in whatever order, amended, retracted and amended again, with whatever days: every report is
// what the facts say when they are read one by one.
func TestReplayIsWhatTheFactsSay(t *testing.T) {
	test := t
	rapid.Check(t, func(t *rapid.T) {
		db := openNew(test)
		defer db.Close()
		w := newWorld(t)
		w.watch(db)
		for range rapid.IntRange(1, 70).Draw(t, "facts") {
			w.happens(t)
			if rapid.IntRange(0, 9).Draw(t, "catch up") == 9 {
				w.catchUp(t)
			}
		}
		w.catchUp(t)
		for range 4 {
			asked := w.asks(t)
			got, at, err := Replay(context.Background(), db, asked)
			if err != nil {
				t.Fatal(err)
			}
			want := naive(t, w.log, asked)
			if text(got) != text(want) {
				t.Fatalf("asked %s\n got %s\nwant %s", text(asked), text(got), text(want))
			}
			if head, _ := w.log.Head(context.Background()); at != head && at != asked.KnownAt {
				t.Fatalf("asked for what was known at %s, answered with %s", asked.KnownAt, at)
			}
			w.opens(t, db, asked, got)
		}

		stepwise := w.dump(t)
		whole := openNew(test)
		defer whole.Close()
		w.watch(whole)
		w.catchUp(t)
		if all := w.dump(t); all != stepwise {
			t.Fatalf("folded in one batch\n%s\nfolded in steps\n%s", all, stepwise)
		}
		if err := w.view.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if again := w.dump(t); again != stepwise {
			t.Fatalf("rebuilt\n%s\nfolded in steps\n%s", again, stepwise)
		}
	})
}

func openNew(t *testing.T) *readdb.DB {
	db, err := readdb.Open(context.Background(), pgtest.Place(t))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func text(x any) string {
	data, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// opens checks that numbers open into as many facts, page by page.
func (w *world) opens(t *rapid.T, db *readdb.DB, asked Asked, r Result) {
	ratings, measures := 0, 0
	for _, m := range r.Measures {
		if m.Instrument == "gas" {
			ratings = m.Taken
		} else {
			measures += m.Taken + m.NotDone
		}
	}
	for number, want := range map[string]int{
		"measures": measures, "ratings": ratings,
		"case_files": r.CaseFiles, "intakes": r.Intakes, "declined": r.Declined, "open": r.Open, "closed": r.Closed,
		"reopened": r.Reopened, "set_aside": r.SetAside, "contacts": r.Contacts, "group_sessions": r.GroupSessions,
		"activities": r.Activities, "person_times": r.Contacts + r.GroupSessions + r.Activities,
	} {
		got, personTimes := 0, 0.0
		for after := events.Position(0); ; {
			page, _, err := Facts(context.Background(), db, asked, number, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, row := range page {
				if row.First <= after {
					t.Fatalf("%s: %s comes after %s", number, row.First, after)
				}
				if after = row.First; row.Number != nil {
					personTimes += *row.Number
				}
			}
			got += len(page)
		}
		if got != want {
			t.Fatalf("asked %s: %s is %d and opens into %d facts", text(asked), number, want, got)
		}
		if number == "person_times" && int(personTimes) != r.PersonTimes.Total {
			t.Fatalf("the facts behind person_times add up to %v, not %d", personTimes, r.PersonTimes.Total)
		}
	}
}

// world is a programme in which anything may happen, allowed or not: what happened, happened.
type world struct {
	*given
	streams []string
	entries map[string][]events.Entry // originals
	changes map[string][]uuid.UUID    // corrections, to be retracted
	clients []uuid.UUID
	goals   []uuid.UUID
	one     bool // case alone, in depth
}

func newWorld(t *rapid.T) *world {
	w := &world{
		given:   &given{log: memory.New(), versions: make(map[string]int)},
		entries: make(map[string][]events.Entry), changes: make(map[string][]uuid.UUID),
	}
	w.one = rapid.Bool().Draw(t, "one case")
	for range 3 {
		w.clients, w.goals = append(w.clients, w.id()), append(w.goals, w.id())
	}
	return w
}

func (w *world) catchUp(t *rapid.T) {
	if err := w.view.CatchUp(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}
