package keydb

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"
)

// Verify reads a backup to its end, and opens every key in it with the root key that wrapped them.
func Verify(from io.Reader, root RootKey) (is Copy, held Held, err error) {
	is, err = readBackup(from, root, func(c copied) error {
		held.add(c)
		for _, k := range c.Keys {
			secret, err := unwrapSecret(root, keyID(c.Owner, k.Epoch), k.Wrapped)
			if err != nil {
				return fmt.Errorf("the key %s: %w", keyID(c.Owner, k.Epoch), err)
			}
			clear(secret)
		}
		if _, err := c.since(); err != nil {
			return ErrNoBackup
		}
		return nil
	})
	return is, held, err
}

// since is when an owner was forgotten; zero for one who was not.
func (c copied) since() (at time.Time, err error) {
	if c.Forgotten != nil {
		at, err = time.Parse(time.RFC3339Nano, *c.Forgotten)
	}
	return at, err
}

// Restored is what a backup brought. Kept were here already; Withheld are keys of owners who are forgotten here.
type Restored struct{ Brought, Kept, Withheld int }

// Restore brings back the keys of a backup that are not here, all or none. Nothing that is here is lost, and nobody comes back:
// who is forgotten here stays so, and who is forgotten in the backup is forgotten here too. root is the one that wrapped the
// backup. Who was forgotten since, in the log, is for the caller to look for: Honoured is afterwards what it was in the backup,
// if that is less. Nobody else may have the keys open.
func (db *DB) Restore(ctx context.Context, log string, root RootKey, from io.ReadSeeker) (found Restored, err error) {
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return found, err
	}
	is, _, err := Verify(from, root)
	if err != nil {
		return found, err
	}
	if is.Log != log {
		return found, fmt.Errorf("%w: of %s, and this is %s", ErrOtherLog, is.Log, log)
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return found, err
	}
	r := restoring{DB: db, root: root}
	if r.tx, err = db.sql.BeginTx(ctx, nil); err != nil {
		return found, err
	}
	defer r.tx.Rollback()
	if err := db.engine.alone(ctx, r.tx); err != nil {
		return found, err
	}
	again, err := readBackup(from, root, func(c copied) error { return r.owner(ctx, c) })
	if err != nil {
		return found, err
	}
	if again != is {
		return found, ErrNoBackup
	}
	if _, err := r.tx.ExecContext(ctx, `INSERT INTO honoured (log, position) VALUES ($1, $2)
		ON CONFLICT (log) DO UPDATE SET position = excluded.position WHERE honoured.position > excluded.position`, log, int64(is.Honoured)); err != nil {
		return found, err
	}
	if err := r.tx.Commit(); err != nil {
		return found, err
	}
	for _, c := range r.gone {
		at, err := c.since()
		if err == nil {
			err = db.Destroy(ctx, c.Owner, at)
		}
		if err != nil {
			return found, err
		}
	}
	return r.Restored, nil
}

type restoring struct {
	*DB
	tx   *sql.Tx
	root RootKey
	gone []copied // forgotten in the backup, and not here
	Restored
}

func (r *restoring) owner(ctx context.Context, c copied) error {
	var forgotten bool
	err := r.tx.QueryRowContext(ctx, `SELECT forgotten_at IS NOT NULL FROM owners WHERE owner = $1`, c.Owner).Scan(&forgotten)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if forgotten {
		r.Withheld += len(c.Keys)
		return nil
	}
	if _, err := r.tx.ExecContext(ctx, `INSERT INTO owners (owner, epoch) VALUES ($1, $2)
		ON CONFLICT (owner) DO UPDATE SET epoch = excluded.epoch WHERE owners.epoch < excluded.epoch`, c.Owner, c.Epoch); err != nil {
		return err
	}
	if c.Forgotten != nil {
		r.gone = append(r.gone, c)
	}
	for _, k := range c.Keys {
		if err := r.key(ctx, c.Owner, k); err != nil {
			return fmt.Errorf("the key %s: %w", keyID(c.Owner, k.Epoch), err)
		}
	}
	return nil
}

// key brings one key back, wrapped by the root key of now, unless it is here.
func (r *restoring) key(ctx context.Context, owner string, k epochs) error {
	id := keyID(owner, k.Epoch)
	secret, err := unwrapSecret(r.root, id, k.Wrapped)
	if err != nil {
		return err
	}
	defer clear(secret)
	var here []byte
	switch err := r.tx.QueryRowContext(ctx, `SELECT wrapped FROM keys WHERE owner = $1 AND epoch = $2`, owner, k.Epoch).Scan(&here); {
	case err == nil:
		same, err := unwrapSecret(r.DB.root, id, here)
		if err != nil {
			return err
		}
		defer clear(same)
		if !bytes.Equal(same, secret) {
			return ErrOtherKey
		}
		r.Kept++
		return nil
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	wrapped, err := wrap(r.DB.root, id, secret)
	if err != nil {
		return err
	}
	r.Brought++
	_, err = r.tx.ExecContext(ctx, `INSERT INTO keys (owner, epoch, wrapped) VALUES ($1, $2, $3)`, owner, k.Epoch, wrapped)
	return err
}
