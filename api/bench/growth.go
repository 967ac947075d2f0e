package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/events/sqlite/speed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/readdb"
)

var sizes = []int{10_000, 100_000, 1_000_000} // of the logs, in events

const (
	opensWithin = 1.25 // × the time at the first size
	looks       = 200  // cases that are opened in one measurement: all of the smallest log
)

// growth measures what a log of a million events costs more than one of ten thousand: of the log itself as package
// speed does it, and then opening a case of 50 events from the view of case files, folded from those same logs.
func growth(ctx context.Context, r *run) error {
	folder := filepath.Join(r.folder, "growth")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	lines, err := speed.Growth(ctx, folder, speed.Options{Rounds: rounds, Sizes: sizes, Say: func(line string) { r.say("%s", line) }})
	r.lines(lines)
	if err != nil {
		return err
	}
	took := make([][rounds]time.Duration, len(sizes))
	var kinds []func(round int) error
	for n, size := range sizes {
		v, err := makeView(ctx, filepath.Join(folder, fmt.Sprintf("log-%d.db", size)))
		if err != nil {
			return err
		}
		kinds = append(kinds, func(round int) (err error) {
			took[n][round], err = v.opening(ctx)
			return err
		})
	}
	if err := inTurns(ctx, kinds...); err != nil {
		return err
	}
	r.add(grows(took))
	return nil
}

// grows is the figure of the largest size in proportion to the smallest, round by round.
func grows(took [][rounds]time.Duration) Figure {
	first, last := took[0], took[len(took)-1]
	var ratios [rounds]float64
	for n := range rounds {
		ratios[n] = float64(last[n]) / float64(first[n])
	}
	detail := ""
	for n, size := range sizes {
		detail += fmt.Sprintf("%.2f ms at %d events, ", ms(median(took[n][:])), size)
	}
	return Figure{
		Name: "opening a case from its view, large log ÷ small log", Unit: "×", Value: median(ratios[:]), Bound: opensWithin, AtMost: true,
		Detail: detail[:len(detail)-2],
	}
}

// view is the view of case files of one log.
type view struct {
	path    string
	streams []string // some of them
}

func makeView(ctx context.Context, log string) (v *view, err error) {
	store, err := sqlite.OpenReader(ctx, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	v = &view{path: log + ".views"}
	db, err := readdb.Open(ctx, v.path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := projections.New(store, db, nil, casefile.Projection{}).CatchUp(ctx, nil); err != nil {
		return nil, err
	}
	for fact, err := range store.ReadAll(ctx, 0) { // every stream begins before any goes on
		if err != nil {
			return nil, err
		}
		if fact.Version > 1 {
			break
		}
		v.streams = append(v.streams, fact.Stream)
	}
	return v, nil
}

// opening is how long it takes to load a case, half of the times. Each is loaded once, by someone who has just opened the
// view and remembers none.
func (v *view) opening(ctx context.Context) (middle time.Duration, err error) {
	db, err := readdb.OpenReader(ctx, v.path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var took []time.Duration
	for _, n := range rand.Perm(len(v.streams))[:looks] {
		begin := time.Now()
		if _, err := casefile.Load(ctx, db, v.streams[n], projections.Point{KnownAt: projections.Latest}); err != nil {
			return 0, err
		}
		took = append(took, time.Since(begin))
	}
	return median(took), nil
}
