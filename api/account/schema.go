package account

import (
	"context"
	"database/sql"
	"errors"

	"github.com/casestream/casestream/events/pg"
)

// As with the keys, a row says how many of these steps a database has seen, on SQLite and PostgreSQL alike. Steps are
// added, never changed.
var steps = []string{
	`CREATE TABLE account (
		id        TEXT PRIMARY KEY,
		role      TEXT NOT NULL,
		worker    TEXT NOT NULL,    -- empty: nobody of the programme
		extracts  INTEGER NOT NULL,
		login     BYTEA UNIQUE,     -- a digest under a key; NULL: not chosen yet
		shown     TEXT NOT NULL,    -- the same, sealed
		password  TEXT NOT NULL,    -- argon2id; empty: not chosen yet
		made_at   BIGINT NOT NULL,
		closed_at BIGINT
	);
	CREATE TABLE invitation (
		digest  BYTEA PRIMARY KEY,
		account TEXT NOT NULL,
		expires BIGINT NOT NULL
	);
	CREATE TABLE authenticator (
		account TEXT PRIMARY KEY,
		pending TEXT NOT NULL,   -- sealed; not shown to be right yet
		session TEXT NOT NULL,   -- that pending was begun in
		secret  TEXT NOT NULL,   -- sealed; empty: none yet
		step    BIGINT NOT NULL  -- of the last code that was taken: none is taken twice
	);
	CREATE TABLE recovery_code (
		digest  BYTEA PRIMARY KEY,
		account TEXT NOT NULL
	);
	CREATE TABLE passkey (
		id         BYTEA PRIMARY KEY,
		account    TEXT NOT NULL,
		credential BYTEA NOT NULL, -- the public key and what is known of its device
		made_at    BIGINT NOT NULL
	);
	CREATE TABLE provider_link (
		subject BYTEA PRIMARY KEY, -- a digest under a key: of what the provider calls someone
		account TEXT NOT NULL,
		made_at BIGINT NOT NULL
	);
	CREATE TABLE session (
		digest    BYTEA PRIMARY KEY,
		id        TEXT NOT NULL UNIQUE,
		account   TEXT NOT NULL,
		proven    INTEGER NOT NULL, -- with all the factors that the account needs
		device    TEXT NOT NULL,    -- its kind: Chrome, Android
		made_at   BIGINT NOT NULL,
		seen_at   BIGINT NOT NULL,
		challenge BYTEA             -- of a passkey, while it is asked for
	);
	CREATE INDEX session_of ON session (account);
	CREATE TABLE device (
		digest  BYTEA PRIMARY KEY,
		account TEXT NOT NULL,
		expires BIGINT NOT NULL
	);
	CREATE TABLE attempt (
		subject  BYTEA PRIMARY KEY, -- a digest under a key: of a name, an address, a device
		failures INTEGER NOT NULL,
		last_at  BIGINT NOT NULL
	);
	CREATE TABLE proposal (
		id         TEXT PRIMARY KEY,
		account    TEXT NOT NULL,
		change     TEXT NOT NULL,
		role       TEXT NOT NULL,
		proposer   TEXT NOT NULL,
		made_at    BIGINT NOT NULL,
		decider    TEXT NOT NULL,
		decided_at BIGINT,
		accepted   INTEGER NOT NULL
	);
	CREATE TABLE account_fact (
		number     BIGINT PRIMARY KEY,
		happened_at BIGINT NOT NULL,
		kind       TEXT NOT NULL,
		account    TEXT NOT NULL,
		actor      TEXT NOT NULL,
		detail     TEXT NOT NULL,
		chain      BYTEA NOT NULL
	);`,
}

const about = `CREATE TABLE IF NOT EXISTS account_about (
	one       INTEGER PRIMARY KEY CHECK (one = 1),
	steps     INTEGER NOT NULL DEFAULT 0,
	index_key TEXT NOT NULL DEFAULT '' -- of the digests that names are looked up by
)`

// prepare brings the tables up to today.
func (a *Accounts) prepare(ctx context.Context) error {
	make := func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, about); err != nil {
			return err
		}
		var seen int
		err := tx.QueryRowContext(ctx, `SELECT steps FROM account_about`).Scan(&seen)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if seen > len(steps) {
			return errors.New("they were written by a newer Casestream: use that one, or a later one")
		}
		if seen == len(steps) {
			return nil
		}
		for _, step := range steps[seen:] {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO account_about (one, steps) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET steps = excluded.steps`, len(steps))
		return err
	}
	if a.server {
		return pg.Make(ctx, a.db, make)
	}
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := make(tx); err != nil {
		return err
	}
	return tx.Commit()
}
