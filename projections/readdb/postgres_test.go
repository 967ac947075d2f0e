package readdb_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections/readdb"
)

func insert(ctx context.Context, db *readdb.DB, n int) error {
	return update(ctx, db, func(tx *readdb.Tx) error { return tx.Insert("letters@", n, "a") })
}

func TestAServerThatIsAwayIsTroubleAndOneThatIsBackIsUsedAtOnce(t *testing.T) {
	ctx := context.Background()
	server := pgtest.New(t, pgtest.Durable)
	db := openedAt(t, server.Place())
	letters(t, db)
	for n, stop := range []func(){server.Kill, server.Stop} {
		for range 8 { // as many connections as there may be
			count(t, db)
		}
		stop()
		if err := insert(ctx, db, n); !readdb.Trouble(err) {
			t.Errorf("changing while the server is away: %v", err)
		}
		if err := db.View(ctx, "letters", func(*readdb.Tx) error { return nil }); !readdb.Trouble(err) {
			t.Errorf("reading while the server is away: %v", err)
		}
		if _, err := db.Building(ctx); !readdb.Trouble(err) {
			t.Errorf("building while the server is away: %v", err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		if err := insert(ctx, db, n); err != nil {
			t.Errorf("the first change after the server came back: %v", err)
		}
		if is := count(t, db); is != n+1 {
			t.Errorf("%d rows, want %d", is, n+1)
		}
	}
}

func TestAServerThatGoesInTheMiddleOfAChangeTakesAllOfItAndIsTrouble(t *testing.T) {
	ctx := context.Background()
	server := pgtest.New(t, pgtest.Durable)
	db := openedAt(t, server.Place())
	letters(t, db)
	for what, middle := range map[string]func(*readdb.Tx) error{
		"before it is all said": func(tx *readdb.Tx) error { server.Kill(); return tx.Exec("UPDATE letters@ SET letter = 'b'") },
		"before the end":        func(*readdb.Tx) error { server.Kill(); return nil },
	} {
		err := update(ctx, db, func(tx *readdb.Tx) error {
			return errors.Join(tx.Exec("INSERT INTO letters@ VALUES (1, 'a')"), middle(tx))
		})
		if !readdb.Trouble(err) {
			t.Errorf("%s: %v", what, err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%s: %d rows are left", what, n)
		}
	}
}

// Who reads a generation has it to the end; who comes when it goes is led to the next. Neither sees an error.
func TestTablesThatAreReadAreRemovedWhenNobodyReadsThemAnyMore(t *testing.T) {
	ctx := context.Background()
	server := pgtest.New(t, pgtest.Fast)
	db := openedAt(t, server.Place())
	letters(t, db)
	if err := insert(ctx, db, 1); err != nil {
		t.Fatal(err)
	}
	removed := make(chan error, 1)
	err := db.View(ctx, "letters", func(tx *readdb.Tx) error {
		if err := db.Update(ctx, func(tx *readdb.Tx) error {
			if err := tx.Exec("UPDATE generation SET serving = 0"); err != nil {
				return err
			}
			id, err := tx.NewGeneration("letters", 2, "a log")
			return errors.Join(err, tx.Script("CREATE TABLE letters@ (n INTEGER PRIMARY KEY, letter TEXT NOT NULL)"),
				tx.Exec("UPDATE generation SET serving = 1 WHERE id = $1", id))
		}); err != nil {
			return err
		}
		go func() { removed <- db.Update(ctx, func(tx *readdb.Tx) error { return tx.Discard(1) }) }()
		watcher, err := pg.Open(ctx, server.Place(), pg.Options{Most: 1})
		if err != nil {
			return err
		}
		defer watcher.Close()
		for waits := 0; waits == 0; { // until who removes stands before the lock
			err := watcher.QueryRow("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").Scan(&waits)
			if err != nil {
				return err
			}
		}
		if n := count(t, db); n != 0 {
			t.Errorf("who comes now sees %d rows of the old tables", n)
		}
		n := 0
		err = tx.Query("SELECT COUNT(*) FROM letters@", nil, func(rows *sql.Rows) error { return rows.Scan(&n) })
		if n != 1 {
			t.Errorf("who was reading sees %d rows", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := <-removed; err != nil {
		t.Error(err)
	}
}

func TestSeveralCasestreamsShareAServer(t *testing.T) {
	ctx := context.Background()
	server := pgtest.New(t, pgtest.Fast)
	home, _, _ := strings.Cut(server.Place(), "place_")
	one, other := openedAt(t, server.Place()), openedAt(t, home+"user") // a word of SQL is a name like any other
	letters(t, one)
	letters(t, other)
	if err := insert(ctx, one, 1); err != nil {
		t.Fatal(err)
	}
	if count(t, one) != 1 || count(t, other) != 0 {
		t.Error("one sees what is the other's")
	}
}

func TestCloseLeavesNoConnection(t *testing.T) {
	server := pgtest.New(t, pgtest.Fast)
	db := openedAt(t, server.Place())
	letters(t, db)
	watcher, err := pg.Open(t.Context(), server.Place(), pg.Options{Most: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for n := 2; n > 1; { // the server sees the end of a connection a little later
		if err := watcher.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'casestream'").Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPlaceThatCannotBeIsRefusedAndItsPasswordNotRepeated(t *testing.T) {
	for _, place := range []string{
		"postgres://me:secret@127.0.0.1:1/db", "postgres://me:secret@127.0.0.1:1/db?schema=Öffentlich", "postgres://me:secret@127.0.0.1:port/db",
		"postgres://me:secret@127.0.0.1:1/db?sslmode=perhaps",
	} {
		_, err := readdb.Open(t.Context(), place)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
}
