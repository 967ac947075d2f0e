package demo

import (
	"math"
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

// scores answers an instrument. Most people get better, some stay as they are, a few get worse.
func (w *casework) scores(i measures.Instrument, when categories.When) map[string]int {
	bad, before := w.badness[i.Key]
	switch {
	case !before && i.Key == "satisfaction":
		bad = w.d.Float64() * 0.3
	case !before:
		bad = 0.42 + w.d.Float64()*0.4
		w.badness[i.Key] = bad
	case when == categories.Interim:
		bad -= w.d.Float64() * 0.25
	case w.d.chance(0.08):
		bad += w.d.Float64() * 0.15
	default:
		bad -= 0.08 + w.d.Float64()*0.45
	}
	if i.Direction == measures.HigherIsBetter {
		bad = 1 - bad
	}
	answers := map[string]int{}
	if i.Scoring == measures.Total {
		answers[measures.TotalKey] = within(bad*0.75, i.Range.Min, i.Range.Max)
		return answers
	}
	for n, item := range i.Items {
		part := bad
		switch {
		case i.Scoring == measures.MeanOfDomains:
			part += w.d.Float64()*0.5 - 0.25
		case len(i.Items) > 1:
			part = bad*0.7 + w.d.Float64()*0.4 - 0.2
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

// within is the whole number at a part of the way from least to most.
func within(part float64, least, most int) int {
	return least + int(math.Round(min(max(part, 0), 1)*float64(most-least)))
}
