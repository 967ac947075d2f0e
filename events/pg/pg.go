// Package pg opens PostgreSQL, for what is not the log: views, keys, tokens. A place there is a URL; all that one of
// them keeps is in one schema, ?schema=NAME, so that several Casestreams can share a server, and so that keys are
// backed up apart from what they open.
package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
	at, schema, err := split(place)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(at.String())
	if err != nil {
		return nil, err // pgx leaves the password out
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
	if err := settle(ctx, pool, schema, options.ReadOnly); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return pool, nil
}

// settle makes sure of the schema, and that the database can hold every name there is.
func settle(ctx context.Context, pool *sql.DB, schema string, readOnly bool) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var encoding string
	if err := tx.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the encoding of the database is %s; it has to be UTF8", encoding)
	}
	if !readOnly {
		if err := Alone(ctx, tx); err != nil {
			return err
		}
	}
	var is sql.NullString
	switch err := tx.QueryRowContext(ctx, `SELECT current_schema()`).Scan(&is); {
	case err != nil:
		return err
	case is.Valid:
		return nil
	case readOnly:
		return fmt.Errorf("there is no schema %s in the database: nothing was kept there yet", schema)
	}
	if _, err := tx.ExecContext(ctx, `CREATE SCHEMA `+schema); err != nil {
		return err
	}
	return tx.Commit()
}

// Alone waits until no other process makes or changes tables in the schema, and keeps them out until tx ends:
// CREATE TABLE IF NOT EXISTS fails if two do it at once.
func Alone(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('casestream tables'), hashtext(current_setting('search_path')))`)
	return err
}

// Says compares settings of the server with what they have to be, one of some words with a blank between: a wrong one
// is named in the error.
func Says(ctx context.Context, pool *sql.DB, settings map[string]string) error {
	for name, want := range settings {
		var is string
		if err := pool.QueryRowContext(ctx, `SELECT current_setting($1)`, name).Scan(&is); err != nil {
			return err
		}
		if !strings.Contains(" "+want+" ", " "+is+" ") {
			return fmt.Errorf("PostgreSQL has %s %s; it has to be %s", name, is, strings.ReplaceAll(want, " ", " or "))
		}
	}
	return nil
}
