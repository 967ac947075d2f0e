package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Codes of an authenticator (TOTP, RFC 6238) as every one of them makes them: SHA-1, six digits, thirty seconds.
const codeLasts = 30

var codeForm = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// Enrolment is what an authenticator is set up with, shown once.
type Enrolment struct {
	Secret string // base32, to type in
	URI    string // the same, to scan
}

// BeginAuthenticator begins to set up an authenticator: it counts when it has given a right code. Where there is a second
// factor already, the session must be whole; in any case it must be fresh.
func (a *Accounts) BeginAuthenticator(ctx context.Context, s Session, now time.Time) (Enrolment, error) {
	if err := s.mayEnrol(now); err != nil {
		return Enrolment{}, err
	}
	raw := make([]byte, 20)
	_, _ = rand.Read(raw) // never fails: it ends the process instead
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	_, closed, err := a.seal(ctx, s.Account.ID, kept{Secret: sayText(secret)})
	if err != nil {
		return Enrolment{}, err
	}
	err = a.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO authenticator (account, pending, session, secret, step) VALUES ($1, $2, $3, '', 0)
			ON CONFLICT (account) DO UPDATE SET pending = excluded.pending, session = excluded.session`, s.Account.ID.String(), closed, s.ID.String())
		return err
	})
	if err != nil {
		return Enrolment{}, fmt.Errorf("setting up an authenticator: %w", err)
	}
	return a.enrolment(ctx, s.Account.ID, secret)
}

// ResumeAuthenticator is the authenticator that this session has begun to set up, or a new one: a page that is loaded again
// must not undo what somebody has put into a phone. What was begun in another session stays there, so that nobody is
// given a secret that somebody else has seen.
func (a *Accounts) ResumeAuthenticator(ctx context.Context, s Session, now time.Time) (Enrolment, error) {
	if err := s.mayEnrol(now); err != nil {
		return Enrolment{}, err
	}
	var pending string
	err := a.db.QueryRowContext(ctx, `SELECT pending FROM authenticator WHERE account = $1 AND session = $2 AND pending <> ''`,
		s.Account.ID.String(), s.ID.String()).Scan(&pending)
	if errors.Is(err, sql.ErrNoRows) {
		return a.BeginAuthenticator(ctx, s, now)
	}
	if err != nil {
		return Enrolment{}, fmt.Errorf("setting up an authenticator: %w", err)
	}
	secret, err := a.open(ctx, s.Account.ID, pending)
	if err != nil {
		return Enrolment{}, fmt.Errorf("opening the secret of an authenticator: %w", err)
	}
	return a.enrolment(ctx, s.Account.ID, secret)
}

// enrolment is how a secret is shown.
func (a *Accounts) enrolment(ctx context.Context, account uuid.UUID, secret string) (Enrolment, error) {
	login, err := a.login(ctx, account)
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{secret, (&url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/Casestream:" + login,
		RawQuery: url.Values{"secret": {secret}, "issuer": {"Casestream"}}.Encode(),
	}).String()}, nil
}

// mayEnrol: a session that waits for the second factor cannot make itself another one.
func (s Session) mayEnrol(now time.Time) error {
	if s.Missing == RefusedNeedsCode {
		return services.Refuse(s.Missing)
	}
	return s.fresh(now)
}

// ConfirmAuthenticator takes the first code of a new authenticator. From then on it is the account's, in place of the one
// before; the session goes on under a new token, all others end, and there are new recovery codes, shown once.
func (a *Accounts) ConfirmAuthenticator(ctx context.Context, s Session, code string, from From, now time.Time) (SignedIn, []string, error) {
	if err := s.mayEnrol(now); err != nil {
		return SignedIn{}, nil, err
	}
	id := s.Account.ID
	subjects, err := a.subjects(ctx, "second", id[:], id, from, now)
	if err != nil {
		return SignedIn{}, nil, err
	}
	if err := a.try(ctx, now, subjects); err != nil {
		return SignedIn{}, nil, err
	}
	var pending string
	err = a.db.QueryRowContext(ctx, `SELECT pending FROM authenticator WHERE account = $1`, id.String()).Scan(&pending)
	if errors.Is(err, sql.ErrNoRows) || err == nil && pending == "" {
		return SignedIn{}, nil, services.Refuse(RefusedCode)
	}
	if err != nil {
		return SignedIn{}, nil, fmt.Errorf("setting up an authenticator: %w", err)
	}
	step, ok, err := a.step(ctx, id, pending, code, 0, now)
	if err != nil {
		return SignedIn{}, nil, err
	}
	if !ok {
		return SignedIn{}, nil, services.Refuse(RefusedCode)
	}
	var done SignedIn
	var codes []string
	err = a.change(ctx, func(tx *sql.Tx) (err error) {
		_, err = tx.ExecContext(ctx, `UPDATE authenticator SET secret = pending, pending = '', step = $2 WHERE account = $1 AND pending = $3`, id.String(), step, pending)
		if err != nil {
			return fmt.Errorf("setting up an authenticator: %w", err)
		}
		done, codes, err = enrolled(ctx, tx, s, "authenticator", now)
		return errors.Join(err, forgive(ctx, tx, subjects...))
	})
	return done, codes, err
}

// enrolled makes a session whole that has just been given a second factor.
func enrolled(ctx context.Context, tx *sql.Tx, s Session, kind string, now time.Time) (done SignedIn, codes []string, err error) {
	first := !s.Account.SecondFactor
	s.Account.SecondFactor = true
	done.Session = s
	if done.Token, err = prove(ctx, tx, &done.Session); err != nil {
		return done, nil, err
	}
	if err := errors.Join(revoke(ctx, tx, s.Account.ID, done.Session.digest), forgetDevices(ctx, tx, s.Account.ID)); err != nil {
		return done, nil, err
	}
	if done.Known, err = know(ctx, tx, s.Account.ID, now); err != nil {
		return done, nil, err
	}
	fact := Fact{HappenedAt: now, Kind: factEnrolled, Account: s.Account.ID.String(), Actor: s.Account.Identity().Actor(), Detail: kind}
	if err := note(ctx, tx, fact); err != nil {
		return done, nil, err
	}
	if first {
		codes, err = makeCodes(ctx, tx, s.Account.ID)
	}
	return done, codes, err
}

// GiveCode makes a session whole by a code of the authenticator.
func (a *Accounts) GiveCode(ctx context.Context, s Session, code string, from From, now time.Time) (SignedIn, error) {
	return a.second(ctx, s, from, now, func(tx *sql.Tx) (string, bool, error) {
		var secret string
		var last int64
		err := tx.QueryRowContext(ctx, `SELECT secret, step FROM authenticator WHERE account = $1 AND secret <> ''`, s.Account.ID.String()).Scan(&secret, &last)
		if errors.Is(err, sql.ErrNoRows) {
			return "", false, nil
		}
		if err != nil {
			return "", false, fmt.Errorf("taking a code: %w", err)
		}
		step, ok, err := a.step(ctx, s.Account.ID, secret, code, last, now)
		if err != nil || !ok {
			return "", false, err
		}
		_, err = tx.ExecContext(ctx, `UPDATE authenticator SET step = $2 WHERE account = $1`, s.Account.ID.String(), step)
		return factSecondFactor, true, err
	})
}

// second looks at a second factor, at the pace of those who guess, and makes the session whole.
func (a *Accounts) second(ctx context.Context, s Session, from From, now time.Time, right func(tx *sql.Tx) (kind string, ok bool, err error)) (SignedIn, error) {
	id := s.Account.ID
	subjects, err := a.subjects(ctx, "second", id[:], id, from, now)
	if err != nil {
		return SignedIn{}, err
	}
	if err := a.try(ctx, now, subjects); err != nil {
		return SignedIn{}, err
	}
	done := SignedIn{Session: s}
	wrong := false
	err = a.change(ctx, func(tx *sql.Tx) error {
		kind, ok, err := right(tx)
		if err != nil {
			return err
		}
		fact := Fact{HappenedAt: now, Kind: kind, Account: id.String(), Actor: s.Account.Identity().Actor()}
		if wrong = !ok; wrong {
			fact.Kind, fact.Actor = factSecondFailed, ""
			return note(ctx, tx, fact)
		}
		if done.Token, err = prove(ctx, tx, &done.Session); err != nil {
			return err
		}
		if done.Known, err = know(ctx, tx, id, now); err != nil {
			return err
		}
		return errors.Join(forgive(ctx, tx, subjects...), note(ctx, tx, fact))
	})
	if err == nil && wrong {
		err = services.Refuse(RefusedCode)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return done, nil
}

// step finds the half minute that a code is of: the one now, or the one before or after, because clocks differ; and later
// than the last one that was taken.
func (a *Accounts) step(ctx context.Context, id uuid.UUID, closed, code string, last int64, now time.Time) (step int64, ok bool, err error) {
	secret, err := a.open(ctx, id, closed)
	if err != nil {
		return 0, false, fmt.Errorf("opening the secret of an authenticator: %w", err)
	}
	code = strings.ReplaceAll(tidy(code), " ", "")
	here := now.Unix() / codeLasts
	for at := here - 1; at <= here+1; at++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(at), codeForm) //nolint:gosec // after 1970
		if err != nil {
			return 0, false, errors.New("the secret of an authenticator cannot be read") // its words may repeat the secret
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && at > last {
			step, ok = at, true
		}
	}
	return step, ok, nil
}
