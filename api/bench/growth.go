package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

var sizes = []int{10_000, 100_000, 1_000_000}

const (
	appendsKeep = 0.8                       // of the speed at the first size
	openTakes   = 1.25                      // × the time at the first size
	burst       = connections * streamFacts // appends in one measurement
	looks       = 300                       // cases that are opened in one measurement
)

// grown is what was measured of a log of one size.
type grown struct {
	appends    float64 // to new streams, by 64 writers, a second
	fold, load time.Duration
}

// growth measures what a log of a million events costs more than one of ten thousand: appending to new streams, and
// opening an old case of 50 events, from the log and from the view of case files. All logs are there at once and take
// turns; a round begins with all of them just opened, on a fresh copy where the round would make the log much longer.
func growth(ctx context.Context, r *run) error {
	logs := make([]*longLog, len(sizes))
	for n, size := range sizes {
		begin := time.Now()
		l, err := newLongLog(ctx, filepath.Join(r.folder, fmt.Sprintf("growth-%d", size)), size)
		if err != nil {
			return err
		}
		logs[n] = l
		r.say("a log of %d events with its view took %.0f s", size, time.Since(begin).Seconds())
	}
	all := make([][rounds]grown, len(sizes))
	var kinds []func(round int) error
	for n, l := range logs {
		kinds = append(kinds, func(round int) (err error) {
			all[n][round], err = l.measure(ctx)
			return err
		})
	}
	if err := inTurns(ctx, kinds...); err != nil {
		return err
	}
	for n, size := range sizes {
		g := all[n][:]
		r.say("%8d events: appends %.0f/s; opening a case: from the log %.2f ms, from the view %.2f ms", size,
			medianOf(g, func(g grown) float64 { return g.appends }),
			medianOf(g, func(g grown) float64 { return ms(g.fold) }), medianOf(g, func(g grown) float64 { return ms(g.load) }))
	}
	r.grows("appending to new streams", appendsKeep, false, all, "/s", func(g grown) float64 { return g.appends })
	r.grows("opening a case, from the log", openTakes, true, all, " ms", func(g grown) float64 { return ms(g.fold) })
	r.grows("opening a case, from its view", openTakes, true, all, " ms", func(g grown) float64 { return ms(g.load) })
	return nil
}

// grows adds the figure of one cost: the largest size in proportion to the smallest, round by round.
func (r *run) grows(name string, bound float64, atMost bool, all [][rounds]grown, unit string, of func(grown) float64) {
	first, last := all[0], all[len(all)-1]
	var ratios [rounds]float64
	for n := range rounds {
		ratios[n] = of(last[n]) / of(first[n])
	}
	detail := ""
	for n, size := range sizes {
		if n > 0 {
			detail += ", "
		}
		detail += fmt.Sprintf("%.4g%s at %d", medianOf(all[n][:], of), unit, size)
	}
	r.add(Figure{
		Name: fmt.Sprintf("%s: at %d events ÷ at %d", name, sizes[len(sizes)-1], sizes[0]), Unit: "×",
		Value: median(ratios[:]), Bound: bound, AtMost: atMost, Detail: detail,
	})
}
