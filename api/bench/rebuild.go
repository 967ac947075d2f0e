package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/casestream/casestream/api/app"
)

const ofScan = 0.3

// rebuild measures folding all views anew from the pilot year, as `casestream rebuild` does: tables beside the ones that
// are read, indexes, swap, and the old ones dropped. The bound is a scan of the same file.
func rebuild(ctx context.Context, r *run) error {
	dir, err := r.pilotYear(ctx)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Dir(dir))
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Projector.CatchUp(ctx, nil); err != nil {
		return err
	}
	head, err := a.Log.Head(ctx)
	if err != nil {
		return err
	}
	var ours, bound [rounds]float64 // events a second
	measure := func(to *float64, do func() error) error {
		begin := time.Now()
		err := do()
		*to = float64(head) / time.Since(begin).Seconds()
		return err
	}
	views := func(round int) error {
		return profiled("rebuild", round, func() error {
			return measure(&ours[round], func() error { return a.Projector.Rebuild(ctx, nil) })
		})
	}
	scan := func(round int) error {
		return profiled("scan", round, func() error {
			return measure(&bound[round], func() error {
				n, err := scanLog(filepath.Join(dir, "log.db"))
				if err == nil && n != int(head) {
					err = fmt.Errorf("the bound is no bound: it read %d of %d events", n, head)
				}
				return err
			})
		})
	}
	if err := errors.Join(views(0), scan(0)); err != nil { // statements, page cache
		return err
	}
	if err := inTurns(ctx, views, scan); err != nil {
		return err
	}
	ratios := make([]float64, rounds)
	for n := range rounds {
		ratios[n] = ours[n] / bound[n]
		r.say("round %d: %.0f events/s; scan %.0f events/s", n+1, ours[n], bound[n])
	}
	r.add(Figure{
		Name: "rebuild of all views ÷ scanning and decoding the log", Value: median(ratios), Unit: "×", Bound: ofScan,
		Detail: fmt.Sprintf("%d events of the pilot year into %d views: %.0f events/s, scan %.0f events/s", head, len(app.Views), median(ours[:]), median(bound[:])),
	})
	return nil
}
