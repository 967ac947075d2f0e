// Package keydb keeps the keys that sealed values are sealed under, in a database of its own with a backup of its
// own: whoever holds only the log, only the views or only this file can read nothing personal.
//
// A key is 32 random bytes, wrapped by the root key (root.go). It is on the disk before Sealing returns it, because
// what it seals outlives a crash only if the key does. To forget a person, Destroy takes the key away and leaves a
// tombstone, so that nobody makes that person a new one.
//
// It is a file of SQLite or a schema in PostgreSQL, and may be open in several processes. What one of them destroys,
// another forgets when it is told to Drop it.
package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/casestream/casestream/events/sealed"
)

var (
	// ErrWrongRoot: the keys were wrapped by another root key than the one given.
	ErrWrongRoot = errors.New("this is not the root key that the keys were wrapped with")
	// ErrMissing: a key that is neither here nor destroyed. The file is older than what was sealed, or another log's.
	ErrMissing = errors.New("the key is not in this key database")
)

// DB is a sealed.Keys over a database. It may be used by many goroutines.
type DB struct {
	sql    *sql.DB
	engine engine
	root   RootKey
	cache  *cache

	mu      sync.Mutex
	waiting []*wish // keys to be made that no transaction has taken yet
	making  bool
	closed  bool
	makers  sync.WaitGroup
}

var _ sealed.Keys = (*DB)(nil)

// cached is how many unwrapped keys a process holds at most: a caseload's worth of people, a few MB.
const cached = 16384 // a city's open cases: some 15 MB

// Sealing is the newest key of an owner, made when there is none yet. Many callers, also in other processes, who
// ask for the same new owner are given the same key.
func (db *DB) Sealing(ctx context.Context, owner string) (*sealed.Key, error) {
	if key, ok := db.cache.get(owner); ok {
		return key, nil
	}
	if err := checkOwner(owner); err != nil {
		return nil, err
	}
	asOf := db.cache.asOf()
	found, err := db.find(ctx, newest, owner)
	if errors.Is(err, sql.ErrNoRows) {
		return db.make(ctx, owner)
	}
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", owner, err)
	}
	key, err := found.key(db.root)
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", owner, err)
	}
	db.cache.put(asOf, owner, key, owner, key.ID)
	return key, nil
}

// Opening is the key with an id, of whichever epoch. One that was destroyed is sealed.ErrForgotten, one that this
// database never had is ErrMissing.
func (db *DB) Opening(ctx context.Context, id string) (*sealed.Key, error) {
	if key, ok := db.cache.get(id); ok {
		return key, nil
	}
	owner, epoch, err := splitID(id)
	if err != nil {
		return nil, err
	}
	asOf := db.cache.asOf()
	found, err := db.find(ctx, ofEpoch, owner, epoch)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", owner, err)
	}
	key, err := found.key(db.root)
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", owner, err)
	}
	db.cache.put(asOf, owner, key, id)
	return key, nil
}

// Close waits for the keys that are being made, and closes the file.
func (db *DB) Close() error {
	db.mu.Lock()
	db.closed = true
	db.mu.Unlock()
	db.makers.Wait()
	return db.sql.Close()
}

const (
	newest = `SELECT o.owner, o.epoch, o.forgotten_at, k.wrapped FROM owners o
		LEFT JOIN keys k ON k.owner = o.owner AND k.epoch = o.epoch WHERE o.owner = $1`
	ofEpoch = `SELECT o.owner, k.epoch, o.forgotten_at, k.wrapped FROM owners o
		LEFT JOIN keys k ON k.owner = o.owner AND k.epoch = $2 WHERE o.owner = $1`
)

// row is what the database knows of one key.
type row struct {
	owner     string
	epoch     sql.NullInt64
	forgotten sql.NullString
	wrapped   []byte
}

func (db *DB) find(ctx context.Context, query string, args ...any) (row, error) {
	var r row
	err := db.sql.QueryRowContext(ctx, query, args...).Scan(&r.owner, &r.epoch, &r.forgotten, &r.wrapped)
	return r, err
}

func (r row) key(root RootKey) (*sealed.Key, error) {
	switch {
	case r.forgotten.Valid:
		return nil, sealed.ErrForgotten
	case r.wrapped == nil:
		return nil, ErrMissing
	}
	return unwrap(root, keyID(r.owner, r.epoch.Int64), r.wrapped)
}

func keyID(owner string, epoch int64) string { return owner + "/" + strconv.FormatInt(epoch, 10) }

func splitID(id string) (owner string, epoch int64, err error) {
	owner, number, found := strings.Cut(id, "/")
	epoch, err = strconv.ParseInt(number, 10, 32)
	if !found || err != nil || checkOwner(owner) != nil || keyID(owner, epoch) != id {
		return "", 0, fmt.Errorf("a key id is an owner and an epoch: client-uuid/1")
	}
	return owner, epoch, nil
}

// checkOwner admits the names of streams. What it refuses it does not repeat: it may be anything.
func checkOwner(owner string) error {
	plain := func(r rune) bool {
		return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	if owner == "" || len(owner) > 200 || strings.IndexFunc(owner, func(r rune) bool { return !plain(r) }) >= 0 {
		return fmt.Errorf("the owner of a key is a stream: client-uuid")
	}
	return nil
}
