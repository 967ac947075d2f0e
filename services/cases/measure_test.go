package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/measures"
)

// phq9 answers every item with the same number, but for some.
func phq9(all int, but map[string]int) map[string]int {
	answers := map[string]int{}
	for _, item := range []string{"phq1", "phq2", "phq3", "phq4", "phq5", "phq6", "phq7", "phq8", "phq9"} {
		answers[item] = all
	}
	for item, answer := range but {
		if answers[item] = answer; answer < 0 {
			delete(answers, item)
		}
	}
	return answers
}

func measure(answers map[string]int, change ...func(*cases.TakeMeasure)) cases.TakeMeasure {
	cmd := cases.TakeMeasure{Entry: id("new"), Instrument: "phq-9", When: "baseline", Rater: "self", Answers: answers, Beside: years(15)}
	for _, c := range change {
		c(&cmd)
	}
	return cmd
}

func measured(answers map[string]int, change func(*events.MeasureTaken)) facts {
	fact := events.MeasureTaken{Entered: entry("new"), Instrument: "phq-9", Version: 1, When: "baseline", Rater: "self"}
	if answers != nil {
		fact.Answers = sealed.New(answers)
	}
	change(&fact)
	return facts{fact}
}

func TestAMeasureIsScoredWhenItIsTaken(t *testing.T) {
	calm := phq9(1, map[string]int{"phq9": 0})
	two := phq9(2, map[string]int{"phq1": -1, "phq9": 0})
	needs := map[string]int{"safety": 2, "health": 3}
	run(t, []rule{
		{
			Name: "score and band", Given: takenIn, When: measure(calm, func(c *cases.TakeMeasure) { c.Informant, c.Version = "吴老师", 1 }),
			Then: measured(calm, func(m *events.MeasureTaken) { m.Informant, m.Score, m.Band = say("吴老师"), new(8.0), "mild" }),
		},
		{
			Name: "a blank item is filled in, and it says so", Given: open, When: measure(two),
			Then: measured(two, func(m *events.MeasureTaken) {
				m.Score, m.Band, m.Missing, m.FilledIn = new(16.0), "moderately-severe", 1, true
			}),
		},
		{
			Name: "an instrument rated by domain takes those of the category", Given: open,
			When: measure(needs, func(c *cases.TakeMeasure) { c.Instrument, c.Rater = "needs", "worker" }),
			Then: measured(needs, func(m *events.MeasureTaken) {
				m.Instrument, m.Rater, m.Score, m.Missing = "needs", "worker", new(2.5), 4
			}),
		},
		{
			Name: "not done, and why", Given: open, When: measure(nil, func(c *cases.TakeMeasure) { c.NotDone = "refused" }),
			Then: measured(nil, func(m *events.MeasureTaken) { m.NotDone = "refused" }),
		},
		{Name: "not done and answered is a contradiction", Given: open, When: measure(calm, func(c *cases.TakeMeasure) { c.NotDone = "refused" }), Err: cases.RefusedDoneOrNot},
		{Name: "neither done nor not done says nothing", Given: open, When: measure(nil), Err: cases.RefusedDoneOrNot},
		{Name: "not from a child under 12", Given: open, When: measure(calm, func(c *cases.TakeMeasure) { c.Beside = years(11) }), Err: cases.RefusedAge},
		{Name: "not done with a child under 12 can be said", Given: open, When: measure(nil, func(c *cases.TakeMeasure) { c.Beside, c.NotDone = years(11), "too_young" }), Then: measured(nil, func(m *events.MeasureTaken) { m.NotDone = "too_young" })},
		{Name: "from 12 on", Given: open, When: measure(calm, func(c *cases.TakeMeasure) { c.Beside = years(12) }), Then: measured(calm, func(m *events.MeasureTaken) { m.Score, m.Band = new(8.0), "mild" })},
		{Name: "not an instrument that nobody knows", Given: open, When: measure(calm, func(c *cases.TakeMeasure) { c.Instrument = "tarot" }), Err: cases.RefusedCode},
		{Name: "nor a version that nobody knows", Given: open, When: measure(calm, func(c *cases.TakeMeasure) { c.Version = 99 }), Err: cases.RefusedCode},
		{Name: "not at a point that is none", Given: open, When: measure(calm, func(c *cases.TakeMeasure) { c.When = "midnight" }), Err: cases.RefusedCode},
		{Name: "not with an answer off the scale", Given: open, When: measure(phq9(4, nil)), Err: measures.OutOfRange},
		{Name: "not with an item of another instrument", Given: open, When: measure(map[string]int{"gad1": 1}), Err: measures.UnknownItem},
		{Name: "goals are rated one by one", Given: open, When: measure(map[string]int{"g": 1}, func(c *cases.TakeMeasure) { c.Instrument = "gas" }), Err: measures.ByGoals},
	})
}

func TestTalkOfSelfHarmIsActedOnTheSameDay(t *testing.T) {
	high := phq9(0, map[string]int{"phq9": 1})
	blank := phq9(0, map[string]int{"phq9": -1})
	calm := phq9(0, nil)
	rated := []events.Due{due("risk_rating", "2012-07-03 00:00"), due("self_harm_contact", "2012-07-03 10:00")}
	asked := measured(blank, func(m *events.MeasureTaken) {
		m.Entry, m.Due = id("blank"), []events.Due{due("item-9-blank", "2012-07-03 00:00")}
	})
	run(t, []rule{
		{
			Name: "item 9 raises it whatever the total: risk rated the same day, contact within 24 hours", Given: open, When: measure(high),
			Then: measured(high, func(m *events.MeasureTaken) {
				m.Score, m.Band, m.Safety, m.Due = new(1.0), "minimal", []string{"self-harm"}, rated
			}),
		},
		{
			Name: "a blank item 9 is asked again the same day, and never filled in", Given: open, When: measure(blank),
			Then: measured(blank, func(m *events.MeasureTaken) {
				m.Missing, m.Due = 1, []events.Due{due("item-9-blank", "2012-07-03 00:00")}
			}),
		},
		{
			Name: "an answer to it settles that", Given: given(open, asked...), When: measure(calm),
			Then: measured(calm, func(m *events.MeasureTaken) {
				m.Score, m.Band, m.Done = new(0.0), "minimal", []string{"item-9-blank"}
			}),
		},
		{
			Name: "and so does an answer that raises it", Given: given(open, asked...), When: measure(high),
			Then: measured(high, func(m *events.MeasureTaken) {
				m.Score, m.Band, m.Safety, m.Due, m.Done = new(1.0), "minimal", []string{"self-harm"}, rated, []string{"item-9-blank"}
			}),
		},
		{
			Name: "after a closure too", Given: given(serving, on("2012-07-02 09:00", closed)),
			When: measure(high, func(c *cases.TakeMeasure) { c.When = "follow-up" }),
			Then: measured(high, func(m *events.MeasureTaken) {
				m.When, m.Score, m.Band, m.Safety, m.Due = "follow-up", new(1.0), "minimal", []string{"self-harm"}, rated
			}),
		},
		{Name: "a closed case takes no other measure", Given: ended, When: measure(high), Err: cases.RefusedClosed},
		{Name: "a case that was never closed has no follow-up", Given: open, When: measure(high, func(c *cases.TakeMeasure) { c.When = "follow-up" }), Err: cases.RefusedOpen},
	})
}
