package eventstoredb_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/google/uuid"
)

func TestReadingAfterAPositionLeavesOutWhatStandsThere(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	first := add(t, store, one, 0, 1)
	second := add(t, store, one, 1, 1)
	f := begin(t, store, first)
	if r := f.next(); r.Position != second {
		t.Errorf("a follower begins with %d, want %d", r.Position, second)
	}
	for r, err := range store.ReadAll(t.Context(), first) {
		if err != nil || r.Position != second {
			t.Errorf("a reader begins with %d, want %d (%v)", r.Position, second, err)
		}
	}
}

func TestAPositionThatIsNoneOfThisLogIsAnError(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	position := add(t, store, one, 0, 1)
	add(t, store, one, 1, 1)
	if err := first(store.ReadAll(t.Context(), position+1)); err == nil || errors.Is(err, events.ErrUnavailable) {
		t.Errorf("reading from where no event is: %v", err)
	}
}

func TestOnlyOurStreamsAreSeen(t *testing.T) {
	server := esdbtest.Start(t)
	store, raw := open(t, server.URL()), client(t, server)
	foreign := func(n int) {
		for _, stream := range []string{
			"$settings", "order-" + uuid.NewString(), "case", "case-1", "case-" + strings.ToUpper(uuid.NewString()), "caseload-" + uuid.NewString(), "-" + uuid.NewString(),
		} {
			for range n {
				e := esdb.EventData{EventType: "case.note-recorded", Data: []byte("not even JSON")}
				if _, err := raw.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if head, err := store.Head(t.Context()); head != 0 || err != nil {
		t.Errorf("the head of an empty log is %d, %v", head, err)
	}
	foreign(100)
	if head, err := store.Head(t.Context()); head != 0 || err != nil {
		t.Errorf("the head of a log that is empty but for others is %d, %v", head, err)
	}
	f := begin(t, store, 0)
	f.caughtUp()
	one := newStream()
	want := []events.Position{add(t, store, one, 0, 1)}
	foreign(100)
	server.DropReaders()
	foreign(3)
	want = append(want, add(t, store, one, 1, 1))
	foreign(3)
	for _, position := range want {
		if r := f.next(); r.Position != position {
			t.Errorf("the follower saw %s %d, want position %d", r.Stream, r.Version, position)
		}
	}
	n := 0
	for r, err := range open(t, server.URL()).ReadAll(t.Context(), 0) {
		if err != nil || r.Position != want[n] {
			t.Fatalf("a reader saw %s %d, want position %d (%v)", r.Stream, r.Version, want[n], err)
		}
		n++
	}
	for _, s := range []events.Store{store, open(t, server.URL())} { // one that has seen it, and one that has not
		if head, err := s.Head(t.Context()); head != want[1] || err != nil {
			t.Errorf("the head is %d, want %d (%v)", head, want[1], err)
		}
	}
}

func TestAFollowerGoesOnWhenItsSubscriptionWasDropped(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 3)
	f := begin(t, store, 0)
	version := 0
	see := func(n int) {
		t.Helper()
		for range n {
			if r := f.next(); r.CaughtUp() || r.Version != version+1 {
				t.Fatalf("instead of version %d came %d (caught up again: %v)", version+1, r.Version, r.CaughtUp())
			}
			version++
		}
	}
	see(3)
	f.caughtUp()
	for range 5 {
		server.DropReaders() // as the server does with who is too slow
		add(t, store, one, version, 2)
		see(2)
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		add(t, store, one, version, 2)
		server.Kill()
		up(t, server)
		see(2)
	}
}

func TestAFollowerThatIsTooSlowLosesNothing(t *testing.T) {
	server, dropped := esdbtest.Start(t), &drops{}
	before := slog.Default()
	slog.SetDefault(slog.New(dropped))
	defer slog.SetDefault(before)
	store, one := open(t, server.URL()), newStream()
	f := begin(t, store, 0)
	f.caughtUp()
	add(t, store, one, 0, 1)
	f.next() // it is subscribed now, and reads no further
	large := events.ClaimPublished{Source: strings.Repeat("x", 1<<18)}
	const n = 120 // 30 MB: more than the server, the connection and the follower keep for somebody who does not read
	for i := range n {
		if _, err := store.Append(t.Context(), one, 1+i, meta(), large); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		if r := f.next(); r.Version != 2+i {
			t.Fatalf("instead of version %d came %d", 2+i, r.Version)
		}
	}
	if dropped.Load() == 0 {
		t.Errorf("the server never found it too slow: nothing was tried")
	}
}

// drops counts what the store says of subscriptions that dropped.
type drops struct{ atomic.Int64 }

func (d *drops) Enabled(context.Context, slog.Level) bool { return true }
func (d *drops) WithAttrs([]slog.Attr) slog.Handler       { return d }
func (d *drops) WithGroup(string) slog.Handler            { return d }
func (d *drops) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "subscription dropped") {
		d.Add(1)
	}
	return nil
}

func TestLargeFactsAreReadInShortPages(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	large := events.ClaimPublished{Source: strings.Repeat("x", events.MaxAppend-100)}
	for i := range 10 {
		if _, err := store.Append(t.Context(), one, i, meta(), large); err != nil {
			t.Fatal(err)
		}
	}
	has(t, store, one, 10)
	n := 0
	for _, err := range store.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 10 {
		t.Errorf("the log has %d facts, want 10", n)
	}
}

func TestAFollowerWaitsForAServerThatIsAway(t *testing.T) {
	t.Parallel()
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	add(t, store, one, 0, 1)
	server.Kill()
	unavailable(t, "appending", func() error { _, err := store.Append(t.Context(), one, 1, meta(), facts(1)...); return err })
	came := make(chan events.Recorded)
	f := begin(t, store, 0)
	go func() { came <- f.next() }()
	up(t, server)
	if r := <-came; r.Version != 1 {
		t.Errorf("instead of version 1 came %d", r.Version)
	}
	f.caughtUp()
}

func TestManyFollowersStopNobody(t *testing.T) {
	server := esdbtest.Start(t)
	store, one := open(t, server.URL()), newStream()
	const n = 110 // a connection carries a hundred conversations
	var all []*subscriber
	for range n {
		f := begin(t, store, 0)
		f.caughtUp()
		all = append(all, f)
	}
	add(t, store, one, 0, 1)
	for _, f := range all {
		if r := f.next(); r.Stream != one {
			t.Errorf("a follower saw %s", r.Stream)
		}
	}
	has(t, store, one, 1)
}

func TestWhatOneProcessWroteAnotherReadsAtOnce(t *testing.T) {
	server := esdbtest.Start(t)
	here, there, one := open(t, server.URL()), open(t, server.URL()), newStream()
	for n := range 50 {
		position := add(t, here, one, n, 1)
		has(t, there, one, n+1)
		if head, err := there.Head(t.Context()); err != nil || head != position {
			t.Fatalf("the head is %d, want %d (%v)", head, position, err)
		}
	}
}

// subscriber is somebody who follows, one event at a time.
type subscriber struct {
	t   *testing.T
	get func() (events.Recorded, error, bool)
}

func begin(t *testing.T, store events.Store, after events.Position) *subscriber {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	get, stop := iter.Pull2(store.Follow(ctx, after))
	t.Cleanup(func() { cancel(); stop() })
	return &subscriber{t, get}
}

func (s *subscriber) next() events.Recorded {
	s.t.Helper()
	r, err, ok := s.get()
	if err != nil || !ok {
		s.t.Errorf("the follower ended: %v", err)
	}
	return r
}

func (s *subscriber) caughtUp() {
	s.t.Helper()
	if r := s.next(); !r.CaughtUp() {
		s.t.Errorf("nobody said that all of the past has been read; %s %d came", r.Stream, r.Version)
	}
}
