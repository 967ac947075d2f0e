package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/projections/outcomes"
)

const ofToday = 1.5

// pastDays measures the outcomes of the pilot year as of past days: one in the middle, one so late that nearly all of
// the year counts, and one as known then. The bound is the same report for today. They are asked in turns.
func pastDays(ctx context.Context, r *run) error {
	dir, err := r.pilotYear(ctx)
	if err != nil {
		return err
	}
	a, err := app.OpenReader(ctx, app.Dir(dir))
	if err != nil {
		return err
	}
	defer a.Close()
	questions := []struct{ name, asOf, knownAt string }{
		{"today", "", ""},
		{"2012-09-30", "2012-09-30", ""},
		{"2012-12-31", "2012-12-31", ""},
		{"2012-12-31 as known then", "2012-12-31", "2012-12-31"},
	}
	asked := make([]outcomes.Asked, len(questions))
	for n, q := range questions {
		at, _, err := a.Point(ctx, q.asOf, q.knownAt)
		if err != nil {
			return err
		}
		asked[n] = outcomes.Asked{AsOf: at.AsOf, KnownAt: at.KnownAt}
	}
	const each = 30
	took := make([][rounds]time.Duration, len(questions)) // for one report, the median of a round
	err = inTurns(ctx, func(round int) error {
		return profiled("outcomes", round, func() error {
			all := make([][]time.Duration, len(questions))
			for range each {
				for n := range questions {
					begin := time.Now()
					if _, _, err := outcomes.Replay(ctx, a.Views, asked[n]); err != nil {
						return err
					}
					all[n] = append(all[n], time.Since(begin))
				}
			}
			for n := range questions {
				took[n][round] = median(all[n])
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	for n, q := range questions[1:] {
		var ratios [rounds]float64
		for round := range rounds {
			ratios[round] = float64(took[n+1][round]) / float64(took[0][round])
		}
		r.add(Figure{
			Name: "outcomes as of " + q.name + " ÷ today", Value: median(ratios[:]), Unit: "×", Bound: ofToday, AtMost: true,
			Detail: fmt.Sprintf("%.1f ms, today %.1f ms", ms(median(took[n+1][:])), ms(median(took[0][:]))),
		})
	}
	return nil
}
