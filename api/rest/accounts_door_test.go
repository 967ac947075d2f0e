package rest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/google/uuid"
)

// openRoutes are those that a token or a role opens no further: by which one signs in, and the page of an invitation.
func (o *office) openRoutes() (all []string) {
	for _, route := range o.routes() {
		if rights.Routes[route] == rights.Session {
			all = append(all, route)
		}
	}
	return all
}

// aboutAccount is a request about accounts as it would be done: what it speaks of is there, and waits.
func (o *office) aboutAccount(route string) *http.Request {
	o.Helper()
	method, path, _ := strings.Cut(route, " ")
	switch route {
	case "POST /accounts/proposals/{id}/decision":
		return request(method, strings.Replace(path, "{id}", o.invited(session.PrivacyOfficer).Proposal.String(), 1), body{"accepted": false})
	case "POST /accounts":
		return request(method, path, body{"account": newID(), "login": "to." + newID(), "role": "evaluator"})
	case "POST /accounts/{id}/role":
		return request(method, strings.Replace(path, "{id}", o.invited(session.Evaluator).Account.ID.String(), 1), body{"role": "administrator"})
	}
	return request(method, strings.Replace(path, "{id}", o.invited(session.Evaluator).Account.ID.String(), 1), nil)
}

// invited is an account that waits for its first sign-in or, of a privacy officer, for its second person.
func (o *office) invited(role session.Role) account.Outcome {
	o.Helper()
	by := session.Identity{Role: session.Administrator, Name: "administrator:office", Account: uuid.New()}
	done, err := o.app.Accounts.Invite(o.Context(), by, account.Account{ID: uuid.New(), Role: role}, "at."+newID(), o.clock.now())
	if err != nil {
		o.Fatal(err)
	}
	return done
}

// happened counts what happened to accounts.
func (o *office) happened() (n int) {
	o.Helper()
	for {
		some, err := o.app.Accounts.Facts(o.Context(), int64(n), 1000)
		if err != nil {
			o.Fatal(err)
		}
		if n += len(some); len(some) < 1000 {
			return n
		}
	}
}

// done tells whether a request about accounts was done, or is refused by a rule of accounts: that it takes two, that a
// token is nobody's account.
func (h heard) done() (done, ruled bool) {
	code, _ := h.body["code"].(string)
	return h.status < 300, h.status == http.StatusConflict && slices.Contains(account.Codes(), code)
}

func TestTheDoorToEveryRouteAboutAccounts(t *testing.T) {
	o := openOffice(t)
	nothing := o.a1.gets("/cases/" + newID())
	for _, route := range accountRoutes {
		for _, p := range append(o.people(), o.nobody()) {
			r := o.aboutAccount(route)
			facts, head := o.happened(), o.head()
			if p.token != "" {
				r.Header.Set("Authorization", "Bearer "+p.token)
			}
			h := o.hears(r)
			cells++
			what := route + " by " + p.who
			if letsIn(route, p) {
				if done, ruled := h.done(); !done && !ruled {
					t.Errorf("%s: %d %s", what, h.status, h.bytes)
				}
				continue
			}
			if o.happened() != facts || o.head() != head {
				t.Errorf("%s: it left something", what)
			}
			if p.token == "" {
				o.isProblem(what, h, tokenless)
			} else if !same(h, nothing) {
				t.Errorf("%s: %d %s, not %s", what, h.status, h.bytes, nothing.bytes)
			}
		}
	}
}

// byAnyone is a request to a route by which one signs in, with something that is nobody's.
func byAnyone(route string) *http.Request {
	method, path, _ := strings.Cut(route, " ")
	if ofInvitation(path) {
		r := request(method, "", nil)
		if method == http.MethodPost {
			r = request(method, "", url.Values{"token": {"nothing"}, "code": {"000000"}, "password": {passphrase}}.Encode())
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.URL.Path = path
		return r
	}
	contents := map[string]body{
		"/session": {"login": "to." + newID(), "password": passphrase}, "/session/password": {"password": passphrase, "new": passphrase},
		"/session/second-factor": {"code": "000000"}, "/session/authenticator/confirmation": {"code": "000000"},
		"/session/passkeys/confirmation": {"passkey": body{"id": "nothing"}}, "/session/provider": {"link": true},
		"/invitations/acceptance": {"token": "nothing", "login": "to." + newID(), "password": passphrase},
	}
	if content := contents[path]; method == http.MethodPost && content != nil {
		return request(method, path, content)
	}
	return request(method, strings.Replace(path, "{id}", newID(), 1), nil)
}

// Whoever comes with the token of a program signs in to nothing, and changes nothing: they are answered as nobody is. The
// one thing they are told is what their token is for.
func TestATokenOpensNothingOfSigningIn(t *testing.T) {
	o := openOffice(t)
	o.browser() // which makes passwords cheap
	for _, route := range o.openRoutes() {
		nobodys := o.hears(byAnyone(route))
		head := o.head()
		for _, p := range o.people() {
			h := p.asks(byAnyone(route))
			cells++
			switch {
			case route == "GET /session":
				if h.status != http.StatusOK || h.body["role"] != string(p.role) || h.body["account"] != nil || h.body["devices"] != nil {
					t.Errorf("%s by %s: %d %s", route, p.who, h.status, h.bytes)
				}
			case !same(h, nobodys):
				t.Errorf("%s by %s: %d %s, not %d %s", route, p.who, h.status, h.bytes, nobodys.status, nobodys.bytes)
			}
			if len(h.header.Values("Set-Cookie")) > len(nobodys.header.Values("Set-Cookie")) || o.head() != head {
				t.Errorf("%s by %s: it begins or records something: %v", route, p.who, h.header)
			}
		}
	}
}

// Every route about accounts and signing in that takes a body, with every fault that one can have: it is refused, nothing
// is said back, and nothing happened.
func TestWhatIsSentWronglyAboutAccountsIsRefusedAndChangesNothing(t *testing.T) {
	o := openOffice(t)
	o.browser()
	tried := 0
	for _, route := range slices.Concat(accountRoutes, visitRoutes) {
		method, path, _ := strings.Cut(route, " ")
		asks, guarded := o.aboutAccount, slices.Contains(accountRoutes, route)
		if !guarded {
			asks = byAnyone
		}
		if method != http.MethodPost || asks(route).Body == http.NoBody {
			continue
		}
		tried++
		for _, f := range faults {
			if !f.fits(path, guarded) {
				continue
			}
			r := asks(route)
			a := &attempt{story: o.story(o.a1), line: line{path: path}, by: o.nobody(), path: strings.TrimPrefix(r.URL.Path, base), content: sentIn(r), header: http.Header{}}
			if guarded {
				a.by = o.administrator
			}
			facts := o.happened()
			f.spoil(a)
			status := f.status
			if f.what == "with many names that nobody knows" {
				status = tooLarge // that many are more than such a body may hold
			}
			a.refused(f.what, status)
			if o.happened() != facts {
				t.Errorf("%s, %s: something happened", route, f.what)
			}
		}
		r := asks(route)
		if guarded {
			r.Header.Set("Authorization", "Bearer "+o.administrator.token)
		}
		if h := o.hears(r); h.status == unread || h.status == unfit || h.status >= 500 { // it was right but for the fault
			t.Errorf("%s: %d %s", route, h.status, h.bytes)
		}
	}
	if tried != 10 {
		t.Errorf("%d routes take a body", tried)
	}
}

// fits tells which faults are any where there is no log, no day and, if it is open, nobody who asks.
func (f fault) fits(path string, guarded bool) bool {
	for _, of := range []string{"Idempotency-Key", "with a key ", "with the key ", "If-Match", "happened"} {
		if strings.Contains(f.what, of) {
			return false
		}
	}
	if f.status == tokenless || f.status == hidden {
		return guarded
	}
	return f.what != "under an id that is none" || strings.Contains(path, "{id}")
}

// sentIn is the body of a request; nil if it has none that is JSON.
func sentIn(r *http.Request) (content body) {
	_ = json.NewDecoder(r.Body).Decode(&content)
	return content
}

// contentAboutAccounts is a body for a route about accounts or signing in, of nobody there is.
func contentAboutAccounts(route string) any {
	contents := map[string]body{
		"POST /accounts":                         {"account": newID(), "login": "to." + newID(), "role": "evaluator"},
		"POST /accounts/{id}/role":               {"role": "administrator"},
		"POST /accounts/proposals/{id}/decision": {"accepted": true},
	}
	content := contents[route]
	if content == nil {
		content = sentIn(byAnyone(route))
	}
	if content == nil {
		return nil
	}
	return content
}
