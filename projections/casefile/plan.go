package casefile

import (
	"math"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Plan is the plan in force, with how far its goals were reached.
type Plan struct {
	Entry[events.PlanAgreed]
	Goals []GoalStanding `json:"goals"`
	// T is the goal attainment score, by the last rating of each goal of this version that was known; nil: no goal is
	// rated. 50 is what was expected.
	T       *float64 `json:"t,omitempty"`
	Rated   int      `json:"rated"`   // goals that T rests on
	Unrated int      `json:"unrated"` // goals that are left out
}

// GoalStanding is one goal of the plan with its last rating.
type GoalStanding struct {
	Goal   uuid.UUID                `json:"goal"`
	Weight float64                  `json:"weight"`
	Last   *Entry[events.GoalRated] `json:"last,omitempty"`
}

func plan(h happened, fact events.PlanAgreed) *Plan {
	p := &Plan{Entry: entry(h, fact)}
	for _, g := range fact.Goals {
		p.Goals = append(p.Goals, GoalStanding{Goal: g.Goal, Weight: g.Weight})
	}
	return p
}

// rate finds the last rating of each goal, and T. A rating under another version of the plan does not count: its
// levels may have been described otherwise.
func (p *Plan) rate(held []happened) {
	for _, h := range held {
		rating, ok := h.Now.(events.GoalRated)
		if !ok || rating.Plan != p.Fact.Version {
			continue
		}
		for i := range p.Goals {
			if p.Goals[i].Goal == rating.Goal {
				p.Goals[i].Last = noted(h, rating)
			}
		}
	}
	p.T, p.Rated = attainment(p.Goals)
	p.Unrated = len(p.Goals) - p.Rated
}

// attainment is T = 50 + 10·Σwx / √((1−ρ)Σw² + ρ(Σw)²), ρ = 0.3, over the goals that are rated (Kiresuk and Sherman 1968).
func attainment(goals []GoalStanding) (t *float64, rated int) {
	const rho = 0.3
	heaviest := 0.0
	for _, g := range goals {
		if g.Last != nil {
			rated++
			heaviest = max(heaviest, g.Weight)
		}
	}
	var sum, squares, attained float64
	for _, g := range goals {
		if g.Last == nil {
			continue
		}
		if !(g.Weight > 0) || math.IsInf(g.Weight, 1) {
			return nil, rated
		}
		w := g.Weight / heaviest // only proportions matter, and so no square can overflow
		sum += w
		squares += w * w
		attained += w * float64(g.Last.Fact.Level)
	}
	if rated == 0 {
		return nil, 0
	}
	score := 50 + 10*attained/math.Sqrt((1-rho)*squares+rho*sum*sum)
	return &score, rated
}
