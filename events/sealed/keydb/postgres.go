package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/casestream/casestream/events/pg"
)

// postgres is a schema of a server, best one of its own: keys are backed up apart from what they open.
type postgres struct{}

func (*postgres) open(ctx context.Context, place string) (*sql.DB, error) {
	pool, err := pg.Open(ctx, place, pg.Options{Most: 4})
	if err != nil {
		return nil, err
	}
	if err := pg.Says(ctx, pool, map[string]string{"synchronous_commit": "on remote_apply", "fsync": "on", "full_page_writes": "on"}); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: a key might not be there after a loss of power", err), pool.Close())
	}
	return pool, nil
}

func (*postgres) alone(ctx context.Context, tx *sql.Tx) error { return pg.Alone(ctx, tx) }

// erase writes the table anew without the owner's keys, and the old file is removed when tx is committed. A row that is
// only deleted stays in its page until it is vacuumed, and its bytes until something is written over them; VACUUM FULL
// keeps it for as long as anyone reads an older state. What the journal of the server (WAL) holds of the key, wrapped
// by the root key, goes when the server writes over it; its archives and backups are out of reach.
//
// Both tables are locked before anything else is done, in the order in which all others come to them.
func (*postgres) erase(ctx context.Context, tx *sql.Tx, owner string) error {
	for _, step := range []string{
		fmt.Sprintf(`SET LOCAL lock_timeout = %d`, patience.Milliseconds()),
		`LOCK TABLE owners, keys IN ACCESS EXCLUSIVE MODE`,
	} {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `CREATE TEMPORARY TABLE rest ON COMMIT DROP AS SELECT owner, epoch, wrapped FROM keys WHERE owner <> $1`, owner)
	if err != nil {
		return err
	}
	for _, step := range []string{
		`TRUNCATE keys`,
		`INSERT INTO keys (owner, epoch, wrapped) SELECT owner, epoch, wrapped FROM rest ORDER BY owner, epoch`,
	} {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

func (*postgres) erased(context.Context, *sql.DB) error { return nil }
