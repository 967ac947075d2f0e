package deadlines

import (
	"fmt"
	"slices"
	"time"
)

// Unit is what a limit is counted in.
type Unit string

// The units. Working days follow the notices of the State Council, make-up days included; the school units rest outside term.
const (
	Hours       Unit = "hours"        // to the instant; 0 hours is "at once"
	Days        Unit = "days"         // calendar days; 0 days is "the same day"
	WorkingDays Unit = "working-days" // weekdays but holidays, and make-up weekend days
	Months      Unit = "months"       // the same day of a later month, or that month's last day
	TermDays    Unit = "term-days"    // calendar days that lie in a school term
	SchoolDays  Unit = "school-days"  // working days that lie in a school term
	Terms       Unit = "terms"        // the same day of a later term, or that term's last day
)

// Units lists all units, for forms and checks.
func Units() []Unit { return []Unit{Hours, Days, WorkingDays, Months, TermDays, SchoolDays, Terms} }

// Rests says whether a clock in this unit may stand still, at weekends or in school holidays. A step of safety must not have one.
func (u Unit) Rests() bool {
	return u == WorkingDays || u == TermDays || u == SchoolDays || u == Terms
}

// most is the longest limit in each unit, about twenty years: above it is a slip of the pen, and day by day counting would be slow.
var most = map[Unit]int{Hours: 24 * 7300, Days: 7300, WorkingDays: 5000, Months: 240, TermDays: 5000, SchoolDays: 5000, Terms: 40}

// Limit is a span of time within which a step is due.
type Limit struct {
	Amount int  `json:"amount"`
	Unit   Unit `json:"unit"`
}

// Validate refuses a limit that cannot be counted off: an unknown unit, a negative amount, or one of more than about twenty years.
// Zero is for hours ("at once") and days ("the same day") only.
func (l Limit) Validate() error {
	if !slices.Contains(Units(), l.Unit) {
		return fmt.Errorf("deadlines: unknown unit %q", l.Unit)
	}
	least := 1
	if l.Unit == Hours || l.Unit == Days {
		least = 0
	}
	if l.Amount < least || l.Amount > most[l.Unit] {
		return fmt.Errorf("deadlines: %d %s: the amount must be %d to %d", l.Amount, l.Unit, least, most[l.Unit])
	}
	return nil
}

// From gives the instant at which a step is late whose clock started at t, and whether the calendar knew every day that was counted.
//
// Not certain means: a year without a notice was counted with plain weekends; dates outside the known terms were counted as if in
// term (a term itself as six months); or a term's dates are assumed. From panics on a limit that Validate refuses.
func (l Limit) From(t time.Time, cal Calendar) (due time.Time, certain bool) {
	if err := l.Validate(); err != nil {
		panic(err)
	}
	switch l.Unit {
	case Hours:
		return t.Add(time.Duration(l.Amount) * time.Hour).In(Zone), true
	case Days:
		return midnight(t, l.Amount+1), true
	case WorkingDays:
		return l.count(t, cal.Working)
	case Months:
		return EndOfDay(addMonths(t, l.Amount)), true
	case TermDays:
		return l.count(t, cal.InTerm)
	case SchoolDays:
		return l.count(t, cal.schoolDay)
	default:
		return cal.termsLater(t, l.Amount)
	}
}

// count walks the days after t's until enough of them count. It ends, because a calendar that knows nothing counts ordinary days.
func (l Limit) count(t time.Time, counts func(time.Time) (counts, known bool)) (due time.Time, certain bool) {
	certain = true
	day := StartOfDay(t)
	for left := l.Amount; left > 0; {
		day = midnight(day, 1)
		yes, known := counts(day)
		certain = certain && known
		if yes {
			left--
		}
	}
	return EndOfDay(day), certain
}

// addMonths keeps the day of the month where the later month has it: a month after 31 January is the last of February.
func addMonths(t time.Time, months int) time.Time {
	y, m, d := t.In(Zone).Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, Zone)
	return time.Date(last.Year(), last.Month(), min(d, last.Day()), 0, 0, 0, 0, Zone)
}
