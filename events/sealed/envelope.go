package sealed

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// An envelope is one line that says how to open itself:
//
//	algorithm . class . field as first written . key id . event id . base64url(nonce, box)
//
// The box is AES-256-GCM over the JSON of the value; the additional data binds every other part and the stream.
// The field name travels inside, so that an upcast may rename a field and a view may copy it.
const algorithm = "1" // AES-256-GCM, 96-bit random nonce, 128-bit tag

const parts = 6

// Keys hands out keys. A new one is durable before Sealing returns it, because a value outlives a crash
// only if its key does.
type Keys interface {
	// Sealing is the key of an owner (a stream such as client-uuid), made when there is none yet.
	// Of a forgotten owner it is ErrForgotten.
	Sealing(ctx context.Context, owner string) (*Key, error)
	// Opening is the key with an id. One that was destroyed is ErrForgotten.
	Opening(ctx context.Context, id string) (*Key, error)
}

// OwnerOf is whose key an id names.
func OwnerOf(id string) string {
	owner, _, _ := strings.Cut(id, "/")
	return owner
}

// Key is one person's (or one stream's) key.
type Key struct {
	ID   string // the owner and an epoch: client-uuid/1
	aead cipher.AEAD
	mac  []byte
}

// NewKey makes a key ready for use from 32 secret bytes.
func NewKey(id string, secret []byte) (*Key, error) {
	if len(secret) != 32 {
		return nil, fmt.Errorf("a key has 32 bytes, not %d", len(secret))
	}
	if id == "" || !isPath(id) {
		return nil, fmt.Errorf("a key id is an owner and an epoch: client-uuid/1")
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	mac, err := hkdf.Key(sha256.New, secret, nil, "casestream command digest", 32)
	if err != nil {
		return nil, err
	}
	return &Key{ID: id, aead: aead, mac: mac}, nil
}

// Digest tells two commands apart without revealing either to those who do not hold the key. 16 bytes.
func (k *Key) Digest(pieces ...[]byte) []byte {
	h := hmac.New(sha256.New, k.mac)
	var size [8]byte
	for _, piece := range pieces {
		binary.BigEndian.PutUint64(size[:], uint64(len(piece)))
		h.Write(size[:])
		h.Write(piece)
	}
	return h.Sum(nil)[:16]
}

// sealer closes the values of one fact under one key.
type sealer struct {
	key   *Key
	place Place
}

func (s sealer) seal(class Class, field string, plain []byte) (string, error) {
	if !class.sealed() {
		return "", fmt.Errorf("a personal field needs a class from S1 to S3, not %q", string(class))
	}
	if !isPath(field) {
		return "", fmt.Errorf("the name of a personal field is made of letters, digits, - and _")
	}
	r := room.Get().(*rooms)
	defer room.Put(r)
	line := append(append(r.line[:0], algorithm+"."...), class...)
	line = append(append(line, '.'), field...)
	line = append(append(line, '.'), s.key.ID...)
	line = append(append(line, '.'), s.place.Event.String()...)
	r.bound = bound(r.bound[:0], line, s.place.Stream)
	nonce := slices.Grow(r.box[:0], s.key.aead.NonceSize()+len(plain)+s.key.aead.Overhead())[:s.key.aead.NonceSize()]
	rand.Read(nonce) // never fails: it ends the process instead
	r.box = s.key.aead.Seal(nonce, nonce, plain, r.bound)
	r.line = base64.RawURLEncoding.AppendEncode(append(line, '.'), r.box)
	return string(r.line), nil
}

// rooms are where an envelope is made, used again: the garbage of many notes is work for the collector. What is in them
// is closed.
type rooms struct{ line, bound, box []byte }

var room = sync.Pool{New: func() any { return new(rooms) }}

var strict = base64.RawURLEncoding.Strict() // another text for the same bytes is none of ours

func unseal(ctx context.Context, keys Keys, stream, box string) ([]byte, error) {
	if isEmpty(box) {
		return nil, ErrEmptied
	}
	piece := strings.SplitN(box, ".", parts)
	if len(piece) != parts || piece[0] != algorithm {
		return nil, ErrTampered
	}
	line := piece[parts-1]
	head := box[:len(box)-len(line)-1]
	room := make([]byte, 0, base64.RawURLEncoding.DecodedLen(len(line))+len(head)+1+len(stream))
	raw, err := strict.AppendDecode(room, []byte(line))
	if err != nil {
		return nil, ErrTampered
	}
	key, err := keys.Opening(ctx, piece[3])
	if err != nil {
		return nil, err
	}
	if len(raw) < key.aead.NonceSize() {
		return nil, ErrTampered
	}
	nonce, closed := raw[:key.aead.NonceSize()], raw[key.aead.NonceSize():]
	plain, err := key.aead.Open(closed[:0], nonce, closed, bound(raw[len(raw):], head, stream)) // in its place
	if err != nil {
		return nil, ErrTampered
	}
	return plain, nil
}

// bound appends the additional data. No part has a line break, so that nothing of the head can pass for the stream.
func bound[S string | []byte](to []byte, head S, stream string) []byte {
	return append(append(append(to, head...), '\n'), stream...)
}

// headOf is the class and the field that an envelope names.
func headOf(box string) (class Class, field string) {
	_, rest, _ := strings.Cut(box, ".")
	said, rest, _ := strings.Cut(rest, ".")
	field, _, _ = strings.Cut(rest, ".")
	return Class(said), field
}

// isEnvelope looks at the form alone, and strictly: what passes is written again as the same bytes.
func isEnvelope(line string) bool {
	var piece [parts]string
	for i := range parts - 1 {
		var found bool
		if piece[i], line, found = strings.Cut(line, "."); !found {
			return false
		}
	}
	return piece[0] == algorithm && Class(piece[1]).sealed() && isPath(piece[2]) &&
		piece[3] != "" && isPath(piece[3]) && isID(piece[4]) && isBase64(line)
}

// isID admits an id as we write it, in small letters.
func isID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// isPath admits what needs no escape in JSON or HTML and has no dot: names, ids and slashes.
func isPath(text string) bool {
	for i := range len(text) {
		if c := text[i]; !letters[c] && c != '/' {
			return false
		}
	}
	return true
}

func isBase64(text string) bool {
	for i := range len(text) {
		if !letters[text[i]] {
			return false
		}
	}
	return len(text)%4 != 1
}

// letters are those of base64url.
var letters = func() (is [256]bool) {
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		is[c] = true
	}
	return is
}()
