package account

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casestream/casestream/api/session"
)

func wait(err error) time.Duration {
	var slow *SlowDownError
	if errors.As(err, &slow) {
		return slow.Wait
	}
	return 0
}

// Nobody learns which names there are: not from the answer, and not from the work that was done for it.
func TestANameThatNobodyHasIsAnsweredLikeAWrongPassword(t *testing.T) {
	h := openHouse(t)
	h.joins("active", session.Worker)
	closed := h.joins("closed", session.Worker)
	must(h.Change(t.Context(), terminal, Change{Account: closed.ID, Kind: Closing}, h.now()))
	must(h.Invite(t.Context(), terminal, Account{ID: newUUID(), Role: session.Evaluator}, "invited", h.now()))
	var said string
	for _, login := range []string{"active", "closed", "invited", "nobody", "", "'; DROP TABLE account", string(make([]byte, 1<<16))} {
		before := h.hashing.runs.Load()
		_, err := h.SignIn(t.Context(), Try{Login: login, Password: another, From: From{Address: office}}, h.now())
		if !refused(err, RefusedSignIn) {
			t.Fatalf("%.10s: %v", login, err)
		}
		if runs := h.hashing.runs.Load() - before; runs != 1 {
			t.Errorf("%.10s: argon2 ran %d times", login, runs)
		}
		if said != "" && err.Error() != said {
			t.Errorf("%.10s: it says %v", login, err)
		}
		said = err.Error()
	}
	for _, login := range []string{"active", "nobody"} { // and both are slowed down alike
		var waits []time.Duration
		for range 8 {
			_, err := h.SignIn(t.Context(), Try{Login: login, Password: another, From: From{Address: login}}, h.now())
			waits = append(waits, wait(err))
		}
		if got := waits; got[2] != 0 || got[7] == 0 {
			t.Errorf("%s: %v", login, got)
		}
	}
}

func TestWhoGuessesIsSlowedDownAndWhoIsRightComesIn(t *testing.T) {
	h := openHouse(t)
	m := h.joins("li", session.Worker)
	var longest time.Duration
	looked := h.hashing.runs.Load()
	began := h.at
	for h.at.Sub(began) < time.Hour {
		_, err := h.SignIn(t.Context(), Try{Login: m.login, Password: another, From: From{Address: "198.51.100.1"}}, h.now())
		longest = max(longest, wait(err))
		if err == nil {
			t.Fatal("another password is taken")
		}
	}
	if tries := h.hashing.runs.Load() - looked; tries > 130 || longest > paceAddress.most {
		t.Errorf("in an hour %d were looked at; the longest wait was %s", tries, longest)
	}
	if _, err := m.tries(passphrase); wait(err) > 0 {
		if wait(err) > paceAccount.most {
			t.Errorf("from elsewhere the wait is %s", wait(err))
		}
		h.at = h.at.Add(wait(err))
	}
	if _, err := m.tries(passphrase); err != nil {
		t.Errorf("after the wait, with the right password: %v", err)
	}
	if _, err := m.tries(another); !refused(err, RefusedSignIn) {
		t.Errorf("then one mistake is a mistake: %v", err)
	}
	if _, err := m.tries(passphrase); err != nil {
		t.Errorf("and the right password is taken at once: %v", err)
	}
}

// Somebody who guesses all night does not keep the worker out on the phone that they always use.
func TestSomeonesGuessingDoesNotSlowDownTheWorkersOwnPhone(t *testing.T) {
	h := openHouse(t)
	m := h.joins("li", session.Worker)
	m.enters()
	for range 50 {
		_, _ = h.SignIn(t.Context(), Try{Login: "li", Password: another, From: From{Address: office}}, h.now())
		if _, err := m.tries(passphrase); err != nil {
			t.Fatalf("on the worker's phone: %v", err)
		}
	}
	// The phone is known for this worker, and not for anybody else.
	other := h.joins("sun", session.Worker)
	slowed := false
	for range 10 {
		_, err := h.SignIn(t.Context(), Try{Login: other.login, Password: another, From: From{Address: "198.51.100.1", Known: m.known}}, h.now())
		slowed = slowed || wait(err) > 0
	}
	if !slowed {
		t.Error("whoever has a phone that is known for one may guess the password of another")
	}
}

func TestManyGuessesAtOnceAreNotLookedAtForThePriceOfOne(t *testing.T) {
	h := openHouse(t)
	m := h.joins("li", session.Worker)
	before := h.hashing.runs.Load()
	var all sync.WaitGroup
	var in atomic.Int64
	now := h.now()
	for range 40 {
		all.Go(func() {
			_, err := h.SignIn(t.Context(), Try{Login: m.login, Password: another, From: From{Address: office}}, now)
			if err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if runs := h.hashing.runs.Load() - before; runs > int64(paceAccount.free)+1 || in.Load() > 0 {
		t.Errorf("%d of 40 were looked at", runs)
	}
}

func TestAnAddressThatGuessesManyNamesIsSlowedDown(t *testing.T) {
	h := openHouse(t)
	slowed := 0
	for i := range 60 {
		_, err := h.SignIn(t.Context(), Try{Login: "name" + string(rune('a'+i)), Password: another, From: From{Address: office}}, h.at)
		if wait(err) > 0 {
			slowed++
		}
	}
	if slowed < 20 {
		t.Errorf("of 60 names %d were slowed down", slowed)
	}
	if _, err := h.SignIn(t.Context(), Try{Login: "somebody", Password: another, From: From{Address: "198.51.100.1"}}, h.at); wait(err) > 0 {
		t.Error("and so is another address")
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	h := openHouse(t)
	m := h.joins("chen", session.Supervisor)
	m.enters()
	m.known = ""
	h.at = h.at.Add(10 * time.Minute)
	code := m.code(h.at)
	give := func(code string) error {
		in, err := m.tries(passphrase)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.GiveCode(t.Context(), in.Session, code, From{Address: office}, h.now())
		return err
	}
	if err := give(code); err != nil {
		t.Fatal(err)
	}
	if err := give(code); !refused(err, RefusedCode) {
		t.Errorf("a second time: %v", err)
	}
	if err := give(m.code(h.at.Add(-time.Minute))); !refused(err, RefusedCode) {
		t.Errorf("an earlier one: %v", err)
	}
	if err := give(m.code(h.at.Add(5 * time.Minute))); !refused(err, RefusedCode) {
		t.Errorf("one that is to come: %v", err)
	}
	h.at = h.at.Add(10 * time.Minute)
	if err := give(m.code(h.at.Add(-codeLasts * time.Second))); err != nil {
		t.Errorf("from a clock that is slow by half a minute: %v", err)
	}
}

// Two requests with the same code at once: one is taken.
func TestACodeThatComesTwiceAtOnceIsTakenOnce(t *testing.T) {
	h := openHouse(t)
	m := h.joins("chen", session.Supervisor)
	m.enters()
	h.at = h.at.Add(10 * time.Minute)
	code, now := m.code(h.at), h.at
	var sessions []Session
	for range 4 {
		sessions = append(sessions, must(m.tries(passphrase)).Session)
	}
	var all sync.WaitGroup
	var taken atomic.Int64
	for _, s := range sessions {
		all.Go(func() {
			if _, err := h.GiveCode(t.Context(), s, code, From{Address: office, Known: m.known}, now); err == nil {
				taken.Add(1)
			}
		})
	}
	all.Wait()
	if taken.Load() != 1 {
		t.Errorf("it was taken %d times", taken.Load())
	}
}

func TestCodesAreNotToBeGuessed(t *testing.T) {
	h := openHouse(t)
	m := h.joins("chen", session.Supervisor)
	m.enters()
	m.known = ""
	h.at = h.at.Add(time.Minute)
	s := must(m.tries(passphrase)).Session
	looked, began := 0, h.at
	for h.at.Sub(began) < 50*time.Minute {
		_, err := h.GiveCode(t.Context(), s, "000000", From{Address: office}, h.now())
		switch {
		case wait(err) > 0:
			h.at = h.at.Add(min(wait(err), time.Minute))
		case refused(err, RefusedCode):
			looked++
		default:
			t.Fatal(err)
		}
	}
	if looked > 25 {
		t.Errorf("in 50 minutes %d guesses were looked at", looked)
	}
}

func TestARecoveryCodeIsGoodOnceInPlaceOfTheSecondFactor(t *testing.T) {
	h := openHouse(t)
	m := h.joins("chen", session.Supervisor)
	other := h.joins("qian", session.Supervisor)
	m.enters()
	other.enters()
	give := func(code string) error {
		_, err := h.GiveRecoveryCode(t.Context(), must(m.tries(passphrase)).Session, code, From{Address: office, Known: m.known}, h.now())
		return err
	}
	for _, code := range []string{"", "aaaa-bbbb-cccc-dddd", other.codes[0]} {
		if err := give(code); !refused(err, RefusedCode) {
			t.Errorf("%q: %v", code, err)
		}
	}
	h.at = h.at.Add(time.Hour)
	for _, code := range []string{m.codes[0], " " + m.codes[1][:4] + m.codes[1][5:]} {
		if err := give(code); err != nil {
			t.Errorf("the first time: %v", err)
		}
		if err := give(code); !refused(err, RefusedCode) {
			t.Errorf("the second time: %v", err)
		}
	}
	fresh := must(h.RecoveryCodes(t.Context(), m.enters().Session, h.now()))
	if err := give(m.codes[5]); !refused(err, RefusedCode) {
		t.Errorf("one of those before: %v", err)
	}
	if err := give(fresh[5]); err != nil {
		t.Errorf("one of the new ones: %v", err)
	}
}
