package readdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	_ "modernc.org/sqlite" // the engine, registered as "sqlite"
)

// sqlite is one connection to one file: what is prepared on it stays prepared.
type sqlite struct {
	pool     *sql.DB
	conn     *sql.Conn
	prepared map[string]*sql.Stmt // by their SQL
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	// The driver takes the pragmas in the order of the alphabet, and _journal_mode after them: a file that is in WAL mode
	// has its page size for good.
	pool, err := openFile(ctx, path, url.Values{"_journal_mode": {"WAL"}, "_pragma": {
		"page_size(8192)",          // a fact fits into a quarter of one; a row that does not takes pages of its own
		"synchronous(NORMAL)",      // what a power cut takes back is applied again: checkpoint and rows go together
		"wal_autocheckpoint(4000)", // a rebuild writes much: a checkpoint for every few megabytes would make it half as fast
		"busy_timeout(10000)", "cache_size(-16000)", "temp_store(MEMORY)",
		"secure_delete(ON)", // whoever is forgotten leaves nothing in free pages
	}})
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the views: %w", err), pool.Close())
	}
	if _, err := conn.ExecContext(ctx, kernel); err != nil {
		return nil, errors.Join(fmt.Errorf("preparing the views: %w", err), pool.Close())
	}
	db, err := openSQLiteReader(ctx, path)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	db.engine = &sqlite{pool: pool, conn: conn, prepared: make(map[string]*sql.Stmt)}
	db.writes = true
	return db, nil
}

func openSQLiteReader(ctx context.Context, path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("opening the views: %w", err)
	}
	// No mmap: every commit of the writer would take it away from the readers, who would fault it in again page by page.
	read, err := openFile(ctx, path, url.Values{"_pragma": {
		"query_only(ON)", "busy_timeout(10000)", "cache_size(-4000)",
	}})
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return &DB{read: read, engine: &sqlite{}, kept: newKept()}, nil
}

func openFile(ctx context.Context, path string, options url.Values) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("opening the views: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the views: %w", err), db.Close())
	}
	return db, nil
}

func (s *sqlite) begin(ctx context.Context) (change, error) {
	if _, err := s.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	return immediate{s, ctx}, nil
}

// immediate is a change on SQLite: database/sql's own would begin without the lock that keeps out other processes.
type immediate struct {
	*sqlite
	ctx context.Context //nolint:containedctx // it lives no longer than the change
}

func (i immediate) script(ctx context.Context, statements string) error {
	_, err := i.conn.ExecContext(ctx, statements)
	return err
}

func (immediate) analyse(context.Context, string) error { return nil }

func (i immediate) Commit() error {
	_, err := i.ExecContext(i.ctx, "COMMIT")
	return err
}

func (i immediate) Rollback() error {
	_, err := i.conn.ExecContext(i.ctx, "ROLLBACK")
	if err != nil && strings.Contains(err.Error(), "no transaction") {
		return nil
	}
	return err
}

// ExecContext prepares each statement once, for all changes there will be.
func (s *sqlite) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, ok := s.prepared[query]
	if !ok {
		var err error
		if stmt, err = s.conn.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
		s.prepared[query] = stmt
	}
	return stmt.ExecContext(ctx, args...)
}

func (s *sqlite) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.conn.QueryContext(ctx, query, args...)
}

func (*sqlite) most() int { return 64 }

// insert has parameters without names: SQLite looks names up one by one, which for hundreds of them takes longer than
// the insert. A row that cannot be inserted ends the transaction, so the engine need not note how to undo the others of
// its statement (OR FAIL).
func (*sqlite) insert(into string, n, width int) string {
	row := "(?" + strings.Repeat(",?", width-1) + ")"
	return "INSERT OR FAIL INTO " + into + " VALUES " + row + strings.Repeat(","+row, n-1)
}

func (*sqlite) tables() string {
	return `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`
}

// drop also closes the statements that were prepared on the tables. It does not overwrite them: they are about people who
// remain, it is a sixth of a rebuild, and when one of these people is forgotten the file is written without its free pages.
func (s *sqlite) drop(tx *Tx, _ int64, tables []string) (err error) {
	if err := tx.Script("PRAGMA secure_delete = OFF"); err != nil {
		return fmt.Errorf("dropping tables: %w", err)
	}
	defer func() { // also when nobody waits for it any more
		_, back := s.conn.ExecContext(context.WithoutCancel(tx.ctx), "PRAGMA secure_delete = ON")
		err = errors.Join(err, back)
	}()
	for _, name := range tables {
		for query, stmt := range s.prepared {
			if strings.Contains(query, name) {
				_ = stmt.Close()
				delete(s.prepared, query)
			}
		}
		if err := tx.Script("DROP TABLE " + name); err != nil {
			return fmt.Errorf("dropping %s: %w", name, err)
		}
	}
	return nil
}

func (*sqlite) serving() string {
	return `SELECT id, position, '' FROM generation WHERE projection = $1 AND serving = 1`
}

func (*sqlite) reading() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

func (*sqlite) gone(error) bool { return false }

// building is not asked of others: one process at a time writes the log beside this file.
func (*sqlite) building(context.Context, bool) (done func(), alone bool, err error) {
	return func() {}, true, nil
}

// close ends the connection. The engine lets go of the file only when nothing is prepared on it any more.
func (s *sqlite) close() (err error) {
	if s.conn == nil {
		return nil
	}
	for query, stmt := range s.prepared {
		err = errors.Join(err, stmt.Close())
		delete(s.prepared, query)
	}
	return errors.Join(err, s.conn.Close(), s.pool.Close())
}
