package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// How long a session lasts.
const (
	Idle    = time.Hour      // without a request
	Longest = 12 * time.Hour // in any case
	Fresh   = 10 * time.Minute
)

// seenEvery is how exactly it is kept when a session was last used: a write for every request would be too dear.
const seenEvery = time.Minute

// DeviceLasts is how long a device is known after someone signed in on it.
const DeviceLasts = 365 * 24 * time.Hour

// Session is someone who signed in, on one device.
type Session struct {
	ID       uuid.UUID
	Account  Account
	Device   string // its kind, as far as it says: Chrome, Android
	SignedIn time.Time
	Seen     time.Time
	Missing  string // what is still to come: RefusedNeedsCode or RefusedNeedsFactor; empty: nothing

	digest []byte
}

// Whole tells whether all factors that the account needs were given.
func (s Session) Whole() bool { return s.Missing == "" }

// Ends is when the session is over if it is not used again.
func (s Session) Ends() time.Time {
	if idle := s.Seen.Add(Idle); idle.Before(s.SignedIn.Add(Longest)) {
		return idle
	}
	return s.SignedIn.Add(Longest)
}

// fresh refuses what is done only shortly after signing in: whoever finds a phone unlocked must not be able to keep it.
func (s Session) fresh(now time.Time) error {
	if now.Sub(s.SignedIn) > Fresh {
		return services.Refuse(RefusedStale)
	}
	return nil
}

const sessionColumns = `s.id, s.proven, s.device, s.made_at, s.seen_at`

// Session is the one of a token; ErrUnknown if it is over, or never was. What was revoked is not good for another request,
// whichever process revoked it.
func (a *Accounts) Session(ctx context.Context, token string, now time.Time) (Session, error) {
	digest := digestOf(token)
	s, err := a.known.Get([sha256.Size]byte(digest), func() (Session, error) { return a.session(ctx, a.db, digest) })
	if err == nil && (s.Account.State != Active || !now.Before(s.Ends())) {
		err = ErrUnknown
	}
	if err != nil {
		return Session{}, err
	}
	return s, nil
}

// Used keeps that a session was used, so that it is not idle. Who only listens for changes does not use it.
func (a *Accounts) Used(ctx context.Context, s Session, now time.Time) error {
	if now.Sub(s.Seen) < seenEvery {
		return nil
	}
	defer a.known.Changed()
	if _, err := a.db.ExecContext(ctx, `UPDATE session SET seen_at = $2 WHERE digest = $1`, s.digest, micros(now)); err != nil {
		return fmt.Errorf("keeping when a session was used: %w", err)
	}
	return nil
}

func (a *Accounts) session(ctx context.Context, db asker, digest []byte) (Session, error) {
	rows, err := sessions(ctx, db, `s.digest = $1`, digest)
	if err == nil && len(rows) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return Session{}, err
	}
	return rows[0], nil
}

func sessions(ctx context.Context, db asker, which string, args ...any) (all []Session, err error) {
	rows, err := db.QueryContext(ctx, `SELECT `+columns+`, `+sessionColumns+`, s.digest
		FROM session s JOIN account a ON a.id = s.account WHERE `+which+` ORDER BY s.made_at DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("looking for a session: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s Session
		var id string
		var proven bool
		var made, seen int64
		if s.Account, err = one(rows, &id, &proven, &s.Device, &made, &seen, &s.digest); err != nil {
			return nil, err
		}
		s.ID, _ = uuid.Parse(id)
		s.SignedIn, s.Seen = at(made), at(seen)
		switch {
		case proven:
		case s.Account.SecondFactor:
			s.Missing = RefusedNeedsCode
		default:
			s.Missing = RefusedNeedsFactor
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("looking for a session: %w", err)
	}
	return all, nil
}

// begin begins a session, and knows the device from now on if all factors were given.
func begin(ctx context.Context, tx *sql.Tx, who Account, device string, now time.Time) (s Session, token string, err error) {
	token, digest := secret()
	proven := !who.SecondFactor && !who.compulsory()
	s = Session{ID: uuid.New(), Account: who, Device: device, SignedIn: now, Seen: now, digest: digest}
	switch {
	case proven:
	case who.SecondFactor:
		s.Missing = RefusedNeedsCode
	default:
		s.Missing = RefusedNeedsFactor
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE made_at < $1`, micros(now.Add(-Longest))); err != nil {
		return s, "", fmt.Errorf("ending old sessions: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO session (digest, id, account, proven, device, made_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		digest, s.ID.String(), who.ID.String(), number(proven), device, micros(now), micros(now))
	if err != nil {
		return s, "", fmt.Errorf("beginning a session: %w", err)
	}
	return s, token, nil
}

// number is how both engines keep yes and no.
func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// prove makes a session whole, under a new token: who saw the old one has nothing.
func prove(ctx context.Context, tx *sql.Tx, s *Session) (token string, err error) {
	token, digest := secret()
	changed, err := tx.ExecContext(ctx, `UPDATE session SET digest = $2, proven = 1, challenge = NULL WHERE digest = $1`, s.digest, digest)
	if err != nil {
		return "", fmt.Errorf("completing a session: %w", err)
	}
	switch n, err := changed.RowsAffected(); {
	case err != nil:
		return "", fmt.Errorf("completing a session: %w", err)
	case n != 1:
		return "", ErrUnknown
	}
	s.digest, s.Missing = digest, ""
	return token, nil
}

// know gives a device a token by which it is known again.
func know(ctx context.Context, tx *sql.Tx, account uuid.UUID, now time.Time) (token string, err error) {
	token, digest := secret()
	if _, err := tx.ExecContext(ctx, `DELETE FROM device WHERE expires < $1`, micros(now)); err != nil {
		return "", fmt.Errorf("forgetting old devices: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO device (digest, account, expires) VALUES ($1, $2, $3)`, digest, account.String(), micros(now.Add(DeviceLasts)))
	if err != nil {
		return "", fmt.Errorf("knowing a device: %w", err)
	}
	return token, nil
}

// Sessions are those of an account that are not over, the newest first.
func (a *Accounts) Sessions(ctx context.Context, account uuid.UUID, now time.Time) ([]Session, error) {
	all, err := sessions(ctx, a.db, `s.account = $1 AND s.made_at > $2 AND s.seen_at > $3`, account.String(), micros(now.Add(-Longest)), micros(now.Add(-Idle)))
	return all, err
}

// SignOut ends a session.
func (a *Accounts) SignOut(ctx context.Context, s Session, now time.Time) error {
	return a.end(ctx, s, now, factSignedOut, `id = $2`, s.ID.String())
}

// SignOutElsewhere ends one session of the same account by its id; that it is there, and whose it is, is not told.
func (a *Accounts) SignOutElsewhere(ctx context.Context, s Session, id uuid.UUID, now time.Time) error {
	return a.end(ctx, s, now, factSignedOut, `id = $2`, id.String())
}

// SignOutEverywhere ends every session of the same account, and forgets its devices.
func (a *Accounts) SignOutEverywhere(ctx context.Context, s Session, now time.Time) error {
	return a.end(ctx, s, now, factRevoked, `$2 <> ''`, "all")
}

func (a *Accounts) end(ctx context.Context, s Session, now time.Time, kind, which string, arg string) error {
	return a.change(ctx, func(tx *sql.Tx) error {
		ended, err := tx.ExecContext(ctx, `DELETE FROM session WHERE account = $1 AND `+which, s.Account.ID.String(), arg)
		if err != nil {
			return fmt.Errorf("ending a session: %w", err)
		}
		switch n, err := ended.RowsAffected(); {
		case err != nil:
			return fmt.Errorf("ending a session: %w", err)
		case n == 0:
			return ErrUnknown
		}
		if kind == factRevoked {
			if err := forgetDevices(ctx, tx, s.Account.ID); err != nil {
				return err
			}
		}
		return note(ctx, tx, Fact{HappenedAt: now, Kind: kind, Account: s.Account.ID.String(), Actor: s.Account.Identity().Actor()})
	})
}

// Revoke ends every session of an account, for an administrator: a phone was lost.
func (a *Accounts) Revoke(ctx context.Context, by session.Identity, account uuid.UUID, now time.Time) error {
	return a.change(ctx, func(tx *sql.Tx) error {
		if _, err := find(ctx, tx, account); err != nil {
			return err
		}
		if err := errors.Join(revoke(ctx, tx, account, nil), forgetDevices(ctx, tx, account)); err != nil {
			return err
		}
		return note(ctx, tx, Fact{HappenedAt: now, Kind: factRevoked, Account: account.String(), Actor: by.Actor()})
	})
}

// revoke ends every session of an account but one.
func revoke(ctx context.Context, tx *sql.Tx, account uuid.UUID, but []byte) error {
	if but == nil {
		but = []byte{} // NULL would be unlike nothing
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE account = $1 AND digest <> $2`, account.String(), but)
	if err != nil {
		return fmt.Errorf("ending sessions: %w", err)
	}
	return nil
}

func forgetDevices(ctx context.Context, tx *sql.Tx, account uuid.UUID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM device WHERE account = $1`, account.String()); err != nil {
		return fmt.Errorf("forgetting devices: %w", err)
	}
	return nil
}

// Identity is who asks in a session that is whole; RefusedNeedsCode or RefusedNeedsFactor in one that is not.
func (s Session) Identity() (session.Identity, error) {
	if !s.Whole() {
		return session.Identity{}, services.Refuse(s.Missing)
	}
	return s.Account.Identity(), nil
}
