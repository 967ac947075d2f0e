package casefile

import (
	"cmp"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
)

// Due is a step that was due and not taken at the point that was asked for.
type Due struct {
	Step string    `json:"step"`
	By   time.Time `json:"by"`  // at this instant it is late
	Day  string    `json:"day"` // the last one on which it is in time
	// Unsure: the work days of that year were not known when By was computed.
	Unsure  bool            `json:"unsure,omitempty"`
	Overdue bool            `json:"overdue,omitempty"`
	Since   events.Position `json:"since"` // the entry that made it due
}

// due lists the steps that are open. They go by what was written when, not by what happened when: a step is settled
// by what came to be known after it, however long before it happened. Made due again, the later word counts.
func due(held []happened, at projections.Point) []Due {
	written := slices.Clone(held)
	slices.SortFunc(written, func(a, b happened) int { return a.First.Version - b.First.Version })
	var open []Due
	drop := func(step string) {
		open = slices.DeleteFunc(open, func(d Due) bool { return d.Step == step })
	}
	for _, h := range written {
		stepped, ok := h.Now.(events.Stepped)
		if !ok {
			continue
		}
		steps := stepped.Next()
		for _, step := range steps.Done {
			drop(step)
		}
		for _, d := range steps.Due {
			drop(d.Step)
			open = append(open, Due{
				Step: d.Step, By: d.By, Day: projections.LastDay(d.By), Unsure: d.Unsure,
				Overdue: at.Late(d.By), Since: h.First.Position,
			})
		}
	}
	slices.SortStableFunc(open, func(a, b Due) int { return cmp.Or(a.By.Compare(b.By), cmp.Compare(a.Step, b.Step)) })
	return open
}
