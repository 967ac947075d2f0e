// Package readdb is where views live: SQLite, one file, or PostgreSQL, one schema. It is all that is known of the
// engines here; the SQL of the projections is one text that both read ($1, ON CONFLICT … DO UPDATE, no engine's own
// types), and what differs is in engine.go.
//
// A table belongs to a generation of its projection. SQL names it with an @ behind, caseload_value@, and a Tx puts
// the generation there; so a view is rebuilt beside the one that is read, and one row tells which is which.
package readdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/casestream/casestream/events/pg"
)

// DB is a database of views: one connection writes, a few read.
type DB struct {
	engine engine
	read   *sql.DB
	kept   *kept

	writing sync.Mutex
	writes  bool
}

// Open opens views for writing, and makes them if there are none: a file of SQLite by its path, which may be written
// sqlite:PATH, or PostgreSQL by its URL, postgres://…?schema=NAME.
func Open(ctx context.Context, place string) (*DB, error) {
	if pg.Is(place) {
		return openPostgres(ctx, place)
	}
	return openSQLite(ctx, pg.File(place))
}

// OpenReader opens views beside the process that writes them. It never writes.
func OpenReader(ctx context.Context, place string) (*DB, error) {
	if pg.Is(place) {
		return openPostgresReader(ctx, place)
	}
	return openSQLiteReader(ctx, pg.File(place))
}

// Close ends all connections.
func (db *DB) Close() error {
	db.writing.Lock()
	defer db.writing.Unlock()
	return errors.Join(db.read.Close(), db.engine.close())
}

// ErrNotBuilt: the projection has no tables yet.
var ErrNotBuilt = errors.New("this view is not built yet")

// View runs a query on the generation that is read now, all of it on one state of the database. Where the tables are
// gone before anything was read of them, because others are read now, it is asked again.
func (db *DB) View(ctx context.Context, projection string, query func(*Tx) error) error {
	var err error
	for range 3 {
		if err = db.view(ctx, projection, query); err == nil || !db.engine.gone(err) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", projection, err)
	}
	return nil
}

func (db *DB) view(ctx context.Context, projection string, query func(*Tx) error) error {
	sqltx, err := db.read.BeginTx(ctx, db.engine.reading())
	if err != nil {
		return err
	}
	defer func() { _ = sqltx.Rollback() }()
	tx := &Tx{on: sqltx, ctx: ctx, kept: db.kept}
	var lock any
	err = sqltx.QueryRowContext(ctx, db.engine.serving(), projection).Scan(&tx.generation, &tx.Position, &lock)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotBuilt
	}
	if err != nil {
		return err
	}
	return query(tx)
}

// Generation runs a query on one generation, whether or not it is the one that is read.
func (db *DB) Generation(ctx context.Context, id int64, query func(*Tx) error) error {
	on, err := db.read.BeginTx(ctx, db.engine.reading())
	if err != nil {
		return err
	}
	defer func() { _ = on.Rollback() }()
	return query(&Tx{on: on, ctx: ctx, kept: db.kept, generation: id})
}

// Update runs a change, all or none of it. Changes queue; readers go on beside them. An error that is Trouble leaves
// it open whether a change that was all but done is there: try again, Move tells.
func (db *DB) Update(ctx context.Context, change func(*Tx) error) error {
	if !db.writes {
		return errors.New("the views are open for reading only")
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // a change is short; the engine need not watch for the end of ctx in every statement
	on, err := db.engine.begin(ctx)
	if err != nil {
		return err
	}
	tx := &Tx{on: on, change: on, ctx: ctx, engine: db.engine}
	err = change(tx)
	if err == nil {
		err = tx.flush()
	}
	if err == nil {
		err = on.Commit()
	}
	if err != nil {
		err = errors.Join(err, on.Rollback())
	}
	return err
}

// Building waits until no other process makes generations, and keeps them out until done is called.
func (db *DB) Building(ctx context.Context) (done func(), err error) {
	done, _, err = db.engine.building(ctx, true)
	return done, err
}

// TryBuilding is Building for who does not wait: alone is false where another process makes generations. Where none
// does, a generation that is not read is of a process that was killed.
func (db *DB) TryBuilding(ctx context.Context) (done func(), alone bool, err error) {
	return db.engine.building(ctx, false)
}
