package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Fact is something that happened to an account. It names ids and kinds, no person, no name that was typed, no address.
//
// Facts of accounts are a table of their own and not in the log of cases: they also come while the log is away, whoever
// guesses passwords must not be able to fill the log that everything is folded from, and who signs in is nothing that a
// view of cases needs. They are in one order, each with a digest over itself and the one before.
type Fact struct {
	Number     int64     `json:"number"`
	HappenedAt time.Time `json:"happened_at"`
	Kind       string    `json:"kind" doc:"signed-in, sign-in-failed, invited, role-changed …"`
	Account    string    `json:"account,omitempty" doc:"whom it happened to; empty where nobody has that name"`
	Actor      string    `json:"actor,omitempty" doc:"who did it, as the log names them"`
	Detail     string    `json:"detail,omitempty" doc:"a code: the role, the kind of factor"`
}

// Kinds of facts.
const (
	factInvited       = "invited"
	factAccepted      = "invitation-accepted"
	factSignedIn      = "signed-in"
	factFailed        = "sign-in-failed"
	factSecondFactor  = "second-factor-given"
	factSecondFailed  = "second-factor-failed"
	factRecovery      = "recovery-code-used"
	factEnrolled      = "second-factor-set-up"
	factLinked        = "provider-linked"
	factRecoveryCodes = "recovery-codes-made"
	factPassword      = "password-changed"
	factSignedOut     = "signed-out"
	factRevoked       = "sessions-revoked"
	factProposed      = "change-proposed"
	factDeclined      = "change-declined"
	factRole          = "role-changed"
	factClosed        = "closed"
	factReset         = "reset"
)

// note adds a fact in the change that it tells of.
func note(ctx context.Context, tx *sql.Tx, f Fact) error {
	var last []byte
	err := tx.QueryRowContext(ctx, `SELECT number, chain FROM account_fact ORDER BY number DESC LIMIT 1`).Scan(&f.Number, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("noting what happened to an account: %w", err)
	}
	f.Number++
	_, err = tx.ExecContext(ctx, `INSERT INTO account_fact (number, happened_at, kind, account, actor, detail, chain) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		f.Number, micros(f.HappenedAt), f.Kind, f.Account, f.Actor, f.Detail, f.link(last))
	if err != nil {
		return fmt.Errorf("noting what happened to an account: %w", err)
	}
	return nil
}

// link is the digest of a fact and the one before.
func (f Fact) link(before []byte) []byte {
	h := sha256.New()
	h.Write(before)
	for _, n := range []int64{f.Number, micros(f.HappenedAt)} {
		_ = binary.Write(h, binary.BigEndian, n) // a hash takes everything
	}
	for _, part := range []string{f.Kind, f.Account, f.Actor, f.Detail} {
		_ = binary.Write(h, binary.BigEndian, int64(len(part)))
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// Facts are those after a number, the oldest first.
func (a *Accounts) Facts(ctx context.Context, after int64, limit int) (all []Fact, err error) {
	return a.facts(ctx, after, limit, func(Fact, []byte) error { return nil })
}

// ErrChanged: the facts are not as they were written.
var ErrChanged = errors.New("the facts of the accounts were changed")

// Verify walks all facts: none is missing, none was changed.
func (a *Accounts) Verify(ctx context.Context) error {
	var chain []byte
	var number int64
	_, err := a.facts(ctx, 0, -1, func(f Fact, linked []byte) error {
		number++
		if chain = f.link(chain); f.Number != number || string(chain) != string(linked) {
			return fmt.Errorf("%w: at number %d", ErrChanged, number)
		}
		return nil
	})
	return err
}

func (a *Accounts) facts(ctx context.Context, after int64, limit int, look func(Fact, []byte) error) (all []Fact, err error) {
	query, args := `SELECT number, happened_at, kind, account, actor, detail, chain FROM account_fact WHERE number > $1 ORDER BY number`, []any{after}
	if limit >= 0 {
		query, args = query+` LIMIT $2`, append(args, limit)
	}
	rows, err := a.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the facts of the accounts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f Fact
		var happened int64
		var chain []byte
		if err := rows.Scan(&f.Number, &happened, &f.Kind, &f.Account, &f.Actor, &f.Detail, &chain); err != nil {
			return nil, fmt.Errorf("reading the facts of the accounts: %w", err)
		}
		f.HappenedAt = at(happened)
		if err := look(f, chain); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}
