package bench_test

import (
	"strings"
	"testing"

	"github.com/casestream/casestream/api/bench"
)

func TestAPartThatIsNotThereIsRefusedWithThoseThatAre(t *testing.T) {
	if _, err := bench.Run(t.Context(), bench.Options{Only: "speed"}); err == nil || !strings.Contains(err.Error(), "requests") {
		t.Errorf("measuring a part that is not there: %v", err)
	}
}

func TestAReportHoldsWhenEveryFigureIsOnItsSideOfTheBound(t *testing.T) {
	for _, c := range []struct {
		figure bench.Figure
		word   string
		holds  bool
	}{
		{bench.Figure{Value: 0.39, Bound: 0.4}, "BELOW", false},
		{bench.Figure{Value: 0.4, Bound: 0.4}, "ok", true},
		{bench.Figure{Value: 10, Bound: 10, AtMost: true}, "ok", true},
		{bench.Figure{Value: 10.1, Bound: 10, AtMost: true}, "ABOVE", false},
		{bench.Figure{Bound: 200, AtMost: true, Unmeasured: "only Linux tells"}, "only Linux tells", true},
	} {
		var printed strings.Builder
		report := bench.Report{Figures: []bench.Figure{{Value: 1}, c.figure}}
		report.Print(&printed)
		if report.Holds() != c.holds || !strings.Contains(printed.String(), c.word) {
			t.Errorf("%+v: holds is %v, and it prints\n%s", c.figure, report.Holds(), &printed)
		}
	}
}
