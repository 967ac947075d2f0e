package readdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/casestream/casestream/events/pg"
)

// postgres has one connection that writes, and one that keeps other processes from making generations, or asks whether
// one does.
type postgres struct {
	pool *sql.DB
}

func openPostgres(ctx context.Context, place string) (*DB, error) {
	pool, err := pg.Open(ctx, place, pg.Options{Most: 3})
	if err != nil {
		return nil, fmt.Errorf("opening the views: %w", err)
	}
	if err := pg.Make(ctx, pool, func(tx *sql.Tx) error { return within{tx}.script(ctx, kernel) }); err != nil {
		return nil, errors.Join(fmt.Errorf("preparing the views: %w", err), pool.Close())
	}
	db, err := openPostgresReader(ctx, place)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	db.engine = &postgres{pool}
	db.writes = true
	return db, nil
}

func openPostgresReader(ctx context.Context, place string) (*DB, error) {
	read, err := pg.Open(ctx, place, pg.Options{Most: 8, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("opening the views: %w", err)
	}
	return &DB{read: read, engine: &postgres{}, kept: newKept()}, nil
}

// begin needs no lock that keeps others out: Move, which comes first, locks the checkpoint of the generation.
func (p *postgres) begin(ctx context.Context) (change, error) {
	tx, err := p.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return within{tx}, nil
}

// within is a change on PostgreSQL. The driver prepares its statements and remembers them.
type within struct{ *sql.Tx }

func (w within) script(ctx context.Context, statements string) error {
	_, err := w.ExecContext(ctx, inPostgres.Replace(statements))
	return err
}

// inPostgres says in the words of PostgreSQL what is written in those of SQLite. Text is in the order of its bytes, as
// it is there, whatever the database was made with.
var inPostgres = strings.NewReplacer(
	"INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
	"INTEGER", "BIGINT",
	"TEXT", `TEXT COLLATE "C"`,
	"BLOB", "BYTEA",
	" WITHOUT ROWID", "", // rows stand where there was room
)

// analyse tells the planner what a table is like that was filled in one go; autovacuum would come minutes later.
func (w within) analyse(ctx context.Context, table string) error {
	_, err := w.ExecContext(ctx, "ANALYZE "+table)
	return err
}

// Rollback of what has ended already is no error.
func (w within) Rollback() error {
	if err := w.Tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// most is more than on SQLite: a statement is a way to the server and back.
func (*postgres) most() int { return 256 }

func (*postgres) insert(into string, n, width int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + into + " VALUES ")
	for i := range n * width {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%width == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteByte(')')
	return b.String()
}

func (*postgres) tables() string {
	return `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
}

// drop waits for those who read the generation, but not long: the change keeps others waiting.
func (*postgres) drop(tx *Tx, generation int64, tables []string) error {
	if err := tx.Exec(`SET LOCAL lock_timeout = '5s'`); err != nil {
		return err
	}
	if err := tx.Exec(`SELECT pg_advisory_xact_lock(`+reads+`, $1)`, int32(generation)); err != nil {
		return fmt.Errorf("waiting for those who read generation %d: %w", generation, err)
	}
	if len(tables) == 0 {
		return nil
	}
	return tx.Script("DROP TABLE " + strings.Join(tables, ", "))
}

// reads is the lock of those who read a generation of this schema, in two numbers: this one and that of the generation.
const reads = `hashtext('casestream reads ' || current_schema())`

// serving takes a share of the lock of those who read the generation. So it is there until the transaction ends, or
// it was gone before anything of it was read.
func (*postgres) serving() string {
	return `SELECT id, position, pg_advisory_xact_lock_shared(` + reads + `, id::int) FROM generation WHERE projection = $1 AND serving = 1`
}

func (*postgres) reading() *sql.TxOptions {
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

func (*postgres) gone(err error) bool { return pg.Missing(err) }

// building holds a lock of the session: it ends with this process, if nothing else ends it.
func (p *postgres) building(ctx context.Context, wait bool) (done func(), alone bool, err error) {
	const which = `(hashtext('casestream builds'), hashtext(current_schema()))`
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("waiting to make views: %w", err)
	}
	if wait {
		_, err = conn.ExecContext(ctx, `SELECT pg_advisory_lock`+which)
		alone = true
	} else {
		err = conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock`+which).Scan(&alone)
	}
	if err != nil || !alone {
		return nil, false, errors.Join(err, conn.Close())
	}
	return func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock`+which); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the lock must not stay with it
		}
		_ = conn.Close()
	}, true, nil
}

func (p *postgres) close() error {
	if p.pool == nil {
		return nil
	}
	return p.pool.Close()
}
