package readdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Erased returns when what was deleted or overwritten is in no file of the database any more: neither in the pages of the
// tables, nor in the journal. In PostgreSQL what is left in its own journal (WAL), archives and backups is out of reach.
// It waits for those who read an older state, but no longer than ctx.
func (db *DB) Erased(ctx context.Context, tables ...string) error {
	if !db.writes {
		return errors.New("the views are open for reading only")
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	return db.engine.erased(ctx, tables)
}

// erased writes the file anew and empties the journal. secure_delete, which every connection that writes has on, overwrites
// what is deleted, but not what stayed behind when the rows of a page were moved to make room. The copy is on the disk
// meanwhile, not in memory: the views may be large.
func (s *sqlite) erased(ctx context.Context, _ []string) error {
	for _, statement := range []string{"PRAGMA temp_store = FILE", "VACUUM", "PRAGMA temp_store = MEMORY"} {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("writing the views anew: %w", err)
		}
	}
	for {
		var busy, frames, moved int
		err := s.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		if err != nil && !strings.Contains(err.Error(), "locked") && !strings.Contains(err.Error(), "busy") {
			return fmt.Errorf("emptying the journal of the views: %w", err)
		}
		if err == nil && busy == 0 {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("emptying the journal of the views, which somebody reads: %w", ctx.Err())
		}
	}
}

// erased writes tables anew, without the rows that were deleted or changed: those stay in their pages otherwise.
func (p *postgres) erased(ctx context.Context, tables []string) error {
	for _, table := range tables {
		if _, err := p.pool.ExecContext(ctx, "VACUUM (FULL) "+table); err != nil {
			return fmt.Errorf("writing %s anew: %w", table, err)
		}
	}
	return nil
}

// DropKept lets go of all that was kept of what was read.
func (db *DB) DropKept() { db.kept.Clear() }
