package demo

import (
	"time"

	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/measures"
)

// measure takes what the category takes at this point of a case, from someone of this age.
func (w *casework) measure(t time.Time, when categories.When) {
	age := -1
	if years := w.who.age(t); years != nil {
		age = *years
	}
	for _, m := range w.category.MeasuresAt(when, age) {
		instrument, _ := w.category.Instrument(m.Instrument)
		if instrument.Scoring == measures.Goals || !m.Required && !w.optional(m.Instrument, when) {
			continue
		}
		t = t.Add(w.d.minutes(3, 8))
		cmd := cases.TakeMeasure{Entry: w.entry(t), Instrument: m.Instrument, When: string(when), Rater: rater(m.Instrument), Beside: w.beside(t, false)}
		if !m.Required && w.d.chance(0.06) {
			cmd.NotDone = pick(w.d, []string{"refused", "absent"})
		} else {
			cmd.Answers = w.scores(instrument, when)
		}
		recorded := w.noted(t)
		if when == categories.AtClosure {
			recorded = w.soon(t)
		}
		recorded = w.record(w.worker, t, recorded, cmd)
		if cmd.NotDone == "" {
			w.measures = append(w.measures, taken{cmd, t, recorded})
		}
		if cmd.Answers["phq9"] > 0 {
			w.alarmed(t.Add(10 * time.Minute))
		}
	}
}

// optional measures are taken more often at the start, and at the end from those from whom they were taken at the start.
func (w *casework) optional(instrument string, when categories.When) bool {
	_, before := w.badness[instrument]
	switch {
	case when == categories.Baseline:
		return w.d.chance(0.7)
	case before:
		return w.d.chance(0.85)
	}
	return instrument == "satisfaction" && w.d.chance(0.75) || when == categories.Interim && w.d.chance(0.6)
}

func rater(instrument string) string {
	switch instrument {
	case "phq-9", "gad-7", "satisfaction":
		return "self"
	case "sdq":
		return "teacher"
	case "sdss", "itaq", "whodas":
		return "clinician"
	}
	return "worker"
}

// scores answers an instrument. Most people get better, some stay as they are, a few get worse. How bad it is goes
// from 0 to 1000: whole numbers, so that every machine rounds alike.
func (w *casework) scores(i measures.Instrument, when categories.When) map[string]int {
	bad, before := w.badness[i.Key]
	switch {
	case !before && i.Key == "satisfaction":
		bad = w.d.between(0, 300)
	case !before:
		bad = w.d.between(420, 820)
		w.badness[i.Key] = bad
	case when == categories.Interim:
		bad -= w.d.between(0, 250)
	case w.d.chance(0.08):
		bad += w.d.between(0, 150)
	default:
		bad -= w.d.between(80, 530)
	}
	if i.Direction == measures.HigherIsBetter {
		bad = 1000 - bad
	}
	answers := map[string]int{}
	if i.Scoring == measures.Total {
		answers[measures.TotalKey] = within(bad*3/4, i.Range.Min, i.Range.Max)
		return answers
	}
	for n, item := range i.Items {
		part := bad
		switch {
		case i.Scoring == measures.MeanOfDomains:
			part += w.d.between(-250, 250)
		case len(i.Items) > 1:
			part = bad*7/10 + w.d.between(-200, 200)
		}
		switch {
		case item.Key == "phq9":
			answers[item.Key] = 0
			if w.d.chance(0.03) && when == categories.Baseline {
				answers[item.Key] = 1
			}
		case len(i.Items) > 3 && n < len(i.Items)-2 && i.Scoring == measures.Sum && w.d.chance(0.01): // left blank
		default:
			answers[item.Key] = within(part, item.Min, item.Max)
		}
	}
	return answers
}

// within is the whole number nearest to so many thousandths of the way from least to most.
func within(part, least, most int) int {
	return least + (min(max(part, 0), 1000)*(most-least)+500)/1000
}
