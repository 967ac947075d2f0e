package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/casestream/casestream/services"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider is who may vouch for people, by OpenID Connect: an agency's own directory. It vouches for the password alone;
// a second factor of ours is asked for as ever. Someone is known by what the provider calls them, after they said so
// themselves while signed in; kept is a digest of that under a key.
type Provider struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Redirect     string           // where the provider sends people back to
	Now          func() time.Time // by which its words are good

	mu    sync.Mutex
	found *oidc.Provider
}

// ErrProviderAway: the provider does not answer.
var ErrProviderAway = errors.New("the provider is away")

// flowLasts is how long someone may take at the provider.
const flowLasts = 10 * time.Minute

// TrustProvider has people vouched for by a provider. It is asked for its keys when it is first needed: that it is away does
// not keep anybody out who signs in otherwise.
func (a *Accounts) TrustProvider(p *Provider) { a.provider = p }

// flow is what the browser keeps while its owner is at the provider.
type flow struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Link     bool   `json:"l"`
	Until    int64  `json:"u"`
}

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	if p == nil {
		return nil, nil, services.Refuse(RefusedNoProvider)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		// Its keys are fetched later too, so what it is found with must outlive this request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), &http.Client{Timeout: 10 * time.Second}), p.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: asking it for its keys: %w", ErrProviderAway, err)
		}
		p.found = found
	}
	return p.found, &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: p.found.Endpoint(), RedirectURL: p.Redirect, Scopes: []string{oidc.ScopeOpenID},
	}, nil
}

// BeginProvider says where to send someone, and what their browser is to keep until they come back. link has the provider
// vouch for them from now on, in place of signing in.
func (a *Accounts) BeginProvider(ctx context.Context, link bool, now time.Time) (url, kept string, err error) {
	_, config, err := a.provider.discover(ctx)
	if err != nil {
		return "", "", err
	}
	f := flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Link: link, Until: micros(now.Add(flowLasts))}
	text, err := json.Marshal(f)
	if err != nil {
		return "", "", fmt.Errorf("asking a provider: %w", err)
	}
	return config.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), base64.RawURLEncoding.EncodeToString(text), nil
}

// EndProvider takes what someone comes back with. s is their session, if they have one: it is needed, whole and fresh, to
// link, and then nothing else changes. Else it begins a session, if the provider vouches for someone who has an account.
func (a *Accounts) EndProvider(ctx context.Context, kept, state, code string, s *Session, from From, now time.Time) (done SignedIn, err error) {
	subject, f, err := a.vouched(ctx, kept, state, code, now)
	if err != nil {
		return done, err
	}
	if f.Link {
		return done, a.link(ctx, s, subject, now)
	}
	err = a.change(ctx, func(tx *sql.Tx) error {
		who, err := one(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM provider_link l JOIN account a ON a.id = l.account WHERE l.subject = $1`, subject))
		if err == nil {
			done, err = enter(ctx, tx, who.ID, from, now)
		}
		return err
	})
	if errors.Is(err, ErrUnknown) {
		err = services.Refuse(RefusedSignIn)
	}
	return done, err
}

// vouched is whom the provider vouches for, as a digest.
func (a *Accounts) vouched(ctx context.Context, kept, state, code string, now time.Time) (subject []byte, f flow, err error) {
	text, err := base64.RawURLEncoding.DecodeString(kept)
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	if err != nil || f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) != 1 || !now.Before(at(f.Until)) {
		return nil, f, services.Refuse(RefusedSignIn) // somebody else's way back
	}
	provider, config, err := a.provider.discover(ctx)
	if err != nil {
		return nil, f, err
	}
	ctx = oidc.ClientContext(ctx, &http.Client{Timeout: 10 * time.Second})
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	var no *oauth2.RetrieveError
	if errors.As(err, &no) {
		return nil, f, services.Refuse(RefusedSignIn) // it knows no such code
	}
	if err != nil {
		return nil, f, fmt.Errorf("%w: %w", ErrProviderAway, err)
	}
	raw, _ := token.Extra("id_token").(string)
	said, err := provider.Verifier(&oidc.Config{ClientID: a.provider.ClientID, Now: a.provider.Now}).Verify(ctx, raw)
	if err != nil || said.Nonce != f.Nonce || said.Subject == "" {
		return nil, f, services.Refuse(RefusedSignIn)
	}
	subject, err = a.blind(ctx, "provider", said.Issuer+"\n"+said.Subject)
	return subject, f, err
}

// link has a provider vouch for whoever is signed in. Whom it vouches for already is not taken over.
func (a *Accounts) link(ctx context.Context, s *Session, subject []byte, now time.Time) error {
	if s == nil {
		return services.Refuse(RefusedStale)
	}
	if _, err := s.Identity(); err != nil {
		return err
	}
	if err := s.fresh(now); err != nil {
		return err
	}
	return a.change(ctx, func(tx *sql.Tx) error {
		made, err := tx.ExecContext(ctx, `INSERT INTO provider_link (subject, account, made_at) VALUES ($1, $2, $3) ON CONFLICT (subject) DO NOTHING`,
			subject, s.Account.ID.String(), micros(now))
		if err != nil {
			return fmt.Errorf("linking a provider: %w", err)
		}
		switch n, err := made.RowsAffected(); {
		case err != nil:
			return fmt.Errorf("linking a provider: %w", err)
		case n == 0:
			return services.Refuse(RefusedLinked)
		}
		return note(ctx, tx, Fact{HappenedAt: now, Kind: factLinked, Account: s.Account.ID.String(), Actor: s.Account.Identity().Actor()})
	})
}
