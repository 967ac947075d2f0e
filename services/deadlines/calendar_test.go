package deadlines_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/services/deadlines"
)

func TestChinaKnowsTheNoticesThatItShips(t *testing.T) {
	if got, want := deadlines.China().Years(), []int{2012, 2013, 2024, 2025, 2026}; !slices.Equal(got, want) {
		t.Errorf("years %v, want %v", got, want)
	}
	for date, want := range map[string]bool{
		"2012-09-29": true, "2012-09-30": false, "2012-10-05": false, "2012-10-07": false, "2012-10-08": true,
		"2013-01-05": true, "2013-01-02": false, "2025-10-08": false, "2026-02-28": true,
	} {
		if got, known := deadlines.China().Working(at(t, date+" 12:00")); got != want || !known {
			t.Errorf("%s: working %t, known %t; want %t, true", date, got, known, want)
		}
	}
}

func TestANewYearsNoticeIsAddedAndAnOldOneReplaced(t *testing.T) {
	cal, err := deadlines.China().WithHolidays([]byte(`{"years":{"2027":{"off":["2027-01-01"],"worked":["2027-01-02"]},"2012":{"off":[]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if working, known := cal.Working(at(t, "2027-01-02 08:00")); !working || !known {
		t.Errorf("2027-01-02: working %t, known %t, want both", working, known)
	}
	if working, _ := cal.Working(at(t, "2012-10-01 08:00")); !working {
		t.Error("2012 kept a holiday of the notice that was replaced")
	}
	if working, _ := deadlines.China().Working(at(t, "2012-10-01 08:00")); working {
		t.Error("the calendar that is built in was changed")
	}
}

func TestABrokenCalendarIsRefusedAndNotQuoted(t *testing.T) {
	holidays := func(document string) error { _, err := deadlines.China().WithHolidays([]byte(document)); return err }
	terms := func(document string) error { _, err := deadlines.China().WithTerms([]byte(document)); return err }
	for name, err := range map[string]error{
		"no JSON":             holidays(`SECRET`),
		"unknown member":      holidays(`{"years":{"2027":{"SECRET":[]}}}`),
		"two documents":       holidays(`{"years":{"2027":{}}} {"SECRET":1}`),
		"no year":             holidays(`{"years":{}}`),
		"not a year":          holidays(`{"years":{"SECRET":{}}}`),
		"not a date":          holidays(`{"years":{"2027":{"off":["SECRET"]}}}`),
		"no such day":         holidays(`{"years":{"2027":{"off":["2027-02-30"]}}}`),
		"another year's date": holidays(`{"years":{"2027":{"off":["2028-01-01"]}}}`),
		"twice off":           holidays(`{"years":{"2027":{"off":["2027-01-01","2027-01-01"]}}}`),
		"off and worked":      holidays(`{"years":{"2027":{"off":["2027-01-01"],"worked":["2027-01-01"]}}}`),
		"no term":             terms(`{"terms":[]}`),
		"not a term's date":   terms(`{"terms":[{"key":"a","zh":"甲","en":"a","from":"SECRET","to":"2027-01-20"}]}`),
		"backwards":           terms(`{"terms":[{"key":"a","zh":"甲","en":"a","from":"2027-01-20","to":"2026-09-01"}]}`),
		"a term of a year":    terms(`{"terms":[{"key":"a","zh":"甲","en":"a","from":"2026-01-01","to":"2026-12-31"}]}`),
		"a term unnamed":      terms(`{"terms":[{"key":"a","zh":"","en":"a","from":"2026-09-01","to":"2027-01-20"}]}`),
		"one key for two": terms(`{"terms":[{"key":"a","zh":"甲","en":"a","from":"2026-09-01","to":"2027-01-20"},
			{"key":"a","zh":"乙","en":"b","from":"2027-02-20","to":"2027-07-01"}]}`),
		"overlap": terms(`{"terms":[{"key":"a","zh":"甲","en":"a","from":"2026-09-01","to":"2027-01-20"},
			{"key":"b","zh":"乙","en":"b","from":"2027-01-20","to":"2027-07-01"}]}`),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: the error quotes what was uploaded: %v", name, err)
		}
	}
}

// published is a calendar of which nothing is assumed.
func published(t *testing.T) deadlines.Calendar {
	t.Helper()
	cal, err := deadlines.China().WithTerms([]byte(`{"terms":[
		{"key":"a","zh":"秋","en":"autumn","from":"2012-09-03","to":"2013-01-25"},
		{"key":"b","zh":"春","en":"spring","from":"2013-02-25","to":"2013-07-05"},
		{"key":"c","zh":"秋","en":"autumn","from":"2013-09-02","to":"2014-01-17"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func TestSchoolClocksRestInTheHolidays(t *testing.T) {
	type limit = deadlines.Limit
	for _, c := range []struct {
		name      string
		limit     limit
		from, due string
		certain   bool
	}{
		{"days of term go on over a weekend", limit{14, deadlines.TermDays}, "2012-11-01 10:00", "2012-11-16 00:00", true},
		{"days of term stop for the winter", limit{14, deadlines.TermDays}, "2013-01-20 10:00", "2013-03-06 00:00", true},
		{"a clock started in the summer waits for September", limit{1, deadlines.TermDays}, "2013-07-20 10:00", "2013-09-03 00:00", true},
		{"school days stop for National Day", limit{2, deadlines.SchoolDays}, "2012-09-28 10:00", "2012-10-09 00:00", true},
		{"school days stop for the winter", limit{3, deadlines.SchoolDays}, "2013-01-24 10:00", "2013-02-27 00:00", true},
		{"a term later is the same day of the next term", limit{1, deadlines.Terms}, "2012-09-17 10:00", "2013-03-12 00:00", true},
		{"and its last day when the next term is shorter", limit{1, deadlines.Terms}, "2013-01-23 10:00", "2013-07-06 00:00", true},
		{"from the last day of term to the last day of the next", limit{1, deadlines.Terms}, "2013-07-05 10:00", "2014-01-18 00:00", true},
		{"from the holidays to the last day of the next term", limit{1, deadlines.Terms}, "2013-07-20 10:00", "2014-01-18 00:00", true},
		{"two terms", limit{2, deadlines.Terms}, "2012-09-04 10:00", "2013-09-04 00:00", true},
		{"a term that is not in the data counts as six months", limit{1, deadlines.Terms}, "2013-09-10 10:00", "2014-03-11 00:00", false},
		{"before the first term nothing is known", limit{1, deadlines.Terms}, "2012-01-10 10:00", "2012-07-11 00:00", false},
		{"after the last term days count as in term", limit{14, deadlines.TermDays}, "2014-02-01 10:00", "2014-02-16 00:00", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			due, certain := c.limit.From(at(t, c.from), published(t))
			if !due.Equal(at(t, c.due)) || certain != c.certain {
				t.Errorf("%d %s from %s: due %s, certain %t; want %s, %t", c.limit.Amount, c.limit.Unit, c.from, due, certain, c.due, c.certain)
			}
		})
	}
}

func TestATermWhoseDatesAreAssumedIsNotCertain(t *testing.T) {
	for _, unit := range []deadlines.Unit{deadlines.TermDays, deadlines.SchoolDays, deadlines.Terms} {
		if _, certain := (deadlines.Limit{Amount: 1, Unit: unit}).From(at(t, "2012-10-15 10:00"), deadlines.China()); certain {
			t.Errorf("1 %s on assumed dates is called certain", unit)
		}
	}
	for _, term := range deadlines.China().Terms() {
		if !term.Assumed {
			t.Errorf("term %s is no longer assumed: say in the data where its dates were read, and change this test", term.Key)
		}
	}
}

func TestAYearBetweenTwoTermsIsAGapInTheDataAndNoHoliday(t *testing.T) {
	if in, known := deadlines.China().InTerm(at(t, "2018-08-01 10:00")); !in || known {
		t.Errorf("in term %t, known %t; want as in term, not known", in, known)
	}
	if in, _ := deadlines.China().InTerm(at(t, "2013-08-01 10:00")); in {
		t.Error("the summer of 2013 is in term")
	}
}

func TestTheCalendarThatKnowsNothingStillAnswers(t *testing.T) {
	due, certain := deadlines.Limit{Amount: 1, Unit: deadlines.WorkingDays}.From(at(t, "2012-10-05 10:00"), deadlines.Calendar{})
	if certain || deadlines.LastDay(due).Format(time.DateOnly) != "2012-10-08" {
		t.Errorf("due %s, certain %t; want the Monday, not certain", due, certain)
	}
}
