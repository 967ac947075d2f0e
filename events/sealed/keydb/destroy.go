package keydb

import (
	"context"
	"fmt"
	"time"
)

// Destroy forgets an owner: every key is overwritten in the file and in its journal, or on PostgreSQL in no table's file
// any more, and a tombstone says since when, so that no new key is made. Asked again it does what is missing and keeps
// the first time. An owner who never had a key gets a tombstone too.
//
// When it fails, the keys may be gone while their traces are not: ask again. Backups are not in its reach, nor is the
// WAL of PostgreSQL (see postgres.go), and other processes must Drop what they hold.
func (db *DB) Destroy(ctx context.Context, owner string, at time.Time) error {
	if err := checkOwner(owner); err != nil {
		return err
	}
	if err := db.bury(ctx, owner, at); err != nil {
		return fmt.Errorf("destroying the key of %s: %w", owner, err)
	}
	db.Drop(owner)
	if err := db.engine.erased(ctx, db.sql); err != nil {
		return fmt.Errorf("destroying the traces of the key of %s: %w", owner, err)
	}
	return nil
}

func (db *DB) bury(ctx context.Context, owner string, at time.Time) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := db.engine.erase(ctx, tx, owner); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO owners (owner, epoch, forgotten_at) VALUES ($1, 0, $2)
		ON CONFLICT (owner) DO UPDATE SET forgotten_at = COALESCE(owners.forgotten_at, excluded.forgotten_at)`,
		owner, at.UTC().Format(time.RFC3339Nano)); err != nil {
		return err
	}
	return tx.Commit()
}

// Drop forgets what this process holds of an owner in memory. Whoever follows the log calls it when it reads that
// someone was forgotten: the key may have been destroyed by another process.
func (db *DB) Drop(owner string) { db.cache.drop(owner) }

// Forgotten tells since when an owner is forgotten; ok is false for one who is not.
func (db *DB) Forgotten(ctx context.Context, owner string) (since time.Time, ok bool, err error) {
	if err := checkOwner(owner); err != nil {
		return time.Time{}, false, err
	}
	var text string
	rows, err := db.sql.QueryContext(ctx, `SELECT forgotten_at FROM owners WHERE owner = $1 AND forgotten_at IS NOT NULL`, owner)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("asking whether %s is forgotten: %w", owner, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return time.Time{}, false, rows.Err()
	}
	if err := rows.Scan(&text); err != nil {
		return time.Time{}, false, fmt.Errorf("asking whether %s is forgotten: %w", owner, err)
	}
	since, err = time.Parse(time.RFC3339Nano, text)
	return since, true, err
}
