package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/events/storetest"
	engine "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestStore(t *testing.T)      { storetest.Run(t, open) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, open) }

func open(t storetest.T) storetest.Harness {
	dir, err := os.MkdirTemp("", "casestream-log")
	if err != nil {
		t.Fatalf("%v", err)
	}
	path := filepath.Join(dir, "log.db")
	var store *sqlite.Store
	again := func(t storetest.T) events.Store {
		if store != nil {
			if err := store.Close(); err != nil {
				t.Fatalf("%v", err)
			}
		}
		if store, err = sqlite.Open(t.Context(), path); err != nil {
			t.Fatalf("%v", err)
		}
		return store
	}
	again(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("%v", err)
		}
		os.RemoveAll(dir)
	})
	return storetest.Harness{
		Store: store, Promises: sqlite.Promises, Reopen: again,
		Beside: func(t storetest.T) events.Store {
			reader, err := sqlite.OpenReader(t.Context(), path)
			if err != nil {
				t.Fatalf("%v", err)
			}
			t.Cleanup(func() { reader.Close() })
			return reader
		},
		Verify: func(ctx context.Context) error {
			report, err := store.Verify(ctx, nil)
			if err == nil && !report.Whole() {
				err = fmt.Errorf("%w: %v", events.ErrDamaged, report.Faults)
			}
			return err
		},
		Damage: func(t storetest.T, stream string, version int) { damage(t, path, stream, version) },
	}
}

// damage changes an event as somebody would who can write the file.
func damage(t storetest.T, path, stream string, version int) {
	conn, err := engine.OpenConn(path, engine.OpenReadWrite)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer conn.Close()
	err = sqlitex.ExecuteScript(conn, fmt.Sprintf(`DROP TRIGGER events_are_not_changed; UPDATE events SET data = replace(data, '2012', '2013')
		WHERE version = %d AND stream = (SELECT id FROM streams WHERE name = '%s')`, version, stream), nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
}
