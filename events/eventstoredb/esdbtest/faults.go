package esdbtest

import (
	"context"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// Cut says where an append loses its connection, and with it everyone else who used the same.
type Cut int

const (
	Nowhere      Cut = iota
	BeforeCommit     // nothing is kept
	AfterCommit      // it is kept, and nobody is told
)

// faults are what goes wrong with a node at present.
type faults struct {
	mu        sync.Mutex
	cuts      []Cut
	cutBy     func(stream string) Cut
	late      time.Duration
	elsewhere string // who leads, by the word of this node
	notReady  bool
	tooSlow   chan struct{} // closed when readers of $all are to be dropped
	hangs     gate
	before    gate
	after     gate
}

// CutNext lets the next appends lose their connections, in this order.
func (s *Server) CutNext(where ...Cut) {
	s.faults.set(func(f *faults) { f.cuts = append(f.cuts, where...) })
}

// CutBy asks for every append to come, from many goroutines, whether it loses its connection; nil ends that.
func (s *Server) CutBy(where func(stream string) Cut) {
	s.faults.set(func(f *faults) { f.cutBy = where })
}

// AnswerLate lets appends be kept at once and answered this much later; 0 ends that.
func (s *Server) AnswerLate(by time.Duration) { s.faults.set(func(f *faults) { f.late = by }) }

// HoldAppends stops appends before or after they are kept, until Release.
func (s *Server) HoldAppends(at Cut) *Hold {
	if at == AfterCommit {
		return s.faults.after.hold()
	}
	return s.faults.before.hold()
}

// Hang lets every call wait, whatever it asks, until Release.
func (s *Server) Hang() *Hold { return s.faults.hangs.hold() }

// NotReady is a server that has just started: it answers everything with Unavailable "Server Is Not Ready", until Ready.
func (s *Server) NotReady() { s.faults.set(func(f *faults) { f.notReady = true }) }

// Starting is an Option: NotReady from the first moment on.
func Starting(s *Server) error {
	s.NotReady()
	return nil
}

// Ready ends NotReady.
func (s *Server) Ready() { s.faults.set(func(f *faults) { f.notReady = false }) }

// NotLeader answers appends and deletes, and readers who require the leader, with not-leader and this host:port, whoever
// really leads; "" ends that.
func (s *Server) NotLeader(leader string) { s.faults.set(func(f *faults) { f.elsewhere = leader }) }

// DropReaders ends every subscription to $all as a real server ends that of a reader who is too slow.
func (s *Server) DropReaders() {
	s.faults.set(func(f *faults) {
		if f.tooSlow != nil {
			close(f.tooSlow)
		}
		f.tooSlow = nil
	})
}

func (f *faults) set(change func(*faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *faults) starting() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.notReady
}

// hung waits as long as everything hangs.
func (f *faults) hung(ctx context.Context) error { return f.hangs.pass(ctx, "") }

// cut is what the next append to a stream meets.
func (f *faults) cut(stream string) (where Cut) {
	f.mu.Lock()
	by := f.cutBy
	if len(f.cuts) > 0 {
		where, f.cuts, by = f.cuts[0], f.cuts[1:], nil
	}
	f.mu.Unlock()
	if by != nil {
		where = by(stream)
	}
	return where
}

// dropped is closed when readers of $all are dropped.
func (f *faults) dropped() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tooSlow == nil {
		f.tooSlow = make(chan struct{})
	}
	return f.tooSlow
}

// linger is AnswerLate.
func (f *faults) linger(ctx context.Context) error {
	f.mu.Lock()
	by := f.late
	f.mu.Unlock()
	if by == 0 {
		return nil
	}
	late := time.NewTimer(by)
	defer late.Stop()
	select {
	case <-late.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// admit lets a call in, or says why not. An append asks when it has been sent whole: a client that still sends
// would see an EOF in place of the answer.
func (s *Server) admit(ctx context.Context, writes bool) error {
	if err := s.faults.hung(ctx); err != nil {
		return err
	}
	if err := s.secure.authorized(ctx); err != nil {
		return err
	}
	if s.faults.starting() {
		return refuse(ctx, codes.Unavailable, "Server Is Not Ready")
	}
	if !writes && !requiresLeader(ctx) {
		return nil
	}
	s.faults.mu.Lock()
	leader := s.faults.elsewhere
	s.faults.mu.Unlock()
	if leads := s.cluster.leads(); leader == "" && leads != nil && leads != s {
		leader = leads.addr
	}
	if leader == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(leader)
	if err != nil {
		return err
	}
	return refuse(ctx, codes.NotFound, "Leader info available",
		"exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)
}

// requiresLeader tells whether a caller wants to be answered by the leader alone. A follower sends such a reader away, too.
func requiresLeader(ctx context.Context) bool {
	sent, _ := metadata.FromIncomingContext(ctx)
	said := sent.Get("requires-leader")
	return len(said) == 1 && said[0] == "true"
}
