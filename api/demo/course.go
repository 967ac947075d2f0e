package demo

import (
	"time"

	"github.com/casestream/casestream/services/categories"
)

// live writes the life of a case from its intake on: as far as it comes by the end of the year.
func (w *casework) live(t time.Time) {
	recorded := w.arrival(t)
	answers := w.answers(t)
	w.register(t, recorded, answers)
	decided, assessed, planned := w.pace(t)
	if decided.After(yearEnd) {
		decided = later(t.Add(20*time.Minute), yearEnd.Add(-time.Hour))
		assessed, planned = decided.Add(time.Hour), decided.AddDate(0, 0, 9)
	}
	w.decide(decided)
	w.consent(decided.Add(w.d.minutes(16, 50)))
	if answers["self_harm"] == "yes" {
		w.alarmed(decided.Add(w.d.minutes(55, 80)))
	}
	end := decided.AddDate(0, 0, w.d.between(w.course.Days[0], w.course.Days[1]))
	contacts := w.times(later(decided, assessed).Add(3*time.Hour), earlier(end, yearEnd), w.d.between(w.course.Contacts[0], w.course.Contacts[1]))
	w.opening(assessed, answers)
	planned = w.work(contacts, planned, end)
	if w.plans == 0 && planned.Before(earlier(end, yearEnd)) {
		w.agree(planned, end)
	}
	if end.Before(yearEnd.AddDate(0, 0, -1)) {
		w.conclude(end)
	}
}

// arrival is when the intake is recorded. What comes in before a long holiday waits until after it, where nobody is on duty.
func (w *casework) arrival(t time.Time) time.Time {
	if holidayAhead(t) && !w.dayAndNight {
		rest := nextDay(t, 1)
		for worked(rest) {
			rest = nextDay(rest, 1)
		}
		return inTime(w.d, office(w.d, rest))
	}
	return inTime(w.d, t.Add(w.d.minutes(8, 50)))
}

// pace is when a case of this kind is decided, assessed and planned. At the station the clock counts hours; now and
// then a deadline is missed, as it is.
func (w *casework) pace(t time.Time) (decided, assessed, planned time.Time) {
	if w.dayAndNight {
		decided = t.Add(w.d.minutes(30, 100))
		assessed = decided.Add(w.d.minutes(90, 1150))
		if w.d.chance(0.08) {
			assessed = assessed.Add(26 * time.Hour)
		}
		if night := assessed; night.Hour() < 8 || night.Hour() >= 20 {
			assessed = on(night.Add(4*time.Hour), 8, 0).Add(w.d.minutes(10, 120))
		}
		return decided, assessed, on(nextDay(assessed, w.d.between(1, 4)), 10, 0).Add(w.d.minutes(0, 360))
	}
	decided = workdays(w.d, t.Add(time.Hour), w.d.between(0, 3))
	assessed = workdays(w.d, decided.Add(2*time.Hour), w.d.between(2, 9))
	planned = workdays(w.d, assessed, w.d.between(2, 9))
	if w.d.chance(0.06) {
		planned = workdays(w.d, planned, 5)
	}
	return decided, assessed, planned
}

// opening is assessment, baseline and risk.
func (w *casework) opening(t time.Time, answers map[string]any) {
	if t.After(yearEnd) {
		return
	}
	guardianship := ""
	if w.category.Key == "street_child" {
		guardianship = "unknown"
	}
	w.assess(t, guardianship)
	w.measure(t.Add(w.d.minutes(20, 40)), categories.Baseline)
	level := pick(w.d, []string{"medium", "medium", "low", "low"})
	if w.d.chance(map[string]float64{"street_child": 0.3, "psychiatric_patient": 0.18, "boarding_student": 0.16}[w.category.Key]) || answers["coercion"] == "yes" {
		level = "high"
	}
	if answers["self_harm"] != "yes" {
		w.rateRisk(t.Add(w.d.minutes(70, 90)), level)
	}
	if answers["coercion"] == "yes" {
		w.flag(t.Add(w.d.minutes(95, 110)), earlier(t.AddDate(0, 0, 40), yearEnd))
		w.happens(t.Add(w.d.minutes(112, 120)), incident{"injury", "入站检视和会谈发现受人控制、受伤的迹象,已按规定报告公安机关。"})
	}
}

func (w *casework) agree(t, until time.Time) {
	w.plan(t, until)
	w.rateGoals(t.Add(w.d.minutes(15, 30)), "baseline")
}

// work is the contacts, with what belongs between them: the plan when its day has come, a look at where things stand
// half-way, notes, and what nobody planned. It answers with when the plan was or will be agreed.
func (w *casework) work(contacts []time.Time, planned, end time.Time) time.Time {
	flagged, troubled, referred := w.d.chance(0.12), w.d.chance(0.11), w.d.chance(0.08)
	for n, t := range contacts {
		if w.plans == 0 && t.After(planned) {
			w.agree(planned, end)
		}
		stage := middle
		switch {
		case n*3 < len(contacts):
			stage = early
		case n*3 >= len(contacts)*2:
			stage = late
		}
		t = later(t, w.lastDone.Add(time.Minute))
		if t.After(yearEnd) {
			break
		}
		w.intervene(t, w.kind(), stage)
		after := t.Add(w.d.minutes(130, 170))
		switch {
		case n == 2 && flagged:
			w.flag(after, earlier(end, yearEnd))
		case n == len(contacts)/2 && w.plans > 0:
			w.review(after)
		case n == len(contacts)/3 && troubled:
			w.happens(after, pick(w.d, w.words.Incidents))
		case n == len(contacts)*3/5 && referred:
			w.refer(after)
		case n%4 == 3:
			w.note(after)
		}
	}
	return planned
}

// review is where things stand half-way.
func (w *casework) review(t time.Time) {
	w.rateGoals(t, "interim")
	w.measure(t.Add(10*time.Minute), categories.Interim)
	w.rateRisk(t.Add(30*time.Minute), pick(w.d, []string{"low", "low", "medium"}))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
