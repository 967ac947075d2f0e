package demo_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/google/uuid"
)

// noted is a log with one note in it.
func noted(t *testing.T, text string, minute int, before ...string) events.Store {
	t.Helper()
	log := memory.New()
	id := uuid.MustParse("20120712-0000-7000-8000-000000000001")
	for n, other := range append(before, events.Stream("case", id)) {
		at := time.Date(2012, 7, 12, 10, minute, 0, 0, events.Zone)
		meta := events.Meta{CommandID: id, Actor: "a", OccurredAt: at, RecordedAt: at}
		note := events.NoteRecorded{Entered: events.Entered{Entry: id}, Kind: "process", Text: sealed.Say(text)}
		closed, err := sealed.Seal(t.Context(), keys, note, sealed.Place{Stream: other, Event: events.ID(id, other, 0)}, "client-"+id.String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := log.Append(t.Context(), other, 0, meta, closed); err != nil {
			t.Fatalf("append %d: %v", n, err)
		}
	}
	return log
}

func TestTheDigestSeesWhatIsSealed(t *testing.T) {
	if digest(t, noted(t, "一", 0), keys) == digest(t, noted(t, "二", 0), keys) {
		t.Error("another text has the same digest")
	}
	once, again := digest(t, noted(t, "一", 0), keys), digest(t, noted(t, "一", 0), keys)
	if once != again {
		t.Error("sealed again, the same text has another digest")
	}
}

func TestTheDigestSeesTimes(t *testing.T) {
	if digest(t, noted(t, "一", 0), keys) == digest(t, noted(t, "一", 1), keys) {
		t.Error("another time has the same digest")
	}
}

func TestTheDigestSeesNoOrderOfStreams(t *testing.T) {
	a, b := "case-00000000-0000-7000-8000-00000000000a", "case-00000000-0000-7000-8000-00000000000b"
	if digest(t, noted(t, "一", 0, a, b), keys) != digest(t, noted(t, "一", 0, b, a), keys) {
		t.Error("streams in another order have another digest")
	}
}

func TestTheDigestOutlivesAForgottenPerson(t *testing.T) {
	log, forgetful := noted(t, "一", 0), &sealedtest.Keys{}
	whole := digest(t, log, forgetful)
	forgetful.Forget("client-20120712-0000-7000-8000-000000000001")
	if digest(t, log, forgetful) == whole {
		t.Error("a forgotten word still counts")
	}
}
