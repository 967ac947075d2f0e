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
// Writing it anew takes as long as it takes, and changes queue meanwhile; for those who read an older state it waits, but
// no longer than patience.
func (db *DB) Erased(ctx context.Context, patience time.Duration, tables ...string) error {
	if !db.writes {
		return errors.New("the views are open for reading only")
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	return db.engine.erased(ctx, patience, tables)
}

// erased writes the file anew and empties the journal. secure_delete, which every connection that writes has on, overwrites
// what is deleted, but not what stayed behind when the rows of a page were moved to make room.
func (s *sqlite) erased(ctx context.Context, patience time.Duration, _ []string) error {
	if err := s.vacuum(ctx); err != nil {
		return fmt.Errorf("writing the views anew: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	for {
		var busy, frames, moved int
		err := s.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		if err != nil && ctx.Err() == nil && !strings.Contains(err.Error(), "locked") && !strings.Contains(err.Error(), "busy") {
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

// vacuum writes the file anew. The copy is on the disk meanwhile, not in memory: the views may be large. What is temporary
// otherwise stays in memory, also when it fails.
func (s *sqlite) vacuum(ctx context.Context) (err error) {
	if _, err := s.conn.ExecContext(ctx, "PRAGMA temp_store = FILE"); err != nil {
		return err
	}
	defer func() {
		_, back := s.conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA temp_store = MEMORY")
		err = errors.Join(err, back)
	}()
	_, err = s.conn.ExecContext(ctx, "VACUUM")
	return err
}

// erased writes tables anew, without the rows that were deleted or changed: those stay in their pages otherwise. Nobody
// reads a table meanwhile, and who comes while it waits for a reader waits behind it: so it does not wait for long.
func (p *postgres) erased(ctx context.Context, patience time.Duration, tables []string) (err error) {
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("writing the views anew: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("SET lock_timeout = %d", max(patience.Milliseconds(), 1))); err != nil {
		return fmt.Errorf("writing the views anew: %w", err)
	}
	defer func() {
		_, back := conn.ExecContext(context.WithoutCancel(ctx), "RESET lock_timeout")
		err = errors.Join(err, back)
	}()
	for _, table := range tables {
		if _, err := conn.ExecContext(ctx, "VACUUM (FULL) "+table); err != nil {
			return fmt.Errorf("writing %s anew: %w", table, err)
		}
	}
	return nil
}

// DropKept lets go of all that was kept of what was read.
func (db *DB) DropKept() { db.kept.Clear() }
