package esdbtest_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/casestream/casestream/events/memory"
	"github.com/google/uuid"
)

func TestWhatIsAcknowledgedIsInTheStoreBehind(t *testing.T) {
	behind := memory.New()
	log, err := eventstoredb.Open(t.Context(), esdbtest.Start(t, esdbtest.Behind(behind)).URL())
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	stream := events.Stream("case", uuid.New())
	for n, facts := range [][]events.Event{{raised(), raised()}, {raised()}} {
		meta := events.Meta{CommandID: uuid.New(), Actor: "worker-1", OccurredAt: time.Now(), RecordedAt: time.Now()}
		for range 2 { // asked again it is kept once
			if _, err := log.Append(t.Context(), stream, 2*n, meta, facts...); err != nil {
				t.Fatal(err)
			}
		}
	}
	var there []events.Recorded
	for r, err := range behind.Read(t.Context(), stream, 1) {
		if err != nil {
			t.Fatal(err)
		}
		there = append(there, r)
	}
	n := 0
	for r, err := range log.Read(t.Context(), stream, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if n >= len(there) || there[n].Version != r.Version || there[n].Meta.EventID != r.Meta.EventID {
			t.Fatalf("version %d is not behind", r.Version)
		}
		n++
	}
	if n != 3 || len(there) != n {
		t.Errorf("%d events, and %d behind", n, len(there))
	}
}

func raised() events.Event {
	return events.FlagRaised{Entered: events.Entered{Entry: uuid.New()}, Kind: "infection_risk"}
}
