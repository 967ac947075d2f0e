package eventstoredb_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/casestream/casestream/events/storetest"
)

func TestStore(t *testing.T)      { storetest.Run(t, on(esdbtest.Start(t))) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, on(esdbtest.Start(b))) }

// on opens the log of a server, the same for every case.
func on(server *esdbtest.Server) storetest.Open {
	return func(t storetest.T) storetest.Harness {
		var store *eventstoredb.Store
		again := func(t storetest.T) events.Store {
			if store != nil {
				store.Close()
			}
			var err error
			if store, err = eventstoredb.Open(t.Context(), server.URL()); err != nil {
				t.Fatalf("%v", err)
			}
			return store
		}
		again(t)
		t.Cleanup(func() { store.Close() })
		beside := func(t storetest.T) events.Store {
			other, err := eventstoredb.Open(t.Context(), server.URL())
			if err != nil {
				t.Fatalf("%v", err)
			}
			t.Cleanup(func() { other.Close() })
			return other
		}
		return storetest.Harness{Store: store, Promises: eventstoredb.Promises, Reopen: again, Beside: beside}
	}
}
