package retention_test

import (
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/retention"
)

func TestEveryCategoryIsKeptForSomeTime(t *testing.T) {
	for _, category := range categories.All() {
		until, ok := retention.Default.Until(category.Key, "2012-12-20")
		if !ok || until <= "2012-12-20" {
			t.Errorf("%s is kept until %q", category.Key, until)
		}
	}
	for _, unknown := range [][2]string{{"nobody", "2012-12-20"}, {"orphan", ""}, {"orphan", "20 December"}} {
		if until, ok := retention.Default.Until(unknown[0], unknown[1]); ok {
			t.Errorf("%v is kept until %s", unknown, until)
		}
	}
}

func TestAClosureOnTheLeapDayIsKeptToTheEndOfItsYears(t *testing.T) {
	if until, _ := retention.Default.Until("street_child", "2012-02-29"); until != "2027-03-01" {
		t.Errorf("it is kept until %s", until)
	}
}

func TestTheCoolingOffLastsWholeDays(t *testing.T) {
	rules := retention.Default
	at := time.Date(2012, 7, 2, 23, 59, 0, 0, events.Zone)
	if begins := rules.CoolingOff(at); !begins.Equal(time.Date(2012, 7, 17, 0, 0, 0, 0, events.Zone)) {
		t.Errorf("it begins %s", begins)
	}
	rules.CoolingOffDays = 0
	if begins := rules.CoolingOff(at); !begins.Equal(at) {
		t.Errorf("without a cooling-off it begins %s", begins)
	}
}

func TestRulesThatAreNotWholeAreRefused(t *testing.T) {
	whole := `{"version":1,"cooling_off_days":0,"classes":[{"key":"all","zh":"全部","en":"all","years":1,"categories":["` +
		strings.Join(keys(), `","`) + `"]}]}`
	if _, err := retention.Parse([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"a category is left out":      {`"orphan",`, ``},
		"a category is named twice":   {`"orphan",`, `"orphan","orphan",`},
		"no cooling-off is said":      {`"cooling_off_days":0,`, ``},
		"no years are said":           {`"years":1,`, ``},
		"a line behind it":            {`]}]}`, `]}]}{}`},
		"a category that there isn't": {`"orphan"`, `"orphans"`},
		"a name that nobody knows":    {`"version"`, `"vers"`},
		"no version":                  {`"version":1`, `"version":0`},
		"a cooling-off before it":     {`"cooling_off_days":0`, `"cooling_off_days":-1`},
		"years below zero":            {`"years":1`, `"years":-1`},
		"years without end":           {`"years":1`, `"years":1000`},
		"no name":                     {`"zh":"全部"`, `"zh":""`},
	} {
		if !strings.Contains(whole, change[0]) {
			t.Errorf("%s: nothing is changed", what)
		}
		if _, err := retention.Parse([]byte(strings.Replace(whole, change[0], change[1], 1))); err == nil {
			t.Errorf("%s: it is taken", what)
		}
	}
}

func keys() (all []string) {
	for _, category := range categories.All() {
		all = append(all, category.Key)
	}
	return all
}
