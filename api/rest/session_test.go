package rest

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/session"
	"github.com/pquerna/otp/totp"
)

// visitRoutes are open; what they need they say themselves.
var visitRoutes = []string{
	"POST /session", "GET /session", "DELETE /session", "DELETE /session/devices", "DELETE /session/devices/{id}", "POST /session/password",
	"POST /session/second-factor", "POST /session/authenticator", "POST /session/authenticator/confirmation", "POST /session/recovery-codes",
	"POST /session/passkeys", "POST /session/passkeys/confirmation", "POST /session/passkeys/challenge", "POST /session/provider",
	"POST /invitations/acceptance",
}

// accountRoutes are for those who administer accounts.
var accountRoutes = []string{
	"GET /accounts", "POST /accounts", "POST /accounts/{id}/role", "POST /accounts/{id}/closing", "POST /accounts/{id}/reset",
	"DELETE /accounts/{id}/sessions", "GET /accounts/proposals", "POST /accounts/proposals/{id}/decision", "GET /accounts/facts",
}

// aboutAccounts tells routes about accounts, which are no commands to the log.
func aboutAccounts(path string) bool {
	return slices.Contains([]string{"session", "invitations", "accounts"}, kindOf(path))
}

const hostSession, hostDevice = "__Host-" + sessionCookie, "__Host-" + deviceCookie

const passphrase = "七只猫在屋顶看月亮呢真好"

// ofInvitation tells the page of an invitation from the route that programs accept it by.
func ofInvitation(path string) bool {
	return path == InvitationPath || path == InvitationPath+".js" || path == InvitationPath+"/code"
}

// browser keeps cookies as one does.
type browser struct {
	*office
	kept   map[string]string
	secret string // of the authenticator that goes with it
	codes  []string
}

func (o *office) browser() *browser {
	o.app.World = o.clock.now
	o.app.Accounts.Spend(account.Effort{Time: 1, Memory: 8, Threads: 1})
	return &browser{office: o, kept: map[string]string{}}
}

// sends sends a request with the cookies, and keeps those that come back.
func (b *browser) sends(method, path string, content any) heard {
	b.Helper()
	r := request(method, path, content)
	r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14) Chrome/120")
	for name, value := range b.kept {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	h := b.hears(r)
	for _, c := range (&http.Response{Header: h.header}).Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			b.Errorf("the cookie %s is not kept from others: %+v", c.Name, c)
		}
		if b.kept[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.kept, c.Name)
		}
	}
	return h
}

// did sends a request that must be answered as one asks for it.
func (b *browser) did(method, path string, content any, status int) heard {
	b.Helper()
	h := b.sends(method, path, content)
	if h.status != status {
		b.Fatalf("%s %s: %d %s", method, path, h.status, h.bytes)
	}
	return h
}

func (b *browser) code() string {
	b.clock.set(b.clock.now().Add(time.Minute)) // another than the last
	code, err := totp.GenerateCode(b.secret, b.clock.now())
	if err != nil {
		b.Fatal(err)
	}
	return code
}

// accepts accepts an invitation by its link, signs in, and sets up what is missing.
func (b *browser) accepts(link, login string) *browser {
	b.Helper()
	path, token, _ := strings.Cut(link, "#")
	if path != InvitationPath {
		b.Errorf("the link leads to %s", path)
	}
	b.did(http.MethodPost, "/invitations/acceptance", body{"token": token, "login": login, "password": passphrase}, http.StatusCreated)
	b.signsIn(login)
	return b
}

func (b *browser) signsIn(login string) {
	b.Helper()
	switch h := b.did(http.MethodPost, "/session", body{"login": login, "password": passphrase}, http.StatusCreated); h.body["missing"] {
	case account.RefusedNeedsFactor:
		b.secret = b.did(http.MethodPost, "/session/authenticator", nil, http.StatusCreated).body["secret"].(string)
		done := b.did(http.MethodPost, "/session/authenticator/confirmation", body{"code": b.code()}, http.StatusCreated)
		for _, code := range done.body["codes"].([]any) {
			b.codes = append(b.codes, code.(string))
		}
	case account.RefusedNeedsCode:
		b.did(http.MethodPost, "/session/second-factor", body{"code": b.code()}, http.StatusCreated)
	}
}

// first is the first administrator, from the link on the terminal.
func (o *office) first() *browser {
	o.Helper()
	b := o.browser()
	link, ok, err := o.app.Accounts.First(o.Context(), o.clock.now())
	if err != nil || !ok {
		o.Fatal("there is no first link", err)
	}
	return b.accepts(InvitationPath+"#"+link.Token, "first")
}

// invites invites someone, who comes in.
func (b *browser) invites(login string, role session.Role, who person) *browser {
	b.Helper()
	content := body{"account": newID(), "login": login, "role": role}
	if role == session.Worker || role == session.Supervisor {
		content["worker"] = who.id
	}
	done := b.did(http.MethodPost, "/accounts", content, http.StatusCreated)
	return b.browser().accepts(done.body["link"].(string), login)
}

// From the link on the terminal to a worker who records a note: nobody has a token.
func TestAnAgencyBeginsWithALinkOnTheTerminal(t *testing.T) {
	o := openOffice(t)
	first := o.first()
	worker := first.invites("li.si", session.Worker, o.a1)
	s := o.story(o.a1)
	s.comes("/cases/{id}/decision")
	o.arrives()
	if h := worker.did(http.MethodGet, "/caseload", nil, http.StatusOK); !strings.Contains(string(h.bytes), s.id("cases")) {
		t.Errorf("the worker's caseload: %s", h.bytes)
	}
	r := request(http.MethodPost, s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret})
	r.Header.Set("Idempotency-Key", newID())
	r.AddCookie(&http.Cookie{Name: hostSession, Value: worker.kept[hostSession]})
	if h := o.hears(r); h.status != http.StatusCreated {
		t.Errorf("a note: %d %s", h.status, h.bytes)
	}
	// An administrator has no case, and a worker no accounts: both are told what one is told of nothing.
	nothing := o.a1.gets("/cases/" + newID())
	for what, h := range map[string]heard{
		"a case":       first.sends(http.MethodGet, "/cases/"+s.id("cases"), nil),
		"the caseload": first.sends(http.MethodGet, "/caseload", nil),
		"the accounts": worker.sends(http.MethodGet, "/accounts", nil),
	} {
		if !same(h, nothing) {
			t.Errorf("%s: %d %s", what, h.status, h.bytes)
		}
	}
}

func TestWhoIsSignedInSeesTheirDevicesAndEndsThem(t *testing.T) {
	o := openOffice(t)
	phone := o.first().invites("li.si", session.Worker, o.a1)
	desk, lost := o.browser(), o.browser()
	desk.signsIn("li.si")
	lost.signsIn("li.si")
	seen := phone.did(http.MethodGet, "/session", nil, http.StatusOK)
	devices := seen.body["devices"].([]any)
	if len(devices) != 3 || seen.body["role"] != "worker" || seen.body["worker"] != o.a1.id.String() {
		t.Fatalf("%s", seen.bytes)
	}
	for _, d := range devices {
		if d.(body)["kind"] != "Chrome, Android" {
			t.Errorf("%v", d)
		}
	}
	for _, d := range lost.did(http.MethodGet, "/session", nil, http.StatusOK).body["devices"].([]any) {
		if d.(body)["here"] == true {
			phone.did(http.MethodDelete, "/session/devices/"+d.(body)["id"].(string), nil, http.StatusNoContent)
		}
	}
	o.isProblem("the phone that was lost", lost.sends(http.MethodGet, "/caseload", nil), tokenless)
	desk.did(http.MethodGet, "/caseload", nil, http.StatusOK)
	token := desk.kept[hostSession]
	desk.did(http.MethodDelete, "/session", nil, http.StatusNoContent)
	if desk.kept[hostSession] != "" {
		t.Error("the cookie is left")
	}
	desk.kept[hostSession] = token
	o.isProblem("signed out", desk.sends(http.MethodGet, "/caseload", nil), tokenless)
	phone.did(http.MethodDelete, "/session/devices", nil, http.StatusNoContent)
	o.isProblem("signed out everywhere", phone.sends(http.MethodGet, "/caseload", nil), tokenless)
}

// Every route there is says no to who has given the password alone, whatever the role.
func TestWithoutTheSecondFactorEveryDoorIsClosed(t *testing.T) {
	o := openOffice(t)
	first := o.first()
	first.invites("zhou", session.Supervisor, o.a)
	half := o.browser()
	half.did(http.MethodPost, "/session", body{"login": "zhou", "password": passphrase}, http.StatusCreated)
	s := o.wholeStory(o.a1)
	before := o.head()
	for _, route := range o.routes() {
		method, path, _ := strings.Cut(route, " ")
		if slices.Contains(visitRoutes, route) || strings.HasPrefix(path, "/control") || strings.HasPrefix(path, base) || path == "/livez" || path == "/readyz" || ofInvitation(path) || path == "/session/provider/back" {
			continue
		}
		h := half.sends(method, s.asked(path), nil)
		o.isProblem(route, h, tokenless)
		if h.body["code"] != account.RefusedNeedsCode {
			t.Errorf("%s: %s", route, h.bytes)
		}
		cells++
	}
	if seen := half.did(http.MethodGet, "/session", nil, http.StatusOK); seen.body["devices"] != nil || seen.body["missing"] != account.RefusedNeedsCode {
		t.Errorf("%s", seen.bytes)
	}
	for _, no := range []struct {
		method, path string
		content      any
	}{
		{http.MethodPost, "/session/authenticator", nil},
		{http.MethodPost, "/session/authenticator/confirmation", body{"code": "000000"}},
		{http.MethodPost, "/session/recovery-codes", nil},
		{http.MethodPost, "/session/password", body{"password": passphrase, "new": passphrase}},
		{http.MethodDelete, "/session/devices", nil},
		{http.MethodDelete, "/session/devices/" + newID(), nil},
	} {
		if h := half.sends(no.method, no.path, no.content); h.status != tokenless || h.body["code"] != account.RefusedNeedsCode {
			t.Errorf("%s %s: %d %s", no.method, no.path, h.status, h.bytes)
		}
	}
	if o.head() != before {
		t.Error("and something was recorded")
	}
}

func TestARecoveryCodeOpensOnce(t *testing.T) {
	o := openOffice(t)
	b := o.first().invites("zhou", session.Supervisor, o.a)
	for _, status := range []int{http.StatusCreated, tokenless} {
		fresh := o.browser()
		fresh.did(http.MethodPost, "/session", body{"login": "zhou", "password": passphrase}, http.StatusCreated)
		if h := fresh.sends(http.MethodPost, "/session/second-factor", body{"recovery": b.codes[0]}); h.status != status {
			t.Errorf("%d %s", h.status, h.bytes)
		}
	}
}

// The same bytes for a name that nobody has, one that is closed, one that is only invited, and a wrong password.
func TestNobodyLearnsWhichNamesThereAre(t *testing.T) {
	o := openOffice(t)
	first := o.first()
	first.invites("there", session.Worker, o.a1)
	first.did(http.MethodPost, "/accounts", body{"account": newID(), "login": "invited", "role": "evaluator"}, http.StatusCreated)
	var nobody heard
	for _, login := range []string{"nobody", "there", "invited", "", "no body", strings.Repeat("x", 200)} {
		h := o.browser().sends(http.MethodPost, "/session", body{"login": login, "password": secret + secret})
		if login == "nobody" {
			nobody = h
		}
		o.isProblem("as "+login, h, tokenless)
		o.isSilent("as "+login, h)
		if !same(h, nobody) {
			t.Errorf("as %s: %v %s", login, h.header, h.bytes)
		}
		cells++
	}
	for _, token := range []string{"", "nothing", strings.Repeat("A", 43)} {
		h := o.browser().sends(http.MethodPost, "/invitations/acceptance", body{"token": token, "password": passphrase})
		o.isProblem("the link "+token, h, hidden)
	}
}

func TestWhoGuessesIsToldToWait(t *testing.T) {
	o := openOffice(t)
	o.first().invites("li.si", session.Worker, o.a1)
	b := o.browser()
	at := o.clock.now()
	o.app.World = func() time.Time { return at }
	var h heard
	for range 6 {
		h = b.sends(http.MethodPost, "/session", body{"login": "li.si", "password": "wrong"})
	}
	if h.status != http.StatusTooManyRequests || h.header.Get("Retry-After") == "" || h.body["zh"] == "" {
		t.Errorf("%d %v %s", h.status, h.header, h.bytes)
	}
	wait, err := time.ParseDuration(h.header.Get("Retry-After") + "s")
	if at = at.Add(wait); err != nil {
		t.Fatal(err)
	}
	b.did(http.MethodPost, "/session", body{"login": "li.si", "password": passphrase}, http.StatusCreated)
}

// A password, a code, a token or a name is never said back, logged, or kept in the facts.
func TestNothingThatOneSignsInWithIsRepeated(t *testing.T) {
	o := openOffice(t)
	b := o.first().invites("zhou"+trace[0], session.Supervisor, o.a)
	secrets := append([]string{passphrase, b.secret, b.kept[hostSession], b.kept[hostDevice], trace[0]}, b.codes...)
	for path, content := range map[string]body{
		"/session": {"login": secret, "password": secret}, "/session/second-factor": {"code": secret}, "/session/password": {"password": secret, "new": secret},
		"/session/authenticator/confirmation": {"code": secret}, "/invitations/acceptance": {"token": secret, "login": secret, "password": secret},
		"/accounts": {"account": newID(), "login": secret, "role": "evaluator", secret: 1},
	} {
		o.isSilent("POST "+path, b.sends(http.MethodPost, path, content))
		content[secret] = secret
		o.isSilent("POST "+path, b.sends(http.MethodPost, path, content))
	}
	facts, err := json.Marshal(o.whatHappened().body)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range secrets {
		if strings.Contains(o.said.String(), part) {
			t.Errorf("%q is in the log", part)
		}
		if strings.Contains(string(facts), part) {
			t.Errorf("%q is in the facts", part)
		}
	}
}

// whatHappened is what happened to accounts, as the administrator sees it.
func (o *office) whatHappened() heard { return o.administrator.sees("/accounts/facts") }

func TestATokenIsGoodForItsScopeAlone(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	for scope, allowed := range map[session.Scope]string{
		session.Numbers:                 "GET /outcomes, GET /reports/2012, GET /programme",
		session.Read:                    "GET /outcomes, GET /reports/2012, GET /programme, GET /caseload, GET /cases",
		session.Write:                   "POST /notes",
		session.Read | session.Write:    "GET /outcomes, GET /reports/2012, GET /programme, GET /caseload, GET /cases, POST /notes",
		session.Write | session.Numbers: "GET /outcomes, GET /reports/2012, GET /programme, POST /notes",
	} {
		token, err := o.app.Tokens.Give(t.Context(), session.Identity{Role: session.Supervisor, Worker: o.a.id, Scope: scope}, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		p := person{who: "a program", token: token, serves: o}
		for what, h := range map[string]heard{
			"GET /outcomes": p.gets("/outcomes"), "GET /reports/2012": p.gets("/reports/2012"), "GET /programme": p.gets("/programme"),
			"GET /caseload": p.gets("/caseload"), "GET /cases": p.gets("/cases/" + s.id("cases")),
			"POST /notes": p.sends(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": "谈话"}),
		} {
			if slices.Contains(strings.Split(allowed, ", "), what) != (h.status < 300) {
				t.Errorf("%s with a token for %s: %d %s", what, scope, h.status, h.bytes)
			} else if h.status >= 300 && h.body["code"] != codeScope {
				t.Errorf("%s with a token for %s: %s", what, scope, h.bytes)
			}
			cells++
		}
	}
}

func TestTwoPeopleMakeAPrivacyOfficer(t *testing.T) {
	o := openOffice(t)
	first := o.first()
	second := first.invites("second", session.Administrator, person{})
	id := newID()
	asked := first.did(http.MethodPost, "/accounts", body{"account": id, "login": "officer", "role": "privacy_officer"}, http.StatusCreated)
	if asked.body["link"] != nil || asked.body["proposal"] == nil {
		t.Fatalf("one person makes one: %s", asked.bytes)
	}
	path := "/accounts/proposals/" + asked.body["proposal"].(string) + "/decision"
	if h := first.sends(http.MethodPost, path, body{"accepted": true}); h.status != http.StatusConflict {
		t.Errorf("the same person confirms: %d %s", h.status, h.bytes)
	}
	if h := o.administrator.asks(request(http.MethodPost, path, body{"accepted": true})); h.status != http.StatusConflict {
		t.Errorf("a token that is nobody's account confirms: %d %s", h.status, h.bytes)
	}
	if list := second.did(http.MethodGet, "/accounts/proposals", nil, http.StatusOK).body["proposals"].([]any); len(list) != 1 || list[0].(body)["account"] != id {
		t.Errorf("%v", list)
	}
	link := second.did(http.MethodPost, path, body{"accepted": true}, http.StatusCreated).body["link"].(string)
	officer := o.browser().accepts(link, "officer")
	facts := officer.did(http.MethodGet, "/accounts/facts?limit=1000", nil, http.StatusOK).body["facts"].([]any)
	if len(facts) < 8 {
		t.Errorf("%v", facts)
	}
	if err := o.app.Accounts.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// What an administrator changes holds for the next request of whoever it is about.
func TestAChangeHoldsForTheNextRequest(t *testing.T) {
	o := openOffice(t)
	first := o.first()
	find := func(login string) string {
		for _, one := range first.did(http.MethodGet, "/accounts", nil, http.StatusOK).body["accounts"].([]any) {
			if one.(body)["login"] == login {
				return one.(body)["account"].(string)
			}
		}
		t.Fatalf("%s is not listed", login)
		return ""
	}
	for what, change := range map[string]func(id string){
		"closed":     func(id string) { first.did(http.MethodPost, "/accounts/"+id+"/closing", nil, http.StatusCreated) },
		"signed out": func(id string) { first.did(http.MethodDelete, "/accounts/"+id+"/sessions", nil, http.StatusNoContent) },
		"other role": func(id string) {
			first.did(http.MethodPost, "/accounts/"+id+"/role", body{"role": "supervisor"}, http.StatusCreated)
		},
	} {
		login := "li." + strings.ReplaceAll(what, " ", "-")
		worker := map[string]person{"closed": o.a1, "signed out": o.a2, "other role": o.b1}[what]
		b := first.invites(login, session.Worker, worker)
		b.did(http.MethodGet, "/caseload", nil, http.StatusOK)
		change(find(login))
		o.isProblem(what, b.sends(http.MethodGet, "/caseload", nil), tokenless)
	}
}

// Someone who only listens is idle, and a listener hears nothing after signing out.
func TestListeningIsNotUsing(t *testing.T) {
	o := openOffice(t)
	b := o.first().invites("li.si", session.Worker, o.a1)
	r := httptest.NewRequest(http.MethodGet, base+"/changes", nil)
	r.AddCookie(&http.Cookie{Name: hostSession, Value: b.kept[hostSession]})
	c := o.router.echo.NewContext(r, httptest.NewRecorder())
	began := b.did(http.MethodGet, "/session", nil, http.StatusOK).body["ends_at"]
	o.clock.set(o.clock.now().Add(account.Idle / 2))
	if _, err := bearer(c, o.app); err != nil {
		t.Fatal(err)
	}
	s, err := o.app.Accounts.Session(t.Context(), b.kept[hostSession], o.clock.now())
	if err != nil || stamp(s.Ends()) != began {
		t.Errorf("it would end at %s, not %s; %v", stamp(s.Ends()), began, err)
	}
}

// Who signs in again on a device has one session there: nobody would know of another.
func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	o := openOffice(t)
	b := o.first().invites("li.si", session.Worker, o.a1)
	before := o.keeps(b)
	b.signsIn("li.si")
	o.isProblem("the session before", before.sends(http.MethodGet, "/caseload", nil), tokenless)
	if devices := b.did(http.MethodGet, "/session", nil, http.StatusOK).body["devices"].([]any); len(devices) != 1 {
		t.Errorf("there are %d", len(devices))
	}
	other := o.browser()
	other.signsIn("li.si")
	b.did(http.MethodGet, "/caseload", nil, http.StatusOK)
}

func TestWhoKnowsThePasswordChangesItAndOtherDevicesAreSignedOut(t *testing.T) {
	o := openOffice(t)
	b := o.first().invites("li.si", session.Worker, o.a1)
	elsewhere := o.browser()
	elsewhere.signsIn("li.si")
	const fresh = "雨后的山路上有三把蓝伞呀"
	for what, no := range map[string]struct {
		content body
		status  int
	}{
		"another than it is": {body{"password": fresh, "new": fresh}, tokenless},
		"none":               {body{"new": fresh}, unfit},
		"a weak one":         {body{"password": passphrase, "new": "password1234"}, unfit},
		"a short one":        {body{"password": passphrase, "new": "雨后的山路"}, unfit},
	} {
		o.isProblem(what, b.sends(http.MethodPost, "/session/password", no.content), no.status)
	}
	elsewhere.did(http.MethodGet, "/caseload", nil, http.StatusOK)
	b.did(http.MethodPost, "/session/password", body{"password": passphrase, "new": fresh}, http.StatusNoContent)
	o.isProblem("elsewhere", elsewhere.sends(http.MethodGet, "/caseload", nil), tokenless)
	b.did(http.MethodGet, "/caseload", nil, http.StatusOK)
	o.isProblem("the password before", o.browser().sends(http.MethodPost, "/session", body{"login": "li.si", "password": passphrase}), tokenless)
	o.browser().did(http.MethodPost, "/session", body{"login": "li.si", "password": fresh}, http.StatusCreated)
}

// visits sends what a page sends, and keeps cookies.
func (b *browser) visits(method, path string, form url.Values, status int) string {
	b.Helper()
	r := request(method, "", nil)
	if method == http.MethodPost {
		r = request(method, "", form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
	for name, value := range b.kept {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	h := b.hears(r)
	for _, c := range (&http.Response{Header: h.header}).Cookies() {
		b.kept[c.Name] = c.Value
	}
	if h.status == http.StatusSeeOther {
		to := h.header.Get("Location")
		for _, part := range append(slices.Concat(form["token"], form["login"], form["password"], form["code"]), trace...) {
			if strings.Contains(to, part) {
				b.Errorf("%s %s leads to %s, with what was sent", method, path, to)
			}
		}
		return b.visits(http.MethodGet, to, nil, status) // and can be loaded again and gone back to
	}
	if csp := h.header.Get("Content-Security-Policy"); h.status != status || strings.Contains(csp, "unsafe") || csp == "" {
		b.Fatalf("%s %s: %d %s %s", method, path, h.status, csp, h.bytes)
	}
	return string(h.bytes)
}

// secretOn is what the page asks to be put into an authenticator.
func secretOn(page string) string {
	_, rest, _ := strings.Cut(page, "<code>")
	found, _, _ := strings.Cut(rest, "</code>")
	return found
}

// The page that the link leads to works without a script, and sets up what the role needs.
func TestTheLinkLeadsToAPageThatMakesTheAccount(t *testing.T) {
	o := openOffice(t)
	b := o.browser()
	link, _, err := o.app.Accounts.First(t.Context(), o.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	asks := b.visits(http.MethodGet, InvitationPath, nil, http.StatusOK)
	if !strings.Contains(asks, `name="password" type="password" autocomplete="new-password"`) || strings.Contains(asks+invitationScript, "paste") {
		t.Errorf("a password is not typed unseen, or cannot come from where passwords are kept: %s", asks)
	}
	weak := b.visits(http.MethodPost, InvitationPath, url.Values{"token": {link.Token}, "login": {"first"}, "password": {"password1234"}}, unfit)
	if !strings.Contains(weak, words[account.RefusedCommon].zh) || strings.Contains(weak, "password1234") || strings.Contains(weak, link.Token) {
		t.Errorf("a weak password: %s", weak)
	}
	page := b.visits(http.MethodPost, InvitationPath, url.Values{"token": {link.Token}, "login": {"first"}, "password": {passphrase}}, http.StatusOK)
	b.secret = secretOn(page)
	if b.secret == "" || !strings.Contains(page, "otpauth://totp/Casestream:first") {
		t.Errorf("%s", page)
	}
	for what, again := range map[string]string{ // it is in the phone already
		"loaded again":       b.visits(http.MethodGet, invitationCode, nil, http.StatusOK),
		"after a wrong code": b.visits(http.MethodPost, invitationCode, url.Values{"code": {"000000"}}, tokenless),
	} {
		if secretOn(again) != b.secret {
			t.Errorf("%s, there is another secret: %s", what, again)
		}
	}
	before := o.keeps(b)
	codes := b.visits(http.MethodPost, invitationCode, url.Values{"code": {b.code()}}, http.StatusOK)
	if strings.Count(codes, "<li>") != 10 {
		t.Errorf("%s", codes)
	}
	o.isProblem("the token from before the second factor", before.sends(http.MethodGet, "/accounts", nil), tokenless)
	b.did(http.MethodGet, "/accounts", nil, http.StatusOK)
	if ready := b.visits(http.MethodPost, invitationCode, url.Values{"code": {"000000"}}, http.StatusOK); secretOn(ready) != "" || !strings.Contains(ready, "已登录") {
		t.Errorf("loaded again when all is done: %s", ready)
	}
	b.visits(http.MethodPost, InvitationPath, url.Values{"token": {link.Token}, "login": {"again"}, "password": {passphrase}}, hidden)
	b.visits(http.MethodPost, InvitationPath, url.Values{"token": {strings.Repeat("x", 1<<20)}}, unread)
}

// Whose answer was lost, or who looked for an authenticator for longer than a session is fresh, has no link any more: name
// and password lead on. What was begun elsewhere is not gone on with: somebody else may have seen that secret.
func TestWhoWasInterruptedSignsInToGoOn(t *testing.T) {
	o := openOffice(t)
	b := o.browser()
	link, _, err := o.app.Accounts.First(t.Context(), o.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"token": {link.Token}, "login": {"first"}, "password": {passphrase}}
	before := secretOn(b.visits(http.MethodPost, InvitationPath, form, http.StatusOK))
	asked := func(page string) {
		t.Helper()
		if !strings.Contains(page, `autocomplete="current-password"`) || secretOn(page) != "" {
			t.Errorf("it does not ask to sign in: %s", page)
		}
	}
	asked(o.browser().visits(http.MethodPost, InvitationPath, form, hidden))
	asked(o.browser().visits(http.MethodGet, invitationCode, nil, tokenless))
	o.clock.set(o.clock.now().Add(account.Fresh))
	asked(b.visits(http.MethodGet, invitationCode, nil, http.StatusForbidden))
	asked(b.visits(http.MethodPost, InvitationPath, url.Values{"login": {"first"}, "password": {"wrong"}}, tokenless))
	b.secret = secretOn(b.visits(http.MethodPost, InvitationPath, url.Values{"login": {"first"}, "password": {passphrase}}, http.StatusOK))
	if b.secret == "" || b.secret == before {
		t.Errorf("the secret is %q, as it was elsewhere", b.secret)
	}
	b.visits(http.MethodPost, invitationCode, url.Values{"code": {b.code()}}, http.StatusOK)
	half := o.browser()
	asked(half.visits(http.MethodPost, InvitationPath, url.Values{"login": {"first"}, "password": {passphrase}}, tokenless)) // whoever has the password alone sets up nothing
}

// What the page says is one of its own words: a link from elsewhere makes it say nothing else.
func TestThePageOfAnInvitationSaysNothingOfOthers(t *testing.T) {
	o := openOffice(t)
	plain := o.browser().visits(http.MethodGet, InvitationPath, nil, http.StatusOK)
	for _, no := range []string{secret, "<b>", "", codeInternal, codeProviderAway} {
		if page := o.browser().visits(http.MethodGet, InvitationPath+"?no="+url.QueryEscape(no), nil, http.StatusOK); page != plain {
			t.Errorf("%q: %s", no, page)
		}
	}
}

// Without TLS a browser takes cookies of __Host- from nowhere, but this machine is let off; nothing else is.
func TestOnlyThisMachineItselfIsLetOffTLS(t *testing.T) {
	o := openOffice(t)
	o.first().invites("li.si", session.Worker, o.a1)
	for what, one := range map[string]struct {
		host   string
		header [2]string
		tls    bool
		here   bool
	}{
		"localhost":              {host: "localhost:8080", here: true},
		"the loopback":           {host: "127.0.0.1:8080", here: true},
		"the other loopback":     {host: "[::1]:8080", here: true},
		"a name":                 {host: "cases.example"},
		"a name like it":         {host: "localhost.example:8080"},
		"an address":             {host: "192.0.2.1"},
		"a proxy with TLS":       {host: "127.0.0.1:8080", header: [2]string{"X-Forwarded-Proto", "https"}},
		"a proxy":                {host: "localhost:8080", header: [2]string{"X-Forwarded-For", "192.0.2.1"}},
		"localhost with TLS":     {host: "localhost:8080", tls: true},
		"localhost behind https": {host: "localhost:8080"},
	} {
		if err := o.app.Accounts.ReachedAt(map[bool]string{true: "https://cases.example", false: "http://localhost:8080"}[what == "localhost behind https"]); err != nil {
			t.Fatal(err)
		}
		r := request(http.MethodPost, "/session", body{"login": "li.si", "password": passphrase})
		if r.Host = one.host; one.header[0] != "" {
			r.Header.Set(one.header[0], one.header[1])
		}
		if r.TLS = nil; one.tls {
			r.TLS = &tls.ConnectionState{}
		}
		h := o.hears(r)
		cookies := (&http.Response{Header: h.header}).Cookies()
		if h.status != http.StatusCreated || len(cookies) != 2 {
			t.Fatalf("%s: %d %s", what, h.status, h.bytes)
		}
		for _, c := range cookies {
			if c.Secure == one.here || strings.HasPrefix(c.Name, "__Host-") == one.here || !c.HttpOnly || c.Domain != "" {
				t.Errorf("%s: %+v", what, c)
			}
		}
	}
}

// Rows are for an account that needs a second factor. One that was admitted and gets by without sees what it saw before.
func TestAnAccountWithoutASecondFactorGetsNoRows(t *testing.T) {
	o := aYearOfWork(t, nil)
	first := o.first()
	for extracts, status := range map[bool]int{true: http.StatusOK, false: hidden} {
		id := newID()
		made := first.did(http.MethodPost, "/accounts", body{"account": id, "login": "evaluator." + id[30:], "role": "evaluator", "extracts": extracts}, http.StatusCreated)
		b := o.browser().accepts(made.body["link"].(string), "evaluator."+id[30:])
		if (b.secret != "") != extracts {
			t.Errorf("for extracts %v, it has a second factor: %v", extracts, b.secret != "")
		}
		o.administrator.does("/programme/admissions", body{"evaluator": made.body["actor"], "project": project, "until": "2013-06-30", "purpose": "evaluation"})
		if h := b.sends(http.MethodGet, "/extracts/"+project, nil); h.status != status {
			t.Errorf("for extracts %v: %d %s", extracts, h.status, h.bytes)
		}
	}
}
