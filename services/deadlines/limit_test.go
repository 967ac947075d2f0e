package deadlines_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/services/deadlines"
)

func at(t *testing.T, moment string) time.Time {
	t.Helper()
	parsed, err := time.ParseInLocation("2006-01-02 15:04", moment, deadlines.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestALimitIsDue(t *testing.T) {
	type limit = deadlines.Limit
	for _, c := range []struct {
		name    string
		limit   limit
		from    string
		due     string
		certain bool
	}{
		{"one day runs to the end of tomorrow", limit{1, deadlines.Days}, "2012-09-28 10:00", "2012-09-30 00:00", true},
		{"the same day ends at its own midnight", limit{0, deadlines.Days}, "2012-09-28 23:59", "2012-09-29 00:00", true},
		{"at midnight a new day has begun", limit{1, deadlines.Days}, "2012-09-29 00:00", "2012-10-01 00:00", true},
		{"calendar days do not stop for a holiday", limit{14, deadlines.Days}, "2012-09-28 10:00", "2012-10-13 00:00", true},
		{"two hours are two hours at midnight too", limit{2, deadlines.Hours}, "2012-12-31 23:15", "2013-01-01 01:15", true},
		{"no hours are at once", limit{0, deadlines.Hours}, "2012-06-01 03:04", "2012-06-01 03:04", true},
		{"24 hours keep the minute over a leap day", limit{24, deadlines.Hours}, "2012-02-28 09:30", "2012-02-29 09:30", true},

		{"the Saturday before National Day 2012 is worked", limit{1, deadlines.WorkingDays}, "2012-09-28 10:00", "2012-09-30 00:00", true},
		{"30 September to 7 October 2012 are off", limit{2, deadlines.WorkingDays}, "2012-09-28 10:00", "2012-10-09 00:00", true},
		{"three working days over Mid-Autumn and National Day", limit{3, deadlines.WorkingDays}, "2012-09-28 10:00", "2012-10-10 00:00", true},
		{"a clock started on a day off begins on the next working day", limit{1, deadlines.WorkingDays}, "2012-10-03 10:00", "2012-10-09 00:00", true},
		{"three working days over a plain weekend", limit{3, deadlines.WorkingDays}, "2012-06-07 10:00", "2012-06-13 00:00", true},
		{"over New Year both years' notices count", limit{3, deadlines.WorkingDays}, "2012-12-31 10:00", "2013-01-07 00:00", true},
		{"the last day of a known year needs no next year", limit{1, deadlines.WorkingDays}, "2026-12-30 10:00", "2027-01-01 00:00", true},
		{"the next day does", limit{2, deadlines.WorkingDays}, "2026-12-30 10:00", "2027-01-02 00:00", false},
		{"and so does a year before the first known one", limit{3, deadlines.WorkingDays}, "2011-12-29 10:00", "2012-01-06 00:00", false},
		{"a year without a notice has plain weekends", limit{3, deadlines.WorkingDays}, "2019-10-03 10:00", "2019-10-09 00:00", false},

		{"a month later is the same day", limit{1, deadlines.Months}, "2012-09-15 10:00", "2012-10-16 00:00", true},
		{"a month after 31 January is the leap day", limit{1, deadlines.Months}, "2012-01-31 10:00", "2012-03-01 00:00", true},
		{"three months pass the year's end", limit{3, deadlines.Months}, "2012-11-30 10:00", "2013-03-01 00:00", true},
		{"twelve months after the leap day", limit{12, deadlines.Months}, "2012-02-29 10:00", "2013-03-01 00:00", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			due, certain := c.limit.From(at(t, c.from), deadlines.China())
			if !due.Equal(at(t, c.due)) || certain != c.certain {
				t.Errorf("%d %s from %s: due %s, certain %t; want %s, %t", c.limit.Amount, c.limit.Unit, c.from, due, certain, c.due, c.certain)
			}
		})
	}
}

func TestADayEndsInShanghaiWhereverTheTimeWasTaken(t *testing.T) {
	// 17:00 on the 27th in London is 00:00 or later on the 28th in Wuhan.
	london := time.Date(2012, 9, 27, 17, 0, 0, 0, time.UTC)
	due, _ := deadlines.Limit{Amount: 1, Unit: deadlines.Days}.From(london, deadlines.China())
	if want := at(t, "2012-09-30 00:00"); !due.Equal(want) {
		t.Errorf("due %s, want %s", due, want)
	}
}

func TestThePersonIsShownTheLastDayInTime(t *testing.T) {
	due, _ := deadlines.Limit{Amount: 3, Unit: deadlines.WorkingDays}.From(at(t, "2012-09-28 10:00"), deadlines.China())
	if got := deadlines.LastDay(due).Format(time.DateOnly); got != "2012-10-09" {
		t.Errorf("last day %s, want 2012-10-09", got)
	}
}

func TestUnitsThatRestAreNotForSafety(t *testing.T) {
	for _, unit := range deadlines.Units() {
		counts := unit == deadlines.Hours || unit == deadlines.Days || unit == deadlines.Months
		if unit.Rests() == counts {
			t.Errorf("%s rests: %t", unit, unit.Rests())
		}
	}
}

func TestALimitThatCannotBeCountedIsRefused(t *testing.T) {
	for _, bad := range []deadlines.Limit{
		{},
		{3, "fortnights"},
		{-1, deadlines.Hours},
		{-1, deadlines.Days},
		{0, deadlines.WorkingDays},
		{0, deadlines.Months},
		{0, deadlines.Terms},
		{1 << 40, deadlines.Hours},
		{100_000, deadlines.SchoolDays},
	} {
		if bad.Validate() == nil {
			t.Errorf("%d %q was accepted", bad.Amount, bad.Unit)
		}
	}
	for _, unit := range deadlines.Units() {
		if err := (deadlines.Limit{Amount: 1, Unit: unit}).Validate(); err != nil {
			t.Errorf("1 %s was refused: %v", unit, err)
		}
	}
}
