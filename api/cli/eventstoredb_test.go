package cli

import (
	"strings"
	"testing"

	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

// The whole way: a URL on the command line, the client, the protocol, twice on the same server.
func TestConformanceJudgesAnEventStoreDB(t *testing.T) {
	server := esdbtest.Start(t)
	for range 2 {
		a := casestream(t, nil, "conformance", "--store", server.URL())
		if a.code != 0 || !strings.Contains(a.out, " 0 failed, 0 skipped") {
			t.Errorf("%d\n%s%s", a.code, a.out, a.err)
		}
	}
}

// A server that is gone is a word and an exit code, soon.
func TestConformanceSaysThatNobodyIsThere(t *testing.T) {
	a := casestream(t, nil, "conformance", "--store", "esdb://127.0.0.1:1?tls=false")
	if a.code != 1 || !strings.Contains(a.err, "not available") || a.out != "" {
		t.Errorf("%d\n%s%s", a.code, a.out, a.err)
	}
}
