package outcomes

import (
	"math"
	"slices"
)

// attainment is how far the goals of an episode were reached.
type attainment struct {
	t                       *int64 // fixed(); nil: none
	rated, unrated, reached int
}

// attained rates the goals of the plan in force: each by the last rating that was given under that plan in the episode.
func (e episode) attained() (a attainment) {
	last := make(map[string]int64, len(e.ratings))
	for _, rating := range e.ratings {
		if rating.version == e.planned {
			last[rating.code] = *rating.number
		}
	}
	var weights, levels []float64
	for _, goal := range e.plan {
		level, ok := last[goal.code]
		if !ok {
			a.unrated++
			continue
		}
		a.rated++
		if level >= 0 {
			a.reached++
		}
		weights, levels = append(weights, weight(goal)), append(levels, decimal(level))
	}
	a.t = fixedT(weights, levels)
	return a
}

func weight(goal course) float64 {
	if goal.number == nil {
		return 0
	}
	return decimal(*goal.number)
}

func fixedT(weights, levels []float64) *int64 {
	t, ok := T(weights, levels)
	if !ok {
		return nil
	}
	return fixedOr(&t)
}

// T is the goal attainment of rated goals (Kiresuk and Sherman 1968): 50 is what was expected, 10 about one standard
// deviation. There is none without goals, with a level outside −2 … +2, or with a weight that is not above 0.
//
// The rule is that of services/measures, which a view cannot ask; a test of api compares the two. It is computed
// again here because which rating is a goal's last depends on the day and on what was known.
func T(weights, levels []float64) (t float64, ok bool) {
	const rho = 0.3
	if len(weights) == 0 {
		return 0, false
	}
	heaviest := slices.Max(weights)
	var sum, squares, attained float64
	for i, w := range weights {
		if !(w > 0) || math.IsInf(w, 1) || math.Abs(levels[i]) > 2 {
			return 0, false
		}
		w /= heaviest // only proportions matter, and so no square can overflow
		sum += w
		squares += w * w
		attained += w * levels[i]
	}
	return 50 + 10*attained/math.Sqrt((1-rho)*squares+rho*sum*sum), true
}

// goals adds up the attainment of the episodes that were closed in the time asked for.
func (r *replay) goals() (g Goals) {
	var sum int64
	for _, closed := range r.closed() {
		a := closed.in.attained()
		g.Rated += a.rated
		g.Unrated += a.unrated
		g.Reached += a.reached
		if a.t == nil {
			g.WithoutT++
			continue
		}
		g.WithT++
		sum += *a.t
	}
	g.MeanT = mean(sum, g.WithT)
	return g
}

// mean is a sum of fixed numbers divided by how many they are; null of none.
func mean(sum int64, n int) *float64 {
	if n == 0 {
		return nil
	}
	m := decimal(int64(math.Round(float64(sum) / float64(n))))
	return &m
}
