package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// recoveryCodes is how many there are. Each is good once, in place of the second factor.
const recoveryCodes = 10

// makeCodes makes new codes in place of those that are left: 80 bits each, so a plain digest of one cannot be guessed.
func makeCodes(ctx context.Context, tx *sql.Tx, account uuid.UUID) (codes []string, err error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE account = $1`, account.String()); err != nil {
		return nil, fmt.Errorf("making recovery codes: %w", err)
	}
	for range recoveryCodes {
		text := strings.ToLower(rand.Text()[:16])
		code := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		if _, err := tx.ExecContext(ctx, `INSERT INTO recovery_code (digest, account) VALUES ($1, $2)`, digestOfCode(account, code), account.String()); err != nil {
			return nil, fmt.Errorf("making recovery codes: %w", err)
		}
		codes = append(codes, code)
	}
	return codes, nil
}

// digestOfCode is of what counts of a code, however it is written.
func digestOfCode(account uuid.UUID, code string) []byte {
	plain := strings.Map(func(c rune) rune {
		if c == '-' || c == ' ' {
			return -1
		}
		return c
	}, strings.ToLower(tidy(code)))
	return digestOf(account.String() + " " + plain)
}

// RecoveryCodes makes new recovery codes in place of those that are left. They are shown once.
func (a *Accounts) RecoveryCodes(ctx context.Context, s Session, now time.Time) (codes []string, err error) {
	if !s.Whole() {
		return nil, services.Refuse(s.Missing)
	}
	if err := s.fresh(now); err != nil {
		return nil, err
	}
	err = a.change(ctx, func(tx *sql.Tx) error {
		if codes, err = makeCodes(ctx, tx, s.Account.ID); err != nil {
			return err
		}
		return note(ctx, tx, Fact{HappenedAt: now, Kind: factRecoveryCodes, Account: s.Account.ID.String(), Actor: s.Account.Identity().Actor()})
	})
	return codes, err
}

// GiveRecoveryCode makes a session whole by a recovery code, which is gone then.
func (a *Accounts) GiveRecoveryCode(ctx context.Context, s Session, code string, from From, now time.Time) (SignedIn, error) {
	return a.second(ctx, s, from, now, func(tx *sql.Tx) (string, bool, error) {
		gone, err := tx.ExecContext(ctx, `DELETE FROM recovery_code WHERE digest = $1 AND account = $2`, digestOfCode(s.Account.ID, code), s.Account.ID.String())
		if err != nil {
			return "", false, fmt.Errorf("taking a recovery code: %w", err)
		}
		n, err := gone.RowsAffected()
		return factRecovery, n == 1, err
	})
}
