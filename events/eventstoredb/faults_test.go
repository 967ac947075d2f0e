package eventstoredb_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/google/uuid"
)

// Three processes with eight callers ask a cluster of two for whatever, while everything goes wrong that can.
//
//	CASESTREAM_FAULTS=100000 go test -run TestNothingIsLost -timeout 2h ./eventstoredb
//	CASESTREAM_SEED=17 …      the same mishaps again, if not at the same moments
func TestNothingIsLostOrDoubledWhateverGoesWrong(t *testing.T) {
	operations, seed := number(t, "CASESTREAM_FAULTS", 1000), uint64(number(t, "CASESTREAM_SEED", int(time.Now().UnixNano()%1e6)))
	t.Logf("CASESTREAM_SEED=%d CASESTREAM_FAULTS=%d", seed, operations)
	a := esdbtest.Start(t)
	storm := &storm{nodes: []*esdbtest.Server{a, a.Join(t)}, rng: rand.New(rand.NewPCG(seed, 0))}
	url := "esdb://" + a.Addr() + "," + storm.nodes[1].Addr() + "?tls=false"
	var stores []*eventstoredb.Store
	var followers []*follower
	for range 3 {
		store := open(t, url)
		stores, followers = append(stores, store), append(followers, follow(t, store))
	}
	l := &ledger{began: time.Now()}
	var streams []string
	for range 4 + operations/150 { // so that no stream is longer than a page: a read is of one moment
		streams = append(streams, newStream())
	}
	var asked atomic.Int64
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			c := &caller{id: w, store: stores[w%3], ledger: l, known: map[string]int{}, rng: rand.New(rand.NewPCG(seed, uint64(w)+1))}
			for asked.Add(1) <= int64(operations) {
				if c.rng.IntN(12) == 0 {
					storm.mishap()
				}
				c.ask(t, streams[c.rng.IntN(len(streams))])
			}
		})
	}
	all.Wait()
	storm.calm(t)
	var log []events.Recorded
	for r, err := range open(t, url).ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, r)
	}
	l.check(t, log)
	for _, f := range followers {
		f.sawAll(t, log)
	}
	t.Logf("%d facts, %d acknowledged appends, %d mishaps: %s", len(log), len(l.acks), storm.n, &storm.said)
}

// caller asks one thing after the other, and asks again until it has an answer, or leaves it.
type caller struct {
	id     int
	store  *eventstoredb.Store
	ledger *ledger
	known  map[string]int // how far it believes that a stream is
	rng    *rand.Rand
}

func (c *caller) ask(t *testing.T, stream string) {
	call := c.ledger.now()
	switch c.rng.IntN(10) {
	case 0, 1, 2:
		if seen, n, err := c.read(t, stream); err == nil {
			c.known[stream] = n
			c.ledger.note(c.id, call, asked{stream: stream}, answered{seen: seen})
		}
	case 3:
		if again, ok := c.ledger.acknowledged(c.rng.IntN); ok { // by anybody, of any process
			c.ledger.note(c.id, call, again.asked, c.append(t, again.asked, again.position))
		}
	default:
		a := asked{stream, c.known[stream], meta(), 1 + c.rng.IntN(3)}
		if c.rng.IntN(20) == 0 {
			a.expected += 1 - 2*c.rng.IntN(2)
		}
		is := c.append(t, a, 0)
		if a.expected < 0 {
			return // refused as it must be; the model knows no such versions
		}
		if is.conflict != nil {
			c.known[stream] = is.conflict.Actual
		} else if !is.unknown {
			c.known[stream] = a.expected + a.n
		}
		c.ledger.note(c.id, call, a, is)
	}
}

// append asks until there is an answer. Sometimes it gives up.
func (c *caller) append(t *testing.T, a asked, before events.Position) answered {
	a.meta.RecordedAt = a.meta.RecordedAt.Add(time.Duration(c.rng.IntN(1000)) * time.Second) // its clock is wrong
	ctx := t.Context()
	if c.rng.IntN(20) == 0 {
		short, cancel := context.WithTimeout(ctx, time.Duration(c.rng.IntN(5000))*time.Microsecond)
		defer cancel()
		ctx = short
	}
	for {
		position, err := c.store.Append(ctx, a.stream, a.expected, a.meta, facts(a.n)...)
		conflict := new(events.Conflict)
		switch {
		case err == nil && (before == 0 || before == position):
			return answered{position: position}
		case err == nil:
			t.Errorf("asked again, the answer is %d; it was %d", position, before)
			return answered{unknown: true}
		case errors.As(err, &conflict):
			return answered{conflict: conflict}
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, events.ErrUnavailable) && c.rng.IntN(20) == 0:
			return answered{unknown: true}
		case !errors.Is(err, events.ErrUnavailable):
			t.Errorf("appending: %v", err)
			return answered{unknown: true}
		}
	}
}

func (c *caller) read(t *testing.T, stream string) (string, int, error) {
	var seen strings.Builder
	n := 0
	for r, err := range c.store.Read(t.Context(), stream, 1) {
		if err != nil {
			if !errors.Is(err, events.ErrUnavailable) {
				t.Errorf("reading: %v", err)
			}
			return "", 0, err
		}
		for i := range 3 {
			if r.Meta.EventID == events.ID(r.Meta.CommandID, stream, i) {
				seen.WriteString(trace(r.Meta.CommandID, i))
			}
		}
		n = r.Version
	}
	return seen.String(), n, nil
}

func open(t *testing.T, url string) *eventstoredb.Store {
	t.Helper()
	store, err := eventstoredb.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func newStream() string { return events.Stream("case", uuid.Must(uuid.NewV7())) }

func meta() events.Meta {
	return events.Meta{CommandID: uuid.Must(uuid.NewV7()), Actor: "worker-1", OccurredAt: noon, RecordedAt: noon}
}

var noon = time.Date(2012, 3, 14, 4, 0, 0, 0, time.UTC)

func facts(n int) (all []events.Event) {
	for i := range n {
		all = append(all, events.TargetSet{Year: 2012, Count: "activities", Number: i})
	}
	return all
}

func number(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
