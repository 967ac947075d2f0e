package speed

import (
	"errors"
	"sync"

	engine "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// singles appends the same bytes to the same tables, each append in a transaction of its own: what one writes
// without a group commit.
type singles struct {
	mu       sync.Mutex
	conn     *engine.Conn
	position int64
	streams  int64
	row      [3]string // type, meta, data
}

func newSingles(path string, row ...string) (*singles, error) {
	conn, err := engine.OpenConn(path, engine.OpenReadWrite|engine.OpenCreate)
	if err != nil {
		return nil, err
	}
	s := &singles{conn: conn, row: [3]string(row)}
	for _, statement := range []string{
		`PRAGMA page_size = 8192`, `PRAGMA journal_mode = wal`, `PRAGMA synchronous = full`, `PRAGMA cache_size = -2000`,
		`CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT`,
		`CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, version INTEGER NOT NULL,
			type TEXT NOT NULL, meta TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (stream, version)) STRICT`,
	} {
		if err := sqlitex.ExecuteTransient(conn, statement, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return s, nil
}

func (s *singles) close() error { return s.conn.Close() }

// writer appends to one new stream after another.
func (s *singles) writer() func() error {
	stream, version := int64(0), int64(streamLength)
	return func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := run(s.conn, `BEGIN IMMEDIATE`, nil); err != nil {
			return err
		}
		if version == streamLength {
			s.streams++
			stream, version = s.streams, 0
			if err := run(s.conn, `INSERT INTO streams (id, name) VALUES (?, ?)`, func(stmt *engine.Stmt) {
				stmt.BindInt64(1, stream)
				stmt.BindText(2, newStream())
			}); err != nil {
				return err
			}
		}
		s.position++
		version++
		if err := run(s.conn, `INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)`, func(stmt *engine.Stmt) {
			stmt.BindInt64(1, s.position)
			stmt.BindInt64(2, stream)
			stmt.BindInt64(3, version)
			for i, column := range s.row {
				stmt.BindText(4+i, column)
			}
		}); err != nil {
			return err
		}
		return run(s.conn, `COMMIT`, nil)
	}
}

func run(conn *engine.Conn, statement string, bind func(*engine.Stmt)) error {
	stmt, err := conn.Prepare(statement)
	if err != nil {
		return err
	}
	if bind != nil {
		bind(stmt)
	}
	if _, err := stmt.Step(); err != nil {
		return err
	}
	return stmt.Reset()
}
