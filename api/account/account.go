// Package account keeps who may sign in, how they prove who they are, and the sessions that come of it. It is in the
// database of the keys, because it is backed up like them and apart from what they open.
//
// What is personal here is the name that someone signs in with. It is looked up by a digest under a key of this
// Casestream (a plain digest of a short name could be guessed), and shown from a sealed.Text under the account's own key:
// destroying that key forgets it. Of passwords there is an argon2id hash, of tokens, links and recovery codes a
// SHA-256 (they are made by chance, so nobody can guess them), of an authenticator its secret, sealed.
//
// Read sessions.go for what a request is asked, signin.go for how one begins, changes.go for who may make whom what.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/google/uuid"
)

// Refusals of this package.
const (
	RefusedSignIn       = "sign-in-failed"        // no such account, or not this password: nobody learns which
	RefusedCode         = "second-factor-failed"  // the code is wrong, was used, or is over
	RefusedNeedsCode    = "second-factor-needed"  // signed in by password; the second factor is still to come
	RefusedNeedsFactor  = "second-factor-missing" // the role needs a second factor, and there is none yet
	RefusedStale        = "sign-in-again"         // this is done only shortly after signing in
	RefusedLink         = "link-unknown"          // the link was used, is over, or never was
	RefusedShort        = "password-short"
	RefusedLong         = "password-long"
	RefusedCommon       = "password-common"
	RefusedLogin        = "login-form"
	RefusedLoginTaken   = "login-taken"
	RefusedTaken        = "account-exists"
	RefusedWorkerTaken  = "worker-has-account"
	RefusedNoWorker     = "worker-needed" // a worker or supervisor is someone of the programme; nobody else is
	RefusedOneself      = "not-oneself"
	RefusedClosed       = "account-closed"
	RefusedSecondPerson = "second-person-needed" // it is for accounts, so that two people are two
	RefusedDecided      = "proposal-decided"
	RefusedUnchanged    = "unchanged"
	RefusedNoProvider   = "no-provider"
	RefusedLinked       = "provider-linked"
	RefusedNoPasskeys   = "no-passkeys" // the account has none, or nobody said where this is reached
)

// Codes lists the refusals of this package.
func Codes() []string {
	return []string{
		RefusedSignIn, RefusedCode, RefusedNeedsCode, RefusedNeedsFactor, RefusedStale, RefusedLink, RefusedShort, RefusedLong,
		RefusedCommon, RefusedLogin, RefusedLoginTaken, RefusedTaken, RefusedWorkerTaken, RefusedNoWorker, RefusedOneself,
		RefusedClosed, RefusedSecondPerson, RefusedDecided, RefusedUnchanged, RefusedNoPasskeys, RefusedNoProvider, RefusedLinked,
	}
}

// ErrUnknown: there is no such account, session or proposal.
var ErrUnknown = errors.New("unknown account")

// Account is someone who may sign in. Who has two roles has two accounts, so that what was done as what stays apart.
type Account struct {
	ID           uuid.UUID
	Role         session.Role
	Worker       uuid.UUID // of a worker or supervisor: who they are in the programme
	Extracts     bool      // of an evaluator: may take extracts row by row
	State        State
	SecondFactor bool
	MadeAt       time.Time
}

// State is where an account is in its life.
type State string

const (
	Invited State = "invited" // nobody has chosen a password yet
	Active  State = "active"
	Closed  State = "closed"
)

// compulsory tells whether a role needs a second factor.
func (a Account) compulsory() bool {
	switch a.Role {
	case session.Supervisor, session.Administrator, session.PrivacyOfficer:
		return true
	case session.Evaluator:
		return a.Extracts
	}
	return false
}

// Identity is what the rest of the system knows of whoever signed in to an account: no name of a person.
func (a Account) Identity() session.Identity {
	id := session.Identity{Role: a.Role, Worker: a.Worker, Account: a.ID, Extracts: a.Extracts}
	if a.Worker == uuid.Nil {
		id.Name = string(a.Role) + ":" + a.ID.String()
	}
	return id
}

// casework tells whether a role is that of someone of the programme.
func casework(role session.Role) bool { return role == session.Worker || role == session.Supervisor }

// secret is 256 bits by chance, as they are handed out, and the digest that is kept.
func secret() (token string, digest []byte) {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails: it ends the process instead
	token = base64.RawURLEncoding.EncodeToString(raw[:])
	return token, digestOf(token)
}

func digestOf(token string) []byte {
	digest := sha256.Sum256([]byte(token))
	return digest[:]
}

// find is one account.
func find(ctx context.Context, db asker, id uuid.UUID) (a Account, err error) {
	return one(db.QueryRowContext(ctx, `SELECT `+columns+` FROM account a WHERE a.id = $1`, id.String()))
}

// columns are those of an account, as one reads them.
const columns = `a.id, a.role, a.worker, a.extracts, a.password <> '', a.made_at, a.closed_at,
	EXISTS (SELECT 1 FROM authenticator f WHERE f.account = a.id AND f.secret <> '') OR EXISTS (SELECT 1 FROM passkey p WHERE p.account = a.id)`

// one reads an account from a row of columns, and further columns into more.
func one(row interface{ Scan(...any) error }, more ...any) (a Account, err error) {
	var id, worker string
	var chosen bool
	var made int64
	var closed sql.NullInt64
	err = row.Scan(append([]any{&id, &a.Role, &worker, &a.Extracts, &chosen, &made, &closed, &a.SecondFactor}, more...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return a, ErrUnknown
	}
	if err != nil {
		return a, fmt.Errorf("reading an account: %w", err)
	}
	a.ID, _ = uuid.Parse(id)
	a.Worker, _ = uuid.Parse(worker)
	a.MadeAt = at(made)
	switch {
	case closed.Valid:
		a.State = Closed
	case chosen:
		a.State = Active
	default:
		a.State = Invited
	}
	return a, nil
}
