package accounttest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
)

// Passkey is a small authenticator: one key (ES256), a counter, and whatever a page elsewhere could make it say.
type Passkey struct {
	testing.TB
	ID      []byte
	Counter uint32
	Origin  string // of the page that it is used on
	Flags   byte   // user present 1, verified 4

	key  *ecdsa.PrivateKey
	host string
}

// NewPasskey is one that was set up for nobody, on a page of an origin.
func NewPasskey(t testing.TB, origin string) *Passkey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, at, _ := strings.Cut(origin, "://")
	host, _, _ := strings.Cut(at, ":")
	return &Passkey{TB: t, key: key, ID: []byte(rand.Text()), Origin: origin, host: host, Flags: 1 | 4}
}

// small pieces of CBOR: strings, byte strings and maps of less than 24 pairs.
func cborText(s string) []byte { return append([]byte{0x60 + byte(len(s))}, s...) }

func cborBytes(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0x59}, uint16(len(b))), b...)
}

// client is what the browser signs together with the authenticator.
func (p *Passkey) client(kind string, options map[string]any) []byte {
	inner := options["publicKey"].(map[string]any)
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": inner["challenge"], "origin": p.Origin, "crossOrigin": false})
	if err != nil {
		p.Fatal(err)
	}
	return text
}

func (p *Passkey) data(more byte) []byte {
	p.Counter++
	rp := sha256.Sum256([]byte(p.host))
	return binary.BigEndian.AppendUint32(append(rp[:], p.Flags|more), p.Counter)
}

func (p *Passkey) answer(response map[string]any) []byte {
	text, err := json.Marshal(map[string]any{"id": b64(p.ID), "rawId": b64(p.ID), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		p.Fatal(err)
	}
	return text
}

// Creates answers navigator.credentials.create.
func (p *Passkey) Creates(options map[string]any) []byte {
	point, err := p.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		p.Fatal(err)
	}
	cose := bytes.Join([][]byte{{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}, cborBytes(point[1:33]), {0x22}, cborBytes(point[33:])}, nil)
	data := append(p.data(0x40), make([]byte, 16)...)
	data = append(append(binary.BigEndian.AppendUint16(data, uint16(len(p.ID))), p.ID...), cose...)
	object := bytes.Join([][]byte{{0xa3}, cborText("fmt"), cborText("none"), cborText("attStmt"), {0xa0}, cborText("authData"), cborBytes(data)}, nil)
	return p.answer(map[string]any{"clientDataJSON": b64(p.client("webauthn.create", options)), "attestationObject": b64(object)})
}

// Gets answers navigator.credentials.get.
func (p *Passkey) Gets(options map[string]any) []byte {
	data, client := p.data(0), p.client("webauthn.get", options)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, p.key, sum[:])
	if err != nil {
		p.Fatal(err)
	}
	return p.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(sig)})
}
