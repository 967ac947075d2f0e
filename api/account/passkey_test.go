package account

import (
	"encoding/base64"
	"testing"

	"github.com/casestream/casestream/api/account/accounttest"
	"github.com/casestream/casestream/api/session"
)

const origin = "https://cases.example"

// withPasskey is a supervisor whose second factor is a passkey.
func withPasskey(t *testing.T) (*house, *member, *accounttest.Passkey) {
	h := openHouse(t)
	if err := h.ReachedAt(origin); err != nil {
		t.Fatal(err)
	}
	m, p := h.joins("chen", session.Supervisor), accounttest.NewPasskey(t, origin)
	s := must(m.tries(passphrase)).Session
	in, codes, err := h.ConfirmPasskey(t.Context(), s, p.Creates(must(h.BeginPasskey(t.Context(), s, h.now()))), h.now())
	if err != nil || !h.sees(in.Token) || len(codes) != recoveryCodes {
		t.Fatal(err, codes)
	}
	m.known = in.Known
	return h, m, p
}

func TestAPasskeyIsASecondFactor(t *testing.T) {
	h, m, p := withPasskey(t)
	for range 3 {
		in := must(m.tries(passphrase))
		if in.Session.Missing != RefusedNeedsCode || h.sees(in.Token) {
			t.Fatalf("after the password: %q", in.Session.Missing)
		}
		answer := p.Gets(must(h.AskPasskey(t.Context(), in.Session, h.now())))
		done, err := h.GivePasskey(t.Context(), in.Session, answer, From{Address: office}, h.now())
		if err != nil || !h.sees(done.Token) || h.sees(in.Token) {
			t.Fatal(err)
		}
	}
}

func TestWhatAPasskeyDidNotSignForThisSignInIsRefused(t *testing.T) {
	h, m, p := withPasskey(t)
	another := accounttest.NewPasskey(t, origin)
	another.ID = p.ID
	stranger := accounttest.NewPasskey(t, origin)
	var replayed []byte
	for what, spoil := range map[string]func(options map[string]any) []byte{
		"another key under its id": another.Gets,
		"a key of nobody":          stranger.Gets,
		"signed for another page": func(options map[string]any) []byte {
			p.Origin = "https://cases.example.evil"
			defer func() { p.Origin = origin }()
			return p.Gets(options)
		},
		"nobody showed who they are": func(options map[string]any) []byte {
			p.Flags = 1
			defer func() { p.Flags = 1 | 4 }()
			return p.Gets(options)
		},
		"of a copy, whose counter went back": func(options map[string]any) []byte {
			now := p.Counter
			p.Counter = 0
			defer func() { p.Counter = now }()
			return p.Gets(options)
		},
		"another challenge": func(options map[string]any) []byte {
			options["publicKey"].(map[string]any)["challenge"] = base64.RawURLEncoding.EncodeToString(make([]byte, 32))
			return p.Gets(options)
		},
		"nothing":  func(map[string]any) []byte { return []byte(`{}`) },
		"no JSON":  func(map[string]any) []byte { return []byte(`<`) },
		"an older": func(map[string]any) []byte { return replayed },
	} {
		s := must(m.tries(passphrase)).Session
		right := p.Gets(must(h.AskPasskey(t.Context(), s, h.now())))
		if _, err := h.GivePasskey(t.Context(), s, right, From{Address: office, Known: m.known}, h.now()); err != nil {
			t.Fatalf("before %s: %v", what, err)
		}
		replayed = right
		s = must(m.tries(passphrase)).Session
		answer := spoil(must(h.AskPasskey(t.Context(), s, h.now())))
		if _, err := h.GivePasskey(t.Context(), s, answer, From{Address: office, Known: m.known}, h.now()); !refused(err, RefusedCode) {
			t.Errorf("%s: %v", what, err)
		}
	}
	s := must(m.tries(passphrase)).Session
	asks := must(h.AskPasskey(t.Context(), s, h.now()))
	if _, err := h.GivePasskey(t.Context(), s, another.Gets(asks), From{Address: office, Known: m.known}, h.now()); !refused(err, RefusedCode) {
		t.Errorf("%v", err)
	}
	if _, err := h.GivePasskey(t.Context(), s, p.Gets(asks), From{Address: office, Known: m.known}, h.now()); !refused(err, RefusedCode) {
		t.Errorf("a challenge that was answered wrongly, rightly then: %v", err)
	}
	late := p.Gets(must(h.AskPasskey(t.Context(), s, h.now())))
	h.at = h.at.Add(challengeLasts)
	if _, err := h.GivePasskey(t.Context(), s, late, From{Address: office, Known: m.known}, h.now()); !refused(err, RefusedCode) {
		t.Errorf("after five minutes: %v", err)
	}
}

func TestWhoHasThePasswordAloneSetsUpNoPasskey(t *testing.T) {
	h, m, _ := withPasskey(t)
	s := must(m.tries(passphrase)).Session
	if _, err := h.BeginPasskey(t.Context(), s, h.now()); !refused(err, RefusedNeedsCode) {
		t.Errorf("%v", err)
	}
	if _, _, err := h.ConfirmPasskey(t.Context(), s, accounttest.NewPasskey(t, origin).Creates(map[string]any{"publicKey": map[string]any{"challenge": ""}}), h.now()); !refused(err, RefusedNeedsCode) {
		t.Errorf("%v", err)
	}
}

func TestPasskeysNeedToKnowWhereTheyAre(t *testing.T) {
	h := openHouse(t)
	for at, good := range map[string]bool{
		"https://cases.example": true, "http://localhost:8080": true, "http://cases.example": false, "cases.example": false, "": false, "https://cases.example/x": false,
	} {
		if err := h.ReachedAt(at); (err == nil) != good {
			t.Errorf("%s: %v", at, err)
		}
	}
	none := openHouse(t)
	s := must(none.joins("chen", session.Supervisor).tries(passphrase)).Session
	if _, err := none.BeginPasskey(t.Context(), s, none.now()); !refused(err, RefusedNoPasskeys) {
		t.Errorf("%v", err)
	}
}
