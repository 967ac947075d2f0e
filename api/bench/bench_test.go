package bench_test

import (
	"os"
	"testing"

	"github.com/casestream/casestream/api/bench"
)

// TestFigures measures one part: CASESTREAM_BENCH=requests go test -run TestFigures -v.
func TestFigures(t *testing.T) {
	only := os.Getenv("CASESTREAM_BENCH")
	if only == "" {
		t.Skip("SKIPPED: CASESTREAM_BENCH names a part to measure; figures belong to `make bench`")
	}
	report, err := bench.Run(t.Context(), bench.Options{Only: only, Say: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	report.Print(os.Stdout)
}
