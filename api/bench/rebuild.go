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
	var ours, bound [rounds]folding
	measure := func(to *folding, do func() error) error {
		begin, used := time.Now(), cpuTime()
		err := do()
		to.perSecond = float64(head) / time.Since(begin).Seconds()
		to.cpu = (cpuTime() - used) / time.Duration(head)
		return err
	}
	views := func(round int) error {
		return profiled("rebuild", round, func() error {
			return measure(&ours[round], func() error { return a.Projector[0].Rebuild(ctx, nil) })
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
	var ratios [rounds]float64
	for n := range rounds {
		ratios[n] = ours[n].perSecond / bound[n].perSecond
		r.say("round %d: %v; scan %v", n+1, ours[n], bound[n])
	}
	rate := func(f folding) float64 { return f.perSecond }
	cost := func(f folding) float64 { return float64(f.cpu.Nanoseconds()) / 1000 }
	r.add(Figure{
		Name: "rebuild of all views ÷ scanning and decoding the log", Value: median(ratios[:]), Unit: "×", Bound: ofScan,
		Detail: fmt.Sprintf("%d events of the pilot year into %d views: %.0f events/s, cpu %.0f µs each; scan %.0f events/s, cpu %.0f µs",
			head, len(app.Views), medianOf(ours[:], rate), medianOf(ours[:], cost), medianOf(bound[:], rate), medianOf(bound[:], cost)),
	})
	return nil
}

// folding is how fast a log was gone through.
type folding struct {
	perSecond float64
	cpu       time.Duration // for each event
}

func (f folding) String() string {
	return fmt.Sprintf("%.0f events/s cpu %.0f µs", f.perSecond, float64(f.cpu.Nanoseconds())/1000)
}
