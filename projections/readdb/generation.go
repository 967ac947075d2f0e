package readdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// kernel is what every database of views has: which generations there are, how far each is, and which one is read.
// A projection has at most one serving generation, and at most one that is being built beside it.
const kernel = `
CREATE TABLE IF NOT EXISTS generation (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	projection TEXT NOT NULL,
	version    INTEGER NOT NULL,
	log        TEXT NOT NULL,
	position   BIGINT NOT NULL,
	serving    INTEGER NOT NULL, -- 1: it is read; 0: it is being made; -1: it was read, and nobody goes on with it
	parked     TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS generation_serving ON generation (projection) WHERE serving = 1;`

// Generation is a row of that table.
type Generation struct {
	ID         int64
	Projection string
	Version    int
	Log        string // the id of the log it was folded from
	Position   uint64 // the last one applied
	Serving    bool
	Parked     string // why it goes no further; empty: it does
}

// Count is the number that a query gives of this generation.
func (g Generation) Count(ctx context.Context, db *DB, query string, args ...any) (n int, err error) {
	err = db.Generation(ctx, g.ID, func(tx *Tx) error {
		return tx.Query(query, args, func(rows *sql.Rows) error { return rows.Scan(&n) })
	})
	return n, err
}

// Generations lists them, oldest first.
func (db *DB) Generations(ctx context.Context) ([]Generation, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, projection, version, log, position, serving = 1, parked FROM generation ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("reading how far the views are: %w", err)
	}
	defer rows.Close()
	var all []Generation
	for rows.Next() {
		var g Generation
		if err := rows.Scan(&g.ID, &g.Projection, &g.Version, &g.Log, &g.Position, &g.Serving, &g.Parked); err != nil {
			return nil, fmt.Errorf("reading how far the views are: %w", err)
		}
		all = append(all, g)
	}
	return all, rows.Err()
}

// ErrMoved: the generation is not where it was left. Another process applies to it, or has removed it.
var ErrMoved = errors.New("another process has gone on with this view")

// NewGeneration makes a generation that nobody reads yet, and turns the transaction to it.
func (t *Tx) NewGeneration(projection string, version int, log string) (int64, error) {
	err := t.Query(`INSERT INTO generation (projection, version, log, position, serving, parked)
		VALUES ($1, $2, $3, 0, 0, '') RETURNING id`, []any{projection, version, log},
		func(rows *sql.Rows) error { return rows.Scan(&t.generation) })
	return t.generation, err
}

// Move moves the checkpoint of the generation, and takes back what parked it. It comes before the rows: the checkpoint
// is locked then, and whoever else would apply waits, and is told ErrMoved.
func (t *Tx) Move(from, to uint64) error {
	if err := t.flush(); err != nil {
		return err
	}
	n, err := t.exec(`UPDATE generation SET position = $1, parked = '' WHERE id = $2 AND position = $3 AND serving >= 0`,
		[]any{int64(to), t.generation, int64(from)})
	if err == nil && n != 1 {
		err = ErrMoved
	}
	return err
}

// Discard removes a generation with its tables, whichever they are.
func (t *Tx) Discard(generation int64) error {
	suffix := "_" + strconv.FormatInt(generation, 10)
	var tables []string
	err := t.Query(t.engine.tables(), nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		if strings.HasSuffix(name, suffix) {
			tables = append(tables, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := t.engine.drop(t, generation, tables); err != nil {
		return err
	}
	return t.Exec(`DELETE FROM generation WHERE id = $1`, generation)
}
