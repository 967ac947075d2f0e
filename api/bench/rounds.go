package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"
)

const rounds = 5

// inTurns measures kinds one after the other, five times, every other time in the opposite order, so that whatever
// disturbs the machine disturbs all of them. Each begins with the garbage of the one before collected.
func inTurns(ctx context.Context, kinds ...func(round int) error) error {
	for round := range rounds {
		order := slices.Clone(kinds)
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, measure := range order {
			runtime.GC()
			if err := measure(round); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

func median[N cmp.Ordered](all []N) N {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// medianOf is the median of one thing in every round.
func medianOf[R any](all []R, of func(R) float64) float64 {
	values := make([]float64, len(all))
	for i, r := range all {
		values[i] = of(r)
	}
	return median(values)
}

// percentile is of durations that are sorted.
func percentile(sorted []time.Duration, n int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*n/100]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// profiles names a folder for CPU profiles of what is measured, not of its bounds; empty: none are made.
const profiles = "CASESTREAM_BENCH_PROFILE"

// profiled runs something under the profiler, if asked to.
func profiled(name string, round int, do func() error) error {
	folder := os.Getenv(profiles)
	if folder == "" {
		return do()
	}
	f, err := os.Create(filepath.Join(folder, fmt.Sprintf("%s-%d.pprof", name, round+1)))
	if err != nil {
		return fmt.Errorf("making a profile: %w", err)
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return fmt.Errorf("making a profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return do()
}
