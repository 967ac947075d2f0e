package sqlite

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
)

func TestTheWALBeginsAgainWhenEnoughWaitsInItAndNobodyHoldsTheFile(t *testing.T) {
	s := openLog(t, filepath.Join(t.TempDir(), "log.db"))
	defer s.Close()
	const enough = 16                           // commits
	s.writer.enoughPages = enough * commitPages // it is idle
	one, kept := newStream(), 0
	record := func(many int) {
		t.Helper()
		for until := kept + many; kept < until; kept++ {
			if _, err := s.Append(t.Context(), one, kept, command(), events.ClaimPublished{Number: kept}); err != nil {
				t.Fatal(err)
			}
		}
	}
	// begun is how often the WAL began again, as its header counts.
	begun := func() uint32 {
		t.Helper()
		wal, err := os.ReadFile(s.path + "-wal")
		if err != nil || len(wal) < 16 {
			t.Fatalf("%d bytes of WAL: %v", len(wal), err)
		}
		return binary.BigEndian.Uint32(wal[12:])
	}
	record(1)
	first := begun()
	record(3*enough + 1) // the next one that is written after a checkpoint begins again
	if now := begun(); now != first+3 {
		t.Errorf("after three times enough it began again %d times", now-first)
	}

	first = begun()
	held, err := openReading(s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	hold := func(statement string) {
		t.Helper()
		if err := run(held, statement, func(*sqlite.Stmt) {}); err != nil {
			t.Fatal(err)
		}
	}
	hold(`BEGIN`)
	hold(`SELECT count(*) FROM events`)
	record(2 * enough)
	if now := begun(); now > first+1 {
		t.Errorf("under a reader's eyes it began again")
	}
	hold(`COMMIT`)
	first = begun()
	record(enough + 1)
	if now := begun(); now != first+1 {
		t.Errorf("when the reader had gone it began again %d times", now-first)
	}
}
