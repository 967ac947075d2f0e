package eventstoredb_test

import (
	"context"
	"testing"

	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"go.uber.org/goleak"
)

// It stands in a file that comes before faults_test.go: a client that is sent to a leader who is dead drops that connection
// without closing it, and goes on trying it for ever.
func TestNothingIsLeftBehindByAStoreThatCloses(t *testing.T) {
	server := esdbtest.Start(t)
	ignore := goleak.IgnoreCurrent()
	store, err := eventstoredb.Open(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	for r, err := range store.Follow(ctx, 0) {
		if r.CaughtUp() || err != nil {
			break
		}
	}
	stop()
	add(t, store, newStream(), 0, 600)
	store.Close()
	server.Kill() // and its side of the connections
	goleak.VerifyNone(t, ignore)
}
