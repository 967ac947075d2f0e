// Package sealedtest has keys in memory, for specs and tests.
package sealedtest

import (
	"context"
	"crypto/sha256"
	"sync"

	"github.com/casestream/casestream/events/sealed"
)

// Keys gives every owner a key that follows from the owner's name: the same in every run, and no secret.
type Keys struct {
	mu        sync.Mutex
	made      map[string]*sealed.Key
	forgotten map[string]bool
}

var _ sealed.Keys = (*Keys)(nil)

// Sealing is the key of an owner.
func (k *Keys) Sealing(_ context.Context, owner string) (*sealed.Key, error) {
	return k.key(owner)
}

// Opening is the key with an id.
func (k *Keys) Opening(_ context.Context, id string) (*sealed.Key, error) {
	return k.key(sealed.OwnerOf(id))
}

// Forget destroys an owner's key.
func (k *Keys) Forget(owner string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.forgotten == nil {
		k.forgotten = make(map[string]bool)
	}
	k.forgotten[owner] = true
}

func (k *Keys) key(owner string) (*sealed.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.forgotten[owner] {
		return nil, sealed.ErrForgotten
	}
	if key, ok := k.made[owner]; ok {
		return key, nil
	}
	secret := sha256.Sum256([]byte("sealedtest " + owner)) // what testdata of several packages is sealed with: never change it
	key, err := sealed.NewKey(owner+"/1", secret[:])
	if err != nil {
		return nil, err
	}
	if k.made == nil {
		k.made = make(map[string]*sealed.Key)
	}
	k.made[owner] = key
	return key, nil
}
