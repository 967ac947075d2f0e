package keydb

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/casestream/casestream/events/sealed"
)

// A wrapped key is: algorithm (1 byte), nonce (12), box (32 + 16). The box is AES-256-GCM under the root key; the
// additional data is the key's id, so that one row cannot pass for another.
const wrapping = 1

var errDamaged = errors.New("the wrapped key is damaged")

func newKey(root RootKey, id string) (key *sealed.Key, wrapped []byte, err error) {
	secret := make([]byte, 32)
	defer clear(secret)
	rand.Read(secret) // never fails: it ends the process instead
	if key, err = sealed.NewKey(id, secret); err != nil {
		return nil, nil, err
	}
	wrapped, err = wrap(root, id, secret)
	return key, wrapped, err
}

func wrap(root RootKey, id string, secret []byte) ([]byte, error) {
	aead, err := root.aead()
	if err != nil {
		return nil, err
	}
	wrapped := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(secret)+aead.Overhead())
	wrapped[0] = wrapping
	rand.Read(wrapped[1:])
	return aead.Seal(wrapped, wrapped[1:], secret, []byte(id)), nil
}

func unwrap(root RootKey, id string, wrapped []byte) (*sealed.Key, error) {
	secret, err := unwrapSecret(root, id, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	return sealed.NewKey(id, secret)
}

func unwrapSecret(root RootKey, id string, wrapped []byte) ([]byte, error) {
	aead, err := root.aead()
	if err != nil {
		return nil, err
	}
	head := 1 + aead.NonceSize()
	if len(wrapped) < head || wrapped[0] != wrapping {
		return nil, errDamaged
	}
	secret, err := aead.Open(nil, wrapped[1:head], wrapped[head:], []byte(id))
	if err != nil {
		return nil, errDamaged
	}
	return secret, nil
}

func (k RootKey) aead() (cipher.AEAD, error) {
	if k.secret == nil {
		return nil, fmt.Errorf("no root key was given")
	}
	block, err := aes.NewCipher(k.secret[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
