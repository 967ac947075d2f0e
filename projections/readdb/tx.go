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
			if err := t.exec(insert(r.into, n, r.width), r.args[:n*r.width]); err != nil {
				return fmt.Errorf("inserting into %s: %w", r.into, err)
			}
			r.args = r.args[n*r.width:]
		}
		r.args = nil
	}
	t.pending = t.pending[:0]
	return nil
}

func insert(into string, n, width int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO ")
	b.WriteString(into)
	b.WriteString(" VALUES ")
	arg := 0
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range width {
			arg++
			b.WriteString(map[bool]string{true: "(", false: ", "}[j == 0])
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(arg))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// Exec runs a statement.
func (t *Tx) Exec(query string, args ...any) error {
	if err := t.flush(); err != nil {
		return err
	}
	return t.exec(query, args)
}

// exec prepares each statement once, for all changes there will be.
func (t *Tx) exec(query string, args []any) error {
	query = t.sql(query)
	stmt, ok := t.db.prepared[query]
	if !ok {
		var err error
		if stmt, err = t.db.write.PrepareContext(t.ctx, query); err != nil {
			return err
		}
		t.db.prepared[query] = stmt
	}
	_, err := stmt.ExecContext(t.ctx, args...)
	return err
}

// Drop removes the tables of a generation, with the statements that were prepared on them.
func (t *Tx) Drop(tables []string) error {
	suffix := "_" + strconv.FormatInt(t.generation, 10)
	for _, table := range tables {
		name := table + suffix
		for query, stmt := range t.db.prepared {
			if strings.Contains(query, name) {
				_ = stmt.Close()
				delete(t.db.prepared, query)
			}
		}
		if _, err := t.on.ExecContext(t.ctx, "DROP TABLE IF EXISTS "+name); err != nil {
			return fmt.Errorf("dropping %s: %w", name, err)
		}
	}
	return nil
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

// NewGeneration makes a generation and turns the transaction to it.
func (t *Tx) NewGeneration(projection string, version int, log string, serving bool) (int64, error) {
	err := t.Query(`INSERT INTO generation (projection, version, log, position, serving, parked)
		VALUES ($1, $2, $3, 0, $4, '') RETURNING id`, []any{projection, version, log, map[bool]int{true: 1}[serving]},
		func(rows *sql.Rows) error { return rows.Scan(&t.generation) })
	return t.generation, err
}
