package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// readers is a few connections that only read. Each is held for one page at a time and never while somebody thinks
// about what was read: a read transaction that stays open keeps the WAL growing.
type readers struct {
	path   string
	free   chan *sqlite.Conn // nil: not opened yet
	closed chan struct{}
}

func newReaders(path string) *readers {
	r := &readers{path: path, free: make(chan *sqlite.Conn, max(4, runtime.GOMAXPROCS(0))), closed: make(chan struct{})}
	for range cap(r.free) {
		r.free <- nil
	}
	return r
}

// with lends a connection.
func (r *readers) with(ctx context.Context, read func(*sqlite.Conn) error) (err error) {
	var conn *sqlite.Conn
	select {
	case conn = <-r.free:
	case <-ctx.Done():
		return ctx.Err()
	case <-r.closed:
		return events.ErrClosed
	}
	defer func() { r.free <- conn }()
	if conn == nil {
		if conn, err = openReading(r.path); err != nil {
			return failure(err)
		}
	}
	return failure(read(conn))
}

// close waits for those who read a page.
func (r *readers) close() (err error) {
	close(r.closed)
	for range cap(r.free) {
		if conn := <-r.free; conn != nil {
			err = errors.Join(err, conn.Close())
		}
	}
	return err
}

func openReading(path string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly) // so it cannot checkpoint, not even when it closes
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(5e9)
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
