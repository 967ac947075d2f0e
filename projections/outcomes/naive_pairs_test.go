package outcomes

import (
	"math"
	"slices"

	"github.com/casestream/casestream/events"
)

func (n *naively) goals(plan events.PlanAgreed, episode []*events.Held) {
	var rated []events.Goal
	var levels []float64
	for _, goal := range plan.Goals {
		found := false
		for _, held := range slices.Backward(episode) {
			rating, ok := held.Now.(events.GoalRated)
			if !ok || rating.Goal != goal.Goal || rating.Plan != plan.Version {
				continue
			}
			found = true
			rated, levels = append(rated, goal), append(levels, float64(rating.Level))
			if rating.Level >= 0 {
				n.result.Goals.Reached++
			}
			break
		}
		if !found {
			n.result.Goals.Unrated++
		}
	}
	n.result.Goals.Rated += len(rated)
	if len(rated) == 0 {
		n.result.Goals.WithoutT++
		return
	}
	n.result.Goals.WithT++
	n.ts = append(n.ts, attainmentOf(rated, levels))
}

// attainmentOf is T, in the form that divides each weight by their sum first.
func attainmentOf(goals []events.Goal, levels []float64) float64 {
	var sum float64
	for _, g := range goals {
		sum += g.Weight
	}
	var squares, x float64
	for i, g := range goals {
		squares += (g.Weight / sum) * (g.Weight / sum)
		x += g.Weight / sum * levels[i]
	}
	return round(50 + 10*x/math.Sqrt(0.7*squares+0.3))
}

func round(x float64) float64 { return math.Round(x*10000) / 10000 }

func (n *naively) of(instrument string) *scores {
	if n.measures[instrument] == nil {
		n.measures[instrument] = &scores{}
	}
	return n.measures[instrument]
}

func (n *naively) pairs(plan events.PlanAgreed, episode []*events.Held) {
	type which struct {
		instrument string
		version    int
	}
	seen := map[which]bool{}
	for _, held := range episode {
		m, ok := held.Now.(events.MeasureTaken)
		if !ok {
			continue
		}
		s := n.of(m.Instrument)
		switch {
		case n.in(held) && m.NotDone != "":
			s.notDone++
		case n.in(held):
			s.taken++
		}
		if key := (which{m.Instrument, m.Version}); m.Score != nil && !seen[key] {
			seen[key] = true
			before, after, any := n.beforeAfter(episode, func(entry events.Entry) (string, *float64) {
				if o, ok := entry.(events.MeasureTaken); ok && o.Instrument == m.Instrument && o.Version == m.Version && o.NotDone == "" && o.Score != nil {
					kept := round(*o.Score)
					return o.When, &kept
				}
				return "", nil
			})
			n.pair(s, before, after, any)
		}
	}
	rated := false
	for _, held := range episode {
		if _, ok := held.Now.(events.GoalRated); ok && n.in(held) {
			rated = true
			n.of("gas").taken++
		}
	}
	var goals []events.Goal
	var first, last []float64
	for _, goal := range plan.Goals {
		before, after, _ := n.beforeAfter(episode, func(entry events.Entry) (string, *float64) {
			if r, ok := entry.(events.GoalRated); ok && r.Goal == goal.Goal && r.Plan == plan.Version {
				level := float64(r.Level)
				return r.When, &level
			}
			return "", nil
		})
		if before != nil && after != nil {
			goals, first, last = append(goals, goal), append(first, *before), append(last, *after)
		}
	}
	switch {
	case len(goals) > 0:
		b, a := attainmentOf(goals, first), attainmentOf(goals, last)
		n.pair(n.of("gas"), &b, &a, rated)
	case rated:
		n.of("gas").unpaired++
	}
}

// beforeAfter finds the first baseline and, behind it and in the time asked for, the last other score.
func (n *naively) beforeAfter(episode []*events.Held, score func(events.Entry) (string, *float64)) (before, after *float64, any bool) {
	at := slices.IndexFunc(episode, func(h *events.Held) bool {
		when, x := score(h.Now)
		return when == "baseline" && x != nil
	})
	for i, held := range slices.Backward(episode) {
		when, x := score(held.Now)
		if x == nil {
			continue
		}
		any = any || n.in(held)
		if at >= 0 && i > at && when != "baseline" && n.in(held) && after == nil {
			after = x
		}
	}
	if at >= 0 {
		_, before = score(episode[at].Now)
	}
	return before, after, any
}

func (n *naively) pair(s *scores, before, after *float64, any bool) {
	switch {
	case before != nil && after != nil:
		s.before, s.after = append(s.before, *before), append(s.after, *after)
	case any:
		s.unpaired++
	}
}
