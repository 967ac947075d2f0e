package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/events/storetest"
)

func TestStore(t *testing.T)      { storetest.Run(t, open) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, open) }

func open(t storetest.T) storetest.Harness {
	dir, err := os.MkdirTemp("", "casestream-log")
	if err != nil {
		t.Fatalf("%v", err)
	}
	path := filepath.Join(dir, "log.db")
	var store *sqlite.Store
	again := func(t storetest.T) events.Store {
		if store != nil {
			if err := store.Close(); err != nil {
				t.Fatalf("%v", err)
			}
		}
		if store, err = sqlite.Open(t.Context(), path); err != nil {
			t.Fatalf("%v", err)
		}
		return store
	}
	again(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("%v", err)
		}
		os.RemoveAll(dir)
	})
	return storetest.Harness{Store: store, Reopen: again}
}
