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

	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/events/pgtest"
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

// files are those that a place is kept in: without the WAL of PostgreSQL, which Destroy does not reach, or with it.
func files(t *testing.T, place string, wal bool) (files []string) {
	t.Helper()
	server := pgtest.Running()
	if server == nil || !pg.Is(place) {
		files, err := filepath.Glob(place + "*")
		if err != nil || len(files) < 2 {
			t.Fatalf("the database and its journal are %v, %v", files, err)
		}
		return files
	}
	if wal {
		return server.Files(t, "base", "global", "pg_wal")
	}
	return server.Files(t, "base", "global")
}

// holds tells which file of a place holds any 16 bytes of what should not be there.
func holds(t *testing.T, place string, wal bool, secrets ...[]byte) string {
	t.Helper()
	for _, file := range files(t, place, wal) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			for i := 0; i+16 <= len(secret); i += 16 {
				if bytes.Contains(content, secret[i:i+16]) {
					return filepath.Base(file)
				}
			}
		}
	}
	return ""
}

func TestADestroyedKeyLeavesNoTraceInTheFiles(t *testing.T) {
	path := pgtest.Place(t)
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
		if holds(t, path, false, r.wrapped) == "" {
			t.Fatal("the key is not in the files before it is destroyed: this test looks in the wrong place")
		}
		if err := db.Destroy(t.Context(), owner, someDay); err != nil {
			t.Fatal(err)
		}
		if file := holds(t, path, false, r.wrapped); file != "" {
			t.Fatalf("%s is still in %s", owner, file)
		}
	}
}

func TestADestroyedKeyIsForgottenAndTheOthersStay(t *testing.T) {
	path, root := pgtest.Place(t), NewRoot()
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
	path := pgtest.Place(t)
	db := openAt(t, path, NewRoot())
	if _, err := db.Sealing(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	_, wrapped, err := newKey(db.root, "client-1/2")
	if err != nil {
		t.Fatal(err)
	}
	for step, args := range map[string][]any{`UPDATE owners SET epoch = 2`: nil, `INSERT INTO keys VALUES ('client-1', 2, $1)`: {wrapped}} {
		if _, err := db.sql.ExecContext(t.Context(), step, args...); err != nil {
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
	db := openAt(t, pgtest.Place(t), NewRoot())
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
	path, root := pgtest.Place(t), NewRoot()
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

func TestOneWhoWaitsNoLongerDoesNotKeepTheOthersFromTheirKey(t *testing.T) {
	path, root := pgtest.Place(t), NewRoot()
	db, other := openAt(t, path, root), openAt(t, path, root)
	writing, err := other.sql.BeginTx(t.Context(), nil) // so that keys must wait
	if err != nil {
		t.Fatal(err)
	}
	if pg.Is(path) { // there, to begin is not to keep others out
		if _, err := writing.ExecContext(t.Context(), `LOCK TABLE owners IN EXCLUSIVE MODE`); err != nil {
			t.Fatal(err)
		}
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
