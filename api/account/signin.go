package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Try is someone who says who they are.
type Try struct {
	Login    string
	Password string
	From     From
}

// From is where a try comes from.
type From struct {
	Address string // never kept but as a digest under a key, and that for a day
	Known   string // the token by which the device is known, if it has one
	Device  string // its kind
}

// SignedIn is what someone gets who was right.
type SignedIn struct {
	Session Session
	Token   string // of the session
	Known   string // of the device, to be known by later; empty until the session is whole
}

// SignIn begins a session. Whether there is no such account, or it is closed, or invited, or has another password, it is
// refused with RefusedSignIn, after the same work. Whoever guesses is slowed down (SlowDownError).
func (a *Accounts) SignIn(ctx context.Context, try Try, now time.Time) (SignedIn, error) {
	login := plainLogin(try.Login)
	digest, err := a.blind(ctx, "login", login)
	if err != nil {
		return SignedIn{}, err
	}
	who, hash, err := a.byLogin(ctx, digest)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return SignedIn{}, err
	}
	subjects, err := a.subjects(ctx, "sign-in", digest, who.ID, try.From, now)
	if err != nil {
		return SignedIn{}, err
	}
	if err := a.try(ctx, now, subjects); err != nil {
		return SignedIn{}, err
	}
	if who.State != Active || len(try.Password) > 4*LongestPassword {
		hash = ""
	}
	right, err := a.hashing.verify(ctx, tidy(try.Password), hash)
	if err != nil {
		return SignedIn{}, err
	}
	var done SignedIn
	err = a.change(ctx, func(tx *sql.Tx) error {
		if !right {
			return note(ctx, tx, Fact{HappenedAt: now, Kind: factFailed, Account: name(who.ID)})
		}
		if err := forgive(ctx, tx, subjects...); err != nil {
			return err
		}
		done, err = enter(ctx, tx, who.ID, try.From, now)
		return err
	})
	if err == nil && !right {
		err = services.Refuse(RefusedSignIn)
	}
	return done, err
}

// enter begins a session of an account that has not been closed meanwhile.
func enter(ctx context.Context, tx *sql.Tx, account uuid.UUID, from From, now time.Time) (done SignedIn, err error) {
	who, err := find(ctx, tx, account)
	if err != nil {
		return done, err
	}
	if who.State != Active {
		return done, services.Refuse(RefusedSignIn)
	}
	if done.Session, done.Token, err = begin(ctx, tx, who, from.Device, now); err != nil {
		return done, err
	}
	if done.Session.Whole() {
		if done.Known, err = know(ctx, tx, who.ID, now); err != nil {
			return done, err
		}
	}
	fact := Fact{HappenedAt: now, Kind: factSignedIn, Account: who.ID.String(), Actor: who.Identity().Actor(), Detail: done.Session.Missing}
	return done, note(ctx, tx, fact)
}

// SignInAs begins a session of whoever has just shown in another way who they are, by a link or by a provider. Other
// factors that the account needs are still asked for.
func (a *Accounts) SignInAs(ctx context.Context, who Account, from From, now time.Time) (done SignedIn, err error) {
	err = a.change(ctx, func(tx *sql.Tx) error {
		done, err = enter(ctx, tx, who.ID, from, now)
		return err
	})
	return done, err
}

// byLogin is the account of a name, and the hash of its password.
func (a *Accounts) byLogin(ctx context.Context, digest []byte) (who Account, hash string, err error) {
	who, err = one(a.db.QueryRowContext(ctx, `SELECT `+columns+`, a.password FROM account a WHERE a.login = $1`, digest), &hash)
	return who, hash, err
}

// try is try in a change of its own.
func (a *Accounts) try(ctx context.Context, now time.Time, subjects []subject) error {
	return a.change(ctx, func(tx *sql.Tx) error { return try(ctx, tx, now, subjects...) })
}

// subjects are those that a try is counted for: the device, if it is known for this account, else the account and the
// address. For a name that nobody has it is the same work.
func (a *Accounts) subjects(ctx context.Context, kind string, of []byte, account uuid.UUID, from From, now time.Time) ([]subject, error) {
	known := digestOf(from.Known)
	var n int
	err := a.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM device WHERE digest = $1 AND account = $2 AND expires > $3`, known, account.String(), micros(now)).Scan(&n)
	if err != nil {
		return nil, fmt.Errorf("looking for a device: %w", err)
	}
	one, theirs := paceAccount, paceDevice
	if kind == "second" {
		one, theirs = paceSecond, paceSecond
	}
	if n > 0 {
		digest, err := a.blind(ctx, kind+" device", string(known))
		return []subject{{theirs, digest}}, err
	}
	digest, err := a.blind(ctx, kind+" account", string(of))
	if err != nil {
		return nil, err
	}
	address, err := a.blind(ctx, "address", from.Address)
	return []subject{{one, digest}, {paceAddress, address}}, err
}

// name is an id, or nothing.
func name(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// ChangePassword gives an account another password, and ends its other sessions.
func (a *Accounts) ChangePassword(ctx context.Context, s Session, old, fresh string, from From, now time.Time) error {
	var shown, hash string
	if _, err := one(a.db.QueryRowContext(ctx, `SELECT `+columns+`, a.shown, a.password FROM account a WHERE a.id = $1`, s.Account.ID.String()), &shown, &hash); err != nil {
		return err
	}
	login, err := a.open(ctx, s.Account.ID, shown)
	if err != nil {
		return fmt.Errorf("changing a password: %w", err)
	}
	id := s.Account.ID
	subjects, err := a.subjects(ctx, "sign-in", id[:], id, from, now)
	if err != nil {
		return err
	}
	if err := a.try(ctx, now, subjects); err != nil {
		return err
	}
	right, err := a.hashing.verify(ctx, tidy(old), hash)
	if err != nil {
		return err
	}
	if !right {
		return services.Refuse(RefusedSignIn)
	}
	fresh = tidy(fresh)
	if err := checkPassword(fresh, login); err != nil {
		return err
	}
	made, err := a.hashing.hash(ctx, fresh)
	if err != nil {
		return err
	}
	return a.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE account SET password = $2 WHERE id = $1`, id.String(), made); err != nil {
			return fmt.Errorf("changing a password: %w", err)
		}
		if err := errors.Join(revoke(ctx, tx, id, s.digest), forgetDevices(ctx, tx, id), forgive(ctx, tx, subjects...)); err != nil {
			return err
		}
		return note(ctx, tx, Fact{HappenedAt: now, Kind: factPassword, Account: id.String(), Actor: s.Account.Identity().Actor()})
	})
}
