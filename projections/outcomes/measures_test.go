package outcomes

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/google/uuid"
)

func (g *given) took(day, stream, instrument string, version int, when string, x float64) {
	g.on(day, stream, events.MeasureTaken{
		Entered: g.entry(), Instrument: instrument, Version: version, When: when, Score: score(x),
	})
}

func TestMeasuresArePairedByEpisode(t *testing.T) {
	year := Asked{From: "2012-01-01", To: "2012-12-31", KnownAt: projections.Latest}
	for _, c := range []struct {
		name             string
		given            func(g *given, stream string)
		asked            Asked
		paired, unpaired int
		change           string
	}{
		{
			name: "the first baseline and the last score after it",
			given: func(g *given, s string) {
				g.took("2012-05-18", s, "phq-9", 1, "baseline", 20)
				g.took("2012-05-19", s, "phq-9", 1, "baseline", 19)
				g.took("2012-06-18", s, "phq-9", 1, "interim", 15)
				g.took("2012-08-18", s, "phq-9", 1, "closure", 9)
			},
			paired: 1, change: "-11",
		},
		{
			name: "the order is that of the days, not of the writing",
			given: func(g *given, s string) {
				g.took("2012-08-18", s, "phq-9", 1, "closure", 9)
				g.took("2012-06-18", s, "phq-9", 1, "interim", 15)
				g.took("2012-05-18", s, "phq-9", 1, "baseline", 20)
			},
			paired: 1, change: "-11",
		},
		{
			name:     "a baseline that nothing follows is shown as unpaired",
			given:    func(g *given, s string) { g.took("2012-05-18", s, "phq-9", 1, "baseline", 20) },
			unpaired: 1, change: "none",
		},
		{
			name:     "a closure without a baseline is shown as unpaired",
			given:    func(g *given, s string) { g.took("2012-05-18", s, "phq-9", 1, "closure", 20) },
			unpaired: 1, change: "none",
		},
		{
			name: "two versions of an instrument are not compared",
			given: func(g *given, s string) {
				g.took("2012-05-18", s, "phq-9", 1, "baseline", 20)
				g.took("2012-08-18", s, "phq-9", 2, "closure", 9)
			},
			unpaired: 2, change: "none",
		},
		{
			name: "a follow-up after the closure belongs to the episode that was closed",
			given: func(g *given, s string) {
				g.took("2012-05-18", s, "phq-9", 1, "baseline", 20)
				g.close("2012-08-18", s, 1, "goals_met")
				g.took("2012-09-18", s, "phq-9", 1, "follow-up", 8)
			},
			paired: 1, change: "-12",
		},
		{
			name: "a new episode begins with a new baseline",
			given: func(g *given, s string) {
				g.took("2012-05-18", s, "phq-9", 1, "baseline", 20)
				g.took("2012-08-17", s, "phq-9", 1, "closure", 10)
				g.close("2012-08-18", s, 1, "goals_met")
				g.on("2012-09-01", s, events.CaseReopened{Entered: g.entry(), Episode: 2, Why: "relapse"})
				g.took("2012-09-02", s, "phq-9", 1, "baseline", 18)
				g.took("2012-10-02", s, "phq-9", 1, "closure", 16)
			},
			paired: 2, change: "-6",
		},
		{
			name: "a pair counts in the time of its second score, wherever the baseline is",
			given: func(g *given, s string) {
				g.took("2011-05-18", s, "phq-9", 1, "baseline", 20)
				g.took("2012-05-18", s, "phq-9", 1, "closure", 12)
			},
			asked: year, paired: 1, change: "-8",
		},
		{
			name: "a pair of last year is not one of this year",
			given: func(g *given, s string) {
				g.took("2011-05-18", s, "phq-9", 1, "baseline", 20)
				g.took("2011-06-18", s, "phq-9", 1, "interim", 12)
				g.on("2012-05-18", s, events.MeasureTaken{Entered: g.entry(), Instrument: "phq-9", Version: 1, When: "closure"}) // too much was missing
			},
			asked: year, change: "none",
		},
		{
			name: "a file that should not have been opened has no scores",
			given: func(g *given, s string) {
				g.took("2012-05-18", s, "phq-9", 1, "baseline", 20)
				g.took("2012-06-18", s, "phq-9", 1, "closure", 20)
				g.close("2012-06-19", s, 1, "duplicate")
			},
			change: "none",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newLog(t)
			c.given(g, g.open("2011-01-10", "home"))
			c.asked.KnownAt = projections.Latest
			m := g.measure(t, c.asked, "phq-9")
			if m.Paired != c.paired || m.Unpaired != c.unpaired || number(m.MeanChange) != c.change {
				t.Errorf("got %d paired, %d unpaired, change %s; want %d, %d, %s",
					m.Paired, m.Unpaired, number(m.MeanChange), c.paired, c.unpaired, c.change)
			}
		})
	}
}

func (g *given) measure(t *testing.T, asked Asked, instrument string) Measure {
	for _, m := range g.report(t, asked).Measures {
		if m.Instrument == instrument {
			return m
		}
	}
	return Measure{}
}

// Whether a change means something is judged by the least change that does, in the direction that is better.
func TestChangesAreJudgedByTheMinimalImportantChange(t *testing.T) {
	for instrument, c := range map[string]struct {
		change                     [3]float64 // of three clients
		improved, unchanged, worse int
		effect                     string
	}{
		"phq-9":        {[3]float64{-5, -4, 5}, 1, 1, 1, "-0.2421"},
		"gad-7":        {[3]float64{-4, -9, 0}, 2, 1, 0, "-0.961"},
		"severity":     {[3]float64{1, 2, 3}, 0, 1, 2, "2"},
		"needs":        {[3]float64{1, 0.9, -1}, 1, 1, 1, "0.2662"},
		"sdq":          {[3]float64{-9, 0, 9}, -1, -1, -1, "0"},
		"satisfaction": {[3]float64{1, 1, 1}, -1, -1, -1, "none"}, // all alike: no deviation
	} {
		g := newLog(t)
		for _, change := range c.change {
			s := g.open("2012-05-18", "home")
			g.took("2012-05-19", s, instrument, 1, "baseline", 12)
			g.took("2012-06-19", s, instrument, 1, "closure", 12+change)
		}
		m := g.measure(t, Asked{KnownAt: projections.Latest}, instrument)
		judged := func(n *int) int {
			if n == nil {
				return -1
			}
			return *n
		}
		if judged(m.Improved) != c.improved || judged(m.Unchanged) != c.unchanged || judged(m.Worse) != c.worse {
			t.Errorf("%s %v: improved %d, unchanged %d, worse %d", instrument, c.change, judged(m.Improved), judged(m.Unchanged), judged(m.Worse))
		}
		if number(m.EffectSize) != c.effect {
			t.Errorf("%s %v: effect size %s, want %s", instrument, c.change, number(m.EffectSize), c.effect)
		}
	}
}

func TestGoalAttainmentIsThatOfThePlanInForce(t *testing.T) {
	g := newLog(t)
	s := g.open("2012-05-18", "home")
	school, kin, home := g.id(), g.id(), g.id()
	plan := func(day string, version int, goals ...uuid.UUID) {
		agreed := events.PlanAgreed{Entered: g.entry(), Version: version}
		for _, goal := range goals {
			agreed.Goals = append(agreed.Goals, events.Goal{Goal: goal, Weight: 1})
		}
		g.on(day, s, agreed)
	}
	rate := func(day string, version int, goal uuid.UUID, level int, when string) uuid.UUID {
		rated := events.GoalRated{Entered: g.entry(), Plan: version, Goal: goal, Level: level, When: when}
		g.on(day, s, rated)
		return rated.Entry
	}
	plan("2012-05-20", 1, school)
	rate("2012-05-20", 1, school, 2, "baseline") // under another version: its levels may have been described otherwise
	plan("2012-06-01", 2, school, kin, home)
	rate("2012-06-01", 2, school, -2, "baseline")
	rate("2012-06-01", 2, kin, -1, "baseline")
	rate("2012-08-01", 2, school, 0, "closure")
	last := rate("2012-08-01", 2, kin, 1, "closure")
	g.close("2012-08-02", s, 1, "goals_met")
	known, _ := g.log.Head(t.Context())

	want := Goals{MeanT: score(56.2017), WithT: 1, Rated: 2, Unrated: 1, Reached: 2} // 50 + 10·1/√(0.7·2 + 0.3·4)
	if got := g.report(t, Asked{KnownAt: known}).Goals; text(got) != text(want) {
		t.Errorf("at closure: got %s, want %s", text(got), text(want))
	}
	gas := g.measure(t, Asked{KnownAt: known}, "gas")
	if gas.Paired != 1 || number(gas.MeanBefore) != "31.3948" || number(gas.MeanAfter) != "56.2017" || *gas.Improved != 1 {
		t.Errorf("goal attainment over the goals with a baseline: got %s", text(gas))
	}

	g.amend("2012-09-01", s, last, "", events.GoalRated{Plan: 2, Goal: kin, Level: -1, When: "closure"})
	g.on("2012-09-02", s, events.CaseReopened{Entered: g.entry(), Episode: 2, Why: "relapse"})
	rate("2012-09-03", 2, school, -2, "interim")
	if got := g.report(t, Asked{KnownAt: known}).Goals; text(got) != text(want) {
		t.Errorf("as it was known at closure: got %s, want %s", text(got), text(want))
	}
	want = Goals{MeanT: score(43.7983), WithT: 1, Rated: 2, Unrated: 1, Reached: 1}
	if got := g.report(t, Asked{KnownAt: projections.Latest}).Goals; text(got) != text(want) {
		t.Errorf("with the amended rating, and without that of the next episode: got %s, want %s", text(got), text(want))
	}
}
