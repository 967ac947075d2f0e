package speed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
)

// the bounds of the largest log against the smallest.
const (
	ofSmallAppends = 0.8
	ofSmallReads   = 1.25
)

const (
	growthWriters = 64
	growthAppends = 2000 // in a round: few, so that a small log stays small
	growthReads   = 1000 // in a round
	growthTurn    = 100  // reads of one log before those of the next
	growthWarm    = 3000 // reads before any is measured: a process that runs has its file mapped
)

// Growth measures what a log's size costs: beginning streams, and reading a stream of 50 events that lie as far apart
// as they can, because every stream grew a little at a time. It fills the folder with about 1.3 GB.
func Growth(ctx context.Context, folder string, o Options) (lines []Line, err error) {
	o = o.orDefault()
	fact, err := note(ctx)
	if err != nil {
		return nil, err
	}
	var logs []*grown
	defer func() {
		for _, g := range logs {
			err = errors.Join(err, g.store.Close())
		}
	}()
	for _, size := range o.Sizes {
		g := &grown{size: size}
		if g.store, err = sqlite.Open(ctx, filepath.Join(folder, fmt.Sprintf("log-%d.db", size))); err != nil {
			return nil, err
		}
		logs = append(logs, g)
		begin := time.Now()
		if err := g.fill(ctx, fact); err != nil {
			return nil, fmt.Errorf("filling a log with %d events: %w", size, err)
		}
		o.Say(fmt.Sprintf("%d events in %d streams, appended in turns: %.0f/s", size, len(g.streams), float64(size)/time.Since(begin).Seconds()))
	}
	for n := range o.Rounds {
		for _, g := range logs {
			rate, err := g.begin(ctx, fact)
			if err != nil {
				return nil, fmt.Errorf("beginning streams in a log with %d events: %w", g.size, err)
			}
			o.Say(fmt.Sprintf("round %d, %7d events: %.0f new streams/s", n+1, g.size, rate))
			g.appends = append(g.appends, rate)
		}
	}
	for n := range o.Rounds + 1 {
		took := make([][]time.Duration, len(logs))
		reads := growthReads
		if n == 0 {
			reads = growthWarm
		}
		for range reads / growthTurn {
			for i, g := range logs {
				if took[i], err = g.read(ctx, took[i], growthTurn); err != nil {
					return nil, fmt.Errorf("reading a log with %d events: %w", g.size, err)
				}
			}
		}
		if n == 0 {
			continue
		}
		for i, g := range logs {
			read := median(took[i])
			o.Say(fmt.Sprintf("round %d, %7d events: a stream read in %v", n, g.size, read.Round(time.Microsecond)))
			g.reads = append(g.reads, read)
		}
	}
	small, large := logs[0], logs[len(logs)-1]
	var appends, reads []float64
	for n := range o.Rounds {
		appends = append(appends, large.appends[n]/small.appends[n])
		reads = append(reads, float64(large.reads[n])/float64(small.reads[n]))
	}
	detail := fmt.Sprintf("%d events against %d: ", large.size, small.size)
	return []Line{
		{
			Name: "new streams, large log ÷ small log", Unit: "×", Value: median(appends), Bound: ofSmallAppends,
			Detail: detail + fmt.Sprintf("%.0f/s, %.0f/s", median(large.appends), median(small.appends)),
		},
		{
			Name: "time to read 50 events, large log ÷ small log", Unit: "×", Value: median(reads), Bound: ofSmallReads, AtMost: true,
			Detail: detail + fmt.Sprintf("%v, %v", median(large.reads).Round(time.Microsecond), median(small.reads).Round(time.Microsecond)),
		},
	}, nil
}

// grown is a log of some size.
type grown struct {
	size    int
	store   *sqlite.Store
	streams []string
	appends []float64 // per second, of every round
	reads   []time.Duration
}

// fill lets every stream grow by one event in turn.
func (g *grown) fill(ctx context.Context, fact events.Event) error {
	g.streams = make([]string, max(g.size/streamLength, 1))
	for i := range g.streams {
		g.streams[i] = newStream()
	}
	for version := range min(streamLength, g.size) {
		if err := g.each(len(g.streams), func(i int) error {
			_, err := g.store.Append(ctx, g.streams[i], version, command(), fact)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// each does something n times, by all writers together.
func (g *grown) each(n int, do func(int) error) error {
	var failed [growthWriters]error
	var all sync.WaitGroup
	for w := range failed {
		all.Go(func() {
			for i := w; i < n && failed[w] == nil; i += growthWriters {
				failed[w] = do(i)
			}
		})
	}
	all.Wait()
	return errors.Join(failed[:]...)
}

// begin is how many streams can be begun in a second.
func (g *grown) begin(ctx context.Context, fact events.Event) (float64, error) {
	begin := time.Now()
	err := g.each(growthAppends, func(int) error {
		_, err := g.store.Append(ctx, newStream(), 0, command(), fact)
		return err
	})
	return growthAppends / time.Since(begin).Seconds(), err
}

// read adds how long it took to read some streams.
func (g *grown) read(ctx context.Context, took []time.Duration, times int) ([]time.Duration, error) {
	for range times {
		stream, n := g.streams[rand.IntN(len(g.streams))], 0
		begin := time.Now()
		for _, err := range g.store.Read(ctx, stream, 1) {
			if err != nil {
				return nil, err
			}
			n++
		}
		if took = append(took, time.Since(begin)); n != min(streamLength, g.size) {
			return nil, fmt.Errorf("a stream has %d events", n)
		}
	}
	return took, nil
}
