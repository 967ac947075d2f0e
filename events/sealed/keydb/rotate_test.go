package keydb

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
)

// rooted is a place with keys, and the file of its root key.
func rooted(t *testing.T) (place, path string) {
	t.Helper()
	place, path = pgtest.Place(t), filepath.Join(t.TempDir(), "root.key")
	root, _, err := LoadOrCreateRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	db := openAt(t, place, root)
	if err := db.Prepare(t.Context(), "client-1", "client-2", "client-3"); err != nil {
		t.Fatal(err)
	}
	if err := db.Destroy(t.Context(), "client-3", someDay); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return place, path
}

func current(t *testing.T, path string) RootKey {
	t.Helper()
	root, created, err := LoadOrCreateRoot(path)
	if err != nil || created {
		t.Fatalf("created %v, %v", created, err)
	}
	return root
}

// print tells by what they compute which keys there are.
func print(t *testing.T, db *DB) (sums [][]byte) {
	t.Helper()
	for _, owner := range []string{"client-1", "client-2"} {
		key, err := db.Opening(t.Context(), owner+"/1")
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, key.Digest([]byte("?")))
	}
	if _, err := db.Opening(t.Context(), "client-3/1"); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("who was forgotten: %v", err)
	}
	return sums
}

func TestAfterARotationTheKeysAreTheSameAndTheOldRootKeyOpensNothing(t *testing.T) {
	place, path := rooted(t)
	old := current(t, path)
	db := openAt(t, place, old)
	before := print(t, db)
	found, err := db.find(t.Context(), newest, "client-1")
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if keys, err := Rotate(t.Context(), place, path); err != nil || keys != 2 {
		t.Fatalf("%d keys, %v", keys, err)
	}
	fresh := current(t, path)
	if *fresh.secret == *old.secret {
		t.Error("the root key is the old one")
	}
	db = openAt(t, place, fresh)
	for i, sum := range print(t, db) {
		if !bytes.Equal(sum, before[i]) {
			t.Errorf("key %d is another", i)
		}
	}
	if _, err := Open(t.Context(), place, old); !errors.Is(err, ErrWrongRoot) {
		t.Errorf("with the old root key: %v", err)
	}
	if file := holds(t, place, false, found.wrapped); file != "" {
		t.Errorf("what the old one wrapped is still in %s", file)
	}
	if _, err := os.Stat(next(path)); err == nil {
		t.Error("the new one lies beside itself")
	}
}

// Killed at either place, a rotation leaves a root key that opens everything, and is done when asked again.
func TestARotationThatWasKilledIsFinished(t *testing.T) {
	for name, upTo := range map[string]func(t *testing.T, place, path string){
		"before the keys are wrapped": func(*testing.T, string, string) {},
		"before the file is in its place": func(t *testing.T, place, path string) {
			t.Helper()
			fresh, err := LoadRoot(next(path))
			if err != nil {
				t.Fatal(err)
			}
			db := openAt(t, place, current(t, path))
			if _, err := db.rewrap(t.Context(), fresh); err != nil {
				t.Fatal(err)
			}
			db.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			place, path := rooted(t)
			db := openAt(t, place, current(t, path))
			before := print(t, db)
			db.Close()
			if err := createRoot(next(path), NewRoot()); err != nil {
				t.Fatal(err)
			}
			upTo(t, place, path)
			for range 2 {
				if err := FinishRotation(t.Context(), place, path); err != nil {
					t.Fatal(err)
				}
			}
			db = openAt(t, place, current(t, path))
			if after := print(t, db); !bytes.Equal(after[0], before[0]) || !bytes.Equal(after[1], before[1]) {
				t.Error("the keys are others")
			}
			db.Close()
			if _, err := Rotate(t.Context(), place, path); err != nil {
				t.Fatal(err)
			}
			print(t, openAt(t, place, current(t, path)))
		})
	}
}

func TestARootKeyInTheEnvironmentIsNotRotated(t *testing.T) {
	place, path := rooted(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	t.Setenv(RootEnv, string(lines[len(lines)-1]))
	if _, err := Rotate(t.Context(), place, path); !errors.Is(err, ErrRootElsewhere) {
		t.Errorf("it says %v", err)
	}
}

func TestWhatWasHonouredIsRememberedForEachLogAndNeverGoesBack(t *testing.T) {
	db := openAt(t, pgtest.Place(t), NewRoot())
	for _, step := range []struct {
		log      string
		at, want uint64
	}{{"a", 0, 0}, {"a", 7, 7}, {"b", 3, 3}, {"a", 5, 7}, {"a", 9, 9}} {
		if err := db.Honour(t.Context(), step.log, step.at); err != nil {
			t.Fatal(err)
		}
		if at, err := db.Honoured(t.Context(), step.log); err != nil || at != step.want {
			t.Errorf("after %+v it is %d, %v", step, at, err)
		}
	}
	if at, err := db.Honoured(t.Context(), "c"); err != nil || at != 0 {
		t.Errorf("of a log that nobody knows it is %d, %v", at, err)
	}
}

func TestTheEpochOutlivesTheKey(t *testing.T) {
	db := openAt(t, pgtest.Place(t), NewRoot())
	if err := db.Prepare(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	for _, owner := range []string{"client-1", "client-2"} {
		if err := db.Destroy(t.Context(), owner, someDay); err != nil {
			t.Fatal(err)
		}
	}
	for owner, want := range map[string]int{"client-1": 1, "client-2": 0, "client-3": 0} {
		if epoch, err := db.Epoch(t.Context(), owner); err != nil || epoch != want {
			t.Errorf("%s: %d, %v", owner, epoch, err)
		}
	}
}
