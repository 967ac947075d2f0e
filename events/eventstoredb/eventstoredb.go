// Package eventstoredb keeps the log in EventStoreDB (or KurrentDB, which speaks the same protocol): a server or a cluster,
// for several processes that all write.
//
// What is acknowledged is on the disks of a majority of the servers. A version of ours is a revision of theirs, plus
// one; every append names the revision that it continues, so that the server keeps nothing twice and nothing out
// of order, and asking again is harmless. Positions are those of the server's own log: ordered, with gaps.
//
// The client, whose project is archived, is used with care, because it gives up, hangs and lies. What it does is told where
// it is dealt with, and the tests in trap_*_test.go are named after it. In short: it is made anew when it has lost its
// server (lines.go) and let alone from that moment on (door.go), nobody waits for it longer than for the server
// (line.go), its errors are asked what they mean (errors.go), and what it would ignore in a connection string is
// refused (address.go).
//
// RecordedAt is never before that of the stream's last event, whoever wrote it: the revision that an append continues is
// that of an event which this process has read (heads.go).
//
// What it does not do: there is no hash chain. The server's operators can delete and truncate streams; where that shows, it is
// events.ErrDamaged.
package eventstoredb

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Store is the log on a server. It is safe for concurrent use.
type Store struct {
	address address
	id      atomic.Pointer[uuid.UUID] // nil until a server has said it
	lines   *lines
	writing chan struct{} // a place for each append that is on its way
	reading chan struct{} // a place for each page that is
	heads   heads
	seen    atomic.Uint64 // a position of an event of ours, the last that is known
	closing sync.Once
}

var _ events.Store = (*Store)(nil)

// Promises are what a log in EventStoreDB promises beyond the port.
var Promises = events.Promises{Lasts: true, Processes: events.AllWrite}

// A connection carries a hundred conversations; what is more waits, and an append that waits there runs into its
// deadline. Eight readers at a time stop a server on two cores for seconds.
const (
	writersAtOnce = 80
	readersAtOnce = 4
)

// Open opens the log at a connection string, esdb://HOST:PORT or esdb+discover://HOST:PORT, and founds it on a server that
// has none. Settings are those of the client (https://docs.kurrent.io, "connection string"), and credentialsFile=PATH
// for a file with user:password in place of credentials in the string. A server that is away is
// events.ErrUnavailable within two seconds.
func Open(ctx context.Context, url string) (*Store, error) {
	address, err := parse(url)
	if err != nil {
		return nil, fmt.Errorf("opening the log in EventStoreDB: %w", err)
	}
	s := &Store{
		address: address, heads: newHeads(),
		writing: make(chan struct{}, writersAtOnce), reading: make(chan struct{}, readersAtOnce),
	}
	s.lines = s.newLines()
	if _, err := s.Head(ctx); err != nil {
		s.lines.close()
		return nil, fmt.Errorf("opening the log at %s: %w", address.hosts, err)
	}
	return s, nil
}

func (s *Store) newLines() *lines { return newLines(s.address.limit, s.dial) }

// dial makes a client, and gives it out when it has found our log.
func (s *Store) dial(ctx context.Context) (*line, error) {
	l, err := newLine(s.address.config)
	if err != nil {
		return nil, err
	}
	who := identify
	if s.id.Load() != nil {
		who = readIdentity // one that has lost our log must not found another
	}
	var id uuid.UUID
	for try := 0; try == 0 || try < 3 && is(err, esdb.ErrorCodeNotLeader); try++ { // the client is told who leads, and goes there
		l.take()
		id, err = call(ctx, l, s.address.reach(), func() bool { return true }, who)
	}
	if err == nil {
		err = s.recognise(id)
	}
	if err != nil {
		l.retire()
		return nil, err
	}
	return l, nil
}

var errOther = errors.New("the server has another log than before")

// recognise takes the first id that a server says for that of our log.
func (s *Store) recognise(id uuid.UUID) error {
	if !s.id.CompareAndSwap(nil, &id) && *s.id.Load() != id {
		return fmt.Errorf("%w: %w", events.ErrDamaged, errOther)
	}
	return nil
}

// ID was drawn by whoever opened the log first.
func (s *Store) ID() uuid.UUID { return *s.id.Load() }

// Close ends every call and whoever follows. Closing twice is harmless.
func (s *Store) Close() error {
	s.closing.Do(s.lines.close)
	return nil
}
