package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A few tables need no migration library: the row in about says how many of these steps a database has seen, on
// SQLite and PostgreSQL alike. Steps are added, never changed.
var steps = []string{
	`CREATE TABLE owners (
		owner        TEXT PRIMARY KEY,
		epoch        INTEGER NOT NULL, -- of the newest key
		forgotten_at TEXT              -- a tombstone: no key any more, and none again
	);
	CREATE TABLE keys (
		owner   TEXT NOT NULL REFERENCES owners (owner),
		epoch   INTEGER NOT NULL,
		wrapped BYTEA NOT NULL,
		PRIMARY KEY (owner, epoch)
	)`,
	`CREATE TABLE honoured (
		log      TEXT PRIMARY KEY,
		position BIGINT NOT NULL -- see honoured.go
	)`,
}

const about = `CREATE TABLE IF NOT EXISTS about (
	one   INTEGER PRIMARY KEY CHECK (one = 1),
	steps INTEGER NOT NULL,
	root  TEXT NOT NULL -- the fingerprint of the root key
)`

// prepare brings the tables up to today and makes sure that the root key is theirs.
func prepare(ctx context.Context, pool *sql.DB, engine engine, root RootKey) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := engine.alone(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, about); err != nil {
		return err
	}
	var seen int
	var wrappedBy string
	err = tx.QueryRowContext(ctx, `SELECT steps, root FROM about`).Scan(&seen, &wrappedBy)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		wrappedBy = root.Fingerprint()
	case err != nil:
		return err
	case wrappedBy != root.Fingerprint():
		return fmt.Errorf("%w: they need the one with fingerprint %s, this is %s. Put back the copy of root.key that was kept elsewhere",
			ErrWrongRoot, wrappedBy, root.Fingerprint())
	case seen > len(steps):
		return fmt.Errorf("it was written by a newer Casestream: use that one, or a later one")
	case seen == len(steps):
		return nil // and nothing is written: the file may be open beside the process that writes
	}
	for _, step := range steps[seen:] {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO about (one, steps, root) VALUES (1, $1, $2)
		ON CONFLICT (one) DO UPDATE SET steps = excluded.steps`, len(steps), wrappedBy); err != nil {
		return err
	}
	return tx.Commit()
}
