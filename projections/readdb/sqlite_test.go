package readdb_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/projections/readdb"
)

func TestCloseLetsGoOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "views.db")
	db := openedAt(t, "sqlite:"+path)
	letters(t, db)
	if err := update(context.Background(), db, func(tx *readdb.Tx) error { return tx.Insert("letters@", 1, "a") }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the engine still holds the file: %v", err)
	}
}

func TestAFullDiskIsTroubleAndNoFaultOfTheFact(t *testing.T) {
	db := openedAt(t, filepath.Join(t.TempDir(), "views.db"))
	letters(t, db)
	err := update(context.Background(), db, func(tx *readdb.Tx) error {
		if err := tx.Script("PRAGMA max_page_count = 1"); err != nil { // as many as there are
			return err
		}
		for n := range 100_000 {
			if err := tx.Insert("letters@", n, "a letter that fills the page that is still free"); err != nil {
				return err
			}
		}
		return nil
	})
	if !readdb.Trouble(err) {
		t.Errorf("%v should be trouble", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// An engine ignores a page size that it is told too late.
func TestAFileHasThePagesItIsMeantToHave(t *testing.T) {
	db := openedAt(t, filepath.Join(t.TempDir(), "views.db"))
	letters(t, db)
	for pragma, want := range map[string]string{"page_size": "8192", "journal_mode": "wal", "secure_delete": "1"} {
		var is string
		err := update(t.Context(), db, func(tx *readdb.Tx) error {
			return tx.Query("PRAGMA "+pragma, nil, func(rows *sql.Rows) error { return rows.Scan(&is) })
		})
		if err != nil || is != want {
			t.Errorf("%s is %s, %v; it should be %s", pragma, is, err, want)
		}
	}
}
