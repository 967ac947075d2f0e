package account

import (
	"errors"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/session"
)

func TestNobodyMakesThemselvesAnything(t *testing.T) {
	h := openHouse(t)
	m, _ := h.joins("gao", session.Administrator), h.joins("lin", session.Administrator)
	for _, c := range []Change{{m.ID, Role, session.PrivacyOfficer}, {m.ID, Role, session.Evaluator}, {m.ID, Closing, ""}, {m.ID, Reset, ""}} {
		if _, err := h.Change(t.Context(), m.Identity(), c, h.now()); !refused(err, RefusedOneself) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestAnAccountIsOfOneWorkerAndHasANameOfItsOwn(t *testing.T) {
	h := openHouse(t)
	m := h.joins("li", session.Worker)
	for what, one := range map[string]struct {
		who   Account
		login string
		code  string
	}{
		"a name that is taken":         {Account{ID: newUUID(), Role: session.Evaluator}, "ＬＩ", RefusedLoginTaken},
		"a worker who has one":         {Account{ID: newUUID(), Role: session.Worker, Worker: m.Worker}, "li2", RefusedWorkerTaken},
		"an id that is taken":          {Account{ID: m.ID, Role: session.Evaluator}, "li3", RefusedTaken},
		"a worker who is nobody":       {Account{ID: newUUID(), Role: session.Worker}, "li4", RefusedNoWorker},
		"an evaluator who is a worker": {Account{ID: newUUID(), Role: session.Evaluator, Worker: newUUID()}, "li5", RefusedNoWorker},
		"extracts for a worker":        {Account{ID: newUUID(), Role: session.Worker, Worker: newUUID(), Extracts: true}, "li6", RefusedNoWorker},
		"a name with a blank":          {Account{ID: newUUID(), Role: session.Evaluator}, "li si", RefusedLogin},
	} {
		if _, err := h.Invite(t.Context(), terminal, one.who, one.login, h.now()); !refused(err, one.code) {
			t.Errorf("%s: %v", what, err)
		}
	}
	must(h.Change(t.Context(), terminal, Change{Account: m.ID, Kind: Closing}, h.now()))
	h.accepts(must(h.Invite(t.Context(), terminal, Account{ID: newUUID(), Role: session.Worker, Worker: m.Worker}, "li", h.now())).Link.Token, "li").enters()
}

// Every change that takes two: one alone proposes, the same person and whom it is about cannot confirm it, another can.
func TestWhatTakesTwoTakesTwo(t *testing.T) {
	for what, one := range map[string]struct {
		role   session.Role
		change func(h *house, m *member) Change
	}{
		"a worker becomes a privacy officer":    {session.Evaluator, func(_ *house, m *member) Change { return Change{m.ID, Role, session.PrivacyOfficer} }},
		"a privacy officer becomes a evaluator": {session.PrivacyOfficer, func(_ *house, m *member) Change { return Change{m.ID, Role, session.Evaluator} }},
		"a privacy officer is sent away":        {session.PrivacyOfficer, func(_ *house, m *member) Change { return Change{m.ID, Closing, ""} }},
		"a privacy officer is reset":            {session.PrivacyOfficer, func(_ *house, m *member) Change { return Change{m.ID, Reset, ""} }},
		"a worker is reset":                     {session.Worker, func(_ *house, m *member) Change { return Change{m.ID, Reset, ""} }},
	} {
		t.Run(what, func(t *testing.T) {
			h := openHouse(t)
			m := &member{Account: Account{ID: newUUID(), Role: session.PrivacyOfficer}, h: h, login: "li"}
			m.appointed()
			if one.role != session.PrivacyOfficer {
				m = h.joins("sun", one.role)
			}
			token := m.enters().Token
			first, second := h.joins("he", session.Administrator), h.joins("luo", session.Administrator)
			c := one.change(h, m)
			if _, err := h.Change(t.Context(), terminal, c, h.now()); !refused(err, RefusedSecondPerson) {
				t.Errorf("by a token that is nobody's account: %v", err)
			}
			proposed := must(h.Change(t.Context(), first.Identity(), c, h.now()))
			if proposed.Link != nil || proposed.Account.Role != one.role || !h.sees(token) {
				t.Fatal("it was done by one")
			}
			for who, id := range map[string]session.Identity{"whoever proposed it": first.Identity(), "whom it is about": m.Identity(), "nobody's account": terminal} {
				if _, err := h.Decide(t.Context(), id, proposed.Proposal, true, h.now()); err == nil {
					t.Errorf("%s confirms it", who)
				}
			}
			if !h.sees(token) {
				t.Error("and then it was done")
			}
			done := must(h.Decide(t.Context(), second.Identity(), proposed.Proposal, true, h.now()))
			if h.sees(token) {
				t.Error("it was done, and who it is about goes on as before")
			}
			if c.Kind == Role && done.Account.Role != c.Role || c.Kind == Closing && done.Account.State != Closed || (c.Kind == Reset) != (done.Link != nil) {
				t.Errorf("%+v", done)
			}
			if _, err := h.Decide(t.Context(), second.Identity(), proposed.Proposal, true, h.now()); !refused(err, RefusedDecided) {
				t.Errorf("a second time: %v", err)
			}
		})
	}
}

func TestTheLastAdministratorIsNotSentAwayByOne(t *testing.T) {
	h := openHouse(t)
	officer := &member{Account: Account{ID: newUUID(), Role: session.PrivacyOfficer}, h: h, login: "li"}
	officer.appointed()
	all := must(h.List(t.Context()))
	one, other := all[0].Account, all[1].Account
	if done := must(h.Change(t.Context(), one.Identity(), Change{other.ID, Role, session.Evaluator}, h.now())); done.Account.Role != session.Evaluator {
		t.Error("one of two administrators is not sent away by the other")
	}
	proposed := must(h.Change(t.Context(), officer.Identity(), Change{one.ID, Closing, ""}, h.now()))
	if proposed.Account.State != Active {
		t.Fatal("the last administrator is sent away by one")
	}
	if _, err := h.Decide(t.Context(), officer.Identity(), proposed.Proposal, true, h.now()); !refused(err, RefusedSecondPerson) {
		t.Errorf("by the same again: %v", err)
	}
}

func TestWhatWasProposedBySomeoneWhoWasSentAwaySinceIsNotDone(t *testing.T) {
	h := openHouse(t)
	one, other, third := h.joins("he", session.Administrator), h.joins("luo", session.Administrator), h.joins("li", session.Worker)
	proposed := must(h.Change(t.Context(), one.Identity(), Change{third.ID, Reset, ""}, h.now()))
	must(h.Change(t.Context(), other.Identity(), Change{one.ID, Closing, ""}, h.now()))
	if _, err := h.Decide(t.Context(), other.Identity(), proposed.Proposal, true, h.now()); !refused(err, RefusedSecondPerson) {
		t.Errorf("%v", err)
	}
}

// A worker has lost the password at night: the supervisor is the second person, and for nothing else.
func TestASupervisorLetsAWorkerInAgain(t *testing.T) {
	h := openHouse(t)
	one, boss, m := h.joins("he", session.Administrator), h.joins("luo", session.Supervisor), h.joins("li", session.Worker)
	reset := must(h.Change(t.Context(), one.Identity(), Change{m.ID, Reset, ""}, h.now())).Proposal
	officer := must(h.Invite(t.Context(), one.Identity(), Account{ID: newUUID(), Role: session.PrivacyOfficer}, "sun", h.now())).Proposal
	if seen := must(h.Proposals(t.Context(), boss.Identity())); len(seen) != 1 || seen[0].ID != reset {
		t.Errorf("the supervisor is asked %+v", seen)
	}
	if _, err := h.Decide(t.Context(), boss.Identity(), officer, true, h.now()); !errors.Is(err, ErrUnknown) {
		t.Errorf("on a privacy officer: %v", err)
	}
	if _, err := h.Decide(t.Context(), m.Identity(), officer, true, h.now()); !errors.Is(err, ErrUnknown) {
		t.Errorf("by a worker: %v", err)
	}
	done := must(h.Decide(t.Context(), boss.Identity(), reset, true, h.now()))
	if _, err := m.tries(passphrase); !refused(err, RefusedSignIn) {
		t.Errorf("with the old password: %v", err)
	}
	must(h.Accept(t.Context(), done.Link.Token, "", another, h.now()))
	if _, err := m.tries(another); err != nil {
		t.Errorf("with the new one: %v", err)
	}
}

// The facts tell who did what, and no name; and one that is changed or taken out is found.
func TestTheFactsOfAccountsAreInOneOrderAndAreNotChanged(t *testing.T) {
	h := openHouse(t)
	m := h.joins("zhangmin", session.Supervisor)
	m.enters()
	_, _ = m.tries(another)
	facts := must(h.Facts(t.Context(), 0, 100))
	var kinds []string
	for _, f := range facts {
		kinds = append(kinds, f.Kind)
		if strings.Contains(f.Account+f.Actor+f.Detail, "zhang") || strings.Contains(f.Actor, office) {
			t.Errorf("%+v tells a name", f)
		}
	}
	if got := strings.Join(kinds, " "); got != "invited invitation-accepted signed-in second-factor-set-up sign-in-failed" {
		t.Errorf("%s", got)
	}
	if after := must(h.Facts(t.Context(), 3, 1)); len(after) != 1 || after[0].Number != 4 {
		t.Errorf("%+v", after)
	}
	if err := h.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	for _, spoil := range []string{`UPDATE account_fact SET actor = 'nobody' WHERE number = 3`, `DELETE FROM account_fact WHERE number = 2`} {
		must(h.db.ExecContext(t.Context(), spoil))
		if err := h.Verify(t.Context()); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", spoil, err)
		}
	}
}
