package keydb

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
)

// onPostgres is a place there, whatever the tests run on.
func onPostgres(t *testing.T) string {
	if server := pgtest.Running(); server != nil {
		return server.Place()
	}
	return pgtest.New(t, pgtest.Durable).Place()
}

func TestADestroyedKeyIsGoneAlsoForWhoeverStillReadsAnOlderState(t *testing.T) {
	place := onPostgres(t)
	db := openAt(t, place, NewRoot())
	if err := db.Prepare(t.Context(), "client-1", "client-2"); err != nil {
		t.Fatal(err)
	}
	older, err := db.sql.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	defer older.Rollback()
	if _, err := older.Exec(`SELECT 1 FROM about`); err != nil { // an older state is held, and no table that is in the way
		t.Fatal(err)
	}
	if err := db.Destroy(t.Context(), "client-1", someDay); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := older.QueryRow(`SELECT count(*) FROM keys WHERE owner = 'client-1'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d keys are there, %v", n, err)
	}
}

func TestKeysAreMadeWhileOthersAreDestroyed(t *testing.T) {
	place, root := onPostgres(t), NewRoot()
	one, other := openAt(t, place, root), openAt(t, place, root)
	owners := []string{"client-1", "client-2", "client-3", "client-4", "client-5", "client-6"}
	var all sync.WaitGroup
	for _, owner := range owners {
		all.Go(func() {
			if err := one.Prepare(t.Context(), owners...); err != nil && !errors.Is(err, sealed.ErrForgotten) {
				t.Error(err)
			}
		})
		all.Go(func() {
			if err := other.Destroy(t.Context(), owner, someDay); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var left int
	if err := one.sql.QueryRow(`SELECT count(*) FROM keys`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d keys are left, %v", left, err)
	}
}

func TestAKeyIsThereAfterTheServerStoppedAtOnce(t *testing.T) {
	server, root := pgtest.New(t, pgtest.Durable), NewRoot()
	place := server.Place()
	db := openAt(t, place, root)
	for _, owner := range []string{"client-1", "client-2", "client-3"} {
		made, err := db.Sealing(t.Context(), owner)
		if err != nil {
			t.Fatal(err)
		}
		server.Kill()
		if _, err := db.Sealing(t.Context(), "client-9"); err == nil {
			t.Error("a key was made that is nowhere")
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		db.Drop(owner)
		found, err := db.Opening(t.Context(), made.ID)
		if err != nil || string(found.Digest()) != string(made.Digest()) {
			t.Errorf("the key of %s after the restart: %v", owner, err)
		}
	}
}

func TestAServerThatMightLoseAKeyIsRefused(t *testing.T) {
	if _, err := Open(t.Context(), pgtest.New(t, pgtest.Fast).Place(), NewRoot()); err == nil || !strings.Contains(err.Error(), "fsync off") {
		t.Errorf("without fsync: %v", err)
	}
	at, err := url.Parse(onPostgres(t))
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	query.Set("synchronous_commit", "off")
	at.RawQuery = query.Encode()
	if _, err := Open(t.Context(), at.String(), NewRoot()); err == nil || !strings.Contains(err.Error(), "synchronous_commit off") {
		t.Errorf("without synchronous commits: %v", err)
	}
}
