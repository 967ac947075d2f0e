package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/casestream/casestream/events/pg"
	"modernc.org/sqlite"
)

// patience is how long one waits for another process that has the keys.
const patience = 10 * time.Second

// sqliteFile is a file and its journal.
type sqliteFile struct{}

func (*sqliteFile) open(ctx context.Context, place string) (*sql.DB, error) {
	path, err := filepath.Abs(pg.File(place))
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite gives the journal the same mode
	if err != nil {
		return nil, err
	}
	if err := errors.Join(file.Close(), syncDir(filepath.Dir(path))); err != nil {
		return nil, err
	}
	options := url.Values{"_txlock": {"immediate"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "foreign_keys(ON)",
	}}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: options.Encode()}).String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(4)
	pool.SetMaxIdleConns(4)
	// A transaction that does nothing opens the journal. In a file of no bytes wal_checkpoint would do that by itself,
	// and with several processes at once leave a read open that all of them then wait for.
	if err := whenFree(ctx, func() error {
		tx, err := pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		return tx.Rollback()
	}); err != nil {
		pool.Close()
		return nil, err
	}
	// Before anything else is read: after a kill the journal may hold keys that were never fsynced; whoever sealed with
	// one of those would lose it with the next loss of power. The checkpoint makes them durable.
	if err := errors.Join(truncateJournal(ctx, pool), assertPragmas(ctx, pool)); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// alone has nothing to do: a transaction begins with the lock that keeps others out.
func (*sqliteFile) alone(context.Context, *sql.Tx) error { return nil }

// erase overwrites: that is what secure_delete is for.
func (*sqliteFile) erase(ctx context.Context, tx *sql.Tx, owner string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM keys WHERE owner = $1`, owner)
	return err
}

func (*sqliteFile) erased(ctx context.Context, pool *sql.DB) error { return truncateJournal(ctx, pool) }

func assertPragmas(ctx context.Context, pool *sql.DB) error {
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1"} {
		var is string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&is); err != nil {
			return err
		}
		if is != want {
			return fmt.Errorf("SQLite has %s %s, not %s: a key might not be there after a loss of power, or after it was destroyed", pragma, is, want)
		}
	}
	return nil
}

// truncateJournal puts everything into the file itself and empties the journal, also of what was deleted.
func truncateJournal(ctx context.Context, pool *sql.DB) error {
	return whenFree(ctx, func() error {
		var busy, frames, moved int
		if err := pool.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
			return err
		}
		if busy != 0 {
			return errBusy
		}
		return nil
	})
}

var errBusy = errors.New("another process is using the file")

// whenFree tries again while another process has the file, for as long as patience lasts. SQLite waits by itself
// in most places, but not where it changes the journal mode or truncates.
func whenFree(ctx context.Context, try func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errBusy)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		err := try()
		if !isBusy(err) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func isBusy(err error) bool {
	const busy, locked = 5, 6
	var from *sqlite.Error
	return errors.Is(err, errBusy) || errors.As(err, &from) && (from.Code()&0xff == busy || from.Code()&0xff == locked)
}
