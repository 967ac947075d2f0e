package deadlines_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/casestream/casestream/services/deadlines"
)

var (
	moments = rapid.Map(rapid.Int64Range(
		time.Date(2011, 6, 1, 0, 0, 0, 0, deadlines.Zone).Unix(), time.Date(2028, 1, 1, 0, 0, 0, 0, deadlines.Zone).Unix(),
	), func(s int64) time.Time { return time.Unix(s, 0).UTC() })
	units  = rapid.SampledFrom(deadlines.Units())
	limits = rapid.Custom(func(t *rapid.T) deadlines.Limit {
		l := deadlines.Limit{Amount: rapid.IntRange(1, 90).Draw(t, "amount"), Unit: units.Draw(t, "unit")}
		if l.Unit == deadlines.Terms {
			l.Amount = 1 + l.Amount%5
		}
		return l
	})
)

func not(unit deadlines.Unit) func(deadlines.Limit) bool {
	return func(l deadlines.Limit) bool { return l.Unit != unit }
}

func TestEveryLimitByDaysEndsAtAMidnightAfterItsStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, limit := moments.Draw(t, "from"), limits.Draw(t, "limit")
		due, _ := limit.From(from, deadlines.China())
		if !due.After(from) {
			t.Fatalf("due %s is not after %s", due, from)
		}
		if limit.Unit != deadlines.Hours && !due.Equal(deadlines.StartOfDay(due)) {
			t.Fatalf("due %s is not a midnight in Shanghai", due)
		}
	})
}

func TestTheHourOfTheDayDoesNotMoveALimitByDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, limit := moments.Draw(t, "from"), limits.Filter(not(deadlines.Hours)).Draw(t, "limit") // hours go by the minute
		early, _ := limit.From(deadlines.StartOfDay(from), deadlines.China())
		late, _ := limit.From(deadlines.EndOfDay(from).Add(-1), deadlines.China())
		if !early.Equal(late) {
			t.Fatalf("from the first instant due %s, from the last %s", early, late)
		}
	})
}

func TestStartingLaterIsNeverDueEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, limit := moments.Draw(t, "from"), limits.Filter(not(deadlines.Terms)).Draw(t, "limit") // where terms end and the six months begin, the guess may jump
		later := from.Add(time.Duration(rapid.Int64Range(0, 60*24*3600).Draw(t, "seconds")) * time.Second)
		first, _ := limit.From(from, deadlines.China())
		second, _ := limit.From(later, deadlines.China())
		if second.Before(first) {
			t.Fatalf("from %s due %s, from the later %s already %s", from, first, later, second)
		}
	})
}

func TestOneMoreIsDueLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, limit := moments.Draw(t, "from"), limits.Filter(not(deadlines.Terms)).Draw(t, "limit") // the term after the last known one is a guess
		due, _ := limit.From(from, deadlines.China())
		limit.Amount++
		next, _ := limit.From(from, deadlines.China())
		if !next.After(due) {
			t.Fatalf("%d %s are due %s, one less already %s", limit.Amount, limit.Unit, next, due)
		}
	})
}

// The second way of counting: exactly Amount working days lie after the first day and up to the last, and the last is one of them.
func TestExactlySoManyWorkingDaysLieBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, amount := moments.Draw(t, "from"), rapid.IntRange(1, 60).Draw(t, "amount")
		due, certain := deadlines.Limit{Amount: amount, Unit: deadlines.WorkingDays}.From(from, deadlines.China())
		worked, known := 0, true
		for day := deadlines.EndOfDay(from); day.Before(due); day = day.AddDate(0, 0, 1) {
			yes, k := deadlines.China().Working(day)
			if known = known && k; yes {
				worked++
			}
		}
		if last, _ := deadlines.China().Working(deadlines.LastDay(due)); worked != amount || !last {
			t.Fatalf("%d working days lie before %s, want %d; the last is worked: %t", worked, due, amount, last)
		}
		if known != certain {
			t.Fatalf("certain %t, but all years known %t", certain, known)
		}
	})
}
