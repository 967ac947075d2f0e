// Package accounttest has what people sign in with, made small for tests: a provider that speaks OpenID Connect over real
// requests, and a passkey. Neither is of any use elsewhere: the provider vouches for whoever it is told to.
package accounttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Client is who the provider knows.
const Client, Secret = "casestream", "what only the two know"

// Provider vouches for Subject, for whoever asks properly: a code once, with the verifier whose digest it was asked with.
type Provider struct {
	*httptest.Server
	Subject string
	Now     func() time.Time
	Spoil   func(claims map[string]any) // what it says, when it is to lie
	Other   *ecdsa.PrivateKey           // what it signs with, when that is not its key

	key   *ecdsa.PrivateKey
	mu    sync.Mutex
	codes map[string]url.Values // what was asked for, by the code that it was answered with
}

// NewProvider starts one that ends with the test.
func NewProvider(t testing.TB, now func() time.Time) *Provider {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{Now: now, key: key, codes: map[string]url.Values{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /.well-known/openid-configuration", p.describe)
	routes.HandleFunc("GET /keys", p.keys)
	routes.HandleFunc("GET /authorize", p.authorize)
	routes.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(routes)
	t.Cleanup(p.Close)
	return p
}

func answer(w http.ResponseWriter, status int, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(what)
}

func (p *Provider) describe(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
	})
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	point, err := p.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		answer(w, http.StatusInternalServerError, nil)
		return
	}
	answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "one", "x": b64(point[1:33]), "y": b64(point[33:]),
	}}})
}

// authorize says yes at once, and sends the browser back.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	back, err := url.Parse(asked.Get("redirect_uri"))
	if err != nil || asked.Get("client_id") != Client || asked.Get("response_type") != "code" || asked.Get("code_challenge_method") != "S256" {
		answer(w, http.StatusBadRequest, nil)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = asked
	p.mu.Unlock()
	back.RawQuery = url.Values{"code": {code}, "state": {asked.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client, secret, ok := r.BasicAuth()
	if !ok {
		client, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	given, _ := url.QueryUnescape(secret) // RFC 6749 has it escaped
	p.mu.Lock()
	asked, known := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	p.mu.Unlock()
	digest := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if client != Client || given != Secret && secret != Secret || !known || asked.Get("code_challenge") != b64(digest[:]) || asked.Get("redirect_uri") != r.FormValue("redirect_uri") {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{
		"iss": p.URL, "sub": p.Subject, "aud": Client, "nonce": asked.Get("nonce"), "iat": p.Now().Unix(), "exp": p.Now().Add(time.Minute).Unix(),
	}
	if p.Spoil != nil {
		p.Spoil(claims)
	}
	answer(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "id_token": p.sign(claims)})
}

// sign makes a JWT (ES256).
func (p *Provider) sign(claims map[string]any) string {
	text, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	said := b64([]byte(`{"alg":"ES256","kid":"one","typ":"JWT"}`)) + "." + b64(text)
	sum := sha256.Sum256([]byte(said))
	key := p.key
	if p.Other != nil {
		key = p.Other
	}
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		panic(err)
	}
	return said + "." + b64(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}
