package clients

import (
	"time"

	"github.com/casestream/casestream/events"
)

// Age is the age in whole years of someone born on a day, or at some time in a month or a year, on the day of an
// instant. It takes the youngest that they can be, because the rules that ask protect children. It is nil where the
// birth is not known or lies later.
func Age(birth string, at time.Time) *int {
	_, born, ok := span(birth)
	if !ok {
		return nil
	}
	y, m, d := at.In(events.Zone).Date()
	years := y - born.Year()
	if m < born.Month() || m == born.Month() && d < born.Day() {
		years--
	}
	if years < 0 {
		if first, _, _ := span(birth); first.After(at) {
			return nil
		}
		years = 0
	}
	return &years
}

// span is the first and the last day of a birth that is given as 2006, 2006-01 or 2006-01-02.
func span(birth string) (first, last time.Time, ok bool) {
	for layout, next := range map[string][3]int{"2006": {1, 0, 0}, "2006-01": {0, 1, 0}, time.DateOnly: {0, 0, 1}} {
		if day, err := time.ParseInLocation(layout, birth, events.Zone); err == nil && len(layout) == len(birth) {
			return day, day.AddDate(next[0], next[1], next[2]-1), true
		}
	}
	return time.Time{}, time.Time{}, false
}
