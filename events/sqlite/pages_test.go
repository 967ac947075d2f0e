package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// All connections of a process share one page cache. One that reads much takes the pages of those who rest; from the next
// checkpoint on the log's writer must have room again, not read the roots of its tables for every commit.
func TestACommitReadsNoPageAgainAfterOthersFilledTheCache(t *testing.T) {
	for name, others := range map[string]func(*testing.T){"others read much": readMuch, "nobody else": func(*testing.T) {}} {
		t.Run(name, func(t *testing.T) { readsNoPageAgain(t, others) })
	}
}

func readsNoPageAgain(t *testing.T, others func(*testing.T)) {
	if _, err := os.Stat("/proc/self/io"); err != nil {
		t.Skip("what a process reads is counted on Linux only")
	}
	s, stream := newLog(t), newStream()
	facts := make([]events.Event, 1000)
	for n := range facts {
		facts[n] = fact(n + 1)
	}
	const many = 8
	for n := range many {
		if _, err := s.Append(t.Context(), stream, n*len(facts), command(), facts...); err != nil {
			t.Fatal(err)
		}
	}
	s = reopened(t, s)
	others(t)
	const commits, next = 200, many*1000 + 1
	s.writer.pages = s.writer.enoughPages // a checkpoint comes with the next commit
	add(t, s, stream, next, next+9)
	before := bytesRead(t)
	add(t, s, stream, next+10, next+9+commits)
	if pages := (bytesRead(t) - before) / pageSize; pages > commits/4 {
		t.Errorf("%d commits read %d pages", commits, pages)
	}
}

// readMuch fills the cache: one with a small share takes the pages of one with a large share, who takes as many new ones.
func readMuch(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	large, small := reading(t, path, 1000), reading(t, path, 10)
	if err := sqlitex.ExecuteScript(large, fmt.Sprintf(`
		PRAGMA page_size = %d;
		CREATE TABLE much (words TEXT);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
		INSERT INTO much SELECT hex(zeroblob(3000)) FROM n;`, pageSize), nil); err != nil {
		t.Fatal(err)
	}
	for _, conn := range []*sqlite.Conn{large, small, large} {
		if _, err := number(conn, `SELECT sum(length(words)) FROM much`); err != nil {
			t.Fatal(err)
		}
	}
}

func reading(t *testing.T, path string, share int) *sqlite.Conn {
	t.Helper()
	conn, err := sqlite.OpenConn(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := sqlitex.ExecuteTransient(conn, fmt.Sprintf(`PRAGMA cache_size = %d`, share), nil); err != nil {
		t.Fatal(err)
	}
	return conn
}

func bytesRead(t *testing.T) (n int) {
	t.Helper()
	data, err := os.ReadFile("/proc/self/io")
	if err == nil {
		_, err = fmt.Sscanf(string(data), "rchar: %d", &n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}
