package eventstoredb_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

// storm makes things go wrong, and mends what would stay broken.
type storm struct {
	mu    sync.Mutex
	nodes []*esdbtest.Server
	leads int
	rng   *rand.Rand
	after sync.WaitGroup
	n     int
	said  strings.Builder
}

func (s *storm) mishap() {
	s.mu.Lock()
	defer s.mu.Unlock()
	node, kind := s.nodes[s.leads], s.rng.IntN(10)
	s.n++
	s.said.WriteString(strconv.Itoa(kind))
	soon := func(mend func()) {
		s.after.Add(1)
		time.AfterFunc(time.Duration(s.rng.IntN(150))*time.Millisecond, func() { mend(); s.after.Done() })
	}
	switch kind {
	case 0, 1:
		node.CutNext(esdbtest.BeforeCommit)
	case 2, 3:
		node.CutNext(esdbtest.AfterCommit)
	case 4:
		node.AnswerLate(time.Duration(s.rng.IntN(100)) * time.Millisecond)
		soon(func() { node.AnswerLate(0) })
	case 5:
		s.leads = 1 - s.leads
		s.nodes[s.leads].Lead()
	case 6:
		node.Kill() // the other one takes over
		s.leads = 1 - s.leads
		s.nodes[s.leads].Lead()
		soon(func() { _ = node.Up() })
	case 7:
		node.Kill() // nobody does
		soon(func() { _ = node.Up() })
	case 8:
		node.NotReady()
		soon(node.Ready)
	case 9:
		node.DropReaders()
	}
}

func (s *storm) calm(t *testing.T) {
	s.after.Wait()
	for _, node := range s.nodes {
		node.AnswerLate(0)
		node.Ready()
		if err := node.Up(); err != nil {
			t.Fatal(err)
		}
	}
}

// follower follows a log from its beginning, and leaves and comes back now and then.
type follower struct {
	mu   sync.Mutex
	seen []events.Recorded
	news chan struct{} // has room for one
}

func follow(t *testing.T, store *eventstoredb.Store) *follower {
	f := &follower{news: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	t.Cleanup(func() { stop(); <-ended })
	go func() {
		defer close(ended)
		after, told := events.Position(0), 0
		for ctx.Err() == nil {
			told = 0
			for r, err := range store.Follow(ctx, after) {
				if err != nil {
					if ctx.Err() == nil {
						t.Errorf("following: %v", err)
					}
					return
				}
				if r.CaughtUp() {
					if told++; told > 1 {
						t.Errorf("the follower was told %d times that it has caught up", told)
					}
					continue
				}
				f.mu.Lock()
				f.seen = append(f.seen, r)
				n := len(f.seen)
				f.mu.Unlock()
				select {
				case f.news <- struct{}{}:
				default:
				}
				if after = r.Position; n%100 == 0 {
					break
				}
			}
		}
	}()
	return f
}

// sawAll waits until it has, and checks that it saw nothing else and nothing twice.
func (f *follower) sawAll(t *testing.T, log []events.Recorded) {
	t.Helper()
	for deadline := time.After(20 * time.Second); ; {
		f.mu.Lock()
		seen := f.seen
		f.mu.Unlock()
		for i, r := range seen {
			if i >= len(log) || r.Position != log[i].Position || r.Meta.EventID != log[i].Meta.EventID {
				t.Errorf("the follower saw version %d of %s as number %d, and it is not", r.Version, r.Stream, i)
				return
			}
		}
		if len(seen) == len(log) {
			return
		}
		select {
		case <-f.news:
		case <-deadline:
			t.Errorf("the follower saw %d of %d", len(seen), len(log))
			return
		}
	}
}
