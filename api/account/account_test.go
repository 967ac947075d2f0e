package account

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
	_ "modernc.org/sqlite"
)

// TestMain runs every test with the accounts in SQLite, then in PostgreSQL.
func TestMain(m *testing.M) { os.Exit(pgtest.Both(m, pgtest.Durable)) }

// house is a Casestream as far as accounts see it. A second passes whenever someone looks at the clock.
type house struct {
	testing.TB
	*Accounts
	place string
	at    time.Time
}

const (
	passphrase = "七只猫在屋顶看月亮呢真好"
	another    = "雨后的山路上有三把蓝伞呀"
	office     = "192.0.2.7"
)

func openHouse(t testing.TB) *house {
	t.Helper()
	h := &house{TB: t, place: pgtest.Place(t), at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	keys, err := keydb.Open(t.Context(), h.place, keydb.NewRoot())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	if h.Accounts, err = Open(t.Context(), h.place, keys); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	h.Spend(Effort{Time: 1, Memory: 8, Threads: 1})
	return h
}

func (h *house) now() time.Time {
	h.at = h.at.Add(time.Second)
	return h.at
}

// refused tells whether an error is the refusal of a code.
func refused(err error, code string) bool {
	var no *services.Refusal
	return errors.As(err, &no) && no.Code == code
}

// must ends a test that cannot go on.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// member is someone with an account.
type member struct {
	Account
	h      *house
	login  string
	secret string // of the authenticator
	codes  []string
	known  string
}

// terminal is who acts for a house that has no administrator yet.
var terminal = session.Identity{Role: session.Administrator, Name: "administrator:terminal"}

// joins invites someone, who accepts.
func (h *house) joins(login string, role session.Role) *member {
	h.Helper()
	who := Account{ID: uuid.New(), Role: role}
	if casework(role) {
		who.Worker = uuid.New()
	}
	return h.accepts(must(h.Invite(h.Context(), terminal, who, login, h.now())).Link.Token, login)
}

func (h *house) accepts(token, login string) *member {
	h.Helper()
	return &member{Account: must(h.Accept(h.Context(), token, login, passphrase, h.now())), h: h, login: login}
}

// tries signs in, with whatever password.
func (m *member) tries(password string) (SignedIn, error) {
	return m.h.SignIn(m.h.Context(), Try{Login: m.login, Password: password, From: From{Address: office, Known: m.known}}, m.h.now())
}

// enters signs in, with all factors that it takes.
func (m *member) enters() SignedIn {
	h := m.h
	h.Helper()
	in := must(m.tries(passphrase))
	switch in.Session.Missing {
	case RefusedNeedsFactor:
		in = m.enrols(in.Session)
	case RefusedNeedsCode:
		h.at = h.at.Add(time.Minute) // another code than the last
		in = must(h.GiveCode(h.Context(), in.Session, m.code(h.at), From{Address: office}, h.now()))
	}
	m.known = in.Known
	return in
}

func (m *member) enrols(s Session) SignedIn {
	h := m.h
	h.Helper()
	m.secret = must(h.BeginAuthenticator(h.Context(), s, h.now())).Secret
	in, codes, err := h.ConfirmAuthenticator(h.Context(), s, m.code(h.at), From{Address: office}, h.now())
	m.codes = codes
	return must(in, err)
}

func (m *member) code(at time.Time) string {
	return must(totp.GenerateCode(m.secret, at))
}

// sees tells whether a token opens a session that is whole.
func (h *house) sees(token string) bool {
	h.Helper()
	s, err := h.Session(h.Context(), token, h.now())
	if err != nil && !errors.Is(err, ErrUnknown) {
		h.Fatal(err)
	}
	if err == nil {
		err = h.Used(h.Context(), s, h.at)
	}
	return err == nil && s.Whole()
}

func TestAnInvitationIsGoodOnceAndForThreeDays(t *testing.T) {
	h := openHouse(t)
	link := must(h.Invite(t.Context(), terminal, Account{ID: uuid.New(), Role: session.Administrator}, "Zhang.Min", h.now())).Link
	if _, err := h.Accept(t.Context(), link.Token, "", passphrase, link.Expires); !refused(err, RefusedLink) {
		t.Errorf("after three days: %v", err)
	}
	if _, err := h.Accept(t.Context(), link.Token+"x", "", passphrase, h.now()); !refused(err, RefusedLink) {
		t.Errorf("another link: %v", err)
	}
	for password, code := range map[string]string{"short": RefusedShort, "password1234": RefusedCommon, "zhang.min-zhang.min": RefusedCommon} {
		if _, err := h.Accept(t.Context(), link.Token, "", password, h.now()); !refused(err, code) {
			t.Errorf("%s: %v", password, err)
		}
	}
	if who := must(h.Accept(t.Context(), link.Token, "somebody-else", passphrase, h.now())); who.State != Active {
		t.Errorf("accepted, it is %s", who.State)
	}
	if _, err := h.Accept(t.Context(), link.Token, "", another, h.now()); !refused(err, RefusedLink) {
		t.Errorf("a second time: %v", err)
	}
	for login, good := range map[string]bool{"zhang.min": true, "ZHANG.MIN": true, "ｚhang.min ": true, "somebody-else": false} {
		_, err := h.SignIn(t.Context(), Try{Login: login, Password: passphrase, From: From{Address: office}}, h.now())
		if good != (err == nil) {
			t.Errorf("as %q: %v", login, err)
		}
	}
}

func TestTheFirstAdministratorHasALinkUntilThereIsOne(t *testing.T) {
	h := openHouse(t)
	first, ok, err := h.First(t.Context(), h.now())
	if err != nil || !ok {
		t.Fatal("there is no link")
	}
	again, ok, err := h.First(t.Context(), h.now())
	if err != nil || !ok || again.Token == first.Token {
		t.Error("after a restart there is no new link")
	}
	if _, err := h.Accept(t.Context(), first.Token, "wang", passphrase, h.now()); !refused(err, RefusedLink) {
		t.Errorf("the old link: %v", err)
	}
	if _, err := h.Accept(t.Context(), again.Token, "", passphrase, h.now()); !refused(err, RefusedLogin) {
		t.Errorf("without a name: %v", err)
	}
	h.accepts(again.Token, "wang").enters()
	if _, ok, err := h.First(t.Context(), h.now()); ok || err != nil {
		t.Errorf("there is an administrator, and there is a link: %v", err)
	}
	if all := must(h.List(t.Context())); len(all) != 1 || all[0].Login != "wang" || all[0].Role != session.Administrator || !all[0].SecondFactor {
		t.Errorf("%+v", all)
	}
}

func TestWhoNeedsASecondFactorHasNothingWithoutIt(t *testing.T) {
	for _, who := range []struct {
		role     session.Role
		extracts bool
		needs    bool
	}{
		{session.Worker, false, false},
		{session.Evaluator, false, false},
		{session.Evaluator, true, true},
		{session.Supervisor, false, true},
		{session.Administrator, false, true},
		{session.PrivacyOfficer, false, true},
	} {
		t.Run(fmt.Sprint(who.role, who.extracts), func(t *testing.T) {
			h := openHouse(t)
			m := &member{Account: Account{ID: uuid.New(), Role: who.role, Extracts: who.extracts}, h: h, login: "li"}
			if casework(who.role) {
				m.Worker = uuid.New()
			}
			if who.role == session.PrivacyOfficer {
				m.appointed()
			} else {
				h.accepts(must(h.Invite(t.Context(), terminal, m.Account, m.login, h.now())).Link.Token, m.login)
			}
			in := must(m.tries(passphrase))
			if h.sees(in.Token) == who.needs || (in.Session.Missing == RefusedNeedsFactor) != who.needs {
				t.Fatalf("after the password: %q", in.Session.Missing)
			}
			proven := m.enrols(in.Session)
			if h.sees(in.Token) || !h.sees(proven.Token) || len(m.codes) != recoveryCodes {
				t.Error("after the second factor was set up, the session has no new token, or there are no recovery codes")
			}
			in = must(m.tries(passphrase))
			if in.Session.Missing != RefusedNeedsCode || h.sees(in.Token) {
				t.Errorf("the next time it is not asked for: %q", in.Session.Missing)
			}
			// Whoever has the password alone cannot make themselves another second factor.
			if _, err := h.BeginAuthenticator(t.Context(), in.Session, h.now()); !refused(err, RefusedNeedsCode) {
				t.Errorf("with the password alone: %v", err)
			}
			if _, _, err := h.ConfirmAuthenticator(t.Context(), in.Session, "000000", From{Address: office}, h.now()); !refused(err, RefusedNeedsCode) {
				t.Errorf("with the password alone: %v", err)
			}
			if _, err := h.RecoveryCodes(t.Context(), in.Session, h.now()); !refused(err, RefusedNeedsCode) {
				t.Errorf("with the password alone: %v", err)
			}
		})
	}
}

// appointed makes a privacy officer of someone: it takes two.
func (m *member) appointed() {
	h := m.h
	h.Helper()
	one, other := h.joins("gao", session.Administrator), h.joins("lin", session.Administrator)
	proposed := must(h.Invite(h.Context(), one.Identity(), m.Account, m.login, h.now()))
	decided := must(h.Decide(h.Context(), other.Identity(), proposed.Proposal, true, h.now()))
	h.accepts(decided.Link.Token, m.login)
}
