package measures

import "math"

// GoalRating is the last rating of one goal of the plan in force.
type GoalRating struct {
	Weight float64 // relative importance, above 0; only the proportions of the weights matter
	Level  int     // −2 much less than expected, 0 as expected, +2 much more; read only when Rated
	Rated  bool
}

// rho is the correlation assumed between the goals of one client (Kiresuk and Sherman 1968).
const rho = 0.3

// GoalAttainment gives the T-score of a plan's goals and how many of them it rests on:
//
//	T = 50 + 10·Σwx / √((1−ρ)Σw² + ρ(Σw)²), ρ = 0.3
//
// 50 is what was expected, 10 about one standard deviation; T lies between 13 and 87 and is not rounded. Goals without a rating
// are left out and counted in unrated. There is no T (ok is false) when no goal is rated, or when a rated goal has a level outside
// −2 … 2 or a weight that is not a positive finite number; the counts hold all the same.
func GoalAttainment(goals []GoalRating) (t float64, rated, unrated int, ok bool) {
	heaviest, sound := 0.0, true
	for _, g := range goals {
		if !g.Rated {
			unrated++
			continue
		}
		rated++
		sound = sound && g.Level >= -2 && g.Level <= 2 && g.Weight > 0 && !math.IsInf(g.Weight, 1)
		heaviest = max(heaviest, g.Weight)
	}
	if rated == 0 || !sound {
		return 0, rated, unrated, false
	}
	var sum, squares, attained float64
	for _, g := range goals {
		if !g.Rated {
			continue
		}
		w := g.Weight / heaviest // only proportions matter, and so no square can overflow
		sum += w
		squares += w * w
		attained += w * float64(g.Level)
	}
	return 50 + 10*attained/math.Sqrt((1-rho)*squares+rho*sum*sum), rated, unrated, true
}
