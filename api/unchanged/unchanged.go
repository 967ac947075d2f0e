// Package unchanged remembers what was read from a file of SQLite, for as long as nothing in the file has changed: so what
// is found is what would be read. It is for what every request asks, who is this?
package unchanged

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/casestream/casestream/events/recent"
	"zombiezen.com/go/sqlite"
)

const (
	// room is how many are remembered, and as many again of those before.
	room = 4096
	// moment is how long a file is taken to be as it was when it was asked: each question takes and leaves locks of the
	// file, and of a city's requests there are several in a moment.
	moment = time.Millisecond
)

// Map remembers values under digests. SQLite tells a connection whether others have committed (PRAGMA data_version), and
// the one that is kept here never does itself. That no row of interest was changed by a commit is not known, so all are
// read again. Whoever changes the file, in this process or in another, says so (Changed) before anybody is told that it
// is changed: then every Get knows.
//
// A nil Map remembers nothing: Get reads.
type Map[V any] struct {
	rows *recent.Map[[sha256.Size]byte, row[V]]

	mu      sync.Mutex // one asks at a time
	kept    *sqlite.Conn
	version *sqlite.Stmt // nil: closed
	was     int64        // the version
	asked   time.Time    // when; zero: ask now

	now  func() time.Time
	wait func(time.Duration)
}

// row is what was read when the file was at some version, or later.
type row[V any] struct {
	value V
	at    int64
}

// Open keeps a connection of its own to a file of SQLite, until Close. It goes around database/sql, which would take
// several times as long as the question.
func Open[V any](path string) (*Map[V], error) {
	kept, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return nil, fmt.Errorf("keeping a connection: %w", err)
	}
	version, err := kept.Prepare(`PRAGMA data_version`)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("asking for the version of a file: %w", err), kept.Close())
	}
	return &Map[V]{rows: recent.New[[sha256.Size]byte, row[V]](room), kept: kept, version: version, now: time.Now, wait: time.Sleep}, nil
}

// Changed returns when nobody, in any process, takes the file to be as it was before.
func (m *Map[V]) Changed() {
	if m != nil {
		m.wait(moment)
	}
}

// Close closes the connection.
func (m *Map[V]) Close() error {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.version = nil
	return m.kept.Close()
}

// Get is what read gives, or gave when the file was as it is now. What cannot be read is not remembered.
func (m *Map[V]) Get(key [sha256.Size]byte, read func() (V, error)) (V, error) {
	if m == nil {
		return read()
	}
	at, err := m.at()
	if err != nil {
		return read()
	}
	if found, ok := m.rows.Get(key); ok && found.at == at {
		return found.value, nil
	}
	value, err := read()
	if err == nil {
		m.rows.Put(key, row[V]{value, at}) // of before it was read: a change meanwhile makes it another
	}
	return value, err
}

// at is the version of the file.
func (m *Map[V]) at() (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version == nil {
		return 0, errors.New("closed")
	}
	now := m.now()
	if !m.asked.IsZero() && now.Sub(m.asked) < moment {
		return m.was, nil
	}
	is, err := m.ask()
	if err != nil {
		return 0, fmt.Errorf("asking for the version of a file: %w", err)
	}
	m.was, m.asked = is, now // of before it was asked: the moment is over no later than it should
	return is, nil
}

// ask is done whatever becomes of a request, because it takes no time.
func (m *Map[V]) ask() (version int64, err error) {
	defer func() { err = errors.Join(err, m.version.Reset()) }()
	there, err := m.version.Step()
	if err == nil && !there {
		err = errors.New("a file of SQLite has no version")
	}
	if err != nil {
		return 0, err
	}
	return m.version.ColumnInt64(0), nil
}
