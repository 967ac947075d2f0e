package sqlite

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// newLog is an open log in a folder of its own.
func newLog(t *testing.T) *Store { return openLog(t, filepath.Join(t.TempDir(), "log.db")) }

func openLog(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// reopened is a log that was closed and opened again, as it is kept.
func reopened(t *testing.T, s *Store) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return openLog(t, s.path)
}

func openReader(t *testing.T, path string) *Store {
	t.Helper()
	s, err := OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// image is the files of a log as a kill would leave them, in another folder.
func image(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "log.db")
	for _, part := range []string{"", "-wal"} {
		bytes, err := os.ReadFile(path + part)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+part, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func newStream() string { return events.Stream("case", uuid.Must(uuid.NewV7())) }

func command() events.Meta {
	at := time.Date(2012, 3, 14, 4, 0, 0, 0, time.UTC)
	return events.Meta{CommandID: uuid.Must(uuid.NewV7()), Actor: "worker-1", OccurredAt: at, RecordedAt: at}
}

func fact(n int) events.Event { return events.TargetSet{Year: 2012, Count: "activities", Number: n} }

// add appends facts with the numbers from one to another to a stream that ends before them.
func add(t *testing.T, s *Store, stream string, from, to int) events.Position {
	t.Helper()
	var position events.Position
	for n := from; n <= to; n++ {
		var err error
		if position, err = s.Append(t.Context(), stream, n-1, command(), fact(n)); err != nil {
			t.Fatal(err)
		}
	}
	return position
}

// numbers is what a log holds, in order.
func numbers(t *testing.T, s *Store) (all []int) {
	t.Helper()
	for r, err := range s.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r.Event.(events.TargetSet).Number)
	}
	return all
}

func count(from, to int) (all []int) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

func verify(t *testing.T, path string) Report {
	t.Helper()
	report, err := Verify(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
