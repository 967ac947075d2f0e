package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// readers is a few connections that only read. Each is held for one page at a time and never while somebody thinks
// about what was read: a read transaction that stays open keeps the WAL growing. The one that was used last is used
// first, because its part of the file is mapped already.
type readers struct {
	path   string
	places chan struct{} // one for each connection that is lent
	closed chan struct{}

	mu   sync.Mutex
	idle []*sqlite.Conn
}

func newReaders(path string) *readers {
	return &readers{path: path, places: make(chan struct{}, max(4, runtime.GOMAXPROCS(0))), closed: make(chan struct{})}
}

// with lends a connection.
func (r *readers) with(ctx context.Context, read func(*sqlite.Conn) error) error {
	select {
	case <-r.closed:
		return events.ErrClosed
	default:
	}
	select {
	case r.places <- struct{}{}:
		defer func() { <-r.places }()
	case <-ctx.Done():
		return ctx.Err()
	case <-r.closed:
		return events.ErrClosed
	}
	conn := r.take()
	if conn == nil {
		var err error
		if conn, err = openReading(r.path); err != nil {
			return failure(err)
		}
	}
	defer r.put(conn)
	return failure(read(conn))
}

func (r *readers) take() *sqlite.Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.idle) == 0 {
		return nil
	}
	conn := r.idle[len(r.idle)-1]
	r.idle = r.idle[:len(r.idle)-1]
	return conn
}

func (r *readers) put(conn *sqlite.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = append(r.idle, conn)
}

// close waits for those who read a page.
func (r *readers) close() (err error) {
	close(r.closed)
	for range cap(r.places) {
		r.places <- struct{}{}
	}
	for conn := r.take(); conn != nil; conn = r.take() {
		err = errors.Join(err, conn.Close())
	}
	return err
}

func openReading(path string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly) // so it cannot checkpoint, not even when it closes
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(5e9)
	is, err := formatOf(conn)
	if err == nil && is < format {
		err = sqlitex.ExecuteTransient(conn, placesOfFormat1, nil)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	for _, pragma := range []string{
		`PRAGMA query_only = on`,
		`PRAGMA cache_size = -1000`, // pages are in the mapping; the cache holds those of the WAL
		fmt.Sprintf(`PRAGMA mmap_size = %d`, 1<<40),
		`PRAGMA trusted_schema = off`,
	} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}
