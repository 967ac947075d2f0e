package speed_test

import (
	"os"
	"testing"

	"github.com/casestream/casestream/events/sqlite/speed"
)

func TestBounds(t *testing.T) {
	if os.Getenv("CASESTREAM_SPEED") == "" {
		t.Skip("SKIPPED: set CASESTREAM_SPEED=1 to measure, on a disk and not in memory")
	}
	o := speed.Options{Say: func(line string) { t.Log(line) }}
	report, err := speed.Appends(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range report.Lines {
		t.Log(line)
	}
}
