package keydb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/casestream/casestream/events/sealed"
)

var someDay = time.Date(2012, 11, 5, 1, 2, 3, 0, time.UTC)

func openAt(t *testing.T, path string, root RootKey) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// holds tells which file beside the database holds any 16 bytes of what should not be there.
func holds(t *testing.T, path string, secret []byte) string {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("the database and its journal are %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+16 <= len(secret); i += 16 {
			if bytes.Contains(content, secret[i:i+16]) {
				return filepath.Base(file)
			}
		}
	}
	return ""
}

func TestADestroyedKeyLeavesNoTraceInTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	db := openAt(t, path, NewRoot())
	var owners []string
	for i := range 400 { // enough for pages to be split, so that rows have been moved
		owners = append(owners, fmt.Sprintf("client-%d", i*7919%400))
	}
	if err := db.Prepare(t.Context(), owners...); err != nil {
		t.Fatal(err)
	}
	for _, owner := range owners[:40] {
		r, err := db.find(t.Context(), newest, owner)
		if err != nil {
			t.Fatal(err)
		}
		if holds(t, path, r.wrapped) == "" {
			t.Fatal("the key is not in the files before it is destroyed: this test looks in the wrong place")
		}
		if err := db.Destroy(t.Context(), owner, someDay); err != nil {
			t.Fatal(err)
		}
		if file := holds(t, path, r.wrapped); file != "" {
			t.Fatalf("%s is still in %s", owner, file)
		}
	}
}

func TestADestroyedKeyIsForgottenAndTheOthersStay(t *testing.T) {
	path, root := filepath.Join(t.TempDir(), "keys.db"), NewRoot()
	db := openAt(t, path, root)
	if err := db.Prepare(t.Context(), "client-1", "client-2"); err != nil {
		t.Fatal(err)
	}
	if err := db.Destroy(t.Context(), "client-1", someDay); err != nil {
		t.Fatal(err)
	}
	for _, db := range []*DB{db, openAt(t, path, root)} {
		if _, err := db.Sealing(t.Context(), "client-1"); !errors.Is(err, sealed.ErrForgotten) {
			t.Errorf("sealing for a forgotten person: %v", err)
		}
		if _, err := db.Opening(t.Context(), "client-1/1"); !errors.Is(err, sealed.ErrForgotten) {
			t.Errorf("opening what a forgotten person said: %v", err)
		}
		if _, err := db.Opening(t.Context(), "client-2/1"); err != nil {
			t.Errorf("the other person: %v", err)
		}
	}
}

func TestDestroyTakesEveryEpoch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	db := openAt(t, path, NewRoot())
	if _, err := db.Sealing(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	_, wrapped, err := newKey(db.root, "client-1/2")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{`UPDATE owners SET epoch = 2`, `INSERT INTO keys VALUES ('client-1', 2, $1)`} {
		if _, err := db.sql.ExecContext(t.Context(), step, wrapped); err != nil {
			t.Fatal(err)
		}
	}
	db.Drop("client-1")
	if err := db.Prepare(t.Context(), "client-1"); err != nil { // makes nothing older the newest
		t.Fatal(err)
	}
	db.Drop("client-1")
	if key, err := db.Sealing(t.Context(), "client-1"); err != nil || key.ID != "client-1/2" {
		t.Fatalf("the newest key is %v, %v", key, err)
	}
	if _, err := db.Opening(t.Context(), "client-1/1"); err != nil {
		t.Fatalf("an older key: %v", err)
	}
	if err := db.Destroy(t.Context(), "client-1", someDay); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"client-1/1", "client-1/2"} {
		if _, err := db.Opening(t.Context(), id); !errors.Is(err, sealed.ErrForgotten) {
			t.Errorf("%s: %v", id, err)
		}
	}
	var left int
	if err := db.sql.QueryRow(`SELECT count(*) FROM keys`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d keys are left, %v", left, err)
	}
}

func TestTheTombstoneKeepsTheFirstTime(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "keys.db"), NewRoot())
	if _, ok, err := db.Forgotten(t.Context(), "client-1"); ok || err != nil {
		t.Fatalf("forgotten before anything: %v, %v", ok, err)
	}
	for _, at := range []time.Time{someDay, someDay.Add(time.Hour)} {
		if err := db.Destroy(t.Context(), "client-1", at); err != nil {
			t.Fatal(err)
		}
	}
	since, ok, err := db.Forgotten(t.Context(), "client-1")
	if !ok || err != nil || !since.Equal(someDay) {
		t.Errorf("forgotten since %s, %v, %v", since, ok, err)
	}
}

func TestAnotherProcessForgetsWhenItIsTold(t *testing.T) {
	path, root := filepath.Join(t.TempDir(), "keys.db"), NewRoot()
	here, there := openAt(t, path, root), openAt(t, path, root)
	if _, err := there.Sealing(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	if err := here.Destroy(t.Context(), "client-1", someDay); err != nil {
		t.Fatal(err)
	}
	there.Drop("client-1")
	if _, err := there.Sealing(t.Context(), "client-1"); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("sealing: %v", err)
	}
	if _, err := there.Opening(t.Context(), "client-1/1"); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("opening: %v", err)
	}
}

func TestDestroyWaitsForAReaderBeforeItSaysThatNoTraceIsLeft(t *testing.T) {
	path, root := filepath.Join(t.TempDir(), "keys.db"), NewRoot()
	db, other := openAt(t, path, root), openAt(t, path, root)
	if _, err := db.Sealing(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	found, err := db.find(t.Context(), newest, "client-1")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := other.sql.Query(`SELECT owner FROM owners`)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- db.Destroy(t.Context(), "client-1", someDay) }()
	for { // until the tombstone is there: Destroy then stands before the journal
		if _, gone, err := db.Forgotten(t.Context(), "client-1"); err != nil {
			t.Fatal(err)
		} else if gone {
			break
		}
	}
	select {
	case err := <-done:
		t.Fatalf("Destroy returned %v while a reader held the journal", err)
	default:
	}
	rows.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if file := holds(t, path, found.wrapped); file != "" {
		t.Errorf("the key is still in %s", file)
	}
}

func TestOneWhoWaitsNoLongerDoesNotKeepTheOthersFromTheirKey(t *testing.T) {
	path, root := filepath.Join(t.TempDir(), "keys.db"), NewRoot()
	db, other := openAt(t, path, root), openAt(t, path, root)
	writing, err := other.sql.BeginTx(t.Context(), nil) // so that keys must wait
	if err != nil {
		t.Fatal(err)
	}
	waits, giveUp := context.WithCancel(t.Context())
	told := make(chan error)
	go func() { _, err := db.Sealing(waits, "client-1"); told <- err }()
	for making := false; !making; runtime.Gosched() {
		db.mu.Lock()
		making = db.making
		db.mu.Unlock()
	}
	giveUp()
	if err := <-told; !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up is told %v", err)
	}
	if err := writing.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Sealing(t.Context(), "client-1"); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	c := newCache(3)
	for i := range 10 {
		c.put(c.asOf(), "o", nil, fmt.Sprint(i))
		c.get("0") // used all the time: stays
	}
	kept := 0
	for i := range 10 {
		if _, ok := c.get(fmt.Sprint(i)); ok {
			kept++
		}
	}
	if _, ok := c.get("0"); !ok || kept != 3 || c.order.Len() != len(c.under) {
		t.Errorf("keeps %d, the one in use: %v", kept, ok)
	}
}

func TestASlowReaderDoesNotBringBackADestroyedKey(t *testing.T) {
	c := newCache(3)
	asOf := c.asOf()
	c.drop("client-1")
	c.put(asOf, "client-1", nil, "client-1", "client-1/1")
	if _, ok := c.get("client-1/1"); ok {
		t.Error("the key is back")
	}
}
