package keydb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/keydb"
)

var someDay = time.Date(2012, 11, 5, 1, 2, 3, 0, time.UTC)

func open(t testing.TB, path string, root keydb.RootKey) *keydb.DB {
	t.Helper()
	db, err := keydb.Open(t.Context(), path, root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func newOwner() string { return "client-" + uuid.NewString() }

func sealing(t testing.TB, keys sealed.Keys, owner string) *sealed.Key {
	t.Helper()
	key, err := keys.Sealing(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// same tells by what they compute that two keys are one.
func same(a, b *sealed.Key) bool {
	return a.ID == b.ID && bytes.Equal(a.Digest([]byte("?")), b.Digest([]byte("?")))
}

func TestWhatWasSealedOpensAfterARestart(t *testing.T) {
	type note struct {
		Text sealed.Text `json:"text,omitzero" class:"S2"`
	}
	path, root, owner := pgtest.Place(t), keydb.NewRoot(), newOwner()
	before := open(t, path, root)
	said, err := sealed.Seal(t.Context(), before, note{sealed.Say("想回家")}, sealed.Place{Stream: "case-1", Event: uuid.New()}, owner)
	if err != nil {
		t.Fatal(err)
	}
	before.Close()

	text, err := said.Text.Open(t.Context(), open(t, path, root), "case-1")
	if err != nil || text != "想回家" {
		t.Fatalf("read %q, %v", text, err)
	}
}

func TestAKeyIsNamedAfterItsOwnerAndAnEpoch(t *testing.T) {
	db, owner := open(t, pgtest.Place(t), keydb.NewRoot()), newOwner()
	if key := sealing(t, db, owner); key.ID != owner+"/1" {
		t.Errorf("key %s", key.ID)
	}
}

func TestANewKeyIsInTheFileWhenSealingReturnsIt(t *testing.T) {
	path, root := pgtest.Place(t), keydb.NewRoot()
	one, other := open(t, path, root), open(t, path, root)
	for range 20 {
		key := sealing(t, one, newOwner())
		found, err := other.Opening(t.Context(), key.ID)
		if err != nil || !same(key, found) {
			t.Fatalf("another reader does not find %s: %v", key.ID, err)
		}
	}
}

func TestManyWhoWantTheSameNewOwnerAreGivenOneKey(t *testing.T) {
	path, root := pgtest.Place(t), keydb.NewRoot()
	dbs := []*keydb.DB{open(t, path, root), open(t, path, root)}
	for range 20 {
		owner, keys := newOwner(), make([]*sealed.Key, 16)
		var all sync.WaitGroup
		for i := range keys {
			all.Go(func() { keys[i], _ = dbs[i%2].Sealing(t.Context(), owner) })
		}
		all.Wait()
		for i, key := range keys {
			if key == nil || !same(key, keys[0]) {
				t.Fatalf("caller %d has another key, or none", i)
			}
		}
	}
}

func TestProcessesThatStartTogetherAgreeOnEveryKey(t *testing.T) {
	for range 5 { // the first moments of a file are short
		startTogether(t, pgtest.Place(t))
	}
}

func startTogether(t *testing.T, path string) {
	answers := make([]string, 3)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), "KEYDB_TEST_PATH="+path, keydb.RootEnv+"="+strings.Repeat("5a", 32))
			out, err := cmd.CombinedOutput()
			if err != nil || len(strings.Fields(string(out))) != 50 {
				t.Errorf("process %d: %v\n%s", i, err, out)
			}
			answers[i] = string(out)
		})
	}
	all.Wait()
	if answers[0] != answers[1] || answers[1] != answers[2] {
		t.Errorf("they disagree:\n%s", strings.Join(answers, "\n"))
	}
}

// TestMain is the other process when it is told so; else it runs every test on SQLite, then on PostgreSQL.
func TestMain(m *testing.M) {
	if path := os.Getenv("KEYDB_TEST_PATH"); path != "" {
		if err := sealForFifty(path); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(pgtest.Both(m, pgtest.Durable))
}

func sealForFifty(path string) error {
	root, _, err := keydb.LoadOrCreateRoot("")
	if err != nil {
		return err
	}
	db, err := keydb.Open(context.Background(), path, root)
	if err != nil {
		return err
	}
	defer db.Close()
	for i := range 50 {
		key, err := db.Sealing(context.Background(), fmt.Sprintf("client-%d", i))
		if err != nil {
			return err
		}
		fmt.Printf("%x ", key.Digest())
	}
	return nil
}

func TestKeysThatManyWantAtOnceAreMadeAndDiffer(t *testing.T) {
	db := open(t, pgtest.Place(t), keydb.NewRoot())
	owners, digests := make([]string, 600), sync.Map{}
	var all sync.WaitGroup
	for i := range owners {
		owners[i] = newOwner()
		all.Go(func() {
			key, err := db.Sealing(t.Context(), owners[i])
			if err != nil || key.ID != owners[i]+"/1" {
				t.Errorf("key %v: %v", key, err)
				return
			}
			if _, twice := digests.LoadOrStore(string(key.Digest()), true); twice {
				t.Error("two owners share a key")
			}
		})
	}
	all.Wait()
}

func TestPrepareMakesWhatSealingThenFinds(t *testing.T) {
	path, root := pgtest.Place(t), keydb.NewRoot()
	db := open(t, path, root)
	owners := make([]string, 500)
	for i := range owners {
		owners[i] = newOwner()
	}
	for range 2 { // twice is harmless
		if err := db.Prepare(t.Context(), owners...); err != nil {
			t.Fatal(err)
		}
	}
	other := open(t, path, root)
	for _, owner := range owners {
		if _, err := other.Opening(t.Context(), owner+"/1"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPrepareSaysWhoIsForgottenAndServesTheOthers(t *testing.T) {
	db := open(t, pgtest.Place(t), keydb.NewRoot())
	gone, here := newOwner(), newOwner()
	if err := db.Destroy(t.Context(), gone, someDay); err != nil {
		t.Fatal(err)
	}
	if err := db.Prepare(t.Context(), gone, here); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("preparing a forgotten owner: %v", err)
	}
	if _, err := db.Opening(t.Context(), here+"/1"); err != nil {
		t.Errorf("the other owner: %v", err)
	}
}

func TestAKeyThatNobodyMadeIsMissingAndNotForgotten(t *testing.T) {
	db, owner := open(t, pgtest.Place(t), keydb.NewRoot()), newOwner()
	sealing(t, db, owner)
	for _, id := range []string{newOwner() + "/1", owner + "/2"} {
		if _, err := db.Opening(t.Context(), id); !errors.Is(err, keydb.ErrMissing) || errors.Is(err, sealed.ErrForgotten) {
			t.Errorf("opening %s: %v", id, err)
		}
	}
}

func TestNamesThatAreNoStreamAreRefusedAndNotRepeated(t *testing.T) {
	db := open(t, pgtest.Place(t), keydb.NewRoot())
	for _, name := range []string{"", "王小明", "a.b", `a"b`, "a/1", "a b", "a\nb", strings.Repeat("x", 201)} {
		_, sealErr := db.Sealing(t.Context(), name)
		_, openErr := db.Opening(t.Context(), name+"/x")
		for _, err := range []error{sealErr, openErr, db.Prepare(t.Context(), name), db.Destroy(t.Context(), name, someDay)} {
			if err == nil {
				t.Errorf("%q was taken", name)
			} else if len(name) > 3 && strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "王") {
				t.Errorf("the error repeats it: %v", err)
			}
		}
	}
	for _, id := range []string{"client-1/01", "client-1/+1", "client-1/1/1", "client-1/", "client-1"} {
		if _, err := db.Opening(t.Context(), id); err == nil || errors.Is(err, keydb.ErrMissing) {
			t.Errorf("%q was taken for a key id: %v", id, err)
		}
	}
}

func TestAfterCloseThereAreNoKeys(t *testing.T) {
	db := open(t, pgtest.Place(t), keydb.NewRoot())
	db.Close()
	if _, err := db.Sealing(t.Context(), newOwner()); err == nil {
		t.Error("a closed database made a key")
	}
	if err := db.Prepare(t.Context(), newOwner()); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("a closed database prepares a key: %v", err)
	}
}

// Whatever is asked in whatever order, also after a restart: an owner has one key until it is destroyed, then none.
func TestKeysBehaveLikeTheirModel(t *testing.T) {
	ctx, path, root, check := context.Background(), pgtest.Place(t), keydb.NewRoot(), 0
	db := open(t, path, root)
	t.Cleanup(func() { db.Close() })
	rapid.Check(t, func(t *rapid.T) {
		check++
		owners := rapid.SampledFrom([]string{fmt.Sprintf("client-%d", check), fmt.Sprintf("group-%d", check), fmt.Sprintf("worker-%d", check)})
		made, gone := map[string]*sealed.Key{}, map[string]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"seal": func(t *rapid.T) {
				owner := owners.Draw(t, "owner")
				key, err := db.Sealing(ctx, owner)
				switch {
				case gone[owner]:
					if !errors.Is(err, sealed.ErrForgotten) {
						t.Fatalf("%s is forgotten, but: %v", owner, err)
					}
				case err != nil:
					t.Fatal(err)
				case made[owner] != nil && !same(key, made[owner]):
					t.Fatalf("%s has a second key", owner)
				default:
					made[owner] = key
				}
			},
			"open": func(t *rapid.T) {
				owner := owners.Draw(t, "owner")
				key, err := db.Opening(ctx, owner+"/1")
				switch {
				case gone[owner]:
					if !errors.Is(err, sealed.ErrForgotten) {
						t.Fatalf("%s is forgotten, but: %v", owner, err)
					}
				case made[owner] == nil:
					if !errors.Is(err, keydb.ErrMissing) {
						t.Fatalf("%s never had a key, but: %v", owner, err)
					}
				case err != nil || !same(key, made[owner]):
					t.Fatalf("the key of %s: %v", owner, err)
				}
			},
			"destroy": func(t *rapid.T) {
				owner := owners.Draw(t, "owner")
				if err := db.Destroy(ctx, owner, someDay); err != nil {
					t.Fatal(err)
				}
				gone[owner] = true
			},
			"restart": func(t *rapid.T) {
				db.Close()
				again, err := keydb.Open(ctx, path, root)
				if err != nil {
					t.Fatal(err)
				}
				db = again
			},
		})
	})
}

func BenchmarkPrepare500(b *testing.B) {
	db := open(b, pgtest.Place(b), keydb.NewRoot())
	owners := make([]string, 500)
	for b.Loop() {
		for i := range owners {
			owners[i] = newOwner()
		}
		if err := db.Prepare(b.Context(), owners...); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealingOneAfterAnother(b *testing.B) {
	db := open(b, pgtest.Place(b), keydb.NewRoot())
	for b.Loop() {
		sealing(b, db, newOwner())
	}
}

func BenchmarkSealingKnown(b *testing.B) {
	db, owner := open(b, pgtest.Place(b), keydb.NewRoot()), newOwner()
	for b.Loop() {
		sealing(b, db, owner)
	}
}
