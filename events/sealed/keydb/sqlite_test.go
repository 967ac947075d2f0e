package keydb

import (
	"path/filepath"
	"testing"
)

func TestDestroyWaitsForAReaderBeforeItSaysThatNoTraceIsLeft(t *testing.T) {
	path, root := filepath.Join(t.TempDir(), "keys.db"), NewRoot()
	db, other := openAt(t, path, root), openAt(t, path, root)
	if _, err := db.Sealing(t.Context(), "client-1"); err != nil {
		t.Fatal(err)
	}
	found, err := db.find(t.Context(), newest, "client-1")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := other.sql.Query(`SELECT owner FROM owners`)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- db.Destroy(t.Context(), "client-1", someDay) }()
	for { // until the tombstone is there: Destroy then stands before the journal
		if _, gone, err := db.Forgotten(t.Context(), "client-1"); err != nil {
			t.Fatal(err)
		} else if gone {
			break
		}
	}
	select {
	case err := <-done:
		t.Fatalf("Destroy returned %v while a reader held the journal", err)
	default:
	}
	rows.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if file := holds(t, path, false, found.wrapped); file != "" {
		t.Errorf("the key is still in %s", file)
	}
}

func TestEveryConnectionIsDurableAndDeletesThoroughly(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "keys.db"), NewRoot())
	for range 4 { // held all at once, so that each is another
		conn, err := db.sql.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for pragma, want := range map[string]int{"synchronous": 2, "secure_delete": 1} {
			var is int
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&is); err != nil || is != want {
				t.Errorf("%s is %d, %v", pragma, is, err)
			}
		}
	}
}
