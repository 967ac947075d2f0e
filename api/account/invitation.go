package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// How long a link is good.
const (
	InvitationLasts = 3 * 24 * time.Hour
	FirstLasts      = 24 * time.Hour
)

// Link is the one-time link of an invitation. Its token is shown once, and only ever stands behind a # or in a body, where
// nothing logs it.
type Link struct {
	Token   string
	Expires time.Time
}

func sayText(said string) sealed.Text { return sealed.Say(said) }

// link makes an account a new link, in place of the one it has.
func link(ctx context.Context, tx *sql.Tx, account uuid.UUID, until time.Time) (Link, error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM invitation WHERE account = $1`, account.String()); err != nil {
		return Link{}, fmt.Errorf("making a link: %w", err)
	}
	token, digest := secret()
	_, err := tx.ExecContext(ctx, `INSERT INTO invitation (digest, account, expires) VALUES ($1, $2, $3)`, digest, account.String(), micros(until))
	if err != nil {
		return Link{}, fmt.Errorf("making a link: %w", err)
	}
	return Link{Token: token, Expires: until}, nil
}

// Accept gives whoever has the link of an account its password, and ends the link. The name to sign in with is theirs to
// choose where the account has none yet, and is passed over where it has. Refused, nothing has changed and the link is
// good for another try.
func (a *Accounts) Accept(ctx context.Context, token, login, password string, now time.Time) (Account, error) {
	who, shown, err := a.linked(ctx, token, now)
	if err != nil {
		return Account{}, err
	}
	var digest []byte
	if shown != "" {
		if login, err = a.open(ctx, who.ID, shown); err != nil {
			return Account{}, fmt.Errorf("accepting an invitation: %w", err)
		}
	} else {
		if login = plainLogin(login); checkLogin(login) != nil {
			return Account{}, checkLogin(login)
		}
		if shown, _, err = a.seal(ctx, who.ID, kept{Login: sayText(login)}); err != nil {
			return Account{}, err
		}
	}
	if digest, err = a.blind(ctx, "login", login); err != nil {
		return Account{}, err
	}
	password = tidy(password)
	if err := checkPassword(password, login); err != nil {
		return Account{}, err
	}
	hash, err := a.hashing.hash(ctx, password)
	if err != nil {
		return Account{}, err
	}
	err = a.change(ctx, func(tx *sql.Tx) error {
		used, err := tx.ExecContext(ctx, `DELETE FROM invitation WHERE digest = $1`, digestOf(token))
		if err != nil {
			return fmt.Errorf("accepting an invitation: %w", err)
		}
		switch n, err := used.RowsAffected(); {
		case err != nil:
			return fmt.Errorf("accepting an invitation: %w", err)
		case n == 0: // somebody was faster
			return services.Refuse(RefusedLink)
		}
		if err := freeLogin(ctx, tx, digest, who.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE account SET login = $2, shown = $3, password = $4 WHERE id = $1`, who.ID.String(), digest, shown, hash); err != nil {
			return fmt.Errorf("accepting an invitation: %w", err)
		}
		if who, err = find(ctx, tx, who.ID); err != nil {
			return err
		}
		return note(ctx, tx, Fact{HappenedAt: now, Kind: factAccepted, Account: who.ID.String(), Actor: who.Identity().Actor()})
	})
	return who, err
}

// linked is the account of a link that is good.
func (a *Accounts) linked(ctx context.Context, token string, now time.Time) (who Account, shown string, err error) {
	who, err = one(a.db.QueryRowContext(ctx, `SELECT `+columns+`, a.shown FROM invitation i JOIN account a ON a.id = i.account
		WHERE i.digest = $1 AND i.expires > $2 AND a.closed_at IS NULL`, digestOf(token), micros(now)), &shown)
	if errors.Is(err, ErrUnknown) {
		err = services.Refuse(RefusedLink)
	}
	return who, shown, err
}

func freeLogin(ctx context.Context, tx *sql.Tx, digest []byte, but uuid.UUID) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account WHERE login = $1 AND id <> $2`, digest, but.String()).Scan(&n); err != nil {
		return fmt.Errorf("looking for a name: %w", err)
	}
	if n > 0 {
		return services.Refuse(RefusedLoginTaken)
	}
	return nil
}

// login is the name that someone signs in with.
func (a *Accounts) login(ctx context.Context, id uuid.UUID) (string, error) {
	var shown string
	if err := a.db.QueryRowContext(ctx, `SELECT shown FROM account WHERE id = $1`, id.String()).Scan(&shown); err != nil {
		return "", fmt.Errorf("looking for a name: %w", err)
	}
	return a.open(ctx, id, shown)
}

// First makes the first administrator, with a link for whoever sees the terminal; ok is false where there is an
// administrator who can sign in. A link that was not used is replaced.
func (a *Accounts) First(ctx context.Context, now time.Time) (made Link, ok bool, err error) {
	err = a.change(ctx, func(tx *sql.Tx) error {
		n, err := administrators(ctx, tx)
		if err != nil || n > 0 {
			return err
		}
		var id string
		err = tx.QueryRowContext(ctx, `SELECT id FROM account WHERE role = $1 AND login IS NULL AND closed_at IS NULL`, string(session.Administrator)).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			id = uuid.NewString()
			err = insert(ctx, tx, Account{ID: uuid.MustParse(id), Role: session.Administrator, MadeAt: now}, nil, "")
		}
		if err != nil {
			return fmt.Errorf("making the first administrator: %w", err)
		}
		if made, err = link(ctx, tx, uuid.MustParse(id), now.Add(FirstLasts)); err != nil {
			return err
		}
		ok = true
		return note(ctx, tx, Fact{HappenedAt: now, Kind: factInvited, Account: id, Actor: "terminal", Detail: string(session.Administrator)})
	})
	return made, ok, err
}

// administrators counts those who can sign in.
func administrators(ctx context.Context, tx *sql.Tx) (n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account WHERE role = $1 AND password <> '' AND closed_at IS NULL`, string(session.Administrator)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting administrators: %w", err)
	}
	return n, nil
}

func insert(ctx context.Context, tx *sql.Tx, who Account, login []byte, shown string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO account (id, role, worker, extracts, login, shown, password, made_at) VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
		who.ID.String(), string(who.Role), name(who.Worker), number(who.Extracts), login, shown, micros(who.MadeAt))
	if err != nil {
		return fmt.Errorf("making an account: %w", err)
	}
	return nil
}
