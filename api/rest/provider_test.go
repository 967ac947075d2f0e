package rest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/account/accounttest"
	"github.com/casestream/casestream/api/session"
)

// trusts has a provider vouch for people of the office.
func (o *office) trusts() *accounttest.Provider {
	p := accounttest.NewProvider(o, o.clock.now)
	o.app.Accounts.TrustProvider(&account.Provider{
		Issuer: p.URL, ClientID: accounttest.Client, ClientSecret: accounttest.Secret, Redirect: "https://cases.example" + ProviderBack, Now: o.clock.now,
	})
	return p
}

// goes sends the browser to the provider, and gives the way back.
func (b *browser) goes(link bool) string {
	b.Helper()
	to := b.did(http.MethodPost, "/session/provider", body{"link": link}, http.StatusCreated).body["url"].(string)
	there := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := there.Get(to)
	if err != nil {
		b.Fatal(err)
	}
	answer.Body.Close()
	back := answer.Header.Get("Location")
	if answer.StatusCode != http.StatusFound || !strings.HasPrefix(back, "https://cases.example"+ProviderBack+"?") {
		b.Fatalf("the provider answers %s %s", answer.Status, back)
	}
	return strings.TrimPrefix(back, "https://cases.example"+base)
}

func TestAProviderVouchesForWhoeverSaidSoWhileSignedIn(t *testing.T) {
	o := openOffice(t)
	p := o.trusts()
	first := o.first()
	li, sun := first.invites("li.si", session.Worker, o.a1), first.invites("sun", session.Worker, o.a2)
	p.Subject = "li@agency"
	stranger := o.browser()
	if h := stranger.sends(http.MethodGet, stranger.goes(false), nil); h.status != tokenless || h.body["code"] != account.RefusedSignIn {
		t.Errorf("before it was said: %d %s", h.status, h.bytes)
	}
	if h := stranger.sends(http.MethodPost, "/session/provider", body{"link": true}); h.status != tokenless {
		t.Errorf("said by nobody: %d", h.status)
	}
	li.did(http.MethodGet, li.goes(true), nil, http.StatusSeeOther)
	again := o.browser()
	again.did(http.MethodGet, again.goes(false), nil, http.StatusSeeOther)
	if seen := again.did(http.MethodGet, "/session", nil, http.StatusOK); seen.body["worker"] != o.a1.id.String() {
		t.Errorf("%s", seen.bytes)
	}
	if h := sun.sends(http.MethodGet, sun.goes(true), nil); h.status != http.StatusConflict || h.body["code"] != account.RefusedLinked {
		t.Errorf("another account says so too: %d %s", h.status, h.bytes)
	}
	o.clock.set(o.clock.now().Add(account.Fresh))
	p.Subject = "sun@agency"
	if h := sun.sends(http.MethodGet, sun.goes(true), nil); h.body["code"] != account.RefusedStale {
		t.Errorf("long after signing in: %d %s", h.status, h.bytes)
	}
	for _, part := range []string{"li@agency", "sun@agency", accounttest.Secret} {
		if strings.Contains(o.said.String(), part) {
			t.Errorf("%s is in the log", part)
		}
	}
}

// The provider stands for the password alone.
func TestAProviderDoesNotStandForTheSecondFactor(t *testing.T) {
	o := openOffice(t)
	p := o.trusts()
	boss := o.first().invites("zhou", session.Supervisor, o.a)
	p.Subject = "zhou@agency"
	boss.did(http.MethodGet, boss.goes(true), nil, http.StatusSeeOther)
	again := o.browser()
	again.did(http.MethodGet, again.goes(false), nil, http.StatusSeeOther)
	o.isProblem("without the second factor", again.sends(http.MethodGet, "/caseload", nil), tokenless)
	again.secret = boss.secret
	again.did(http.MethodPost, "/session/second-factor", body{"code": again.code()}, http.StatusCreated)
	again.did(http.MethodGet, "/caseload", nil, http.StatusOK)
}

func TestWhatTheProviderDidNotSayHereAndNowIsNotTaken(t *testing.T) {
	o := openOffice(t)
	p := o.trusts()
	li := o.first().invites("li.si", session.Worker, o.a1)
	p.Subject = "li@agency"
	li.did(http.MethodGet, li.goes(true), nil, http.StatusSeeOther)
	another, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func() {
		return func() { p.Spoil = func(claims map[string]any) { claims[name] = value } }
	}
	for what, spoil := range map[string]func(){
		"for another client":  claim("aud", "somebody-else"),
		"by another issuer":   claim("iss", "https://issuer.example"),
		"for another sign-in": claim("nonce", "another"),
		"a day ago":           claim("exp", o.clock.now().Add(-time.Hour).Unix()),
		"of nobody":           claim("sub", ""),
		"of somebody else":    claim("sub", "sun@agency"),
		"under another key":   func() { p.Other = another },
	} {
		p.Spoil, p.Other = nil, nil
		spoil()
		b := o.browser()
		if h := b.sends(http.MethodGet, b.goes(false), nil); h.status != tokenless || h.body["code"] != account.RefusedSignIn || b.kept[hostSession] != "" {
			t.Errorf("%s: %d %s", what, h.status, h.bytes)
		}
		cells++
	}
	p.Spoil, p.Other = nil, nil
	b, other := o.browser(), o.browser()
	back := b.goes(false)
	other.goes(false)
	parsed, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	for what, h := range map[string]heard{
		"another browser":  other.sends(http.MethodGet, back, nil),
		"no browser":       o.browser().sends(http.MethodGet, back, nil),
		"another state":    o.keeps(b).sends(http.MethodGet, parsed.Path+"?code="+parsed.Query().Get("code")+"&state="+secret, nil),
		"no state":         o.keeps(b).sends(http.MethodGet, parsed.Path, nil),
		"a code of nobody": o.keeps(b).sends(http.MethodGet, parsed.Path+"?code=x&state="+parsed.Query().Get("state"), nil),
	} {
		o.isProblem(what, h, tokenless)
		o.isSilent(what, h)
	}
	late := o.browser()
	way := late.goes(false)
	o.clock.set(o.clock.now().Add(time.Hour))
	o.isProblem("an hour later", late.sends(http.MethodGet, way, nil), tokenless)
}

// keeps is another browser with the same cookies.
func (o *office) keeps(b *browser) *browser {
	copied := o.browser()
	for name, value := range b.kept {
		copied.kept[name] = value
	}
	return copied
}

func TestAProviderThatIsAwayKeepsNobodyOut(t *testing.T) {
	o := openOffice(t)
	p := o.trusts()
	o.first().invites("li.si", session.Worker, o.a1)
	p.Close()
	b := o.browser()
	if h := b.sends(http.MethodPost, "/session/provider", body{}); h.status != http.StatusServiceUnavailable || h.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", h.status, h.bytes)
	}
	b.signsIn("li.si")
	b.did(http.MethodGet, "/caseload", nil, http.StatusOK)
	o.app.Accounts.TrustProvider(nil)
	o.isProblem("where there is none", b.sends(http.MethodPost, "/session/provider", body{}), hidden)
}

// As a browser sends it: what navigator.credentials.create and get give, over the routes.
func TestAPasskeyOverTheRoutes(t *testing.T) {
	o := openOffice(t)
	const origin = "http://localhost:8080"
	if err := o.app.Accounts.ReachedAt(origin); err != nil {
		t.Fatal(err)
	}
	b := o.first().invites("zhou", session.Supervisor, o.a)
	key := accounttest.NewPasskey(t, origin)
	wrap := func(given []byte) string { return `{"passkey":` + string(given) + `}` }
	made := key.Creates(b.did(http.MethodPost, "/session/passkeys", nil, http.StatusCreated).body)
	b.did(http.MethodPost, "/session/passkeys/confirmation", wrap(made), http.StatusCreated)
	again := o.browser()
	again.did(http.MethodPost, "/session", body{"login": "zhou", "password": passphrase}, http.StatusCreated)
	signature := key.Gets(again.did(http.MethodPost, "/session/passkeys/challenge", nil, http.StatusCreated).body)
	again.did(http.MethodPost, "/session/second-factor", wrap(signature), http.StatusCreated)
	again.did(http.MethodGet, "/caseload", nil, http.StatusOK)
	third := o.browser()
	third.did(http.MethodPost, "/session", body{"login": "zhou", "password": passphrase}, http.StatusCreated)
	third.did(http.MethodPost, "/session/passkeys/challenge", nil, http.StatusCreated)
	o.isProblem("the same again", third.sends(http.MethodPost, "/session/second-factor", wrap(signature)), tokenless)
}
