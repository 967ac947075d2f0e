// Package unchanged remembers what was read from a file of SQLite, for as long as nothing in the file has changed: so what
// is found is what would be read. It is for what every request asks, who is this?
package unchanged

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/casestream/casestream/events/recent"
)

// room is how many are remembered, and as many again of those before.
const room = 4096

// Map remembers values under digests. Whoever changes the file, in this process or in another, the next Get knows: SQLite
// tells a connection whether others have committed (PRAGMA data_version), and the one that is kept here never does
// itself. That no row of interest was changed by a commit is not known, so all are read again.
//
// A nil Map remembers nothing: Get reads.
type Map[V any] struct {
	rows *recent.Map[[sha256.Size]byte, row[V]]

	mu      sync.Mutex // one asks at a time
	kept    *sql.Conn
	version *sql.Stmt
}

// row is what was read when the file was at some version, or later.
type row[V any] struct {
	value V
	at    int64
}

// Open keeps one connection of a database, which must be a file of SQLite, until Close.
func Open[V any](ctx context.Context, db *sql.DB) (*Map[V], error) {
	kept, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("keeping a connection: %w", err)
	}
	version, err := kept.PrepareContext(ctx, `PRAGMA data_version`)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("asking for the version of a file: %w", err), kept.Close())
	}
	return &Map[V]{rows: recent.New[[sha256.Size]byte, row[V]](room), kept: kept, version: version}, nil
}

// Close gives the connection back.
func (m *Map[V]) Close() error {
	if m == nil {
		return nil
	}
	return errors.Join(m.version.Close(), m.kept.Close())
}

// Get is what read gives, or gave when the file was as it is now. What cannot be read is not remembered.
func (m *Map[V]) Get(key [sha256.Size]byte, read func() (V, error)) (V, error) {
	if m == nil {
		return read()
	}
	at, err := m.now()
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

// now is the version of the file. It is asked for whatever becomes of a request, because it takes no time.
func (m *Map[V]) now() (at int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	err = m.version.QueryRowContext(context.Background()).Scan(&at)
	return at, err
}
