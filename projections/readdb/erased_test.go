package readdb

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events/pgtest"
)

const secret = "c0ffee5ec2e7"

// withSecret are views from which a secret was deleted.
func withSecret(t *testing.T) (db *DB, place, table string) {
	t.Helper()
	place = pgtest.Place(t)
	db, err := Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	err = db.Update(t.Context(), func(tx *Tx) (err error) {
		if tx.generation, err = tx.NewGeneration("letters", 1, "a log"); err != nil {
			return err
		}
		table = tx.sql("letters@")
		for _, statement := range []string{
			"CREATE TABLE letters@ (n INTEGER PRIMARY KEY, letter TEXT NOT NULL)", "UPDATE generation SET serving = 1",
			"INSERT INTO letters@ VALUES (1, '" + secret + "'), (2, 'kept')", "DELETE FROM letters@ WHERE n = 1",
		} {
			if err := tx.Script(statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, place, table
}

// filesWith are the files of a database in SQLite that have the secret; none in PostgreSQL, where they are out of reach.
func filesWith(t *testing.T, place, secret string) (files []string) {
	t.Helper()
	if pgtest.Running() != nil {
		return nil
	}
	all, err := filepath.Glob(place + "*")
	if err != nil || len(all) == 0 {
		t.Fatalf("there are no files at %s: %v", place, err)
	}
	for _, file := range all {
		if text, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		} else if bytes.Contains(text, []byte(secret)) {
			files = append(files, file)
		}
	}
	return files
}

func TestWhatWasDeletedIsInNoFileWhenItIsErased(t *testing.T) {
	db, place, table := withSecret(t)
	if files := filesWith(t, place, "letters"); pgtest.Running() == nil && len(files) == 0 {
		t.Error("what was written is in no file: it tests nothing")
	}
	if err := db.Erased(t.Context(), time.Minute, table); err != nil {
		t.Fatal(err)
	}
	if files := filesWith(t, place, secret); len(files) > 0 {
		t.Errorf("it is in %v", files)
	}
}

// Who reads holds it up for as long as it was told, and no longer; when they are done, it is done.
func TestItWaitsForReadersNoLongerThanItWasTold(t *testing.T) {
	db, place, table := withSecret(t)
	reads, done, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- db.View(context.Background(), "letters", func(tx *Tx) error {
			err := tx.Query("SELECT n FROM letters@", nil, func(rows *sql.Rows) error { return nil })
			close(reads)
			<-done
			return err
		})
	}()
	<-reads
	if err := db.Erased(t.Context(), 50*time.Millisecond, table); err == nil {
		t.Error("while somebody reads the older state it is erased")
	}
	close(done)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := db.Erased(t.Context(), time.Minute, table); err != nil {
		t.Error(err)
	}
	if files := filesWith(t, place, secret); len(files) > 0 {
		t.Errorf("it is in %v", files)
	}
}

// When the file cannot be written anew, what the engine puts aside afterwards stays in memory all the same.
func TestAFileThatCannotBeWrittenAnewLeavesNothingElseBehind(t *testing.T) {
	if pgtest.Running() != nil {
		return // it has no such setting
	}
	db, _, table := withSecret(t)
	conn := db.engine.(*sqlite).conn
	rows, err := conn.QueryContext(t.Context(), "SELECT n FROM generation, (SELECT 1 AS n UNION ALL SELECT 2)") // under way: it is in the way
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	if err := db.Erased(t.Context(), time.Minute, table); err == nil || !strings.Contains(err.Error(), "writing the views anew") {
		t.Errorf("it says %v", err)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	const inMemory = 2
	var is int
	if err := conn.QueryRowContext(t.Context(), "PRAGMA temp_store").Scan(&is); err != nil || is != inMemory {
		t.Errorf("temp_store is %d, %v", is, err)
	}
}
