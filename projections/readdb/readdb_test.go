package readdb_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections/readdb"
)

func opened(t *testing.T) (*readdb.DB, string) {
	t.Helper()
	place := pgtest.Place(t)
	return openedAt(t, place), place
}

func openedAt(t *testing.T, place string) *readdb.DB {
	t.Helper()
	db, err := readdb.Open(context.Background(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// letters makes a generation of a view with one table.
func letters(t *testing.T, db *readdb.DB) {
	t.Helper()
	err := db.Update(context.Background(), func(tx *readdb.Tx) error {
		id, err := tx.NewGeneration("letters", 1, "a log")
		return errors.Join(err, tx.Script("CREATE TABLE letters@ (n INTEGER PRIMARY KEY, letter TEXT NOT NULL)"),
			tx.Exec("UPDATE generation SET serving = 1 WHERE id = $1", id))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// update changes that generation.
func update(ctx context.Context, db *readdb.DB, change func(*readdb.Tx) error) error {
	return db.Update(ctx, func(tx *readdb.Tx) error {
		if err := tx.On(1); err != nil {
			return err
		}
		return change(tx)
	})
}

// count is how many letters there are.
func count(t *testing.T, db *readdb.DB) (n int) {
	t.Helper()
	err := db.View(context.Background(), "letters", func(tx *readdb.Tx) error {
		return tx.Query("SELECT COUNT(*) FROM letters@", nil, func(rows *sql.Rows) error { return rows.Scan(&n) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRowsThatWaitAreThereForTheNextStatement(t *testing.T) {
	ctx := context.Background()
	db, _ := opened(t)
	letters(t, db)
	for _, rows := range []int{1, 63, 64, 65, 200} {
		err := update(ctx, db, func(tx *readdb.Tx) error {
			if err := tx.Exec("DELETE FROM letters@"); err != nil {
				return err
			}
			for n := range rows {
				if err := tx.Insert("letters@", n, "x"); err != nil {
					return err
				}
			}
			seen := 0
			err := tx.Query("SELECT COUNT(*) FROM letters@", nil, func(r *sql.Rows) error { return r.Scan(&seen) })
			if seen != rows {
				t.Errorf("%d of %d rows were there", seen, rows)
			}
			return err
		})
		if err != nil || count(t, db) != rows {
			t.Errorf("%d of %d rows are there, %v", count(t, db), rows, err)
		}
	}
}

func TestAChangeThatFailsLeavesNothing(t *testing.T) {
	ctx := context.Background()
	db, _ := opened(t)
	letters(t, db)
	no := errors.New("no")
	for name, change := range map[string]func(*readdb.Tx) error{
		"its own error": func(tx *readdb.Tx) error { return errors.Join(tx.Insert("letters@", 1, "a"), no) },
		"a row twice": func(tx *readdb.Tx) error {
			return errors.Join(tx.Insert("letters@", 1, "a"), tx.Insert("letters@", 1, "b"))
		},
	} {
		if err := update(ctx, db, change); err == nil || readdb.Trouble(err) {
			t.Errorf("%s: %v should be an error, and no trouble of the engine", name, err)
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%s: %d rows are left", name, n)
		}
	}
	ended, stop := context.WithCancel(ctx)
	stop()
	if err := update(ended, db, func(tx *readdb.Tx) error { return tx.Insert("letters@", 1, "a") }); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestTextComesBackAsItIsAndInTheOrderOfItsBytes(t *testing.T) {
	ctx := context.Background()
	db, _ := opened(t)
	letters(t, db)
	all := []string{"", " ", "A", "B", "Z", "_", "a", "b", "é", "ｚ", "䶮", "王", "𠮷", "a\x00b", "'\"\\%\n\t", "{\"a\":\"\\u0000\"}"}
	err := update(ctx, db, func(tx *readdb.Tx) error {
		for n, letter := range all {
			if err := tx.Insert("letters@", n, letter); err != nil {
				return err
			}
		}
		return tx.Exec("UPDATE letters@ SET letter = $1 WHERE letter = $1", "a\x00b")
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "\x00", "␀")
	}
	slices.Sort(all)
	var got []string
	err = db.View(ctx, "letters", func(tx *readdb.Tx) error {
		return tx.Query("SELECT letter FROM letters@ WHERE letter >= $1 ORDER BY letter", []any{""}, func(rows *sql.Rows) error {
			var letter string
			err := rows.Scan(&letter)
			got = append(got, letter)
			return err
		})
	})
	if err != nil || !slices.Equal(got, all) {
		t.Errorf("%q, want %q, %v", got, all, err)
	}
}

func TestAStatementThatFailedTakesTheWholeChangeWithIt(t *testing.T) {
	ctx := context.Background()
	db, _ := opened(t)
	letters(t, db)
	err := update(ctx, db, func(tx *readdb.Tx) error {
		return errors.Join(tx.Exec("INSERT INTO letters@ VALUES (1, 'a')"), tx.Exec("INSERT INTO letters@ VALUES (1, 'b')"))
	})
	if err == nil || count(t, db) != 0 {
		t.Errorf("%d rows are left, %v", count(t, db), err)
	}
}

func TestAReaderReadsBesideTheWriterAndNeverWrites(t *testing.T) {
	ctx := context.Background()
	db, path := opened(t)
	letters(t, db)
	reader, err := readdb.OpenReader(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := update(ctx, db, func(tx *readdb.Tx) error { return tx.Insert("letters@", 1, "a") }); err != nil {
		t.Fatal(err)
	}
	if n := count(t, reader); n != 1 {
		t.Errorf("the reader sees %d rows", n)
	}
	if err := reader.Update(ctx, func(*readdb.Tx) error { return nil }); err == nil {
		t.Error("a reader wrote")
	}
	if err := reader.View(ctx, "words", func(*readdb.Tx) error { return nil }); !errors.Is(err, readdb.ErrNotBuilt) {
		t.Errorf("reading what is not built: %v", err)
	}
	if _, err := readdb.OpenReader(ctx, pgtest.Place(t)); err == nil {
		t.Error("what is not there was opened for reading")
	}
}

func TestWhatIsKeptIsOfOneGenerationAndNoMoreThanHasRoom(t *testing.T) {
	db, _ := opened(t)
	letters(t, db)
	ctx := context.Background()
	err := db.View(ctx, "letters", func(tx *readdb.Tx) error {
		tx.Keep("always", "here", 1)
		for n := range 1000 {
			tx.Keep(strconv.Itoa(n), n, 1000)
			if value, ok := tx.Kept("always"); !ok || value != "here" {
				t.Fatal("what was asked for last is gone")
			}
		}
		there := 0
		for n := range 1000 {
			if value, ok := tx.Kept(strconv.Itoa(n)); ok {
				there++
				if value != n {
					t.Errorf("%d is kept as %v", n, value)
				}
			}
		}
		if there == 0 || there > 20 {
			t.Errorf("%d values of weight 1000 are kept", there)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, func(tx *readdb.Tx) error {
		id, err := tx.NewGeneration("letters", 2, "a log")
		return errors.Join(err, tx.Exec("UPDATE generation SET serving = CASE id WHEN $1 THEN 1 ELSE 0 END", id))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(ctx, "letters", func(tx *readdb.Tx) error {
		if _, ok := tx.Kept("always"); ok {
			t.Error("what was kept for another generation is there")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
