package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A backup of the keys has keys in it of people who were forgotten since it was made. Whoever opens the keys therefore
// looks in the log for who was forgotten after the position that is remembered here, and destroys what should be gone. An
// older database remembers an older position: what is put back by mistake is found.

// Honoured is the position of a log up to which everyone who was forgotten has no key here; 0 for a log that is not known.
func (db *DB) Honoured(ctx context.Context, log string) (position uint64, err error) {
	var at int64
	err = db.sql.QueryRowContext(ctx, `SELECT position FROM honoured WHERE log = $1`, log).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("looking up to where the log was honoured: %w", err)
	}
	return uint64(at), nil
}

// Honour remembers such a position. It never goes back.
func (db *DB) Honour(ctx context.Context, log string, position uint64) error {
	_, err := db.sql.ExecContext(ctx, `INSERT INTO honoured (log, position) VALUES ($1, $2)
		ON CONFLICT (log) DO UPDATE SET position = excluded.position WHERE honoured.position < excluded.position`, log, int64(position))
	if err != nil {
		return fmt.Errorf("remembering up to where the log was honoured: %w", err)
	}
	return nil
}

// Epoch is that of the newest key that an owner ever had, destroyed or not; 0 for one who never had any.
func (db *DB) Epoch(ctx context.Context, owner string) (epoch int, err error) {
	err = db.sql.QueryRowContext(ctx, `SELECT epoch FROM owners WHERE owner = $1`, owner).Scan(&epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("the epoch of the key of %s: %w", owner, err)
	}
	return epoch, nil
}
