// Package readdb is where views live: SQLite, one file. It is all that is known of the engine here; the SQL of the
// projections is written so that PostgreSQL can read it too ($1, ON CONFLICT … DO UPDATE, no engine's own types).
//
// A table belongs to a generation of its projection. SQL names it with an @ behind, caseload_value@, and a Tx puts
// the generation there; so a view is rebuilt beside the one that is read, and one row tells which is which.
package readdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the engine, registered as "sqlite"
)

// DB is a database of views: one connection writes, a few read.
type DB struct {
	read *sql.DB
	kept kept

	writing  sync.Mutex
	pool     *sql.DB
	write    *sql.Conn            // the one connection of pool: what is prepared on it stays prepared
	prepared map[string]*sql.Stmt // on write, by their SQL
}

// Open opens a file for writing views, and makes it if there is none.
func Open(ctx context.Context, path string) (*DB, error) {
	pool, err := open(ctx, path, url.Values{"_pragma": {
		"page_size(8192)", "journal_mode(WAL)", "synchronous(NORMAL)", // what a power cut takes back is applied again: checkpoint and rows go together
		"wal_autocheckpoint(8000)", // a rebuild writes much: a checkpoint for every few megabytes would make it half as fast
		"busy_timeout(10000)", "cache_size(-16000)", "temp_store(MEMORY)",
	}})
	if err != nil {
		return nil, err
	}
	write, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the views: %w", err), pool.Close())
	}
	if _, err := write.ExecContext(ctx, kernel); err != nil {
		return nil, errors.Join(fmt.Errorf("preparing the views: %w", err), pool.Close())
	}
	read, err := reader(ctx, path)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &DB{read: read, pool: pool, write: write, prepared: make(map[string]*sql.Stmt)}, nil
}

// OpenReader opens a file beside the process that writes it. It never writes.
func OpenReader(ctx context.Context, path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening the views: %w", err)
	}
	read, err := reader(ctx, path)
	if err != nil {
		return nil, err
	}
	return &DB{read: read}, nil
}

func reader(ctx context.Context, path string) (*sql.DB, error) {
	read, err := open(ctx, path, url.Values{"_pragma": {
		"query_only(ON)", "busy_timeout(10000)", "cache_size(-4000)", "mmap_size(268435456)",
	}})
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return read, nil
}

func open(ctx context.Context, path string, options url.Values) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("opening the views: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the views: %w", err), db.Close())
	}
	return db, nil
}

// Close ends all connections. The engine lets go of the file only when nothing is prepared on it any more.
func (db *DB) Close() error {
	err := db.read.Close()
	if db.write == nil {
		return err
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	for query, stmt := range db.prepared {
		err = errors.Join(err, stmt.Close())
		delete(db.prepared, query)
	}
	return errors.Join(err, db.write.Close(), db.pool.Close())
}

// ErrNotBuilt: the projection has no tables yet.
var ErrNotBuilt = errors.New("this view is not built yet")

// View runs a query on the generation that is read now, all of it on one state of the database.
func (db *DB) View(ctx context.Context, projection string, query func(*Tx) error) error {
	sqltx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("reading %s: %w", projection, err)
	}
	defer func() { _ = sqltx.Rollback() }()
	tx := &Tx{on: sqltx, ctx: ctx, kept: &db.kept}
	row := sqltx.QueryRowContext(ctx, `SELECT id, position FROM generation WHERE projection = $1 AND serving = 1`, projection)
	switch err := row.Scan(&tx.generation, &tx.Position); {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("reading %s: %w", projection, ErrNotBuilt)
	case err != nil:
		return fmt.Errorf("reading %s: %w", projection, err)
	}
	if err := query(tx); err != nil {
		return fmt.Errorf("reading %s: %w", projection, err)
	}
	return nil
}

// Update runs a change, all or none of it. Changes queue; readers go on beside them.
func (db *DB) Update(ctx context.Context, change func(*Tx) error) error {
	if db.write == nil {
		return errors.New("the views are open for reading only")
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // a change is short; the engine need not watch for the end of ctx in every statement
	tx := &Tx{on: db.write, ctx: ctx, db: db}
	if _, err := tx.exec("BEGIN IMMEDIATE", nil); err != nil {
		return err
	}
	err := change(tx)
	if err == nil {
		err = tx.flush()
	}
	if err == nil {
		_, err = tx.exec("COMMIT", nil)
	}
	if err != nil {
		_, undo := db.write.ExecContext(ctx, "ROLLBACK")
		if undo != nil && !strings.Contains(undo.Error(), "no transaction") {
			err = errors.Join(err, undo)
		}
	}
	return err
}
