package measures_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/casestream/casestream/services/measures"
)

type goals = []measures.GoalRating

func TestGoalAttainmentByHand(t *testing.T) {
	for _, c := range []struct {
		name           string
		goals          goals
		t              float64
		rated, unrated int
	}{
		{"one goal as expected", goals{{1, 0, true}}, 50, 1, 0},
		{"one goal one step above", goals{{1, 1, true}}, 60, 1, 0},
		{"one goal two steps below", goals{{3, -2, true}}, 30, 1, 0},
		{"two equal goals one step above: 50 + 20/√2.6", goals{{1, 1, true}, {1, 1, true}}, 62.40347, 2, 0},
		{"weights 2 and 1, +1 and −1: 50 + 10/√6.2", goals{{2, 1, true}, {1, -1, true}}, 54.01610, 2, 0},
		{"a goal without a rating is left out", goals{{1, 1, true}, {9, -2, false}}, 60, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, rated, unrated, ok := measures.GoalAttainment(c.goals)
			if !ok || math.Abs(got-c.t) > 1e-5 || rated != c.rated || unrated != c.unrated {
				t.Errorf("T %v of %d rated, %d not, ok %t; want %v, %d, %d", got, rated, unrated, ok, c.t, c.rated, c.unrated)
			}
		})
	}
}

func TestWithoutSoundRatingsThereIsNoT(t *testing.T) {
	for name, g := range map[string]goals{
		"no goals":         nil,
		"none rated":       {{1, 0, false}, {1, 2, false}},
		"a level too high": {{1, 3, true}},
		"a level too low":  {{1, 0, true}, {1, -3, true}},
		"no weight":        {{1, 0, true}, {0, 1, true}},
		"negative weight":  {{-1, 0, true}},
		"infinite weight":  {{math.Inf(1), 0, true}},
		"weight no number": {{math.NaN(), 0, true}, {1, 1, true}},
	} {
		if got, rated, unrated, ok := measures.GoalAttainment(g); ok || got != 0 || rated+unrated != len(g) {
			t.Errorf("%s: T %v, ok %t, %d rated, %d not", name, got, ok, rated, unrated)
		}
	}
}

func TestHugeAndTinyWeightsDoNotOverflow(t *testing.T) {
	for _, w := range []float64{math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if got, _, _, ok := measures.GoalAttainment(goals{{w, 1, true}, {w, 1, true}}); !ok || math.Abs(got-62.40347) > 1e-5 {
			t.Errorf("weights of %g: T %v, ok %t", w, got, ok)
		}
	}
}

var (
	ratings = rapid.Custom(func(t *rapid.T) measures.GoalRating {
		return measures.GoalRating{
			Weight: float64(rapid.IntRange(1, 100).Draw(t, "weight")) / 10,
			Level:  rapid.IntRange(-2, 2).Draw(t, "level"),
			Rated:  rapid.IntRange(0, 3).Draw(t, "rated") > 0,
		}
	})
	plans = rapid.SliceOfN(ratings, 1, 8).Filter(func(plan []measures.GoalRating) bool {
		return slices.ContainsFunc(plan, func(g measures.GoalRating) bool { return g.Rated })
	})
)

func score(t *rapid.T, plan goals) float64 {
	got, _, _, ok := measures.GoalAttainment(plan)
	if !ok {
		t.Fatalf("no T for %v", plan)
	}
	return got
}

func TestAllAsExpectedIsFifty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := plans.Draw(t, "plan")
		for n := range plan {
			plan[n].Level = 0
		}
		if got := score(t, plan); got != 50 {
			t.Fatalf("T %v", got)
		}
	})
}

func TestAHigherLevelIsAHigherT(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := func(g measures.GoalRating) bool { return g.Rated && g.Level < 2 }
		plan := plans.Filter(func(plan goals) bool { return slices.ContainsFunc(plan, low) }).Draw(t, "plan")
		n := rapid.IntRange(0, len(plan)-1).Filter(func(n int) bool { return low(plan[n]) }).Draw(t, "goal")
		before := score(t, plan)
		plan[n].Level++
		if after := score(t, plan); after <= before {
			t.Fatalf("raising goal %d moved T from %v to %v", n, before, after)
		}
	})
}

func TestOnlyProportionsOfTheWeightsMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := plans.Draw(t, "plan")
		before, factor := score(t, plan), rapid.Float64Range(0.001, 1000).Draw(t, "factor")
		for n := range plan {
			plan[n].Weight *= factor
		}
		if after := score(t, plan); math.Abs(after-before) > 1e-9 {
			t.Fatalf("T %v, with weights times %v %v", before, factor, after)
		}
	})
}

func TestTurningEveryLevelRoundMirrorsT(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := plans.Draw(t, "plan")
		before := score(t, plan)
		for n := range plan {
			plan[n].Level = -plan[n].Level
		}
		if after := score(t, plan); math.Abs(before+after-100) > 1e-9 {
			t.Fatalf("T %v and %v do not lie around 50", before, after)
		}
	})
}

func TestAGoalWithoutARatingChangesTheCountOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := plans.Draw(t, "plan")
		before, rated, unrated, _ := measures.GoalAttainment(plan)
		after, rated2, unrated2, _ := measures.GoalAttainment(append(plan, measures.GoalRating{Weight: 5, Level: 2}))
		if before != after || rated != rated2 || unrated+1 != unrated2 {
			t.Fatalf("T %v of %d and %d, then %v of %d and %d", before, rated, unrated, after, rated2, unrated2)
		}
	})
}

func TestTStaysInTheRangeOfItsInstrument(t *testing.T) {
	gas := find(t, "gas").Scores()
	rapid.Check(t, func(t *rapid.T) {
		if got := score(t, plans.Draw(t, "plan")); got < float64(gas.Min) || got > float64(gas.Max) {
			t.Fatalf("T %v", got)
		}
	})
}

// The second way: the formula as printed, term by term, in exact fractions up to the root.
func TestTAgreesWithTheFormulaInFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := plans.Draw(t, "plan")
		wx, ww, w := new(big.Rat), new(big.Rat), new(big.Rat)
		for _, g := range plan {
			if !g.Rated {
				continue
			}
			weight := new(big.Rat).SetFloat64(g.Weight)
			wx.Add(wx, new(big.Rat).Mul(weight, big.NewRat(int64(g.Level), 1)))
			ww.Add(ww, new(big.Rat).Mul(weight, weight))
			w.Add(w, weight)
		}
		under := new(big.Rat).Mul(big.NewRat(7, 10), ww)
		under.Add(under, new(big.Rat).Mul(big.NewRat(3, 10), new(big.Rat).Mul(w, w)))
		top, _ := wx.Float64()
		root, _ := under.Float64()
		if want, got := 50+10*top/math.Sqrt(root), score(t, plan); math.Abs(want-got) > 1e-9 {
			t.Fatalf("T %v, by the formula %v", got, want)
		}
	})
}
