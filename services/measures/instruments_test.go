package measures_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/casestream/casestream/services/measures"
)

func find(t *testing.T, key string) measures.Instrument {
	t.Helper()
	i, ok := measures.Find(key)
	if !ok {
		t.Fatalf("no instrument %q", key)
	}
	return i
}

func TestTheInstrumentsThatShip(t *testing.T) {
	var keys []string
	for _, i := range measures.All() {
		keys = append(keys, i.Key)
	}
	if want := []string{"gad-7", "gas", "itaq", "needs", "phq-9", "satisfaction", "sdq", "sdss", "severity", "whodas"}; !slices.Equal(keys, want) {
		t.Errorf("instruments %v, want %v", keys, want)
	}
	if _, ok := measures.Find("rorschach"); ok {
		t.Error("an instrument that does not ship was found")
	}
}

func TestAnOldVersionIsFoundByItsNumber(t *testing.T) {
	if i, ok := measures.FindVersion("phq-9", 1); !ok || i.Version != 1 {
		t.Error("phq-9 version 1 was not found")
	}
	if _, ok := measures.FindVersion("phq-9", 99); ok {
		t.Error("phq-9 version 99 was found")
	}
}

// What PRACTICE.md fixes and a data file must not drift from.
func TestRangesChangesAndAges(t *testing.T) {
	for _, want := range []struct {
		key      string
		lo, hi   int
		change   float64
		minAge   int
		lower    bool
		itemText int
	}{
		{"phq-9", 0, 27, 5, 12, true, 9},
		{"gad-7", 0, 21, 4, 12, true, 7},
		{"severity", 0, 10, 2, 0, true, 1},
		{"needs", 0, 4, 1, 0, false, 0},
		{"satisfaction", 1, 5, 0, 0, false, 1},
		{"gas", 13, 87, 10, 0, false, 0},
		{"sdq", 0, 40, 0, 2, true, 0},
		{"whodas", 0, 100, 0, 18, true, 0},
		{"sdss", 0, 20, 0, 15, true, 0},
		{"itaq", 0, 22, 0, 18, false, 0},
	} {
		i := find(t, want.key)
		if r := i.Scores(); r.Min != want.lo || r.Max != want.hi {
			t.Errorf("%s: scores %v, want %d to %d", want.key, r, want.lo, want.hi)
		}
		if i.MinimalImportantChange != want.change || i.MinAge != want.minAge || (i.Direction == measures.LowerIsBetter) != want.lower {
			t.Errorf("%s: change %v from age %d, %s", want.key, i.MinimalImportantChange, i.MinAge, i.Direction)
		}
		if len(i.Items) != want.itemText {
			t.Errorf("%s ships %d item texts, want %d", want.key, len(i.Items), want.itemText)
		}
	}
}

func TestAgeIsAskedApartFromTheScore(t *testing.T) {
	for _, c := range []struct {
		key  string
		age  int
		want bool
	}{{"phq-9", 11, false}, {"phq-9", 12, true}, {"phq-9", 90, true}, {"sdq", 17, true}, {"sdq", 18, false}, {"severity", 0, true}, {"severity", -1, false}} {
		if got := find(t, c.key).AdmitsAge(c.age); got != c.want {
			t.Errorf("%s at %d years: %t, want %t", c.key, c.age, got, c.want)
		}
	}
}

func TestChineseTextsUseChinesePunctuation(t *testing.T) {
	ascii := regexp.MustCompile(`[,;:?!()]`)
	for _, i := range measures.All() {
		texts := []string{i.Names.ZH, i.Question.ZH}
		for _, item := range i.Items {
			texts = append(texts, item.ZH)
		}
		for _, o := range i.Options {
			texts = append(texts, o.ZH)
		}
		for _, b := range i.Bands {
			texts = append(texts, b.ZH)
		}
		for _, text := range texts {
			if ascii.MatchString(text) {
				t.Errorf("%s: %q has half-width punctuation", i.Key, text)
			}
		}
	}
}
