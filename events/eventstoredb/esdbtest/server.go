// Package esdbtest is an EventStoreDB for tests: a server inside the process that speaks its gRPC protocol over
// loopback, keeps everything in memory, answers as a real server 23.10.6 was seen to answer
// (testdata/real-server.txt), and goes wrong on demand (faults.go).
//
//	server := esdbtest.Start(t)
//	store, err := eventstoredb.Open(ctx, server.URL())
//	server.CutNext(esdbtest.AfterCommit) // the next append is kept, but nobody is told
//
// What it does not do, and does otherwise than a real one, is in README.md.
package esdbtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Server is one node. It is safe for concurrent use.
type Server struct {
	addr    string
	cluster *cluster
	faults  faults
	secure  *secure      // nil: open to everyone
	behind  events.Store // nil: in memory is enough

	mu     sync.Mutex
	grpc   *grpc.Server // nil while the server is down
	up     atomic.Bool  // the same, for calls: stop waits for them with the mutex held
	lines  *lines
	served chan struct{} // closed when grpc has ended
}

// Option is a setting that a server starts with.
type Option func(*Server) error

// Start starts a server of its own for a test, which ends with it.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	s, err := Listen("", options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Listen starts a server at an address of this machine; "" is a free port.
func Listen(addr string, options ...Option) (*Server, error) {
	return join(&cluster{log: newLog()}, addr, options...)
}

// join starts a node on the log of a cluster. The first one leads.
func join(c *cluster, addr string, options ...Option) (*Server, error) {
	s := &Server{addr: addr, cluster: c}
	for _, option := range options {
		if err := option(s); err != nil {
			return nil, err
		}
	}
	if err := s.Up(); err != nil {
		return nil, err
	}
	c.add(s)
	return s, nil
}

// Addr is host:port, the same for as long as the server exists, up or down.
func (s *Server) Addr() string { return s.addr }

// URL is the connection string of this node, without name and password.
func (s *Server) URL() string { return "esdb://" + s.addr + s.secure.query() }

// DiscoverURL is the connection string by which a client asks this node's gossip for the leader.
func (s *Server) DiscoverURL() string { return "esdb+discover://" + s.addr + s.secure.query() }

// Up starts the server again after Kill, on the same port and with what it had. What a real server knows only from its
// cache is forgotten: that an append with Any or StreamExists was here before.
func (s *Server) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.grpc != nil {
		return nil
	}
	listener, err := listen(s.addr)
	if err != nil {
		return fmt.Errorf("starting an EventStoreDB for tests: %w", err)
	}
	if s.addr == "" { // it stays the same, and calls read it
		s.addr = listener.Addr().String()
	}
	s.cluster.state().forget()
	s.lines = &lines{Listener: listener, open: map[string]net.Conn{}}
	options := []grpc.ServerOption{
		grpc.MaxConcurrentStreams(100),
		grpc.MaxRecvMsgSize(2 * maxMessage), // beyond maxMessage we say what a real one says, not what grpc-go says
		grpc.WaitForHandlers(true),          // or an append of before a Kill could still be kept after it
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}),
	}
	if s.secure != nil {
		options = append(options, s.secure.creds)
	}
	s.grpc = grpc.NewServer(options...)
	s.register(s.grpc)
	s.up.Store(true)
	s.served = make(chan struct{})
	go func(g *grpc.Server, l net.Listener, served chan struct{}) {
		defer close(served)
		if err := g.Serve(l); err != nil && !errors.Is(err, grpc.ErrServerStopped) && !errors.Is(err, net.ErrClosed) {
			panic(fmt.Sprintf("the EventStoreDB for tests ended: %v", err))
		}
	}(s.grpc, s.lines, s.served)
	return nil
}

// Kill ends the server like kill -9: connections are cut, nobody is told anything, and the data stays.
func (s *Server) Kill() { s.stop(func(*grpc.Server) { s.lines.cut() }) }

// Shutdown ends the server like SIGTERM: it says so to its clients, gives their calls this long to end, then cuts them.
func (s *Server) Shutdown(grace time.Duration) {
	s.stop(func(g *grpc.Server) {
		done := make(chan struct{})
		go func() { g.GracefulStop(); close(done) }()
		select {
		case <-done:
		case <-time.After(grace):
		}
	})
}

func (s *Server) stop(how func(*grpc.Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.grpc == nil {
		return
	}
	how(s.grpc)
	s.grpc.Stop()
	<-s.served
	s.grpc = nil
	s.up.Store(false)
}

// Restart is Kill and Up.
func (s *Server) Restart() error {
	s.Kill()
	return s.Up()
}

// RestartEmpty is a Restart that has lost everything: another log under the same address.
func (s *Server) RestartEmpty() error {
	s.Kill()
	s.cluster.replace(newLog())
	return s.Up()
}

// Close ends the server.
func (s *Server) Close() { s.Kill() }

// listen takes a port below those that the kernel hands out by itself: while a server is down, nobody else may get it.
func listen(addr string) (net.Listener, error) {
	if addr != "" {
		return net.Listen("tcp", addr)
	}
	for try := 0; ; try++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if err == nil || try == 100 {
			return l, err
		}
	}
}
