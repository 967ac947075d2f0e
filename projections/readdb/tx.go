package readdb

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// Tx is a transaction on one generation at a time.
type Tx struct {
	// Position is how far the generation that is read was folded.
	Position uint64

	on         querier
	ctx        context.Context //nolint:containedctx // a Tx lives no longer than the call it belongs to
	db         *DB
	generation int64
	pending    []*rows
	kept       *kept
}

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rows wait to be inserted together: one statement for many is several times faster.
type rows struct {
	into  string
	width int
	args  []any
}

// On turns the transaction to a generation.
func (t *Tx) On(generation int64) error {
	if err := t.flush(); err != nil {
		return err
	}
	t.generation = generation
	return nil
}

func (t *Tx) sql(query string) string {
	return strings.ReplaceAll(query, "@", "_"+strconv.FormatInt(t.generation, 10))
}

// Insert adds a row to a table, "caseload_value@ (case_id, kind …)". Rows are written together, before any other
// statement of the transaction and before its end.
func (t *Tx) Insert(into string, values ...any) error {
	for _, r := range t.pending {
		if r.into == into {
			r.args = append(r.args, values...)
			return nil
		}
	}
	t.pending = append(t.pending, &rows{into: into, width: len(values), args: append([]any(nil), values...)})
	return nil
}

const most = 64 // rows in one statement

func (t *Tx) flush() error {
	for _, r := range t.pending {
		n := most
		for len(r.args) > 0 {
			for n*r.width > len(r.args) {
				n /= 2
			}
			if _, err := t.exec(insert(r.into, n, r.width), r.args[:n*r.width]); err != nil {
				return fmt.Errorf("inserting into %s: %w", r.into, err)
			}
			r.args = r.args[n*r.width:]
		}
		r.args = nil
	}
	t.pending = t.pending[:0]
	return nil
}

// insert is the statement for n rows. Its parameters have no names: SQLite looks names up one by one, which for
// hundreds of them takes longer than the insert.
func insert(into string, n, width int) string {
	row := "(?" + strings.Repeat(",?", width-1) + ")"
	return "INSERT INTO " + into + " VALUES " + row + strings.Repeat(","+row, n-1)
}

// Exec runs a statement.
func (t *Tx) Exec(query string, args ...any) error {
	if err := t.flush(); err != nil {
		return err
	}
	_, err := t.exec(query, args)
	return err
}

// exec prepares each statement once, for all changes there will be, and counts the rows that it changed.
func (t *Tx) exec(query string, args []any) (int64, error) {
	query = t.sql(query)
	stmt, ok := t.db.prepared[query]
	if !ok {
		var err error
		if stmt, err = t.db.write.PrepareContext(t.ctx, query); err != nil {
			return 0, err
		}
		t.db.prepared[query] = stmt
	}
	done, err := stmt.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// Script runs statements without arguments, one string of them.
func (t *Tx) Script(statements string) error {
	if err := t.flush(); err != nil {
		return err
	}
	_, err := t.on.ExecContext(t.ctx, t.sql(statements))
	return err
}

// Query runs a query and shows each row to scan.
func (t *Tx) Query(query string, args []any, scan func(*sql.Rows) error) error {
	if err := t.flush(); err != nil {
		return err
	}
	rows, err := t.on.QueryContext(t.ctx, t.sql(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
