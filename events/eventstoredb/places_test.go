package eventstoredb

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

func TestFewReadAtATime(t *testing.T) {
	server := esdbtest.Start(t)
	store, err := Open(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var now, most atomic.Int64
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			_, err := ask(t.Context(), store.lines, store.reading, func(context.Context, *esdb.Client) (page, error) {
				n := now.Add(1)
				for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
				}
				for range 100 {
					runtime.Gosched()
				}
				now.Add(-1)
				return page{}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() > readersAtOnce {
		t.Errorf("%d read at the same time, want %d at most: eight stop a server on two cores", most.Load(), readersAtOnce)
	}
	if len(store.reading) != 0 || len(store.writing) != 0 {
		t.Errorf("places were not given back")
	}
}

func TestHeadsAreRememberedByWhoWasLaterAndForgottenInGenerations(t *testing.T) {
	h := newHeads()
	h.saw("a", head{version: 3})
	h.saw("a", head{version: 2}) // it was read before, and came later
	if is, ok := h.get("a"); !ok || is.version != 3 {
		t.Errorf("the head is %+v", is)
	}
	for i := range 2*rememberedHeads + 2 {
		h.saw(strconv.Itoa(i), head{version: 1})
	}
	if _, ok := h.get("a"); ok {
		t.Errorf("who was not asked for in two generations is still remembered")
	}
}
