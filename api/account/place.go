package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/casestream/casestream/api/unchanged"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/events/sealed"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"
)

// Accounts are all there are of one Casestream.
type Accounts struct {
	db      *sql.DB
	server  bool // PostgreSQL, where other processes are kept out by a lock
	keys    sealed.Keys
	hashing *hashing
	web     *webauthn.WebAuthn // nil: nobody said where this is reached
	byTLS   bool

	provider *Provider // nil: there is none

	known *unchanged.Map[Session] // nil: each is looked up

	mu       sync.Mutex // one change at a time
	indexing sync.Mutex
	index    *sealed.Key // of the digests that names are looked up by
}

// Open opens the accounts in a file of SQLite or, by its URL, in PostgreSQL. They are made if there are none. Whose
// names and secrets they are is sealed with keys.
func Open(ctx context.Context, place string, keys sealed.Keys) (*Accounts, error) {
	a := &Accounts{keys: keys, server: pg.Is(place), hashing: newHashing(Careful)}
	var err error
	if a.server {
		a.db, err = pg.Open(ctx, place, pg.Options{Most: 4})
	} else {
		a.db, err = openSQLite(place)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the accounts: %w", err)
	}
	err = a.prepare(ctx)
	if err == nil && !a.server {
		a.known, err = unchanged.Open[Session](pg.File(place))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the accounts: %w", err), a.db.Close())
	}
	return a, nil
}

func openSQLite(place string) (*sql.DB, error) {
	options := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)",
	}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: pg.File(place)}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	return db, nil
}

// Close closes the database.
func (a *Accounts) Close() error { return errors.Join(a.known.Close(), a.db.Close()) }

// asker is a database or a transaction of it.
type asker interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// change does something alone, all or nothing. What has to be sealed is sealed before: a new key is written to the same
// file, which is locked here.
func (a *Accounts) change(ctx context.Context, what func(tx *sql.Tx) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("changing accounts: %w", err)
	}
	defer tx.Rollback()
	if a.server {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('casestream accounts'), hashtext(current_setting('search_path')))`); err != nil {
			return fmt.Errorf("changing accounts: %w", err)
		}
	}
	if err := what(tx); err != nil {
		return err
	}
	defer a.known.Changed()
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("changing accounts: %w", err)
	}
	return nil
}

// owner is the stream whose key seals what is said of an account.
func owner(id uuid.UUID) string { return events.Stream("account", id) }

// blind is what something is looked up by, without being there: a name, an address. Kinds do not meet.
func (a *Accounts) blind(ctx context.Context, kind, what string) ([]byte, error) {
	a.indexing.Lock()
	defer a.indexing.Unlock()
	if a.index == nil {
		if err := a.findIndex(ctx); err != nil {
			return nil, fmt.Errorf("finding the key of the names: %w", err)
		}
	}
	return a.index.Digest([]byte(kind), []byte(what)), nil
}

// findIndex finds the key that digests are made with, which stays the one of the beginning.
func (a *Accounts) findIndex(ctx context.Context) error {
	first, err := a.keys.Sealing(ctx, owner(uuid.Nil))
	if err != nil {
		return err
	}
	if _, err := a.db.ExecContext(ctx, `UPDATE account_about SET index_key = $1 WHERE index_key = ''`, first.ID); err != nil {
		return err
	}
	var id string
	if err := a.db.QueryRowContext(ctx, `SELECT index_key FROM account_about`).Scan(&id); err != nil {
		return err
	}
	a.index, err = a.keys.Opening(ctx, id)
	return err
}

// kept is something sealed under an account's own key.
type kept struct {
	Login  sealed.Text `json:"login,omitzero" class:"S1"`
	Secret sealed.Text `json:"secret,omitzero" class:"S1"`
}

func (a *Accounts) seal(ctx context.Context, id uuid.UUID, open kept) (login, secret string, err error) {
	closed, err := sealed.Seal(ctx, a.keys, open, sealed.Place{Stream: owner(id), Event: id}, owner(id))
	if err != nil {
		return "", "", fmt.Errorf("sealing what an account has: %w", err)
	}
	text := func(t sealed.Text) string {
		if t.IsZero() {
			return ""
		}
		line, _ := t.MarshalJSON() // it is closed
		return string(line[1 : len(line)-1])
	}
	return text(closed.Login), text(closed.Secret), nil
}

func (a *Accounts) open(ctx context.Context, id uuid.UUID, line string) (string, error) {
	if line == "" {
		return "", nil
	}
	var closed sealed.Text
	if err := closed.UnmarshalJSON([]byte(`"` + line + `"`)); err != nil {
		return "", err
	}
	return closed.Open(ctx, a.keys, owner(id))
}

// Times are kept in microseconds, so that both engines compare them alike.
func micros(t time.Time) int64 { return t.UnixMicro() }

func at(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
