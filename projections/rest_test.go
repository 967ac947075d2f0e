package projections_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/search"
)

// rested is how long a projector rests after a batch that took so long, beside others.
func rested(t *testing.T, took time.Duration, view projections.Projection, beside ...func(context.Context, *diary, *projections.Projector)) (rest time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDiary(t, newLog())
		p := projections.New(d.log, nil, nil, view)
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for _, busy := range beside {
			all.Go(func() { busy(ctx, d, p) })
		}
		began := time.Now()
		p.Rest(ctx, took)
		rest = time.Since(began)
		stop()
		all.Wait()
	})
	return rest
}

func writes(ctx context.Context, d *diary, _ *projections.Projector) {
	for ctx.Err() == nil {
		d.write(caseStream(1), noon("2012-06-01"), events.FlagRaised{Entered: d.next(caseStream(1)), Kind: "safety"})
		time.Sleep(10 * time.Millisecond)
	}
}

func waits(ctx context.Context, _ *diary, p *projections.Projector) {
	time.Sleep(500 * time.Millisecond)
	_ = p.Wait(ctx, 1_000_000)
}

func TestViewsRestWhileOthersWriteAndNobodyWaitsForThem(t *testing.T) {
	const ms = time.Millisecond
	for name, is := range map[string]struct{ rest, want time.Duration }{
		"others write":                    {rested(t, 30*ms, casefile.Projection{}, writes), 300 * ms},
		"others write for long":           {rested(t, time.Minute, casefile.Projection{}, writes), 2000 * ms},
		"nobody writes":                   {rested(t, time.Minute, casefile.Projection{}), 50 * ms},
		"nobody writes, a short batch":    {rested(t, ms, casefile.Projection{}), 10 * ms},
		"others write, and someone waits": {rested(t, time.Minute, casefile.Projection{}, writes, waits), 500 * ms},
		"narrow, nobody writes":           {rested(t, ms, search.Projection{}), 100 * ms},
	} {
		if is.rest < is.want || is.rest > is.want+60*ms {
			t.Errorf("%s: they rest for %v, not %v", name, is.rest, is.want)
		}
	}
}
