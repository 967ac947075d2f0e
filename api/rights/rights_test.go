package rights

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write testdata/cells.txt anew")

func TestTheCellsAreThoseThatAreCommitted(t *testing.T) {
	now := Picture(TheBook())
	if *update {
		if err := os.WriteFile("testdata/cells.txt", []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile("testdata/cells.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(committed) != now {
		t.Fatal("who may do what has changed. If that is meant: go test ./rights -update, look at what changes in testdata/cells.txt, and say it in CHANGELOG.md")
	}
}

func TestNoCellIsGivenTwice(t *testing.T) {
	seen := make(map[string]bool)
	for _, line := range strings.Split(Picture(TheBook()), "\n") {
		key := strings.Join(strings.Split(line, " | ")[:min(4, strings.Count(line, " | ")+1)], " | ")
		if line != "" && seen[key] {
			t.Errorf("%s is given by two rules", key)
		}
		seen[key] = true
	}
}

func TestEveryRightIsOfSomeRouteAndEveryRouteHasARight(t *testing.T) {
	of := make(map[Right]bool)
	for route, right := range Routes {
		of[right] = true
		if right == "" {
			t.Errorf("%s needs no right", route)
		}
	}
	for _, right := range Instead {
		of[right] = true
	}
	for _, rule := range TheBook().Rules {
		if !of[rule.Right] {
			t.Errorf("%s opens no route", rule.Right)
		}
	}
}

// What must be true of any book, however it is rewritten.
func TestTheBookKeepsWhatIsPromised(t *testing.T) {
	rules := New(TheBook())
	all := []Relation{Assigned, CoWorker, Recorder, Supervising, Granted, UnderGlass, Past, OnDuty, Receiver, OverGlass, None}
	offices := []Right{SeeReaders, ReviewGlass} // an office has them of every case, besides who stands in a relation
	relations := rapid.Map(rapid.SliceOfDistinct(rapid.SampledFrom(all), func(r Relation) Relation { return r }), func(some []Relation) Relations { return Of(some...) })
	rapid.Check(t, func(t *rapid.T) {
		right := rapid.SampledFrom(rightsThereAre()).Draw(t, "right")
		role := rapid.SampledFrom(session.Roles).Draw(t, "role")
		has, more := relations.Draw(t, "relations"), relations.Draw(t, "more")
		state := rapid.SampledFrom(States).Draw(t, "state")
		d := rules.Decide(right, role, has, state)
		switch {
		case rules.Decide(right, role, has|Of(Conflict), state).May:
			t.Fatalf("%s has %s in spite of a conflict of interest", role, right)
		case right == Keep || right == ExportAll: // an office, and nobody's relation: of every client, and nobody else's
			if d.May != (role == session.PrivacyOfficer) {
				t.Fatalf("%s, %s: %t", role, right, d.May)
			}
		case role == session.PrivacyOfficer && slices.Contains(offices, right):
			if d.May != (state != Erased || right == SeeReaders) {
				t.Fatalf("%s, %s, %s: %t", role, right, state, d.May)
			}
		case right == BreakGlass || right == Search: // for whoever has no relation
			if d.May != (slices.Contains(casework, role) && slices.Contains(running, state)) {
				t.Fatalf("%s, %s, %s: %t", role, right, state, d.May)
			}
		case d.May && !slices.Contains(casework, role):
			t.Fatalf("%s has %s of a case", role, right)
		case d.May && state == Erased && right != CountCases:
			t.Fatalf("%s has %s of an erased case", role, right)
		case d.May && has == 0:
			t.Fatalf("%s has %s without a relation", role, right)
		case d.May && !rules.Opens(right, role):
			t.Fatalf("%s has %s, and its door is shut", role, right)
		case d.Shows(sealed.Disclosure, ""):
			t.Fatalf("%s by %s shows S3 unasked", right, role)
		case d.Whole() && !rules.Decide(right, role, has|more, state).Whole():
			t.Fatalf("%s loses %s by one more relation", role, right)
		}
	})
}

func rightsThereAre() (all []Right) {
	for _, rule := range TheBook().Rules {
		if !slices.Contains(all, rule.Right) {
			all = append(all, rule.Right)
		}
	}
	return all
}

// A list looks for rows by the relations that its view knows of; a relation that it does not know would be left out in
// silence.
func TestListsAreGivenOnlyInRelationsThatTheirViewKnows(t *testing.T) {
	known := []Relation{Assigned, CoWorker, Recorder, Supervising, Granted}
	rules := New(TheBook())
	for _, role := range session.Roles {
		for _, list := range []Right{ListCases, ListAudit} {
			for _, relation := range rules.By(list, role) {
				if !slices.Contains(known, relation) {
					t.Errorf("%s is given to a %s who is %s, which the view cannot tell", list, role, relation)
				}
			}
		}
	}
}

func TestClassesAreToldApart(t *testing.T) {
	for classes, has := range map[Classes][]sealed.Class{"": nil, plain: {"S0"}, whoItIs: {"S0", "S1"}, working: {"S0", "S1", "S2"}, gravest: {"S3"}} {
		for _, class := range []sealed.Class{"", "S", "S0", "S1", "S2", "S3", "S4", "0 ", "S0 S1"} {
			if classes.Has(class) != slices.Contains(has, class) {
				t.Errorf("%q has %q: %t", classes, class, classes.Has(class))
			}
		}
	}
}

func TestWhoIsNobodyStandsInNoRelation(t *testing.T) {
	if r := Near(uuid.Nil, Ties{}, time.Time{}); r != 0 {
		t.Errorf("an account without a worker has relations %b to a case without one", r)
	}
	if r := Far(Place{Team: []uuid.UUID{uuid.Nil}}, Ties{Referred: []string{""}}); r != 0 {
		t.Errorf("a place that is nowhere gives relations %b", r)
	}
}
