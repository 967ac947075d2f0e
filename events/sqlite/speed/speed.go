// Package speed measures what durability costs here: the log against the two lines that bound it, in the same run, on
// the same disk, with the same bytes. Machines differ and neighbours disturb; ratios within a round hardly do.
//
//	raw     a preallocated file, appended to by the same group commit and synced with fdatasync: no log is faster
//	single  SQLite with one transaction for each append: what the group commit is for
package speed

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Options are how long to measure. The zero Options are the ones that the bounds are made for.
type Options struct {
	Rounds int           // 5
	Slice  time.Duration // of one measurement; 700 ms
	Sizes  []int         // of the logs whose growth is measured, in events; 10⁴, 10⁵, 10⁶
	// Say gets a line for a person from time to time; may be nil.
	Say func(line string)
}

func (o Options) orDefault() Options {
	o.Rounds = cmp.Or(o.Rounds, 5)
	o.Slice = cmp.Or(o.Slice, 700*time.Millisecond)
	if o.Sizes == nil {
		o.Sizes = []int{10_000, 100_000, 1_000_000}
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
	return o
}

// Line is one result and its bound.
type Line struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"` // ×, ms
	Bound  float64 `json:"bound"`
	AtMost bool    `json:"at_most"` // Bound is the most; else it is the least
	Detail string  `json:"detail"`  // what was measured, for a person
}

// Holds tells that the value is within its bound.
func (l Line) Holds() bool {
	if l.AtMost {
		return l.Value <= l.Bound
	}
	return l.Value >= l.Bound
}

func (l Line) String() string {
	sign, verdict := "≥", "holds"
	if l.AtMost {
		sign = "≤"
	}
	if !l.Holds() {
		verdict = "DOES NOT HOLD"
	}
	return fmt.Sprintf("%-52s %8.2f %-2s (%s %g) %s; %s", l.Name, l.Value, l.Unit, sign, l.Bound, verdict, l.Detail)
}

// Measured is one kind of append by so many writers at once.
type Measured struct {
	PerSecond float64       `json:"per_second"`
	P50       time.Duration `json:"p50_ns"`
	P99       time.Duration `json:"p99_ns"`
}

func (m Measured) String() string {
	return fmt.Sprintf("%.0f/s p50 %v p99 %v", m.PerSecond, m.P50.Round(time.Microsecond), m.P99.Round(time.Microsecond))
}

// Round is one turn of all kinds, one after the other.
type Round struct {
	Writers int      `json:"writers"`
	Log     Measured `json:"log"`
	Raw     Measured `json:"raw"`
	Single  Measured `json:"single"`
}

// Report is what was measured: every round, and the lines drawn from their medians.
type Report struct {
	Rounds []Round `json:"rounds"`
	Lines  []Line  `json:"lines"`
}

// the bounds, by how many write at once.
var ofRaw = map[int]float64{1: 0.5, 8: 0.35, 64: 0.15}

const (
	ofSingle = 6  // × at 64 writers
	p99      = 15 // ms at 64 writers
)

// Appends measures durable appends of about 600 bytes in a folder, which must be empty and on the disk in question.
func Appends(ctx context.Context, folder string, o Options) (report Report, err error) {
	o = o.orDefault()
	load, err := newLoad(ctx, folder)
	if err != nil {
		return report, err
	}
	defer func() { err = cmp.Or(err, load.close()) }()
	for n := range o.Rounds {
		for _, writers := range []int{1, 8, 64} {
			r := Round{Writers: writers}
			for _, kind := range []struct {
				to     *Measured
				append func(writer int) func() error
			}{{&r.Raw, load.raw}, {&r.Log, load.log}, {&r.Single, load.single}} {
				if *kind.to, err = drive(ctx, writers, o.Slice, kind.append); err != nil {
					return report, fmt.Errorf("measuring with %d writers: %w", writers, err)
				}
			}
			o.Say(fmt.Sprintf("round %d, %2d writers: log %v; raw %v; single %v", n+1, writers, r.Log, r.Raw, r.Single))
			report.Rounds = append(report.Rounds, r)
		}
	}
	for _, writers := range []int{1, 8, 64} {
		of := func(value func(Round) float64) float64 {
			var all []float64
			for _, r := range report.Rounds {
				if r.Writers == writers {
					all = append(all, value(r))
				}
			}
			return median(all)
		}
		detail := fmt.Sprintf("log %.0f/s, raw %.0f/s, single %.0f/s, p99 %.1f ms",
			of(func(r Round) float64 { return r.Log.PerSecond }), of(func(r Round) float64 { return r.Raw.PerSecond }),
			of(func(r Round) float64 { return r.Single.PerSecond }), of(func(r Round) float64 { return ms(r.Log.P99) }))
		report.Lines = append(report.Lines, Line{
			Name: fmt.Sprintf("appends ÷ a raw file, %d writers", writers), Unit: "×", Bound: ofRaw[writers], Detail: detail,
			Value: of(func(r Round) float64 { return r.Log.PerSecond / r.Raw.PerSecond }),
		})
		if writers == 64 {
			report.Lines = append(report.Lines, Line{
				Name: "appends ÷ one transaction each, 64 writers", Unit: "×", Bound: ofSingle, Detail: detail,
				Value: of(func(r Round) float64 { return r.Log.PerSecond / r.Single.PerSecond }),
			}, Line{
				Name: "99 % of appends, 64 writers", Unit: "ms", Bound: p99, AtMost: true, Detail: detail,
				Value: of(func(r Round) float64 { return ms(r.Log.P99) }),
			})
		}
	}
	return report, nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median[N cmp.Ordered](all []N) N {
	slices.Sort(all)
	return all[len(all)/2]
}
