package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/storetest"
)

// Whatever the writer does not remember it finds in the file.
func TestAStoreWithoutMemoryIsAStore(t *testing.T) {
	storetest.Check(t, func(t storetest.T) storetest.Harness {
		path := filepath.Join(t.(*testing.T).TempDir(), "log.db")
		var s *Store
		again := func(t storetest.T) events.Store {
			var err error
			if s != nil {
				err = s.Close()
			}
			if err == nil {
				s, err = Open(t.Context(), path)
			}
			if err != nil {
				t.Fatalf("%v", err)
			}
			s.writer.heads = newHeads(1)
			return s
		}
		again(t)
		t.Cleanup(func() { s.Close() })
		return storetest.Harness{Store: s, Promises: events.Promises{Lasts: true, Gapless: true}, Reopen: again}
	})
}
