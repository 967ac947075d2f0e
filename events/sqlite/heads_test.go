package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/storetest"
)

func TestHeadsRememberTheLastAndNoMoreThanTheyHaveRoomFor(t *testing.T) {
	h := newHeads(10)
	for n := range 1000 {
		h.put(map[string]head{"kept": {version: n}})
		h.put(map[string]head{fmt.Sprint(n): {version: n}})
		if is, known := h.get("kept"); !known || is.version != n {
			t.Fatalf("of a stream that is used all the time it knows %v, %v, want version %d", is.version, known, n)
		}
		if is, known := h.get(fmt.Sprint(n - 3)); n >= 3 && (!known || is.version != n-3) {
			t.Fatalf("it forgot a stream after 3 others")
		}
	}
	if all := len(h.young) + len(h.old); all > 20 {
		t.Errorf("it remembers %d streams", all)
	}
}

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
