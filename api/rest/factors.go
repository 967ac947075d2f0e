package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/casestream/casestream/api/account"
)

// factorRoutes are about what one signs in with beside the password.
func (r *router) factorRoutes() {
	visitRoute(r, http.MethodPost, "/session/second-factor", "second-factor", "Give the second factor: a code of the authenticator, or a recovery code", http.StatusCreated, r.secondFactor)
	visitRoute(r, http.MethodPost, "/session/authenticator", "begin-authenticator", "Begin to set up an authenticator (TOTP)", http.StatusCreated, r.beginAuthenticator)
	visitRoute(r, http.MethodPost, "/session/authenticator/confirmation", "confirm-authenticator", "Show that it gives right codes; from then on it counts", http.StatusCreated, r.confirmAuthenticator)
	visitRoute(r, http.MethodPost, "/session/recovery-codes", "recovery-codes", "Make new recovery codes in place of those that are left", http.StatusCreated, r.recoveryCodes)
	visitRoute(r, http.MethodPost, "/session/passkeys", "begin-passkey", "Begin to set up a passkey: what navigator.credentials.create wants", http.StatusCreated, r.beginPasskey)
	visitRoute(r, http.MethodPost, "/session/passkeys/confirmation", "confirm-passkey", "What it made of that; from then on it counts", http.StatusCreated, r.confirmPasskey)
	visitRoute(r, http.MethodPost, "/session/passkeys/challenge", "ask-passkey", "Ask for a passkey: what navigator.credentials.get wants; its answer goes to /session/second-factor", http.StatusCreated, r.askPasskey)
}

type codeBody struct {
	Body struct {
		Code     string `json:"code,omitempty" maxLength:"20" doc:"six digits of the authenticator"`
		Recovery string `json:"recovery,omitempty" maxLength:"40" doc:"a recovery code instead; it is gone then"`

		Passkey map[string]any `json:"passkey,omitempty" doc:"what navigator.credentials.get gave, instead"`
	}
}

func (r *router) secondFactor(ctx context.Context, in *codeBody) (*signed, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	give, code := r.app.Accounts.GiveCode, in.Body.Code
	if in.Body.Recovery != "" {
		give, code = r.app.Accounts.GiveRecoveryCode, in.Body.Recovery
	}
	if in.Body.Passkey != nil {
		give, code = r.givePasskey, passkeyText(in.Body.Passkey)
	}
	done, err := give(ctx, s, code, visiting(ctx).from, r.app.World())
	if err != nil {
		return nil, err
	}
	return visiting(ctx).jar.admitted(done), nil
}

// Enrolment is what an authenticator is set up with. It is shown once.
type Enrolment struct {
	Secret string `json:"secret" doc:"to type in"`
	URI    string `json:"uri" doc:"to scan"`
}

func (r *router) beginAuthenticator(ctx context.Context, _ *struct{}) (*struct{ Body Enrolment }, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	made, err := r.app.Accounts.BeginAuthenticator(ctx, s, r.app.World())
	return &struct{ Body Enrolment }{Enrolment(made)}, err
}

type confirmationBody struct {
	Body struct {
		Code string `json:"code" maxLength:"20" doc:"six digits of the new authenticator"`
	}
}

// RecoveryCodes are shown once. Each is good once, in place of the second factor.
type RecoveryCodes struct {
	Codes []string `json:"codes" nullable:"false"`
}

// enrolled is an answer of a session that has its factor now.
type enrolled struct {
	Cookies []string `header:"Set-Cookie"`
	Body    struct {
		Signed
		RecoveryCodes
	}
}

func (j jar) enrolled(done account.SignedIn, codes []string) *enrolled {
	in := j.admitted(done)
	out := &enrolled{Cookies: in.Cookies}
	out.Body.Signed, out.Body.Codes = in.Body, codes
	return out
}

func (r *router) confirmAuthenticator(ctx context.Context, in *confirmationBody) (*enrolled, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	done, codes, err := r.app.Accounts.ConfirmAuthenticator(ctx, s, in.Body.Code, visiting(ctx).from, r.app.World())
	if err != nil {
		return nil, err
	}
	return visiting(ctx).jar.enrolled(done, codes), nil
}

func (r *router) recoveryCodes(ctx context.Context, _ *struct{}) (*struct{ Body RecoveryCodes }, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := r.app.Accounts.RecoveryCodes(ctx, s, r.app.World())
	return &struct{ Body RecoveryCodes }{RecoveryCodes{codes}}, err
}

// passkeyText is what a browser gave, as package account reads it.
func passkeyText(given map[string]any) string {
	text, err := json.Marshal(given)
	if err != nil {
		return "" // which no passkey gives
	}
	return string(text)
}

func (r *router) givePasskey(ctx context.Context, s account.Session, given string, from account.From, now time.Time) (account.SignedIn, error) {
	return r.app.Accounts.GivePasskey(ctx, s, []byte(given), from, now)
}

// asksBrowser is what a browser is asked.
type asksBrowser struct {
	Body map[string]any
}

func (r *router) beginPasskey(ctx context.Context, _ *struct{}) (*asksBrowser, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	asks, err := r.app.Accounts.BeginPasskey(ctx, s, r.app.World())
	return &asksBrowser{asks}, err
}

type passkeyBody struct {
	Body struct {
		Passkey map[string]any `json:"passkey" doc:"what navigator.credentials.create gave"`
	}
}

func (r *router) confirmPasskey(ctx context.Context, in *passkeyBody) (*enrolled, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	done, codes, err := r.app.Accounts.ConfirmPasskey(ctx, s, []byte(passkeyText(in.Body.Passkey)), r.app.World())
	if err != nil {
		return nil, err
	}
	return visiting(ctx).jar.enrolled(done, codes), nil
}

func (r *router) askPasskey(ctx context.Context, _ *struct{}) (*asksBrowser, error) {
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	asks, err := r.app.Accounts.AskPasskey(ctx, s, r.app.World())
	return &asksBrowser{asks}, err
}
