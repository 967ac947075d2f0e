package disclosure_test

import (
	"fmt"
	"testing"

	"github.com/casestream/casestream/projections/disclosure"
	"pgregory.net/rapid"
)

// drawnRows are rows with three traits: one of three levels, two of two.
func drawnRows(t *rapid.T) (person []string, traits []disclosure.Trait) {
	traits = []disclosure.Trait{
		{Name: "site", Levels: make([][]string, 2)}, {Name: "sex", Levels: make([][]string, 2)}, {Name: "age", Levels: make([][]string, 3)},
	}
	for range rapid.IntRange(0, 120).Draw(t, "rows") {
		person = append(person, fmt.Sprint(rapid.IntRange(0, 90).Draw(t, "person")))
		age := rapid.IntRange(0, 99).Draw(t, "age")
		traits[0].Levels[0] = append(traits[0].Levels[0], rapid.SampledFrom([]string{"station", "ward"}).Draw(t, "site"))
		traits[1].Levels[0] = append(traits[1].Levels[0], rapid.SampledFrom([]string{"male", "female", "male"}).Draw(t, "sex"))
		traits[2].Levels[0] = append(traits[2].Levels[0], fmt.Sprint(age/20))
		traits[2].Levels[1] = append(traits[2].Levels[1], fmt.Sprint(age/60))
		for i, last := range []int{1, 1, 2} {
			traits[i].Levels[last] = append(traits[i].Levels[last], "any")
		}
	}
	return person, traits
}

// alikeRows counts, for one row, the people in rows that look like it: pair by pair, not by classes.
func alikeRows(row int, person []string, traits []disclosure.Trait, levels []int) int {
	people := make(map[string]bool)
	for other := range person {
		same := true
		for i, trait := range traits {
			same = same && trait.Levels[levels[i]][other] == trait.Levels[levels[i]][row]
		}
		if same {
			people[person[other]] = true
		}
	}
	return len(people)
}

func TestEveryRowLooksLikeThoseOfTenPeople(t *testing.T) {
	coarsened, fine := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		person, traits := drawnRows(t)
		levels, smallest, ok := disclosure.Coarsen(person, traits)
		distinct := make(map[string]bool)
		for _, who := range person {
			distinct[who] = true
		}
		if ok != (len(distinct) >= disclosure.K) {
			t.Fatalf("of %d people: %v", len(distinct), ok)
		}
		if !ok {
			return
		}
		least := len(person)
		for row := range person {
			least = min(least, alikeRows(row, person, traits, levels))
		}
		if least < disclosure.K || least != smallest {
			t.Fatalf("a row looks like those of %d people only; %d were promised", least, smallest)
		}
		steps := 0
		for _, level := range levels {
			steps += level
		}
		if steps > 0 {
			coarsened++
		} else {
			fine++
		}
		for i := range levels { // one step less is not enough
			if levels[i] == 0 {
				continue
			}
			finer := append([]int{}, levels...)
			finer[i]--
			short := false
			for row := range person {
				short = short || alikeRows(row, person, traits, finer) < disclosure.K
			}
			if !short {
				t.Fatalf("%s is coarser than it must be: %v", traits[i].Name, levels)
			}
		}
	})
	if coarsened == 0 {
		t.Error("nothing had to be coarsened: it tests little")
	}
}
