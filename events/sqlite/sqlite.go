// Package sqlite keeps the log in one SQLite file, durably: the default, for one machine.
//
// One process writes. It holds a lock beside the file, commits what waits together in one transaction, and answers
// when the disk has it. Others may read beside it (OpenReader): they take no lock, and neither checkpoint nor truncate.
//
// What is acknowledged survives a kill and a power cut, and so does what was read after Open: a process that was killed
// may leave events in the page cache that were never synced, so Open first makes whatever it finds durable. The file must
// be on a local disk. A log that somebody else changed shows: positions and versions have no gaps, every stream
// is a hash chain (chain.go), and Verify walks them. A log that was cut off at its end can only be told by someone who
// remembers how long it was: compare Head with the checkpoints and the signed heads.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
)

// This does not compile with an SQLite below 3.51.3: those from 3.7.0 on may corrupt a WAL when it is reset.
const _ = uint(sqlite.VersionNumber - 3051003)

// Store is the log in a file. It is safe for concurrent use.
type Store struct {
	path    string
	id      uuid.UUID
	readers *readers
	writer  *writer       // nil beside the writing process
	lock    *os.File      // nil beside the writing process
	head    atomic.Uint64 // the last position that is durable; only where there is a writer
	news    bell          // rings when head moves
	closed  chan struct{}
	closing sync.Once
}

var _ events.Store = (*Store)(nil)

// Promises are what a log in SQLite promises beyond the port.
var Promises = events.Promises{Lasts: true, Gapless: true, Chained: true, Processes: events.OneWrites}

// Open opens the log in a file for writing, and makes it when there is none. Another process that writes it
// already is an error that names it.
func Open(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, func(*sqlite.Conn) error { return nil })
}

// open leaves the last word on the writer's connection to a test that wants a small disk.
func open(ctx context.Context, path string, tune func(*sqlite.Conn) error) (_ *Store, err error) {
	s := &Store{closed: make(chan struct{})}
	defer func() {
		if err != nil {
			err = fmt.Errorf("opening the log %s: %w", path, errors.Join(err, s.release()))
		}
	}()
	if s.path, err = place(path); err != nil {
		return nil, err
	}
	if s.lock, err = lockFile(s.path + ".lock"); err != nil {
		return nil, err
	}
	conn, err := openWriter(ctx, s.path)
	if err != nil {
		return nil, err
	}
	s.writer = newWriter(s, conn)
	if s.id, err = logID(conn); err != nil {
		return nil, err
	}
	if err = tune(conn); err != nil {
		return nil, err
	}
	if err = s.writer.start(); err != nil {
		return nil, err
	}
	s.readers = newReaders(s.path)
	return s, nil
}

// OpenReader opens a log to read it, beside a process that writes it or without one. Append is an error.
func OpenReader(ctx context.Context, path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening the log to read: %w", err)
	}
	s := &Store{path: path, closed: make(chan struct{}), readers: newReaders(path)}
	err := s.readers.with(ctx, func(conn *sqlite.Conn) (err error) {
		s.id, err = logID(conn)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("opening the log %s to read: %w", path, errors.Join(err, s.readers.close()))
	}
	return s, nil
}

// Append waits until the disk has the facts. When ctx ends while it waits, the answer is the context's error and
// the outcome is not known: ask again with the same command id and expected version.
func (s *Store) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	if s.writer == nil {
		return 0, fmt.Errorf("appending to %s: this process opened the log to read", stream)
	}
	position, err := s.writer.append(ctx, stream, expected, meta, facts)
	if err != nil {
		if conflict := new(events.Conflict); errors.As(err, &conflict) {
			return 0, conflict // says it all
		}
		return 0, fmt.Errorf("appending to %s: %w", stream, err)
	}
	return position, nil
}

// Head is the last position that is durable.
func (s *Store) Head(ctx context.Context) (events.Position, error) {
	if err := s.ended(ctx); err != nil {
		return 0, fmt.Errorf("reading the head: %w", err)
	}
	if s.writer != nil {
		return events.Position(s.head.Load()), nil
	}
	var head int64
	err := s.readers.with(ctx, func(conn *sqlite.Conn) (err error) {
		head, err = number(conn, `SELECT coalesce(max(position), 0) FROM events`)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("reading the head: %w", err)
	}
	return events.Position(head), nil
}

// ID was drawn when the log was made.
func (s *Store) ID() uuid.UUID { return s.id }

// Close answers every append that waits, ends whoever follows, and releases the file. Closing twice is harmless.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		if s.writer != nil {
			s.writer.stop()
		}
		close(s.closed)
		if err = s.release(); err != nil {
			err = fmt.Errorf("closing the log: %w", err)
		}
	})
	return err
}

// release closes what is open. The writer's connection is the last: it takes the WAL with it.
func (s *Store) release() (err error) {
	if s.readers != nil {
		err = s.readers.close()
	}
	if s.writer != nil {
		err = errors.Join(err, s.writer.conn.Close())
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

func (s *Store) ended(ctx context.Context) error {
	select {
	case <-s.closed:
		return events.ErrClosed
	default:
		return ctx.Err()
	}
}

// place is where a log is, links followed, so that two names of one file have one lock. It makes the folder and an
// empty file that only its owner reads.
func place(path string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return "", err
		}
		if err := f.Close(); err != nil {
			return "", err
		}
	}
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}
