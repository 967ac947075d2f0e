// Package session says who is asking: a bearer token stands for a role and, for people of the programme, for the
// worker they are. Only the digest of a token is kept, in the database of the keys; a token is shown once. Tokens are for
// programs and for the command line; people sign in (package account).
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/casestream/casestream/api/unchanged"
	"github.com/casestream/casestream/events/pg"
	"github.com/google/uuid"
)

// Role is what a token lets its bearer do. What else counts is the relation to a case: see package rights.
type Role string

const (
	Worker        Role = "worker"
	Supervisor    Role = "supervisor"
	Evaluator     Role = "evaluator"
	Administrator Role = "administrator" // of the programme; sees no case
	// PrivacyOfficer answers for what is kept of people: retention, holds, forgetting, and what is handed to them.
	PrivacyOfficer Role = "privacy_officer"
)

// Roles lists them.
var Roles = []Role{Worker, Supervisor, Evaluator, Administrator, PrivacyOfficer}

// Identity is who asks.
type Identity struct {
	Role    Role
	Worker  uuid.UUID // of a worker or supervisor
	Name    string    // of an evaluator or administrator: an account, not a person's name
	Account uuid.UUID // of whoever signed in; zero: a token that was made on the command line
	Scope   Scope     // of a token: what it is limited to

	Extracts bool // of an evaluator who signed in, with a second factor: may take extracts row by row
}

// Actor is how the log names who asks.
func (i Identity) Actor() string {
	if i.Worker != uuid.Nil {
		return i.Worker.String()
	}
	return i.Name
}

// ErrUnknown: no such token, or it has expired.
var ErrUnknown = errors.New("unknown token")

// Tokens are the tokens that were given out. One that was taken back is not good for another request, whichever process
// took it back: what is remembered is remembered only while the file is as it was.
type Tokens struct {
	db    *sql.DB
	who   *sql.Stmt
	known *unchanged.Map[Given] // nil: each is looked up
}

const schema = `CREATE TABLE IF NOT EXISTS token (
	digest  BYTEA PRIMARY KEY,
	role    TEXT NOT NULL,
	subject TEXT NOT NULL,
	expires TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS token_scope ( -- of the tokens that are limited
	digest BYTEA PRIMARY KEY,
	scope  TEXT NOT NULL
);`

const columns = `SELECT t.digest, t.role, t.subject, t.expires, COALESCE(s.scope, '') FROM token t LEFT JOIN token_scope s ON s.digest = t.digest`

// Open opens the tokens in a file of SQLite or, by its URL, in PostgreSQL. They are made if there are none.
func Open(ctx context.Context, place string) (*Tokens, error) {
	open := openSQLite
	if pg.Is(place) {
		open = openPostgres
	}
	db, err := open(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("opening the tokens: %w", err)
	}
	t := &Tokens{db: db}
	t.who, err = db.PrepareContext(ctx, columns+` WHERE t.digest = $1`)
	if err == nil && !pg.Is(place) {
		t.known, err = unchanged.Open[Given](pg.File(place))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the tokens: %w", err), db.Close())
	}
	return t, nil
}

func openSQLite(ctx context.Context, place string) (*sql.DB, error) {
	options := url.Values{"_txlock": {"immediate"}, "_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: pg.File(place)}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func openPostgres(ctx context.Context, place string) (*sql.DB, error) {
	db, err := pg.Open(ctx, place, pg.Options{Most: 4})
	if err != nil {
		return nil, err
	}
	if err := pg.Make(ctx, db, func(tx *sql.Tx) error { _, err := tx.ExecContext(ctx, schema); return err }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close closes the database.
func (t *Tokens) Close() error { return errors.Join(t.known.Close(), t.who.Close(), t.db.Close()) }

// Give makes a token for someone, good until a time. It is the only time that it is seen.
func (t *Tokens) Give(ctx context.Context, who Identity, until time.Time) (string, error) {
	secret := make([]byte, 20)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	token := "cs_" + strings.ToLower(base32.StdEncoding.EncodeToString(secret))
	digest := sha256.Sum256([]byte(token))
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("keeping a token: %w", err)
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, `INSERT INTO token (digest, role, subject, expires) VALUES ($1, $2, $3, $4)`,
		digest[:], string(who.Role), who.Actor(), until.UTC().Format(time.RFC3339))
	if err == nil && who.Scope != 0 {
		_, err = tx.ExecContext(ctx, `INSERT INTO token_scope (digest, scope) VALUES ($1, $2)`, digest[:], who.Scope.String())
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return "", fmt.Errorf("keeping a token: %w", err)
	}
	return token, nil
}

// Given is a token that was given out, without the token.
type Given struct {
	ID      string // the beginning of its digest: enough to tell it by, and no help to use it
	Who     Identity
	Expires time.Time

	digest []byte
}

func scan(row interface{ Scan(...any) error }) (g Given, err error) {
	var role, subject, expires, scope string
	if err := row.Scan(&g.digest, &role, &subject, &expires, &scope); err != nil {
		return g, err
	}
	if g.Expires, err = time.Parse(time.RFC3339, expires); err != nil {
		return g, err
	}
	g.ID = hex.EncodeToString(g.digest[:8])
	g.Who = Identity{Role: Role(role), Name: subject}
	if id, err := uuid.Parse(subject); err == nil {
		g.Who.Worker, g.Who.Name = id, ""
	}
	g.Who.Scope, err = ParseScope(scope)
	return g, err
}

// Who is the bearer of a token at a time; ErrUnknown if nobody is.
func (t *Tokens) Who(ctx context.Context, token string, now time.Time) (Identity, error) {
	digest := sha256.Sum256([]byte(token))
	given, err := t.known.Get(digest, func() (Given, error) { return scan(t.who.QueryRowContext(ctx, digest[:])) })
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Identity{}, ErrUnknown
	case err != nil:
		return Identity{}, fmt.Errorf("looking for a token: %w", err)
	case !now.Before(given.Expires):
		return Identity{}, ErrUnknown
	}
	return given.Who, nil
}

// List is every token that is good at a time, the one that ends first in front.
func (t *Tokens) List(ctx context.Context, now time.Time) (all []Given, err error) {
	rows, err := t.db.QueryContext(ctx, columns+` ORDER BY t.expires, t.digest`)
	if err != nil {
		return nil, fmt.Errorf("listing tokens: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		given, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("listing tokens: %w", err)
		}
		if now.Before(given.Expires) {
			all = append(all, given)
		}
	}
	return all, rows.Err()
}

// TakeBack ends the tokens with an id, at once; ErrUnknown if there is none.
func (t *Tokens) TakeBack(ctx context.Context, id string, now time.Time) error {
	defer t.known.Changed()
	all, err := t.List(ctx, now)
	if err != nil {
		return err
	}
	err = ErrUnknown
	for _, given := range all {
		if given.ID != id {
			continue
		}
		if _, err = t.db.ExecContext(ctx, `DELETE FROM token WHERE digest = $1`, given.digest); err != nil {
			return fmt.Errorf("taking back a token: %w", err)
		}
	}
	return err
}
