package readdb

import (
	"context"
	"database/sql"
	"time"
)

// engine is what SQLite and PostgreSQL do differently. Everything else is one text for both.
type engine interface {
	// begin begins a change on the one connection that writes. Changes queue in front of it.
	begin(ctx context.Context) (change, error)
	// insert is the statement that inserts n rows of so many columns.
	insert(into string, n, width int) string
	// most is how many rows go into one statement.
	most() int
	// drop removes tables of a generation that nobody is led to any more.
	drop(tx *Tx, generation int64, tables []string) error
	// tables lists all tables there are.
	tables() string
	// serving finds the generation that is read of a projection, and holds it until the end of the transaction.
	serving() string
	// reading is a transaction that sees one state.
	reading() *sql.TxOptions
	// gone tells that what was read was removed on the way: the pointer has moved since.
	gone(err error) bool
	// building lets one process at a time make generations; who has to, waits until it is this one.
	building(ctx context.Context, wait bool) (done func(), alone bool, err error)
	// erased leaves nothing of what was deleted in the files of these tables, and nothing in the journal; it waits for
	// readers no longer than patience.
	erased(ctx context.Context, patience time.Duration, tables []string) error
	close() error
}

// change is a transaction that writes.
type change interface {
	querier
	// script runs statements without arguments, which are written in the words of SQLite.
	script(ctx context.Context, statements string) error
	// analyse lets the engine look at what is in a table, if that helps it to find good ways through it.
	analyse(ctx context.Context, table string) error
	Commit() error
	Rollback() error
}

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}
