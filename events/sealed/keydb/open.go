package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/casestream/casestream/events/pg"
)

// Open opens the keys: in a file of SQLite, by its path, or in PostgreSQL, by its URL. They are made when there are none.
// A root key that did not wrap what is there is ErrWrongRoot.
func Open(ctx context.Context, place string, root RootKey) (*DB, error) {
	if _, err := root.aead(); err != nil {
		return nil, fmt.Errorf("opening the keys: %w", err)
	}
	var engine engine = &sqliteFile{}
	if pg.Is(place) {
		engine = &postgres{}
	}
	pool, err := engine.open(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("opening the keys%s: %w", in(place), err)
	}
	if err := prepare(ctx, pool, engine, root); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the keys%s: %w", in(place), err), pool.Close())
	}
	return &DB{sql: pool, engine: engine, root: root, cache: newCache(cached)}, nil
}

// Exist tells whether there are keys in a place, or were: whether Open would make them.
func Exist(ctx context.Context, place string) (bool, error) {
	if pg.Is(place) {
		there, err := pg.Has(ctx, place, "about")
		if err != nil {
			err = fmt.Errorf("looking for the keys in PostgreSQL: %w", err)
		}
		return there, err
	}
	_, err := os.Stat(pg.File(place))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// in names the file; a URL it does not repeat, because a password may be in it.
func in(place string) string {
	if pg.Is(place) {
		return " in PostgreSQL"
	}
	return " in " + pg.File(place)
}

// engine is what SQLite and PostgreSQL do differently.
type engine interface {
	// open gives a pool whose every connection writes durably and deletes thoroughly.
	open(ctx context.Context, place string) (*sql.DB, error)
	// alone keeps other processes from making or changing tables until tx ends.
	alone(ctx context.Context, tx *sql.Tx) error
	// erase deletes the keys of an owner so that they are in no table's file any more when tx has been committed and
	// erased returned.
	erase(ctx context.Context, tx *sql.Tx, owner string) error
	erased(ctx context.Context, pool *sql.DB) error
}
