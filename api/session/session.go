// Package session says who is asking: a bearer token stands for a role and, for people of the programme, for the
// worker they are. Only the digest of a token is kept, in the database of the keys; a token is shown once.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

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
	Role   Role
	Worker uuid.UUID // of a worker or supervisor
	Name   string    // of an evaluator or administrator: an account, not a person's name
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

// Tokens are the tokens that were given out.
type Tokens struct {
	db *sql.DB

	mu    sync.Mutex
	known map[[32]byte]remembered
}

// remembered saves the database a look for a moment, so that a token that was taken back works no longer than that.
type remembered struct {
	who     Identity
	expires time.Time // of the token
	until   time.Time // look again then
}

const moment = time.Second

const schema = `CREATE TABLE IF NOT EXISTS token (
	digest  BYTEA PRIMARY KEY,
	role    TEXT NOT NULL,
	subject TEXT NOT NULL,
	expires TEXT NOT NULL
);`

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
	return &Tokens{db: db, known: make(map[[32]byte]remembered)}, nil
}

func openSQLite(ctx context.Context, place string) (*sql.DB, error) {
	options := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: pg.File(place)}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
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
func (t *Tokens) Close() error { return t.db.Close() }

// Give makes a token for someone, good until a time. It is the only time that it is seen.
func (t *Tokens) Give(ctx context.Context, who Identity, until time.Time) (string, error) {
	secret := make([]byte, 20)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	token := "cs_" + strings.ToLower(base32.StdEncoding.EncodeToString(secret))
	digest := sha256.Sum256([]byte(token))
	_, err := t.db.ExecContext(ctx, `INSERT INTO token (digest, role, subject, expires) VALUES ($1, $2, $3, $4)`,
		digest[:], string(who.Role), who.Actor(), until.UTC().Format(time.RFC3339))
	if err != nil {
		return "", fmt.Errorf("keeping a token: %w", err)
	}
	return token, nil
}

// Who is the bearer of a token at a time; ErrUnknown if nobody is.
func (t *Tokens) Who(ctx context.Context, token string, now time.Time) (Identity, error) {
	digest := sha256.Sum256([]byte(token))
	t.mu.Lock()
	r, ok := t.known[digest]
	t.mu.Unlock()
	if ok && now.Before(r.until) && now.Before(r.expires) {
		return r.who, nil
	}
	var role, subject, expires string
	row := t.db.QueryRowContext(ctx, `SELECT role, subject, expires FROM token WHERE digest = $1`, digest[:])
	switch err := row.Scan(&role, &subject, &expires); {
	case errors.Is(err, sql.ErrNoRows):
		return Identity{}, ErrUnknown
	case err != nil:
		return Identity{}, fmt.Errorf("looking for a token: %w", err)
	}
	end, err := time.Parse(time.RFC3339, expires)
	if err != nil {
		return Identity{}, fmt.Errorf("looking for a token: %w", err)
	}
	if !now.Before(end) {
		return Identity{}, ErrUnknown
	}
	who := Identity{Role: Role(role), Name: subject}
	if id, err := uuid.Parse(subject); err == nil {
		who.Worker, who.Name = id, ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) > 10_000 {
		clear(t.known)
	}
	t.known[digest] = remembered{who: who, expires: end, until: now.Add(moment)}
	return who, nil
}
