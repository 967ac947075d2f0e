// Package pg opens PostgreSQL, for what is not the log: views, keys, tokens. A place there is a URL; all that one of
// them keeps is in one schema, ?schema=NAME, so that several Casestreams can share a server, and so that keys are
// backed up apart from what they open.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Options of a pool of connections.
type Options struct {
	Most     int  // connections at most
	ReadOnly bool // it changes nothing, and makes no schema
}

// Open opens a place and makes its schema, if there is none.
func Open(ctx context.Context, place string, options Options) (*sql.DB, error) {
	pool, schema, err := connect(place, options)
	if err != nil {
		return nil, err
	}
	if err := settle(ctx, pool, schema, options.ReadOnly); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return pool, nil
}

// Has tells whether there is a table of that name in a place.
func Has(ctx context.Context, place, table string) (there bool, err error) {
	pool, _, err := connect(place, Options{Most: 1, ReadOnly: true})
	if err != nil {
		return false, err
	}
	defer pool.Close()
	err = pool.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1)`, table).Scan(&there)
	return there, err
}

func connect(place string, options Options) (_ *sql.DB, schema string, err error) {
	at, schema, err := split(place)
	if err != nil {
		return nil, "", err
	}
	config, err := pgx.ParseConfig(at.String())
	if err != nil {
		return nil, "", err // pgx leaves the password out
	}
	for name, value := range map[string]string{
		"application_name":   "casestream",
		"synchronous_commit": "on", // what was acknowledged must be there, whatever the server is used for otherwise
		// Who vanishes in the middle of a change must not keep the others waiting for its locks.
		"idle_in_transaction_session_timeout": "60000",
	} {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
	config.RuntimeParams["search_path"] = schema
	if options.ReadOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	// Each connection is asked whether it is alive before it is used: after a restart of the server all of them are dead,
	// and database/sql quietly takes another only if it is told so before anything was sent.
	pool := stdlib.OpenDB(*config, stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return true }))
	pool.SetMaxOpenConns(options.Most)
	pool.SetMaxIdleConns(options.Most)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool, schema, nil
}

// settle makes sure of the schema, and that the database can hold every name there is.
func settle(ctx context.Context, pool *sql.DB, schema string, readOnly bool) error {
	var encoding string
	var is sql.NullString
	if err := pool.QueryRowContext(ctx, `SELECT current_setting('server_encoding'), current_schema()`).Scan(&encoding, &is); err != nil {
		return err
	}
	switch {
	case encoding != "UTF8":
		return fmt.Errorf("the encoding of the database is %s; it has to be UTF8", encoding)
	case is.Valid:
		return nil
	case readOnly:
		return fmt.Errorf("there is no schema %s in the database: nothing was kept there yet", schema)
	}
	return Make(ctx, pool, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS "`+schema+`"`) // unless another process was faster
		return err
	})
}

// Alone waits until no other process makes or changes tables in the schema, and keeps them out until tx ends:
// CREATE TABLE IF NOT EXISTS fails if two do it at once.
func Alone(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('casestream tables'), hashtext(current_setting('search_path')))`)
	return err
}

// Make makes or changes tables, alone, all or nothing.
func Make(ctx context.Context, pool *sql.DB, tables func(*sql.Tx) error) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := Alone(ctx, tx); err != nil {
		return err
	}
	if err := tables(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Says compares settings of the server with what they have to be, one of some words with a blank between: a wrong one
// is named in the error, the first by its name.
func Says(ctx context.Context, pool *sql.DB, settings map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		want, is := settings[name], ""
		if err := pool.QueryRowContext(ctx, `SELECT current_setting($1)`, name).Scan(&is); err != nil {
			return err
		}
		if !strings.Contains(" "+want+" ", " "+is+" ") {
			return fmt.Errorf("PostgreSQL has %s %s; it has to be %s", name, is, strings.ReplaceAll(want, " ", " or "))
		}
	}
	return nil
}
