package esdbtest

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc/peer"
)

// lines are the open connections: what can be cut.
type lines struct {
	net.Listener
	mu   sync.Mutex
	open map[string]net.Conn // by the address of the other end
}

func (l *lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[conn.RemoteAddr().String()] = conn
	return line{conn, l}, nil
}

// cut ends every connection.
func (l *lines) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.open {
		_ = conn.Close()
	}
}

// cutCaller ends the connection that a call came over.
func (l *lines) cutCaller(ctx context.Context) {
	caller, ok := peer.FromContext(ctx)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if conn := l.open[caller.Addr.String()]; conn != nil {
		_ = conn.Close()
	}
}

type line struct {
	net.Conn
	of *lines
}

func (l line) Close() error {
	l.of.mu.Lock()
	delete(l.of.open, l.RemoteAddr().String())
	l.of.mu.Unlock()
	return l.Conn.Close()
}
