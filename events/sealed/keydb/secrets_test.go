package keydb

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
)

func TestNeitherKeysNorTheRootKeyAreEverInTheFiles(t *testing.T) {
	path, root := pgtest.Place(t), NewRoot()
	db := openAt(t, path, root)
	forms := [][]byte{root.secret[:], []byte(hex.EncodeToString(root.secret[:]))}
	var wrapped []byte
	for i := range 50 {
		owner := fmt.Sprintf("client-%d", i)
		if _, err := db.Sealing(t.Context(), owner); err != nil {
			t.Fatal(err)
		}
		r, err := db.find(t.Context(), newest, owner)
		if err != nil {
			t.Fatal(err)
		}
		aead, _ := root.aead()
		secret, err := aead.Open(nil, r.wrapped[1:13], r.wrapped[13:], []byte(owner+"/1"))
		if err != nil || len(secret) != 32 {
			t.Fatalf("the row is not a wrapped key: %v", err)
		}
		wrapped = r.wrapped
		forms = append(forms, secret, []byte(hex.EncodeToString(secret)), []byte(base64.StdEncoding.EncodeToString(secret)))
	}
	if holds(t, path, true, wrapped) == "" {
		t.Fatal("the wrapped key is in no file: this test looks in the wrong place")
	}
	if file := holds(t, path, true, forms...); file != "" {
		t.Fatalf("a key, or the root key, is in %s", file)
	}
}

func TestAnotherRootKeyIsFoundOutAtOpen(t *testing.T) {
	path, root, another := pgtest.Place(t), NewRoot(), NewRoot()
	openAt(t, path, root).Close()
	_, err := Open(t.Context(), path, another)
	if !errors.Is(err, ErrWrongRoot) {
		t.Fatalf("opened with another root key: %v", err)
	}
	for _, want := range []string{root.Fingerprint(), another.Fingerprint(), "root.key"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %s: %v", want, err)
		}
	}
	openAt(t, path, root) // and nothing was changed
}

func TestNoRootKeyOpensNothing(t *testing.T) {
	path := pgtest.Place(t)
	if _, err := Open(t.Context(), path, RootKey{}); err == nil {
		t.Fatal("opened without a root key")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("and left a file")
	}
}

func TestARowThatWasPutInAnothersPlaceIsDamaged(t *testing.T) {
	db := openAt(t, pgtest.Place(t), NewRoot())
	if err := db.Prepare(t.Context(), "client-1", "client-2"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.sql.Exec(`UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE owner = 'client-2') WHERE owner = 'client-1'`); err != nil {
		t.Fatal(err)
	}
	db.Drop("client-1")
	if _, err := db.Opening(t.Context(), "client-1/1"); !errors.Is(err, errDamaged) {
		t.Errorf("another's key was given: %v", err)
	}
}

func TestARowThatWasChangedIsDamaged(t *testing.T) {
	root := NewRoot()
	_, wrapped, err := newKey(root, "client-1/1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unwrap(root, "client-1/1", wrapped); err != nil {
		t.Fatal(err)
	}
	for i := range wrapped {
		bad := bytes.Clone(wrapped)
		bad[i] ^= 1
		if _, err := unwrap(root, "client-1/1", bad); !errors.Is(err, errDamaged) {
			t.Errorf("byte %d was changed: %v", i, err)
		}
		if _, err := unwrap(root, "client-1/1", wrapped[:i]); !errors.Is(err, errDamaged) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	path, root := pgtest.Place(t), NewRoot()
	db := openAt(t, path, root)
	if _, err := db.sql.Exec(`UPDATE about SET steps = 99`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(t.Context(), path, root); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("opened: %v", err)
	}
}

func TestTheFilesAreTheirOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "键 100%?#.db") // and any name will do
	db := openAt(t, path, NewRoot())
	if _, err := db.Sealing(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(path[:len(path)-len("?#.db")] + "*")
	if len(files) < 2 {
		t.Fatalf("the database and its journal are %v", files)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
}

func TestTheRootKeyIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	made, created, err := LoadOrCreateRoot(path)
	if err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	again, created, err := LoadOrCreateRoot(path)
	if err != nil || created || *again.secret != *made.secret {
		t.Fatalf("created again %v, %v", created, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if others, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(others) != 0 {
		t.Errorf("left behind: %v", others)
	}
}

func TestManyWhoStartAtOnceAgreeOnTheRootKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	keys, makers := make([]RootKey, 16), make([]bool, 16)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], makers[i], err = LoadOrCreateRoot(path); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	made := 0
	for i, key := range keys {
		if *key.secret != *keys[0].secret {
			t.Error("two root keys")
		}
		if makers[i] {
			made++
		}
	}
	if made != 1 {
		t.Errorf("%d were told that they made it", made)
	}
}

func TestTheEnvironmentComesBeforeTheFile(t *testing.T) {
	path, want := filepath.Join(t.TempDir(), "root.key"), NewRoot()
	t.Setenv(RootEnv, base64.StdEncoding.EncodeToString(want.secret[:]))
	key, created, err := LoadOrCreateRoot(path)
	if err != nil || created || *key.secret != *want.secret {
		t.Fatalf("created %v, %v", created, err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made all the same")
	}
}

func TestARootKeyIsReadInHexAndBase64(t *testing.T) {
	want := NewRoot()
	for _, text := range []string{
		hex.EncodeToString(want.secret[:]), strings.ToUpper(hex.EncodeToString(want.secret[:])) + "\n",
		base64.StdEncoding.EncodeToString(want.secret[:]), base64.RawURLEncoding.EncodeToString(want.secret[:]),
	} {
		if key, err := ParseRoot(text); err != nil || *key.secret != *want.secret {
			t.Errorf("not read: %v", err)
		}
	}
}

func TestWhatIsNoRootKeyIsRefusedAndNotRepeated(t *testing.T) {
	dir := t.TempDir()
	short := "c0ffee" + strings.Repeat("0", 50)
	for _, text := range []string{"", "correct horse battery staple", short, short + "0000000000"} {
		path := filepath.Join(dir, "root.key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, fileErr := LoadOrCreateRoot(path)
		t.Setenv(RootEnv, text)
		_, _, envErr := LoadOrCreateRoot(path)
		os.Unsetenv(RootEnv)
		for _, err := range []error{fileErr, envErr} {
			if err == nil {
				t.Errorf("%q was taken for a root key", text)
			} else if text != "" && strings.Contains(err.Error(), text[:6]) {
				t.Errorf("the error repeats it: %v", err)
			}
		}
	}
}

func TestARootKeyThatOthersMayReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	if _, _, err := LoadOrCreateRoot(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadOrCreateRoot(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("read all the same: %v", err)
	}
}

func TestARootKeyNeverShows(t *testing.T) {
	key := NewRoot()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
		fmt.Fprintf(&out, verb+" ", key)
		fmt.Fprintf(&out, verb+" ", &key)
		fmt.Fprintf(&out, verb+" ", struct{ Key RootKey }{key})
	}
	slog.New(slog.NewTextHandler(&out, nil)).InfoContext(context.Background(), "started", "key", key, "at", &key)
	slog.New(slog.NewJSONHandler(&out, nil)).InfoContext(context.Background(), "started", "key", key, "at", &key)
	decimal := strings.Trim(fmt.Sprint(key.secret[:4]), "[]")
	for _, form := range []string{string(key.secret[:]), hex.EncodeToString(key.secret[:4]), strings.ToUpper(hex.EncodeToString(key.secret[:4])), decimal} {
		if strings.Contains(out.String(), form) {
			t.Errorf("it shows: %s", out.String())
		}
	}
}
