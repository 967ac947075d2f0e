package speed_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events/sqlite/speed"
)

// What is measured in a hurry says nothing about speed, but it runs.
func TestMeasuring(t *testing.T) {
	o := speed.Options{Rounds: 1, Slice: 20 * time.Millisecond, Sizes: []int{100, 1000}}
	report, err := speed.Appends(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Rounds) != 3 || len(report.Lines) != 5 {
		t.Errorf("%d rounds and %d lines", len(report.Rounds), len(report.Lines))
	}
	lines, err := speed.Growth(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range append(report.Lines, lines...) {
		if line.Value <= 0 || line.Bound <= 0 || line.Name == "" {
			t.Errorf("a line says nothing: %+v", line)
		}
	}
}

func TestALineHoldsOnItsSideOfTheBound(t *testing.T) {
	for _, c := range []struct {
		value float64
		most  bool
		holds bool
	}{{1, false, false}, {2, false, true}, {3, false, true}, {1, true, true}, {2, true, true}, {3, true, false}} {
		if got := (speed.Line{Value: c.value, Bound: 2, AtMost: c.most}).Holds(); got != c.holds {
			t.Errorf("%v against a bound of 2 (at most: %v) holds: %v", c.value, c.most, got)
		}
	}
}
