package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/casestream/casestream/services"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// challengeLasts is how long a browser may take to answer.
const challengeLasts = 5 * time.Minute

// ReachedAt says where people reach this Casestream, https://HOST or http://localhost:PORT. Passkeys are bound to it: a
// page elsewhere that looks the same gets nothing from them.
func (a *Accounts) ReachedAt(origin string) error {
	at, err := url.Parse(origin)
	if err != nil || at.Host == "" || at.Path != "" || at.Scheme != "https" && at.Hostname() != "localhost" {
		return errors.New("passkeys need to know where people reach this: https://HOST, or http://localhost:PORT for a try")
	}
	a.byTLS = at.Scheme == "https"
	a.web, err = webauthn.New(&webauthn.Config{RPID: at.Hostname(), RPDisplayName: "Casestream", RPOrigins: []string{origin}})
	if err != nil {
		return fmt.Errorf("preparing passkeys: %w", err)
	}
	return nil
}

// ReachedByTLS tells whether people reach this by https, as far as it was said.
func (a *Accounts) ReachedByTLS() bool { return a.byTLS }

// bearer is an account as the protocol of passkeys sees it.
type bearer struct {
	id    []byte
	login string
	keys  []webauthn.Credential
}

func (b bearer) WebAuthnID() []byte                         { return b.id }
func (b bearer) WebAuthnName() string                       { return b.login }
func (b bearer) WebAuthnDisplayName() string                { return b.login }
func (b bearer) WebAuthnCredentials() []webauthn.Credential { return b.keys }

func (a *Accounts) bearer(ctx context.Context, db asker, s Session) (b bearer, err error) {
	b.id = s.Account.ID[:]
	rows, err := db.QueryContext(ctx, `SELECT credential FROM passkey WHERE account = $1 ORDER BY made_at, id`, s.Account.ID.String())
	if err != nil {
		return b, fmt.Errorf("looking for passkeys: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		var key webauthn.Credential
		if err := errors.Join(rows.Scan(&text), json.Unmarshal(text, &key)); err != nil {
			return b, fmt.Errorf("looking for passkeys: %w", err)
		}
		b.keys = append(b.keys, key)
	}
	return b, rows.Err()
}

// asked is a challenge that was given to a browser.
type asked struct {
	Until int64                `json:"until"`
	Data  webauthn.SessionData `json:"data"`
}

// ask keeps a challenge with the session that it was given to, and gives what the browser wants.
func (a *Accounts) ask(ctx context.Context, s Session, data *webauthn.SessionData, options any, now time.Time) (shown map[string]any, err error) {
	kept, err := json.Marshal(asked{Until: micros(now.Add(challengeLasts)), Data: *data})
	if err != nil {
		return nil, fmt.Errorf("asking for a passkey: %w", err)
	}
	if _, err := a.db.ExecContext(ctx, `UPDATE session SET challenge = $2 WHERE digest = $1`, s.digest, kept); err != nil {
		return nil, fmt.Errorf("asking for a passkey: %w", err)
	}
	text, err := json.Marshal(options)
	if err == nil {
		err = json.Unmarshal(text, &shown)
	}
	return shown, err
}

// answered takes the challenge of a session away: each is answered once.
func answered(ctx context.Context, tx *sql.Tx, s Session, now time.Time) (data webauthn.SessionData, ok bool, err error) {
	var kept []byte
	err = tx.QueryRowContext(ctx, `SELECT challenge FROM session WHERE digest = $1`, s.digest).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) || err == nil && kept == nil {
		return data, false, nil
	}
	var challenge asked
	if err == nil {
		err = json.Unmarshal(kept, &challenge)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE session SET challenge = NULL WHERE digest = $1`, s.digest)
	}
	if err != nil {
		return data, false, fmt.Errorf("taking an answer of a passkey: %w", err)
	}
	return challenge.Data, now.Before(at(challenge.Until)), nil
}

// BeginPasskey begins to set up a passkey: what it answers is for navigator.credentials.create. As for an authenticator, a
// session that waits for the second factor cannot, and one that is not fresh cannot.
func (a *Accounts) BeginPasskey(ctx context.Context, s Session, now time.Time) (map[string]any, error) {
	if err := errors.Join(s.mayEnrol(now), a.passkeys()); err != nil {
		return nil, err
	}
	who, err := a.bearer(ctx, a.db, s)
	if err != nil {
		return nil, err
	}
	if who.login, err = a.login(ctx, s.Account.ID); err != nil {
		return nil, err
	}
	options, data, err := a.web.BeginRegistration(who, webauthn.WithExclusions(webauthn.Credentials(who.keys).CredentialDescriptors()),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return nil, fmt.Errorf("asking for a new passkey: %w", err)
	}
	return a.ask(ctx, s, data, options, now)
}

// passkeys refuses where nobody said where this is reached.
func (a *Accounts) passkeys() error {
	if a.web == nil {
		return services.Refuse(RefusedNoPasskeys)
	}
	return nil
}

// ConfirmPasskey takes what the browser made of it. From then on it counts; see ConfirmAuthenticator.
func (a *Accounts) ConfirmPasskey(ctx context.Context, s Session, answer []byte, now time.Time) (done SignedIn, codes []string, err error) {
	if err := errors.Join(s.mayEnrol(now), a.passkeys()); err != nil {
		return done, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return done, nil, services.Refuse(RefusedCode) // its words may repeat what was sent
	}
	err = a.change(ctx, func(tx *sql.Tx) error {
		data, ok, err := answered(ctx, tx, s, now)
		if err != nil {
			return err
		}
		if !ok {
			return services.Refuse(RefusedCode)
		}
		who, err := a.bearer(ctx, tx, s)
		if err != nil {
			return err
		}
		key, err := a.web.CreateCredential(who, data, parsed)
		if err != nil {
			return services.Refuse(RefusedCode)
		}
		text, err := json.Marshal(key)
		if err != nil {
			return fmt.Errorf("keeping a passkey: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO passkey (id, account, credential, made_at) VALUES ($1, $2, $3, $4)`, key.ID, s.Account.ID.String(), text, micros(now))
		if err != nil {
			return fmt.Errorf("keeping a passkey: %w", err)
		}
		done, codes, err = enrolled(ctx, tx, s, "passkey", now)
		return err
	})
	return done, codes, err
}

// AskPasskey asks for a passkey of the account: what it answers is for navigator.credentials.get.
func (a *Accounts) AskPasskey(ctx context.Context, s Session, now time.Time) (map[string]any, error) {
	if err := a.passkeys(); err != nil {
		return nil, err
	}
	who, err := a.bearer(ctx, a.db, s)
	if err != nil {
		return nil, err
	}
	if len(who.keys) == 0 {
		return nil, services.Refuse(RefusedNoPasskeys)
	}
	options, data, err := a.web.BeginLogin(who, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("asking for a passkey: %w", err)
	}
	return a.ask(ctx, s, data, options, now)
}

// GivePasskey makes a session whole by what a passkey signed. One whose counter went back was copied, and is refused.
func (a *Accounts) GivePasskey(ctx context.Context, s Session, answer []byte, from From, now time.Time) (SignedIn, error) {
	if err := a.passkeys(); err != nil {
		return SignedIn{}, err
	}
	return a.second(ctx, s, from, now, func(tx *sql.Tx) (string, bool, error) {
		parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
		if err != nil {
			return "", false, nil //nolint:nilerr // it is not right; its words may repeat what was sent
		}
		data, ok, err := answered(ctx, tx, s, now)
		if err != nil || !ok {
			return "", false, err
		}
		who, err := a.bearer(ctx, tx, s)
		if err != nil {
			return "", false, err
		}
		key, err := a.web.ValidateLogin(who, data, parsed)
		if err != nil || key.Authenticator.CloneWarning {
			return "", false, nil //nolint:nilerr // it is not right
		}
		text, err := json.Marshal(key)
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE passkey SET credential = $2 WHERE id = $1`, key.ID, text)
		}
		return factSecondFactor, true, err
	})
}
