package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	pageSize = 8192
	// application marks the file as a log of ours ("Cstr"), format says which. What an earlier one needs is in earlier.go.
	application = 0x43737472
	format      = 2
)

// The schema. Positions are given by the writer, so they have no gaps and are never reused; small columns come first, so
// that the head of a stream is read without the words. Where the versions of a stream stand is in two tables (places.go).
// The triggers stop no attacker, but they stop an accident.
const (
	tablesOfNames = `
CREATE TABLE log (id BLOB NOT NULL) STRICT;
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
`
	tablesOfEvents = `
CREATE TABLE events (
	position INTEGER PRIMARY KEY,
	stream   INTEGER NOT NULL,
	version  INTEGER NOT NULL,
	hash     BLOB NOT NULL, -- chain.go
	type     TEXT NOT NULL,
	meta     TEXT NOT NULL, -- JSON
	data     TEXT NOT NULL  -- JSON, as events.Encode writes it
) STRICT;
CREATE TABLE places (
	stream   INTEGER NOT NULL,
	version  INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE new_places (
	stream   INTEGER NOT NULL,
	version  INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;
CREATE VIEW placed AS SELECT stream, version, position FROM places UNION ALL SELECT stream, version, position FROM new_places;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events BEGIN SELECT raise(ABORT, 'the log only grows'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events BEGIN SELECT raise(ABORT, 'the log only grows'); END;
`
)

// openWriter is the one connection that writes. Before anything else it brings what an earlier process left in the WAL
// into the file, synced: those events may never have reached the disk, and whoever reads them relies on them.
func openWriter(ctx context.Context, path string) (_ *sqlite.Conn, err error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, failure(err)
	}
	defer func() {
		if err != nil {
			err = failure(errors.Join(err, conn.Close()))
		}
	}()
	conn.SetInterrupt(ctx.Done())
	defer conn.SetInterrupt(nil)
	conn.SetBusyTimeout(othersTurn)
	empty, err := isEmpty(conn)
	is := 0
	if err == nil && !empty {
		is, err = formatOf(conn) // what is no log of ours is left as it is
	}
	if err != nil {
		return nil, err
	}
	for _, pragma := range []string{
		fmt.Sprintf(`PRAGMA page_size = %d`, pageSize),
		`PRAGMA journal_mode = wal`,
		`PRAGMA synchronous = full`,
	} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, err
		}
	}
	busy, err := number(conn, `PRAGMA wal_checkpoint(truncate)`)
	if err == nil && busy != 0 {
		err = errors.New("someone reads the log and does not stop: what was found in it cannot be made durable")
	}
	if err != nil {
		return nil, err
	}
	for _, pragma := range []string{
		`PRAGMA wal_autocheckpoint = 0`, // checkpoint.go does it, after the answers
		`PRAGMA trusted_schema = off`,
	} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, err
		}
	}
	switch {
	case empty:
		err = create(conn)
	case is < format:
		err = bringUp(conn)
	}
	if err == nil {
		err = makeRoom(conn)
	}
	if err != nil {
		return nil, err
	}
	if err := assertDurable(conn); err != nil {
		return nil, err
	}
	return conn, syncFolder(path)
}

// assertDurable asks the engine what it does, because it ignores what it does not know.
func assertDurable(conn *sqlite.Conn) error {
	const full = 2
	for pragma, want := range map[string]int64{`PRAGMA synchronous`: full, `PRAGMA page_size`: pageSize} {
		if is, err := number(conn, pragma); err != nil {
			return err
		} else if is != want {
			return fmt.Errorf("%s is %d, not %d", pragma, is, want)
		}
	}
	mode, err := sqlitex.ResultText(conn.Prep(`PRAGMA journal_mode`))
	if err == nil && mode != "wal" {
		err = fmt.Errorf("PRAGMA journal_mode is %s, not wal", mode)
	}
	return err
}

func isEmpty(conn *sqlite.Conn) (bool, error) {
	tables, err := number(conn, `SELECT count(*) FROM sqlite_schema`)
	return tables == 0, err
}

// create makes the tables and draws the log's id, all or nothing.
func create(conn *sqlite.Conn) error {
	id := uuid.New()
	script := fmt.Sprintf("%s%s PRAGMA application_id = %d; PRAGMA user_version = %d; INSERT INTO log (id) VALUES (x'%x');",
		tablesOfNames, tablesOfEvents, application, format, id[:])
	return sqlitex.ExecuteScript(conn, script, nil)
}

// formatOf says which format a log has. What is no log, or of a program that comes after this one, is an error.
func formatOf(conn *sqlite.Conn) (int, error) {
	app, err := number(conn, `PRAGMA application_id`)
	if err != nil {
		return 0, err
	}
	if app != application {
		return 0, errors.New("this file is not a log of Casestream")
	}
	is, err := number(conn, `PRAGMA user_version`)
	if err == nil && (is < 1 || is > format) {
		err = fmt.Errorf("the log has format %d, this program knows up to %d", is, format)
	}
	return int(is), err
}

func logID(conn *sqlite.Conn) (id uuid.UUID, err error) {
	size := 0
	err = sqlitex.Execute(conn, `SELECT id FROM log`, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
		size += stmt.ColumnLen(0)
		stmt.ColumnBytes(0, id[:])
		return nil
	}})
	if err == nil && (size != len(id) || id == uuid.Nil) {
		err = fmt.Errorf("it has not one id: %w", events.ErrDamaged)
	}
	return id, failure(err)
}

// number is the first column of the first row that a query or pragma answers.
func number(conn *sqlite.Conn, query string) (int64, error) {
	stmt, err := conn.Prepare(query)
	if err != nil {
		return 0, failure(err)
	}
	defer stmt.Reset()
	if row, err := stmt.Step(); err != nil {
		return 0, failure(err)
	} else if !row {
		return 0, fmt.Errorf("%s answers nothing", query)
	}
	return stmt.ColumnInt64(0), nil
}

// syncFolder makes the names of new files durable.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // which cannot, and need not
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
