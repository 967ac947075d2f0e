package account

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/casestream/casestream/api/session"
)

const (
	origin = "https://cases.example"
	host   = "cases.example"
)

// passkey is a small authenticator: one key (ES256), a counter, and whatever a page elsewhere could make it say.
type passkey struct {
	testing.TB
	key     *ecdsa.PrivateKey
	id      []byte
	counter uint32
	origin  string
	flags   byte // user present 1, verified 4
}

func newPasskey(t testing.TB) *passkey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &passkey{TB: t, key: key, id: []byte(rand.Text()), origin: origin, flags: 1 | 4}
}

// small pieces of CBOR: strings, byte strings and maps of less than 24 pairs.
func cborText(s string) []byte { return append([]byte{0x60 + byte(len(s))}, s...) }
func cborBytes(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0x59}, uint16(len(b))), b...)
}

// client is what the browser signs together with the authenticator.
func (p *passkey) client(kind string, options map[string]any) []byte {
	inner := options["publicKey"].(map[string]any)
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": inner["challenge"], "origin": p.origin, "crossOrigin": false})
	if err != nil {
		p.Fatal(err)
	}
	return text
}

func (p *passkey) data(more byte) []byte {
	p.counter++
	rp := sha256.Sum256([]byte(host))
	return binary.BigEndian.AppendUint32(append(rp[:], p.flags|more), p.counter)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *passkey) answer(response map[string]any) []byte {
	text, err := json.Marshal(map[string]any{"id": b64(p.id), "rawId": b64(p.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		p.Fatal(err)
	}
	return text
}

// creates answers navigator.credentials.create.
func (p *passkey) creates(options map[string]any) []byte {
	point, err := p.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		p.Fatal(err)
	}
	cose := bytes.Join([][]byte{{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}, cborBytes(point[1:33]), {0x22}, cborBytes(point[33:])}, nil)
	data := append(p.data(0x40), make([]byte, 16)...)
	data = append(append(binary.BigEndian.AppendUint16(data, uint16(len(p.id))), p.id...), cose...)
	object := bytes.Join([][]byte{{0xa3}, cborText("fmt"), cborText("none"), cborText("attStmt"), {0xa0}, cborText("authData"), cborBytes(data)}, nil)
	return p.answer(map[string]any{"clientDataJSON": b64(p.client("webauthn.create", options)), "attestationObject": b64(object)})
}

// gets answers navigator.credentials.get.
func (p *passkey) gets(options map[string]any) []byte {
	data, client := p.data(0), p.client("webauthn.get", options)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, p.key, sum[:])
	if err != nil {
		p.Fatal(err)
	}
	return p.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(sig)})
}

// withPasskey is a supervisor whose second factor is a passkey.
func withPasskey(t *testing.T) (*house, *member, *passkey) {
	h := openHouse(t)
	if err := h.ReachedAt(origin); err != nil {
		t.Fatal(err)
	}
	m, p := h.joins("chen", session.Supervisor), newPasskey(t)
	s := must(m.tries(passphrase)).Session
	in, codes, err := h.ConfirmPasskey(t.Context(), s, p.creates(must(h.BeginPasskey(t.Context(), s, h.now()))), h.now())
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
		answer := p.gets(must(h.AskPasskey(t.Context(), in.Session, h.now())))
		done, err := h.GivePasskey(t.Context(), in.Session, answer, From{Address: office}, h.now())
		if err != nil || !h.sees(done.Token) || h.sees(in.Token) {
			t.Fatal(err)
		}
	}
}

func TestWhatAPasskeyDidNotSignForThisSignInIsRefused(t *testing.T) {
	h, m, p := withPasskey(t)
	another := newPasskey(t)
	another.id = p.id
	stranger := newPasskey(t)
	var replayed []byte
	for what, spoil := range map[string]func(options map[string]any) []byte{
		"another key under its id": another.gets,
		"a key of nobody":          stranger.gets,
		"signed for another page": func(options map[string]any) []byte {
			p.origin = "https://cases.example.evil"
			defer func() { p.origin = origin }()
			return p.gets(options)
		},
		"nobody showed who they are": func(options map[string]any) []byte {
			p.flags = 1
			defer func() { p.flags = 1 | 4 }()
			return p.gets(options)
		},
		"of a copy, whose counter went back": func(options map[string]any) []byte {
			now := p.counter
			p.counter = 0
			defer func() { p.counter = now }()
			return p.gets(options)
		},
		"another challenge": func(options map[string]any) []byte {
			options["publicKey"].(map[string]any)["challenge"] = b64(make([]byte, 32))
			return p.gets(options)
		},
		"nothing":  func(map[string]any) []byte { return []byte(`{}`) },
		"no JSON":  func(map[string]any) []byte { return []byte(`<`) },
		"an older": func(map[string]any) []byte { return replayed },
	} {
		s := must(m.tries(passphrase)).Session
		right := p.gets(must(h.AskPasskey(t.Context(), s, h.now())))
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
	late := p.gets(must(h.AskPasskey(t.Context(), s, h.now())))
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
	if _, _, err := h.ConfirmPasskey(t.Context(), s, newPasskey(t).creates(map[string]any{"publicKey": map[string]any{"challenge": ""}}), h.now()); !refused(err, RefusedNeedsCode) {
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
