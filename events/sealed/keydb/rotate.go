package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A rotation takes a new root key and wraps every key with it anew, all in one transaction. The new one lies beside the
// old as root.key.next before that, and takes its place after; killed in between, FinishRotation sees from the
// fingerprint in the database which of the two is the one.

// ErrRootElsewhere: the root key is not in a file, so it cannot be replaced there.
var ErrRootElsewhere = errors.New("the root key is in the environment (" + RootEnv + "): rotate it with the key in a file, and put the new one there")

func next(path string) string { return path + ".next" }

// Rotate gives the keys of a place a new root key, whose file is path, and answers how many keys were wrapped anew. Nobody
// else may have the keys open. Who keeps backups of the keys keeps the old root key with those of before.
func Rotate(ctx context.Context, place, path string) (keys int, err error) {
	if _, elsewhere := os.LookupEnv(RootEnv); elsewhere {
		return 0, ErrRootElsewhere
	}
	if err := FinishRotation(ctx, place, path); err != nil {
		return 0, err
	}
	old, err := LoadRoot(path)
	if err != nil {
		return 0, err
	}
	if err := createRoot(next(path), NewRoot()); err != nil && !errors.Is(err, fs.ErrExist) {
		return 0, fmt.Errorf("making the new root key: %w", err)
	}
	fresh, err := LoadRoot(next(path))
	if err != nil {
		return 0, err
	}
	db, err := Open(ctx, place, old)
	if err != nil {
		return 0, err
	}
	if keys, err = db.rewrap(ctx, fresh); err == nil {
		err = db.engine.erased(ctx, db.sql)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return 0, fmt.Errorf("rotating the root key: %w", err)
	}
	return keys, takeItsPlace(path)
}

// FinishRotation ends a rotation that was killed: the new root key takes its place if the keys are wrapped with it.
func FinishRotation(ctx context.Context, place, path string) error {
	if _, err := os.Stat(next(path)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	fresh, err := LoadRoot(next(path))
	if err != nil {
		return err
	}
	db, err := Open(ctx, place, fresh)
	if errors.Is(err, ErrWrongRoot) {
		return nil // it had not come so far
	}
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	return takeItsPlace(path)
}

func takeItsPlace(path string) error {
	if err := os.Rename(next(path), path); err != nil {
		return fmt.Errorf("putting the new root key in its place: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// rewrap wraps every key with another root key, all or none.
func (db *DB) rewrap(ctx context.Context, fresh RootKey) (int, error) {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	if err := db.engine.alone(ctx, tx); err != nil {
		return 0, err
	}
	all, err := wrappedKeys(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, r := range all {
		id := keyID(r.owner, r.epoch.Int64)
		if r.wrapped, err = wrapAnew(db.root, fresh, id, r.wrapped); err != nil {
			return 0, fmt.Errorf("the key %s: %w", id, err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE keys SET wrapped = $1 WHERE owner = $2 AND epoch = $3`, r.wrapped, r.owner, r.epoch); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE about SET root = $1`, fresh.Fingerprint()); err != nil {
		return 0, err
	}
	if err := db.engine.erase(ctx, tx, ""); err != nil { // of nobody: what was wrapped by the old one leaves no trace
		return 0, err
	}
	return len(all), tx.Commit()
}

func wrappedKeys(ctx context.Context, tx *sql.Tx) (all []row, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT owner, epoch, wrapped FROM keys ORDER BY owner, epoch`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.owner, &r.epoch, &r.wrapped); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// wrapAnew opens a key that one root key wrapped, and wraps it with another.
func wrapAnew(old, fresh RootKey, id string, wrapped []byte) ([]byte, error) {
	secret, err := unwrapSecret(old, id, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	return wrap(fresh, id, secret)
}
