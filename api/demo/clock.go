package demo

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/deadlines"
)

// The simulated clock. Work happens from the start of the pilot to the end of the year; what is recorded late is
// recorded by the last evening of the New Year holiday, before the day on which the demo wakes up.
var (
	firstDay = moment("2012-05-18", 9, 0)
	yearEnd  = moment("2012-12-31", 17, 30)
	allKnown = moment("2013-01-03", 16, 0)

	calendar = deadlines.China()
)

// moment is a time of day on a day, in the programme's zone.
func moment(day string, hour, minute int) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, events.Zone)
	if err != nil {
		panic("demo: not a day: " + day)
	}
	return t.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// on is a time of day on the day of t.
func on(t time.Time, hour, minute int) time.Time { return moment(events.DayOf(t), hour, minute) }

func nextDay(t time.Time, n int) time.Time { return on(t, 0, 0).AddDate(0, 0, n) }

func worked(t time.Time) bool {
	working, _ := calendar.Working(t)
	return working
}

// office is the next time, from t on, at which someone sits at a desk.
func office(d dice, t time.Time) time.Time {
	for {
		opens, closes := on(t, 8, 30), on(t, 17, 30)
		switch {
		case worked(t) && t.Before(opens):
			return opens.Add(d.minutes(0, 90))
		case worked(t) && t.Before(closes):
			return t
		}
		t = nextDay(t, 1)
	}
}

// workdays is the office time n working days after t.
func workdays(d dice, t time.Time, n int) time.Time {
	for range n {
		t = nextDay(t, 1)
		for !worked(t) {
			t = nextDay(t, 1)
		}
	}
	if n > 0 {
		return on(t, 9, 0).Add(d.minutes(0, 450))
	}
	return office(d, t)
}

// noted is when something is written down that was over at a time: soon, or, with the chance given, days later.
// Before a long holiday more is left for afterwards. A station that is staffed day and night writes at any hour.
func noted(d dice, over time.Time, late float64, dayAndNight bool) time.Time {
	if holidayAhead(over) && !dayAndNight {
		late = max(late, 0.5)
	}
	var t time.Time
	switch {
	case d.chance(late):
		t = office(d, nextDay(over, d.between(1, 6)))
	case dayAndNight:
		t = over.Add(d.minutes(5, 90))
	default:
		t = over.Add(d.minutes(5, 90))
		if t.After(on(t, 19, 0)) {
			t = office(d, nextDay(t, 1))
		}
	}
	return inTime(d, t)
}

// inTime is t, or a time on the last day for what would else be recorded after it.
func inTime(d dice, t time.Time) time.Time {
	if t.After(allKnown) {
		return on(allKnown, 9, 0).Add(d.minutes(0, 400))
	}
	return t
}

// holidayAhead tells that three days of rest begin within three days.
func holidayAhead(t time.Time) bool {
	for ahead := 1; ahead <= 3; ahead++ {
		if rest := nextDay(t, ahead); !worked(rest) && !worked(nextDay(rest, 1)) && !worked(nextDay(rest, 2)) {
			return true
		}
	}
	return false
}

// inTerm tells whether there is school on the day of t.
func inTerm(t time.Time) bool {
	term, _ := calendar.InTerm(t)
	return worked(t) && term
}
