package access

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/google/uuid"
)

var noon = time.Date(2012, 7, 2, 12, 0, 0, 0, events.Zone)

func reader(n int) string { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)).String() }

func denial(n int) events.Denied {
	return events.Denied{Asking: events.Asking{Role: "worker", Route: fmt.Sprintf("get-%d", n)}}
}

func kept(t *testing.T, store events.Store) map[string]int {
	t.Helper()
	all := make(map[string]int)
	for r, err := range store.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all[r.Meta.Actor+" "+r.Event.(events.Denied).Route]++
		if r.Stream != events.Reader(r.Meta.Actor) || !r.Meta.RecordedAt.Equal(noon) {
			t.Errorf("%+v", r)
		}
	}
	return all
}

// Many ask at once, each many times; each entry is there once, when Record returns and after a restart.
func TestEveryEntryIsKeptOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.db")
	const readers, each = 5, 40
	for round := range 2 { // the second finds streams that it does not know the length of
		store, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		log := New(store)
		var asking sync.WaitGroup
		for i := range readers {
			for n := range each {
				asking.Go(func() {
					if err := log.Record(t.Context(), reader(i), noon, denial(round*each+n)); err != nil {
						t.Error(err)
					}
				})
			}
		}
		asking.Wait()
		all := kept(t, store)
		if len(all) != readers*each*(round+1) {
			t.Errorf("%d entries, not %d", len(all), readers*each*(round+1))
		}
		for entry, n := range all {
			if n != 1 {
				t.Errorf("%s is there %d times", entry, n)
			}
		}
		if report, err := store.Verify(t.Context(), nil); err != nil || !report.Whole() {
			t.Errorf("%+v, %v", report, err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		if err := log.Record(t.Context(), reader(1), noon, denial(0)); !errors.Is(err, ErrUnrecorded) {
			t.Errorf("after it was closed: %v", err)
		}
	}
}

// An account has a name, and no id: its stream is its own all the same.
func TestAnAccountHasAStreamOfItsOwn(t *testing.T) {
	log := New(memory.New())
	for _, actor := range []string{"evaluator:office", "administrator:office"} {
		if err := log.Record(t.Context(), actor, noon, denial(1)); err != nil {
			t.Fatal(err)
		}
	}
	if all := kept(t, log); len(all) != 2 {
		t.Errorf("%v", all)
	}
}

// lossy keeps an append, and says that it did not, or does not keep it and says so.
type lossy struct {
	events.Store
	keeps bool
}

var errLost = errors.New("lost")

func (l *lossy) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	if l.keeps {
		if _, err := l.Store.Append(ctx, stream, expected, meta, facts...); err != nil {
			return 0, err
		}
	}
	return 0, errLost
}

// Where it is not known whether an entry was kept, it counts as not kept, and the next one finds its place.
func TestAfterATroubleTheNextEntryFindsItsPlace(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		store := &lossy{memory.New(), keeps}
		log := New(store)
		for n := range 3 {
			if err := log.Record(t.Context(), reader(1), noon, denial(n)); !errors.Is(err, ErrUnrecorded) || !errors.Is(err, errLost) && !keeps {
				t.Errorf("%v", err)
			}
		}
		log.Store = store.Store
		if err := log.Record(t.Context(), reader(1), noon, denial(9)); err != nil {
			t.Error(err)
		}
		if all := kept(t, store); all[reader(1)+" get-9"] != 1 {
			t.Errorf("%v", all)
		}
	}
}

func TestWhoGoesAwayGetsNoEntryConfirmed(t *testing.T) {
	log := New(&lossy{memory.New(), true})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := log.Record(ctx, reader(1), noon, denial(1)); !errors.Is(err, ErrUnrecorded) {
		t.Errorf("%v", err)
	}
}

// A long list goes out in appends that a store takes, however many wait.
func TestLongListsGoIntoSeveralAppends(t *testing.T) {
	log := New(memory.New())
	var streams []string
	for n := range 4000 {
		streams = append(streams, events.Stream("client", uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n))))
	}
	var asking sync.WaitGroup
	for range 30 {
		asking.Go(func() {
			fact := events.Disclosed{Shown: []events.Shown{{Classes: inOrder, Streams: streams}}}
			if err := log.Record(t.Context(), reader(1), noon, fact); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	if head, _ := log.Head(t.Context()); head != 30 {
		t.Errorf("%s of 30", head)
	}
}
