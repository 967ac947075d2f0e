package measures_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/casestream/casestream/services/measures"
)

// phq gives answers to the first items of the PHQ-9, -1 for a blank one.
func phq(answers ...int) map[string]int {
	m := map[string]int{}
	for n, a := range answers {
		if a >= 0 {
			m[fmt.Sprintf("phq%d", n+1)] = a
		}
	}
	return m
}

func TestPHQ9(t *testing.T) {
	const none = -1
	for _, c := range []struct {
		name     string
		answers  map[string]int
		score    int
		band     string
		missing  int
		filledIn bool
		safety   []string
		tasks    []string
	}{
		{"nothing at all", phq(0, 0, 0, 0, 0, 0, 0, 0, 0), 0, "minimal", 0, false, nil, nil},
		{"4 is minimal", phq(3, 1, 0, 0, 0, 0, 0, 0, 0), 4, "minimal", 0, false, nil, nil},
		{"5 is mild", phq(3, 2, 0, 0, 0, 0, 0, 0, 0), 5, "mild", 0, false, nil, nil},
		{"9 is mild", phq(3, 3, 3, 0, 0, 0, 0, 0, 0), 9, "mild", 0, false, nil, nil},
		{"10 is moderate", phq(3, 3, 3, 1, 0, 0, 0, 0, 0), 10, "moderate", 0, false, nil, nil},
		{"14 is moderate", phq(3, 3, 3, 3, 2, 0, 0, 0, 0), 14, "moderate", 0, false, nil, nil},
		{"15 is moderately severe", phq(3, 3, 3, 3, 3, 0, 0, 0, 0), 15, "moderately-severe", 0, false, nil, nil},
		{"19 is moderately severe", phq(3, 3, 3, 3, 3, 3, 1, 0, 0), 19, "moderately-severe", 0, false, nil, nil},
		{"20 is severe", phq(3, 3, 3, 3, 3, 3, 2, 0, 0), 20, "severe", 0, false, nil, nil},
		{"27 is severe", phq(3, 3, 3, 3, 3, 3, 3, 3, 3), 27, "severe", 0, false, []string{"self-harm"}, nil},
		{"item 9 alone raises the flag", phq(0, 0, 0, 0, 0, 0, 0, 0, 1), 1, "minimal", 0, false, []string{"self-harm"}, nil},
		{"one blank is filled in, 4.5 rounded up to 5", phq(-1, 1, 1, 1, 1, 0, 0, 0, 0), 5, "mild", 1, true, nil, nil},
		{"two blanks are filled in", phq(-1, -1, 1, 1, 1, 1, 1, 1, 1), 9, "mild", 2, true, []string{"self-harm"}, nil},
		{"three blanks leave no score", phq(-1, -1, -1, 3, 3, 3, 3, 3, 0), none, "", 3, false, nil, nil},
		{"three blanks do not hide item 9", phq(-1, -1, -1, 0, 0, 0, 0, 0, 1), none, "", 3, false, []string{"self-harm"}, nil},
		{"a blank item 9 is asked again and never filled in", phq(1, 1, 1, 1, 1, 1, 1, 1), none, "", 1, false, nil, []string{"item-9-blank"}},
		{"no answers", phq(), none, "", 9, false, nil, []string{"item-9-blank"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := find(t, "phq-9").Score(c.answers)
			if err != nil {
				t.Fatal(err)
			}
			if score := whole(r.Score); score != c.score || r.Band != c.band || r.Missing != c.missing || r.FilledIn != c.filledIn {
				t.Errorf("score %d %q, %d missing, filled in %t; want %d %q, %d, %t", score, r.Band, r.Missing, r.FilledIn, c.score, c.band, c.missing, c.filledIn)
			}
			if !slices.Equal(r.Safety, c.safety) || !slices.Equal(r.Tasks, c.tasks) {
				t.Errorf("safety %v, tasks %v; want %v, %v", r.Safety, r.Tasks, c.safety, c.tasks)
			}
		})
	}
}

func whole(score *float64) int {
	if score == nil {
		return -1
	}
	return int(*score)
}

func TestGAD7FillsInOneBlankAndNoMore(t *testing.T) {
	gad := find(t, "gad-7")
	answers := map[string]int{"gad1": 2, "gad2": 2, "gad3": 2, "gad4": 2, "gad5": 2, "gad6": 2}
	if r, _ := gad.Score(answers); whole(r.Score) != 14 || r.Band != "moderate" || !r.FilledIn {
		t.Errorf("one blank: %d %s", whole(r.Score), r.Band)
	}
	delete(answers, "gad6")
	if r, _ := gad.Score(answers); r.Score != nil || r.Missing != 2 {
		t.Errorf("two blanks: score %d, %d missing", whole(r.Score), r.Missing)
	}
	for total, band := range map[int]string{4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate", 15: "severe", 21: "severe"} {
		answers := map[string]int{}
		for n, left := 1, total; n <= 7; n++ {
			answers[fmt.Sprintf("gad%d", n)] = min(3, left)
			left -= min(3, left)
		}
		if r, _ := gad.Score(answers); r.Band != band {
			t.Errorf("%d is %s, want %s", total, r.Band, band)
		}
	}
}

func TestNeedsAreTheMeanOfTheDomainsRated(t *testing.T) {
	needs := find(t, "needs").For("health", "family", "education")
	r, err := needs.Score(map[string]int{"health": 1, "family": 4})
	if err != nil {
		t.Fatal(err)
	}
	if *r.Score != 2.5 || r.Missing != 1 || r.FilledIn || !maps.Equal(r.ByDomain, map[string]int{"health": 1, "family": 4}) {
		t.Errorf("score %v of %v, %d missing", *r.Score, r.ByDomain, r.Missing)
	}
	if r, err := needs.Score(nil); err != nil || r.Score != nil || r.Missing != 3 {
		t.Errorf("nothing rated: %v, %v", r, err)
	}
}

func TestATotalIsEnteredAsOneNumber(t *testing.T) {
	if r, err := find(t, "sdq").Score(map[string]int{measures.TotalKey: 17}); err != nil || whole(r.Score) != 17 || r.Band != "" {
		t.Errorf("%v, %v", r, err)
	}
	if r, err := find(t, "sdq").Score(nil); err != nil || r.Score != nil || r.Missing != 1 {
		t.Errorf("no total: %v, %v", r, err)
	}
}

func TestAnswersThatCannotBeScoredAreRefusedByCode(t *testing.T) {
	for _, c := range []struct {
		name    string
		of      measures.Instrument
		answers map[string]int
		want    measures.Error
	}{
		{"above the scale", find(t, "phq-9"), phq(4), measures.Error{Code: measures.OutOfRange, Item: "phq1"}},
		{"below the scale", find(t, "phq-9"), map[string]int{"phq2": -1}, measures.Error{Code: measures.OutOfRange, Item: "phq2"}},
		{"an item of another instrument", find(t, "phq-9"), map[string]int{"gad1": 1}, measures.Error{Code: measures.UnknownItem}},
		{"below a scale from one", find(t, "satisfaction"), map[string]int{"satisfaction": 0}, measures.Error{Code: measures.OutOfRange, Item: "satisfaction"}},
		{"a total too high", find(t, "sdq"), map[string]int{"total": 41}, measures.Error{Code: measures.OutOfRange, Item: "total"}},
		{"a domain of another category", find(t, "needs").For("health"), map[string]int{"work": 1}, measures.Error{Code: measures.UnknownItem}},
		{"domains not bound", find(t, "needs"), map[string]int{"health": 1}, measures.Error{Code: measures.NoDomains}},
		{"goals", find(t, "gas"), map[string]int{"g1": 1}, measures.Error{Code: measures.ByGoals}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.of.Score(c.answers)
			var refused *measures.Error
			if !errors.As(err, &refused) || *refused != c.want {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestAnErrorNeverRepeatsWhatWasSent(t *testing.T) {
	for _, answers := range []map[string]int{{"张三的秘密": 1}, {"phq1": 31337}} {
		_, err := find(t, "phq-9").Score(answers)
		if err == nil || strings.Contains(err.Error(), "张三") || strings.Contains(err.Error(), "31337") {
			t.Errorf("error %v", err)
		}
	}
}

// The second way of scoring, written down as one would on paper.
func TestSumsAgreeWithPaperAndPencil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i, _ := measures.Find(rapid.SampledFrom([]string{"phq-9", "gad-7"}).Draw(t, "instrument"))
		answers, list, item9 := map[string]int{}, []float64{}, true
		for n, item := range i.Items {
			answer := rapid.SampledFrom([]int{-1, 0, 0, 1, 1, 2, 2, 3, 3, 3}).Draw(t, item.Key)
			if answer < 0 {
				item9 = item9 && n != 8
				continue
			}
			answers[item.Key] = answer
			list = append(list, float64(answer))
		}
		r, err := i.Score(answers)
		if err != nil {
			t.Fatal(err)
		}

		blanks := len(i.Items) - len(list)
		allowed := map[string]int{"phq-9": 2, "gad-7": 1}[i.Key]
		if blanks > allowed || !item9 {
			if r.Score != nil || r.Band != "" || r.FilledIn {
				t.Fatalf("a score of %v with %d blanks", *r.Score, blanks)
			}
			return
		}
		total := 0.0
		for _, a := range list {
			total += a
		}
		total = math.Round(total + float64(blanks)*total/float64(len(list)))
		if r.Score == nil || *r.Score != total || r.FilledIn != (blanks > 0) || r.Missing != blanks {
			t.Fatalf("%v with %d blanks: %v; on paper %v", list, blanks, r, total)
		}
		steps := map[string][]float64{"phq-9": {20, 15, 10, 5, 0}, "gad-7": {15, 10, 5, 0}}[i.Key]
		names := map[string][]string{"phq-9": {"severe", "moderately-severe", "moderate", "mild", "minimal"}, "gad-7": {"severe", "moderate", "mild", "minimal"}}[i.Key]
		if at := slices.IndexFunc(steps, func(s float64) bool { return total >= s }); r.Band != names[at] {
			t.Fatalf("%v is %s, want %s", total, r.Band, names[at])
		}
	})
}

func TestAFilledInTotalLiesBetweenBlanksAsZeroAndBlanksAsThree(t *testing.T) {
	phq9 := find(t, "phq-9")
	rapid.Check(t, func(t *rapid.T) {
		answers := map[string]int{}
		given := 0
		for _, item := range phq9.Items {
			answers[item.Key] = rapid.IntRange(0, 3).Draw(t, item.Key)
			given += answers[item.Key]
		}
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"phq1", "phq2", "phq5", "phq8"}), 1, 2, rapid.ID).Draw(t, "blank") {
			given -= answers[key]
			delete(answers, key)
		}
		r, err := phq9.Score(answers)
		if err != nil || !r.FilledIn {
			t.Fatalf("%v, %v", r, err)
		}
		if *r.Score < float64(given) || *r.Score > float64(given+3*r.Missing) || *r.Score != math.Trunc(*r.Score) {
			t.Fatalf("%d points given, %d blank: %v", given, r.Missing, *r.Score)
		}
	})
}

func TestItem9RaisesTheFlagWhateverElseIsAnswered(t *testing.T) {
	phq9 := find(t, "phq-9")
	rapid.Check(t, func(t *rapid.T) {
		answers := map[string]int{}
		for _, item := range phq9.Items {
			if a := rapid.IntRange(-1, 3).Draw(t, item.Key); a >= 0 {
				answers[item.Key] = a
			}
		}
		r, _ := phq9.Score(answers)
		nine, given := answers["phq9"]
		if slices.Contains(r.Safety, "self-harm") != (nine > 0) || slices.Contains(r.Tasks, "item-9-blank") == given {
			t.Fatalf("answers %v: safety %v, tasks %v", answers, r.Safety, r.Tasks)
		}
	})
}
