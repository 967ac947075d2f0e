package memory_test

import (
	"testing"

	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/storetest"
)

func TestStore(t *testing.T)      { storetest.Run(t, open) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, open) }

func open(t storetest.T) storetest.Harness {
	store := memory.New()
	t.Cleanup(func() { store.Close() })
	return storetest.Harness{Store: store, Promises: memory.Promises}
}
