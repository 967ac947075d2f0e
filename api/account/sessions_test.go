package account

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func newUUID() uuid.UUID { return uuid.New() }

func TestASessionLastsAnHourIdleAndTwelveInAnyCase(t *testing.T) {
	h := openHouse(t)
	m := h.joins("li", session.Worker)
	in := m.enters()
	began := in.Session.SignedIn
	for h.at.Before(began.Add(Longest - Idle/2)) {
		h.at = h.at.Add(Idle - time.Minute)
		if want := h.at.Add(time.Second).Before(began.Add(Longest)); h.sees(in.Token) != want {
			t.Fatalf("after %s: %v", h.at.Sub(began), !want)
		}
	}
	h.at = began.Add(Longest)
	if h.sees(in.Token) {
		t.Error("after twelve hours it still goes on")
	}
	in = m.enters()
	h.at = h.at.Add(Idle)
	if h.sees(in.Token) {
		t.Error("after an idle hour it still goes on")
	}
}

// To the microsecond, also when it was looked up just before and nothing has changed since.
func TestASessionEndsToTheMoment(t *testing.T) {
	h := openHouse(t)
	m := h.joins("li", session.Worker)
	in := m.enters()
	seen := in.Session.Seen
	for _, last := range []time.Time{seen, seen.Add(Idle - time.Microsecond)} { // asked twice, the second time from memory
		for range 2 {
			if _, err := h.Session(t.Context(), in.Token, last); err != nil {
				t.Errorf("%s after it was used: %v", last.Sub(seen), err)
			}
		}
	}
	if _, err := h.Session(t.Context(), in.Token, seen.Add(Idle)); !errors.Is(err, ErrUnknown) {
		t.Errorf("after an idle hour: %v", err)
	}
	s := in.Session
	end := s.SignedIn.Add(Longest)
	for now := seen; now.Before(end); now = now.Add(Idle / 2) {
		found, err := h.Session(t.Context(), in.Token, now)
		if err != nil {
			t.Fatalf("after %s: %v", now.Sub(seen), err)
		}
		if err := h.Used(t.Context(), found, now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Session(t.Context(), in.Token, end.Add(-time.Microsecond)); err != nil {
		t.Errorf("just before twelve hours: %v", err)
	}
	if _, err := h.Session(t.Context(), in.Token, end); !errors.Is(err, ErrUnknown) {
		t.Errorf("after twelve hours: %v", err)
	}
}

// Whatever happened before: a session is good exactly while its account is and nobody ended it.
func TestWhatIsRevokedIsNotGoodForAnotherRequest(t *testing.T) {
	h := openHouse(t)
	beside := must(Open(t.Context(), h.place, h.keys)) // another process
	defer beside.Close()
	beside.hashing = h.hashing
	m := h.joins("li", session.Worker)
	rapid.Check(t, func(t *rapid.T) {
		good := map[string]Session{}
		for range rapid.IntRange(1, 4).Draw(t, "devices") {
			in := m.enters()
			good[in.Token] = in.Session
		}
		var mine string
		var all []string
		for mine = range good {
			if !h.sees(mine) { // and it is remembered
				t.Fatal("it is not good at all")
			}
			all = append(all, mine)
		}
		who := h.Accounts
		if rapid.Bool().Draw(t, "in another process") {
			who = beside
		}
		ended := rapid.SampledFrom([]string{"signed out", "one elsewhere", "everywhere", "by the administrator", "password"}).Draw(t, "how")
		switch ended {
		case "signed out":
			if err := who.SignOut(t.Context(), good[mine], h.now()); err != nil {
				t.Fatal(err)
			}
			delete(good, mine)
		case "one elsewhere":
			for token, s := range good {
				if err := who.SignOutElsewhere(t.Context(), good[mine], s.ID, h.now()); err != nil {
					t.Fatal(err)
				}
				delete(good, token)
				break
			}
		case "everywhere":
			if err := who.SignOutEverywhere(t.Context(), good[mine], h.now()); err != nil {
				t.Fatal(err)
			}
			good = nil
		case "by the administrator":
			if err := who.Revoke(t.Context(), terminal, m.ID, h.now()); err != nil {
				t.Fatal(err)
			}
			good = nil
		case "password":
			if err := who.ChangePassword(t.Context(), good[mine], passphrase, passphrase, From{Address: office}, h.now()); err != nil {
				t.Fatal(err)
			}
			good = map[string]Session{mine: good[mine]}
		}
		for _, token := range all {
			if h.sees(token) != (good[token].ID != uuid.Nil) {
				t.Fatalf("%s: it is good: %v", ended, good[token].ID == uuid.Nil)
			}
		}
		if listed := must(h.Accounts.Sessions(t.Context(), m.ID, h.now())); len(listed) != len(good) {
			t.Fatalf("%s: %d are listed, %d are good", ended, len(listed), len(good))
		}
		if err := h.Revoke(t.Context(), terminal, m.ID, h.now()); err != nil && !errors.Is(err, ErrUnknown) {
			t.Fatal(err)
		}
	})
}

func TestASessionOfSomeoneElseCannotBeEnded(t *testing.T) {
	h := openHouse(t)
	mine, theirs := h.joins("li", session.Worker).enters(), h.joins("sun", session.Worker).enters()
	if err := h.SignOutElsewhere(t.Context(), mine.Session, theirs.Session.ID, h.now()); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v", err)
	}
	if err := h.SignOutElsewhere(t.Context(), mine.Session, newUUID(), h.now()); !errors.Is(err, ErrUnknown) {
		t.Errorf("one that is not there: %v", err)
	}
	if !h.sees(theirs.Token) {
		t.Error("it ended")
	}
}

func TestWhatKeepsTheAccountIsDoneOnlyShortlyAfterSigningIn(t *testing.T) {
	h := openHouse(t)
	m := h.joins("chen", session.Supervisor)
	in := m.enters()
	h.at = h.at.Add(Fresh)
	s := must(h.Session(t.Context(), in.Token, h.now()))
	if _, err := h.BeginAuthenticator(t.Context(), s, h.now()); !refused(err, RefusedStale) {
		t.Errorf("another authenticator: %v", err)
	}
	if _, err := h.RecoveryCodes(t.Context(), s, h.now()); !refused(err, RefusedStale) {
		t.Errorf("recovery codes: %v", err)
	}
}

// Whoever has the files without the keys learns no name, and can use nothing that is there.
func TestTheFilesHoldNoNameAndNothingToSignInWith(t *testing.T) {
	h := openHouse(t)
	m := h.joins("zhangminzhangmin", session.Supervisor)
	in := m.enters()
	raw := must(base64.RawURLEncoding.DecodeString(in.Token))
	files, err := filepath.Glob(h.place + "*")
	if server := pgtest.Running(); server != nil {
		files = server.Files(t, "base", "pg_wal")
	}
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	kept := false
	for _, file := range files {
		content := must(os.ReadFile(file))
		kept = kept || bytes.Contains(content, digestOf(in.Token))
		for what, part := range map[string][]byte{
			"the name": []byte(m.login), "the password": []byte(passphrase), "the session": []byte(in.Token), "its bytes": raw,
			"the secret": []byte(m.secret), "a recovery code": []byte(m.codes[0]), "the device": []byte(in.Known), "the address": []byte(office),
		} {
			if bytes.Contains(content, part) {
				t.Errorf("%s is in %s", what, filepath.Base(file))
			}
		}
	}
	if !kept {
		t.Error("the digest of the session is not where this test looks")
	}
}
