package readdb

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Tx is a transaction on one generation at a time.
type Tx struct {
	// Position is how far the generation that is read was folded.
	Position uint64

	on         querier
	change     change          // on, where it writes
	ctx        context.Context //nolint:containedctx // a Tx lives no longer than the call it belongs to
	engine     engine
	generation int64
	pending    []*rows
	kept       *kept
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

// Context is that of the call which the transaction belongs to.
func (t *Tx) Context() context.Context { return t.ctx }

func (t *Tx) sql(query string) string {
	return strings.ReplaceAll(query, "@", "_"+strconv.FormatInt(t.generation, 10))
}

// Insert adds a row to a table, "caseload_value@ (case_id, kind …)". Rows are written together, before any other
// statement of the transaction and before its end.
func (t *Tx) Insert(into string, values ...any) error {
	sayable(values)
	for _, r := range t.pending {
		if r.into == into {
			r.args = append(r.args, values...)
			return nil
		}
	}
	t.pending = append(t.pending, &rows{into: into, width: len(values), args: append([]any(nil), values...)})
	return nil
}

// sayable puts ␀ for the one character that PostgreSQL cannot keep in text, on both engines, so that their tables are
// the same. No code or name has it; a log may, where someone once sent it.
func sayable(values []any) {
	for i, v := range values {
		if text, ok := v.(string); ok && strings.IndexByte(text, 0) >= 0 {
			values[i] = strings.ReplaceAll(text, "\x00", "␀")
		}
	}
}

func (t *Tx) flush() error {
	for _, r := range t.pending {
		n := t.engine.most()
		for len(r.args) > 0 {
			for n*r.width > len(r.args) {
				n /= 2
			}
			if _, err := t.exec(t.engine.insert(r.into, n, r.width), r.args[:n*r.width]); err != nil {
				return fmt.Errorf("inserting into %s: %w", r.into, err)
			}
			r.args = r.args[n*r.width:]
		}
		r.args = nil
	}
	t.pending = t.pending[:0]
	return nil
}

// Exec runs a statement.
func (t *Tx) Exec(query string, args ...any) error {
	if err := t.flush(); err != nil {
		return err
	}
	_, err := t.exec(query, args)
	return err
}

// exec counts the rows that a statement changed.
func (t *Tx) exec(query string, args []any) (int64, error) {
	sayable(args)
	done, err := t.on.ExecContext(t.ctx, t.sql(query), args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// Script runs statements without arguments, one string of them: those that make tables. They are written in the words
// of SQLite: INTEGER is a number of 64 bits, TEXT is in the order of its bytes.
func (t *Tx) Script(statements string) error {
	if err := t.flush(); err != nil {
		return err
	}
	return t.change.script(t.ctx, t.sql(statements))
}

// Analyse lets the engine look at what is in a table that was just filled.
func (t *Tx) Analyse(table string) error { return t.change.analyse(t.ctx, t.sql(table+"@")) }

// Query runs a query and shows each row to scan.
func (t *Tx) Query(query string, args []any, scan func(*sql.Rows) error) error {
	if err := t.flush(); err != nil {
		return err
	}
	sayable(args)
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

// IDs are those that a query gives, one in each row.
func (t *Tx) IDs(query string, args ...any) (ids []uuid.UUID, err error) {
	err = t.Query(query, args, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		id, err := uuid.Parse(text)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
