package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/internal/smalldisk"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestAFullDiskAcknowledgesNothingAndRecovers(t *testing.T) {
	limit := func(conn *sqlite.Conn, pages int) error {
		return sqlitex.ExecuteTransient(conn, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages), nil)
	}
	s, err := open(t.Context(), filepath.Join(t.TempDir(), "log.db"), func(conn *sqlite.Conn) error { return limit(conn, 40) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fillUp(t, s, func() {
		if err := limit(s.writer.conn, 1<<20); err != nil { // the writer is idle
			t.Fatal(err)
		}
	})
}

func TestAFullFileSystemAcknowledgesNothingAndRecovers(t *testing.T) {
	folder := smalldisk.New(t, 3<<20)
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openLog(t, filepath.Join(folder, "log.db"))
	defer s.Close()
	fillUp(t, s, func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
}

// fillUp appends until there is no room, makes room, and goes on.
func fillUp(t *testing.T, s *Store, makeRoom func()) {
	big := func(n int) events.Event {
		return events.ClaimPublished{Number: n, Source: strings.Repeat("x", 20_000)}
	}
	one, kept := newStream(), 0
	var refused error
	for refused == nil && kept < 1000 {
		if _, refused = s.Append(t.Context(), one, kept, command(), big(kept)); refused == nil {
			kept++
		}
	}
	if !errors.Is(refused, events.ErrUnavailable) || kept == 0 {
		t.Fatalf("after %d appends: %v, want %v", kept, refused, events.ErrUnavailable)
	}
	meta := command()
	if _, err := s.Append(t.Context(), one, kept, meta, big(kept)); !errors.Is(err, events.ErrUnavailable) {
		t.Errorf("without room: %v, want %v", err, events.ErrUnavailable)
	}
	has := func(want int) {
		t.Helper()
		var got []int
		for r, err := range s.ReadAll(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Event.(events.ClaimPublished).Number)
		}
		if !slices.Equal(got, count(0, want-1)) {
			t.Fatalf("%d events are there, %d were acknowledged", len(got), want)
		}
	}
	has(kept)
	makeRoom()
	if _, err := s.Append(t.Context(), one, kept, meta, big(kept)); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	has(kept + 1)
	if report := verify(t, s.path); !report.Whole() {
		t.Errorf("%+v", report)
	}
}
