package keydb

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
)

const aLog = "0190a0b0-0000-7000-8000-000000000001"

// ward has keys of five people: the second is forgotten, the third has two.
func ward(t *testing.T, root RootKey) *DB {
	t.Helper()
	db := openAt(t, pgtest.Place(t), root)
	for n := range 5 {
		if _, err := db.Sealing(t.Context(), fmt.Sprintf("client-%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	_, wrapped, err := newKey(root, "client-2/2")
	if err == nil {
		_, err = db.sql.ExecContext(t.Context(), `INSERT INTO keys VALUES ('client-2', 2, $1)`, wrapped)
	}
	if err == nil {
		_, err = db.sql.ExecContext(t.Context(), `UPDATE owners SET epoch = 2 WHERE owner = 'client-2'`)
	}
	if err = errors.Join(err, db.Destroy(t.Context(), "client-1", someDay), db.Honour(t.Context(), aLog, 41)); err != nil {
		t.Fatal(err)
	}
	db.Drop("client-2")
	return db
}

func backup(t *testing.T, db *DB) []byte {
	t.Helper()
	var file bytes.Buffer
	held, err := db.Backup(t.Context(), aLog, &file)
	if err != nil {
		t.Fatal(err)
	}
	if _, found, err := Verify(bytes.NewReader(file.Bytes()), db.root); err != nil || found != held {
		t.Fatalf("written as %+v, it is read as %+v, %v", held, found, err)
	}
	return file.Bytes()
}

// digests are what the keys of the ward compute; one that is destroyed is "forgotten".
func digests(t *testing.T, db *DB) (all []string) {
	t.Helper()
	for _, id := range []string{"client-0/1", "client-1/1", "client-2/1", "client-2/2", "client-3/1", "client-4/1"} {
		key, err := db.Opening(t.Context(), id)
		switch {
		case errors.Is(err, sealed.ErrForgotten):
			all = append(all, "forgotten")
		case errors.Is(err, ErrMissing):
			all = append(all, "missing")
		case err != nil:
			t.Fatal(err)
		default:
			all = append(all, string(key.Digest([]byte("?"))))
		}
	}
	return all
}

func TestABackupBringsBackWhatWasLost(t *testing.T) {
	root := NewRoot()
	db := ward(t, root)
	file, want := backup(t, db), digests(t, db)
	if want[1] != "forgotten" || want[3] == "missing" {
		t.Fatalf("%q", want)
	}
	for name, r := range map[string]RootKey{"under its root key": root, "under a new root key": NewRoot()} {
		fresh := openAt(t, pgtest.Place(t), r)
		for round, is := range []Restored{{5, 0, 0}, {0, 5, 0}} {
			found, err := fresh.Restore(t.Context(), aLog, root, bytes.NewReader(file))
			if err != nil || found != is {
				t.Errorf("%s, round %d: %+v, %v", name, round, found, err)
			}
			if got := digests(t, fresh); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s the keys are %q, not %q", name, got, want)
			}
		}
		if key, err := fresh.Sealing(t.Context(), "client-2"); err != nil || key.ID != "client-2/2" {
			t.Errorf("%s the newest is %v, %v", name, key, err)
		}
		if at, err := fresh.Honoured(t.Context(), aLog); at != 41 || err != nil {
			t.Errorf("%s, the log was honoured up to %d, %v", name, at, err)
		}
	}
}

// Nobody who is forgotten comes back: neither who is forgotten here nor who is in the backup.
func TestABackupBringsNobodyBack(t *testing.T) {
	root := NewRoot()
	db := ward(t, root)
	old := backup(t, db)
	if err := errors.Join(db.Destroy(t.Context(), "client-2", someDay), db.Honour(t.Context(), aLog, 97)); err != nil {
		t.Fatal(err)
	}
	recent := backup(t, db)
	restores := func(db *DB, file []byte, want ...int) {
		t.Helper()
		if _, err := db.Restore(t.Context(), aLog, root, bytes.NewReader(file)); err != nil {
			t.Fatal(err)
		}
		for n, is := range digests(t, db) {
			forgotten := false
			for _, one := range want {
				forgotten = forgotten || one == n
			}
			if forgotten != (is == "forgotten") {
				t.Errorf("key %d is %q", n, is)
			}
		}
	}
	restores(db, old, 1, 2, 3)
	if at, err := db.Honoured(t.Context(), aLog); at != 41 || err != nil {
		t.Errorf("what came after the backup is not looked at again: honoured up to %d, %v", at, err)
	}
	fresh := openAt(t, pgtest.Place(t), root)
	restores(fresh, old, 1)
	restores(fresh, recent, 1, 2, 3)
	if epoch, err := fresh.Epoch(t.Context(), "client-2"); epoch != 2 || err != nil {
		t.Errorf("the epoch of who was forgotten is %d, %v", epoch, err)
	}
}

func TestABackupThatIsNotWholeOrNotOfHereChangesNothing(t *testing.T) {
	root := NewRoot()
	db := ward(t, root)
	file := backup(t, db)
	fresh := openAt(t, pgtest.Place(t), root)
	refused := func(what string, want error, log string, root RootKey, file []byte) {
		t.Helper()
		if found, err := fresh.Restore(t.Context(), log, root, bytes.NewReader(file)); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v", what, found, err)
		}
	}
	for n := range len(file) {
		changed := bytes.Clone(file)
		changed[n] ^= 1
		refused(fmt.Sprintf("with another byte at %d", n), nil, aLog, root, changed)
		refused(fmt.Sprintf("cut off at %d", n), ErrNoBackup, aLog, root, file[:n])
	}
	refused("with more behind it", ErrNoBackup, aLog, root, append(bytes.Clone(file), '\n'))
	lines := strings.SplitAfter(string(file), "\n")
	refused("without a person", ErrNoBackup, aLog, root, []byte(strings.Join(append(lines[:2:2], lines[3:]...), "")))
	refused("of another log", ErrOtherLog, "0190a0b0-0000-7000-8000-000000000002", root, file)
	refused("with another root key", ErrWrongRoot, aLog, NewRoot(), file)
	var left int
	if err := fresh.sql.QueryRow(`SELECT (SELECT count(*) FROM keys) + (SELECT count(*) FROM owners)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows are there, %v", left, err)
	}
	if _, err := fresh.Sealing(t.Context(), "client-4"); err != nil {
		t.Fatal(err)
	}
	refused("where there is another key", ErrOtherKey, aLog, root, file)
	if _, err := fresh.Opening(t.Context(), "client-0/1"); !errors.Is(err, ErrMissing) {
		t.Errorf("and some of it was brought back: %v", err)
	}
}
