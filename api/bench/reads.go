package bench

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

const (
	foldWithin = 0.5 // ms, half of the times
	openWithin = 10  // ms, 99 of 100 times
)

// longCases are opened one after the other, so many that the view remembers none of them when its turn comes again.
const longCases = 48

// reads measures what it takes to look at a case. Loading is from the log, without what the desk remembers: read from
// the file, decode, fold, as the first command on a case does after a restart. Opening is the whole answer of GET /cases/{id}, words
// opened, asked by one client with nothing beside it, always of another case than the view remembers; asking for
// the same one again is in the detail. Bounds are times; the files are in the page cache.
func reads(ctx context.Context, r *run) error {
	o, err := openOffice(ctx, filepath.Join(r.folder, "reads"), 8)
	if err != nil {
		return err
	}
	defer func() { _ = o.stop() }()
	short, long := make([]uuid.UUID, 64), make([]uuid.UUID, longCases)
	err = atOnce(len(short)+len(long), func(i int) (err error) {
		who := o.workers[i%len(o.workers)]
		if i < len(long) {
			long[i], err = o.longCase(ctx, who, 500)
		} else {
			short[i-len(long)], err = o.longCase(ctx, who, 50)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := o.settle(ctx); err != nil {
		return err
	}
	if err := o.restart(ctx); err != nil {
		return err
	}
	if err := o.settle(ctx); err != nil {
		return err
	}
	server, err := listen(ctx, rest.Handler(ctx, o.App, ""))
	if err != nil {
		return err
	}
	defer server.close()
	var folded, opened, again [rounds]traffic
	size := 0
	open := func(which int) error { // worker n opened case n, and has it
		path := "/api/v1/cases/" + long[which].String()
		body, err := server.send(ctx, request{method: http.MethodGet, path: path, token: o.workers[which%len(o.workers)].token}, http.StatusOK)
		size = len(body)
		return err
	}
	err = inTurns(ctx, func(round int) error {
		return profiled("fold", round, func() (err error) {
			folded[round], err = times(ctx, 500, func(int) error { return fold(ctx, o.App, oneOf(short), 50) })
			return err
		})
	}, func(round int) error {
		return profiled("open", round, func() (err error) {
			opened[round], err = times(ctx, 5*longCases, func(n int) error { return open(n % longCases) })
			return err
		})
	}, func(round int) (err error) {
		again[round], err = times(ctx, 3*longCases, func(int) error { return open(0) })
		return err
	})
	if err != nil {
		return err
	}
	for n := range rounds {
		r.say("round %d: folding 50 %v; opening 500 over HTTP %v; the same again %v", n+1, folded[n], opened[n], again[n])
	}
	cost := func(t traffic) float64 { return ms(t.cpu) }
	r.add(Figure{
		Name: "loading and folding a case of 50 events, p50", Unit: "ms", Bound: foldWithin, AtMost: true,
		Value:  medianOf(folded[:], func(t traffic) float64 { return ms(percentile(t.took, 50)) }),
		Detail: fmt.Sprintf("p99 %.2f ms, cpu %.2f ms", medianOf(folded[:], func(t traffic) float64 { return ms(percentile(t.took, 99)) }), medianOf(folded[:], cost)),
	})
	r.add(Figure{
		Name: "opening a case of 500 events over HTTP, p99", Unit: "ms", Bound: openWithin, AtMost: true,
		Value: medianOf(opened[:], func(t traffic) float64 { return ms(percentile(t.took, 99)) }),
		Detail: fmt.Sprintf("p50 %.1f ms, cpu with the client's %.1f ms; the same again p50 %.1f ms, p99 %.1f ms; an answer of %d kB",
			medianOf(opened[:], func(t traffic) float64 { return ms(percentile(t.took, 50)) }), medianOf(opened[:], cost),
			medianOf(again[:], func(t traffic) float64 { return ms(percentile(t.took, 50)) }),
			medianOf(again[:], func(t traffic) float64 { return ms(percentile(t.took, 99)) }), size/1000),
	})
	return nil
}

// fold loads a case from the log and proves that it is all there.
func fold(ctx context.Context, a *app.App, id uuid.UUID, facts int) error {
	var state cases.Case
	n := 0
	for fact, err := range a.Log.Read(ctx, events.Stream("case", id), 1) {
		if err != nil {
			return err
		}
		state = services.Fold(state, fact)
		n++
	}
	if n != facts || state.ID != id {
		return fmt.Errorf("case %s has %d events, not %d", id, n, facts)
	}
	return nil
}

// times does something so many times, one after the other.
func times(ctx context.Context, many int, do func(n int) error) (t traffic, err error) {
	begin, used := time.Now(), cpuTime()
	for n := range many {
		last := time.Now()
		if err := do(n); err != nil {
			return t, err
		}
		t.took = append(t.took, time.Since(last))
	}
	t.perSecond = float64(many) / time.Since(begin).Seconds()
	t.cpu = (cpuTime() - used) / time.Duration(many)
	slices.Sort(t.took)
	return t, ctx.Err()
}
