package outcomes

import (
	"maps"
	"math"
	"math/big"
	"slices"
)

// changes are what one instrument says in all the cases of a report.
type changes struct {
	taken, notDone, unpaired int
	pairs                    []pair
}

// pair is before and after, as fixed numbers.
type pair struct{ before, after int64 }

// series are the scores of one version of one instrument in one episode of a case. It is paired if it has a baseline
// and, after that, another score in the time asked for. It is unpaired if it has a score in the time and is not paired:
// a baseline that nothing follows yet, a closure without a baseline.
type series struct {
	before, after *int64
	scored        bool // in the time
}

func (s *series) add(occasion string, score int64, within bool) {
	s.scored = s.scored || within
	switch {
	case occasion == "baseline":
		if s.before == nil {
			s.before = &score
		}
	case s.before != nil && within:
		s.after = &score
	}
}

func (c *changes) end(s *series) {
	switch {
	case s.after != nil:
		c.pairs = append(c.pairs, pair{before: *s.before, after: *s.after})
	case s.scored:
		c.unpaired++
	}
}

// measures pairs the scores of every episode of every case.
func (r *replay) measures() []Measure {
	all := make(map[string]*changes)
	of := func(instrument string) *changes {
		if all[instrument] == nil {
			all[instrument] = &changes{}
		}
		return all[instrument]
	}
	for _, h := range r.cases {
		for _, e := range h.episodes {
			r.pairScores(e, of)
			r.pairRatings(e, of)
		}
	}
	report := make([]Measure, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if c := all[key]; c.taken+c.notDone+c.unpaired+len(c.pairs) > 0 {
			report = append(report, c.measure(instrument(key)))
		}
	}
	return report
}

func (r *replay) pairScores(e episode, of func(string) *changes) {
	type which struct {
		instrument string
		version    int
	}
	scores := make(map[which]*series)
	for _, m := range e.measures {
		c, within := of(m.code), r.asked.within(m.day)
		switch {
		case m.outcome != "" && within:
			c.notDone++
		case m.outcome == "" && within:
			c.taken++
		}
		if m.number == nil || m.outcome != "" {
			continue
		}
		key := which{m.code, m.version}
		if scores[key] == nil {
			scores[key] = &series{}
		}
		scores[key].add(m.occasion, *m.number, within)
	}
	for key, s := range scores {
		of(key.instrument).end(s)
	}
}

// pairRatings pairs goal attainment: T over those goals of the plan in force that have a baseline and a later rating.
func (r *replay) pairRatings(e episode, of func(string) *changes) {
	ratings := make(map[string]*series)
	rated := false
	for _, rating := range e.ratings {
		within := r.asked.within(rating.day)
		if within {
			of("gas").taken++
			rated = true
		}
		if rating.version != e.planned {
			continue
		}
		if ratings[rating.code] == nil {
			ratings[rating.code] = &series{}
		}
		ratings[rating.code].add(rating.occasion, *rating.number, within)
	}
	var weights, before, after []float64
	for _, goal := range e.plan {
		if s := ratings[goal.code]; s != nil && s.after != nil {
			weights = append(weights, weight(goal))
			before, after = append(before, decimal(*s.before)), append(after, decimal(*s.after))
		}
	}
	of("gas").end(&series{before: fixedT(weights, before), after: fixedT(weights, after), scored: rated})
}

func (c *changes) measure(i Instrument) Measure {
	m := Measure{
		Instrument: i.Key, Direction: i.Direction, Taken: c.taken, NotDone: c.notDone,
		Paired: len(c.pairs), Unpaired: c.unpaired, EffectSize: effectSize(c.pairs),
	}
	var before, after int64
	for _, p := range c.pairs {
		before += p.before
		after += p.after
	}
	m.MeanBefore, m.MeanAfter, m.MeanChange = mean(before, m.Paired), mean(after, m.Paired), mean(after-before, m.Paired)
	if i.MinimalImportantChange == 0 {
		return m
	}
	var improved, unchanged, worse int
	least := fixed(i.MinimalImportantChange)
	for _, p := range c.pairs {
		better := p.after - p.before
		if i.Direction == "lower-is-better" {
			better = -better
		}
		switch {
		case better >= least:
			improved++
		case better <= -least:
			worse++
		default:
			unchanged++
		}
	}
	m.MinimalImportantChange = &i.MinimalImportantChange
	m.Improved, m.Unchanged, m.Worse = &improved, &unchanged, &worse
	return m
}

// effectSize is the mean of the changes divided by their standard deviation (n−1). The sums are exact, so that changes
// which are all alike have a deviation of exactly 0 and no effect size, and the order of the pairs does not matter.
func effectSize(pairs []pair) *float64 {
	n := int64(len(pairs))
	sum, squares := new(big.Int), new(big.Int)
	for _, p := range pairs {
		change := big.NewInt(p.after - p.before)
		sum.Add(sum, change)
		squares.Add(squares, change.Mul(change, change))
	}
	// n·(n−1)·variance = n·(n·Σx² − (Σx)²) ÷ n
	spread := new(big.Int).Mul(big.NewInt(n), squares)
	spread.Sub(spread, new(big.Int).Mul(sum, sum))
	if n < 2 || spread.Sign() == 0 {
		return nil
	}
	total, _ := new(big.Float).SetInt(sum).Float64()
	over, _ := new(big.Float).SetInt(spread).Float64()
	size := decimal(fixed(total / float64(n) / math.Sqrt(over/float64(n)/float64(n-1))))
	return &size
}
