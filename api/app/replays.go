package app

import (
	"context"
	"runtime"
)

// replays lets as many reports be counted at once as there are processors. Each holds the cases of years in memory, and
// more of them at once are done no sooner.
type replays chan struct{}

func newReplays() replays { return make(replays, runtime.NumCPU()) }

// run does one when its turn has come.
func (r replays) run(ctx context.Context, do func() error) error {
	select {
	case r <- struct{}{}:
		defer func() { <-r }()
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
}
