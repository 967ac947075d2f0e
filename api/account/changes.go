package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Who makes whom what. An administrator makes, changes and closes accounts, and nobody their own. Two people are needed
// where one could take too much: for whoever is or becomes a privacy officer, for the last administrator, and for a reset,
// which lets whoever has the link sign in as someone else.

// Kind of a change.
type Kind string

const (
	Opening Kind = "opening" // of an account that waits for its second person
	Role    Kind = "role"
	Closing Kind = "closing"
	Reset   Kind = "reset" // password and second factor are forgotten; there is a new link
)

// Change is a wish about an account that there is.
type Change struct {
	Account uuid.UUID
	Kind    Kind
	Role    session.Role // of Role
}

// Outcome is what became of a wish: done, with a link if there is one to hand over; or a proposal for a second person.
type Outcome struct {
	Account  Account
	Link     *Link
	Proposal uuid.UUID
}

// Proposal is a wish that waits for a second person.
type Proposal struct {
	ID     uuid.UUID
	Change Change
	By     string // the account that proposed it
	MadeAt time.Time
}

// Invite makes an account, with a link for whoever is invited. worker is who they are in the programme, where they are
// someone there; that there is such a worker the caller has seen to.
func (a *Accounts) Invite(ctx context.Context, by session.Identity, who Account, login string, now time.Time) (Outcome, error) {
	login = plainLogin(login)
	if err := checkLogin(login); err != nil {
		return Outcome{}, err
	}
	if casework(who.Role) != (who.Worker != uuid.Nil) || who.Extracts && who.Role != session.Evaluator {
		return Outcome{}, services.Refuse(RefusedNoWorker)
	}
	digest, err := a.blind(ctx, "login", login)
	if err != nil {
		return Outcome{}, err
	}
	shown, _, err := a.seal(ctx, who.ID, kept{Login: sayText(login)})
	if err != nil {
		return Outcome{}, err
	}
	who.State, who.MadeAt = Invited, now
	done := Outcome{Account: who}
	err = a.change(ctx, func(tx *sql.Tx) error {
		switch _, err := find(ctx, tx, who.ID); {
		case err == nil:
			return services.Refuse(RefusedTaken)
		case !errors.Is(err, ErrUnknown):
			return err
		}
		if err := freeLogin(ctx, tx, digest, who.ID); err != nil {
			return err
		}
		if err := freeWorker(ctx, tx, who.Worker); err != nil {
			return err
		}
		if err := insert(ctx, tx, who, digest, shown); err != nil {
			return err
		}
		return a.doOrPropose(ctx, tx, by, Change{who.ID, Opening, who.Role}, who, now, &done)
	})
	return done, err
}

func freeWorker(ctx context.Context, tx *sql.Tx, worker uuid.UUID) error {
	if worker == uuid.Nil {
		return nil
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM account WHERE worker = $1 AND closed_at IS NULL`, worker.String()).Scan(&n); err != nil {
		return fmt.Errorf("looking for a worker: %w", err)
	}
	if n > 0 {
		return services.Refuse(RefusedWorkerTaken)
	}
	return nil
}

// Change does what is wished, or proposes it where a second person is needed.
func (a *Accounts) Change(ctx context.Context, by session.Identity, c Change, now time.Time) (done Outcome, err error) {
	err = a.change(ctx, func(tx *sql.Tx) error {
		who, err := find(ctx, tx, c.Account)
		if err != nil {
			return err
		}
		switch {
		case who.State == Closed:
			return services.Refuse(RefusedClosed)
		case by.Account == who.ID && by.Account != uuid.Nil:
			return services.Refuse(RefusedOneself)
		case c.Kind == Role && c.Role == who.Role:
			return services.Refuse(RefusedUnchanged)
		case c.Kind == Role && casework(c.Role) != (who.Worker != uuid.Nil):
			return services.Refuse(RefusedNoWorker)
		}
		done.Account = who
		return a.doOrPropose(ctx, tx, by, c, who, now, &done)
	})
	return done, err
}

// needsTwo tells whether a change needs a second person.
func needsTwo(ctx context.Context, tx *sql.Tx, c Change, who Account) (bool, error) {
	switch {
	case who.Role == session.PrivacyOfficer || c.Role == session.PrivacyOfficer:
		return true, nil
	case c.Kind == Reset && who.State == Active:
		return true, nil
	case who.Role == session.Administrator && who.State == Active:
		n, err := administrators(ctx, tx)
		return n == 1, err
	}
	return false, nil
}

func (a *Accounts) doOrPropose(ctx context.Context, tx *sql.Tx, by session.Identity, c Change, who Account, now time.Time, done *Outcome) error {
	two, err := needsTwo(ctx, tx, c, who)
	if err != nil {
		return err
	}
	if !two {
		return do(ctx, tx, by.Actor(), c, who, now, done)
	}
	if by.Account == uuid.Nil {
		return services.Refuse(RefusedSecondPerson)
	}
	done.Proposal = uuid.New()
	_, err = tx.ExecContext(ctx, `INSERT INTO proposal (id, account, change, role, proposer, made_at, decider, accepted) VALUES ($1, $2, $3, $4, $5, $6, '', 0)`,
		done.Proposal.String(), c.Account.String(), string(c.Kind), string(c.Role), by.Account.String(), micros(now))
	if err != nil {
		return fmt.Errorf("proposing a change: %w", err)
	}
	return note(ctx, tx, Fact{HappenedAt: now, Kind: factProposed, Account: c.Account.String(), Actor: by.Actor(), Detail: detail(c)})
}

func detail(c Change) string {
	if c.Role == "" {
		return string(c.Kind)
	}
	return string(c.Kind) + " " + string(c.Role)
}

// do does a change. Whatever it is, the sessions of the account end: rights are asked for anew.
func do(ctx context.Context, tx *sql.Tx, actor string, c Change, who Account, now time.Time, done *Outcome) error {
	fact := Fact{HappenedAt: now, Account: who.ID.String(), Actor: actor, Detail: string(c.Role)}
	steps := []string{}
	switch c.Kind {
	case Opening:
		fact.Kind = factInvited
	case Role:
		fact.Kind = factRole
		steps = []string{`UPDATE account SET role = $2, extracts = 0 WHERE id = $1`}
	case Closing:
		fact.Kind = factClosed
		steps = []string{`UPDATE account SET closed_at = $2, login = NULL, password = '' WHERE id = $1`}
	case Reset:
		fact.Kind = factReset
		steps = []string{`UPDATE account SET password = '' WHERE id = $1`}
	}
	for _, step := range steps {
		args := []any{who.ID.String()}
		switch c.Kind {
		case Role:
			args = append(args, string(c.Role))
		case Closing:
			args = append(args, micros(now))
		}
		if _, err := tx.ExecContext(ctx, step, args...); err != nil {
			return fmt.Errorf("changing an account: %w", err)
		}
	}
	if c.Kind == Closing || c.Kind == Reset {
		for _, table := range []string{"authenticator", "passkey", "recovery_code", "invitation", "provider_link"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE account = $1`, who.ID.String()); err != nil {
				return fmt.Errorf("changing an account: %w", err)
			}
		}
	}
	if err := errors.Join(revoke(ctx, tx, who.ID, nil), forgetDevices(ctx, tx, who.ID)); err != nil {
		return err
	}
	if c.Kind == Opening || c.Kind == Reset {
		made, err := link(ctx, tx, who.ID, now.Add(InvitationLasts))
		if err != nil {
			return err
		}
		done.Link = &made
	}
	var err error
	if done.Account, err = find(ctx, tx, who.ID); err != nil {
		return err
	}
	return note(ctx, tx, fact)
}

// Proposals are those that someone may decide on, the oldest first.
func (a *Accounts) Proposals(ctx context.Context, by session.Identity) (all []Proposal, err error) {
	rows, err := a.db.QueryContext(ctx, `SELECT p.id, p.account, p.change, p.role, p.proposer, p.made_at, a.role FROM proposal p JOIN account a ON a.id = p.account
		WHERE p.decided_at IS NULL ORDER BY p.made_at, p.id`)
	if err != nil {
		return nil, fmt.Errorf("looking for proposals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Proposal
		var id, account string
		var made int64
		var who Account
		if err := rows.Scan(&id, &account, &p.Change.Kind, &p.Change.Role, &p.By, &made, &who.Role); err != nil {
			return nil, fmt.Errorf("looking for proposals: %w", err)
		}
		p.ID, _ = uuid.Parse(id)
		p.Change.Account, _ = uuid.Parse(account)
		p.MadeAt = at(made)
		if mayDecide(by, p.Change, who) {
			all = append(all, p)
		}
	}
	return all, rows.Err()
}

// Decide does what was proposed, or declines it. It takes another person than the one who proposed it, and not the one
// whom it is about.
func (a *Accounts) Decide(ctx context.Context, by session.Identity, proposal uuid.UUID, accepted bool, now time.Time) (done Outcome, err error) {
	if by.Account == uuid.Nil {
		return done, services.Refuse(RefusedSecondPerson)
	}
	err = a.change(ctx, func(tx *sql.Tx) error {
		var account, proposer string
		var decided sql.NullInt64
		var c Change
		err := tx.QueryRowContext(ctx, `SELECT account, change, role, proposer, decided_at FROM proposal WHERE id = $1`, proposal.String()).
			Scan(&account, &c.Kind, &c.Role, &proposer, &decided)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return ErrUnknown
		case err != nil:
			return fmt.Errorf("deciding on a proposal: %w", err)
		case decided.Valid:
			return services.Refuse(RefusedDecided)
		case account == by.Account.String():
			return services.Refuse(RefusedOneself)
		case accepted && proposer == by.Account.String():
			return services.Refuse(RefusedSecondPerson)
		}
		c.Account, _ = uuid.Parse(account)
		if done.Account, err = find(ctx, tx, c.Account); err != nil {
			return err
		}
		if !mayDecide(by, c, done.Account) {
			return ErrUnknown
		}
		if accepted {
			err = stillThere(ctx, tx, proposer)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE proposal SET decider = $2, decided_at = $3, accepted = $4 WHERE id = $1`,
			proposal.String(), by.Account.String(), micros(now), number(accepted))
		if err != nil {
			return fmt.Errorf("deciding on a proposal: %w", err)
		}
		if !accepted {
			return note(ctx, tx, Fact{HappenedAt: now, Kind: factDeclined, Account: account, Actor: by.Actor(), Detail: detail(c)})
		}
		if done.Account.State == Closed {
			return services.Refuse(RefusedClosed)
		}
		return do(ctx, tx, by.Actor(), c, done.Account, now, &done)
	})
	return done, err
}

// mayDecide: administrators and privacy officers on everything; a supervisor lets a worker in again, who has lost the
// password at night.
func mayDecide(by session.Identity, c Change, who Account) bool {
	switch by.Role {
	case session.Administrator, session.PrivacyOfficer:
		return true
	case session.Supervisor:
		return c.Kind == Reset && who.Role == session.Worker
	}
	return false
}

// stillThere refuses what was proposed by someone who was sent away since.
func stillThere(ctx context.Context, tx *sql.Tx, proposer string) error {
	id, err := uuid.Parse(proposer)
	if err != nil {
		return fmt.Errorf("deciding on a proposal: %w", err)
	}
	who, err := find(ctx, tx, id)
	if err == nil && (who.State != Active || who.Role != session.Administrator && who.Role != session.PrivacyOfficer) {
		err = services.Refuse(RefusedSecondPerson)
	}
	return err
}

// Listed is an account with the name that it signs in with.
type Listed struct {
	Account
	Login string
}

// List is every account, with its name, for whoever administers them.
func (a *Accounts) List(ctx context.Context) ([]Listed, error) {
	rows, err := a.db.QueryContext(ctx, `SELECT `+columns+`, a.shown FROM account a ORDER BY a.made_at, a.id`)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	defer rows.Close()
	var all []Listed
	var shown []string
	for rows.Next() {
		var line string
		who, err := one(rows, &line)
		if err != nil {
			return nil, err
		}
		all, shown = append(all, Listed{Account: who}), append(shown, line)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	for i := range all {
		if all[i].Login, err = a.open(ctx, all[i].ID, shown[i]); err != nil {
			return nil, fmt.Errorf("opening a name: %w", err)
		}
	}
	return all, nil
}
