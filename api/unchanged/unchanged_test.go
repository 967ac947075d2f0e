package unchanged

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"
)

// file is a file of numbers under keys, with those who read and write it.
type file struct {
	*testing.T
	mine, beside *sql.DB // of this process, and of another
	name         string
	known, his   *Map[int] // of this process, and of the other
	reads        atomic.Int64
	time         atomic.Int64 // in nanoseconds
}

func open(t *testing.T) *file {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f.db")
	path := "file:" + name + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)"
	f := &file{T: t, name: name, mine: database(t, path), beside: database(t, path)}
	f.does(f.mine, `CREATE TABLE number (key INTEGER PRIMARY KEY, value INTEGER)`)
	f.known, f.his = f.opened(), f.opened()
	return f
}

// opened is a Map of the file whose time passes only while somebody waits.
func (f *file) opened() *Map[int] {
	f.Helper()
	m, err := Open[int](f.name)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := m.Close(); err != nil {
			f.Error(err)
		}
	})
	m.now = func() time.Time { return time.Unix(1, f.time.Load()) }
	m.wait = func(d time.Duration) { f.time.Add(int64(d)) }
	return m
}

func database(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func (f *file) does(by *sql.DB, statement string, args ...any) {
	f.Helper()
	if _, err := by.ExecContext(context.Background(), statement, args...); err != nil {
		f.Fatal(err)
	}
	if by == f.mine {
		f.known.Changed()
	} else {
		f.his.Changed()
	}
}

func (f *file) writes(by *sql.DB, key, value int) {
	f.Helper()
	f.does(by, `INSERT INTO number VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
}

// read reads without remembering.
func (f *file) read(key int) (value int, err error) {
	f.reads.Add(1)
	err = f.mine.QueryRowContext(context.Background(), `SELECT value FROM number WHERE key = $1`, key).Scan(&value)
	return value, err
}

func (f *file) get(key int) (int, error) {
	return f.known.Get(digest(key), func() (int, error) { return f.read(key) })
}

func digest(key int) [sha256.Size]byte { return sha256.Sum256([]byte(fmt.Sprint(key))) }

// Whoever writes, deletes or rolls back, whatever was asked before: what is found is what is there.
func TestWhatIsFoundIsWhatIsThere(t *testing.T) {
	f := open(t)
	rapid.Check(t, func(t *rapid.T) {
		f.does(f.beside, `DELETE FROM number`)
		is := map[int]int{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			key, value := rapid.IntRange(0, 3).Draw(t, "key"), rapid.Int16().Draw(t, "value")
			by := rapid.SampledFrom([]*sql.DB{f.mine, f.beside}).Draw(t, "by")
			switch rapid.SampledFrom([]string{"get", "get", "write", "delete", "roll back", "checkpoint"}).Draw(t, "what") {
			case "get":
				got, err := f.get(key)
				if want, ok := is[key]; ok != (err == nil) || got != want || !ok && !errors.Is(err, sql.ErrNoRows) {
					t.Fatalf("%d is %d, %v; not %d, %v", key, got, err, want, ok)
				}
			case "write":
				f.writes(by, key, int(value))
				is[key] = int(value)
			case "delete":
				f.does(by, `DELETE FROM number WHERE key = $1`, key)
				delete(is, key)
			case "roll back":
				tx, err := by.BeginTx(context.Background(), nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := tx.Exec(`DELETE FROM number`); err != nil {
					t.Fatal(err)
				}
				_ = tx.Rollback()
			case "checkpoint":
				f.does(by, `PRAGMA wal_checkpoint(TRUNCATE)`)
			}
		}
	})
}

func TestWhatDidNotChangeIsReadOnce(t *testing.T) {
	f := open(t)
	f.writes(f.beside, 1, 10)
	for range 100 {
		if got, err := f.get(1); got != 10 || err != nil {
			t.Fatal(got, err)
		}
	}
	if n := f.reads.Load(); n != 1 {
		t.Errorf("it was read %d times", n)
	}
}

// What was read just before a change must not be remembered as what is there after it.
func TestAChangeWhileItIsReadIsNotMissed(t *testing.T) {
	f := open(t)
	f.writes(f.beside, 1, 10)
	slow, err := f.known.Get(digest(1), func() (int, error) {
		before, err := f.read(1)
		f.writes(f.beside, 1, 11)
		if now, err := f.get(1); now != 11 || err != nil { // someone faster
			t.Errorf("%d, %v", now, err)
		}
		return before, err
	})
	if slow != 10 || err != nil {
		t.Errorf("the slow one has %d, %v", slow, err)
	}
	if now, err := f.get(1); now != 11 || err != nil {
		t.Errorf("afterwards it is %d, %v", now, err)
	}
}

// Many ask while another process counts up: nobody is told less than what was there when they asked.
func TestManyAskWhileItChanges(t *testing.T) {
	f := open(t)
	f.writes(f.beside, 1, 0)
	var written atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for written.Load() < 200 {
				least := written.Load()
				if got, err := f.get(1); err != nil || int64(got) < least {
					t.Errorf("%d, %v, when %d was there", got, err, least)
					return
				}
			}
		})
	}
	for n := 1; n <= 200; n++ {
		f.writes(f.beside, 1, n)
		written.Store(int64(n))
	}
	all.Wait()
}

// Where nothing can be told of the file, everything is read.
func TestWithoutAVersionEverythingIsRead(t *testing.T) {
	f := open(t)
	f.writes(f.beside, 1, 10)
	var none *Map[int]
	closed, err := Open[int](f.name)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := closed.Get(digest(1), func() (int, error) { return f.read(1) }); got != 10 || err != nil {
		t.Fatal(got, err)
	}
	if err := errors.Join(closed.Close(), none.Close()); err != nil {
		t.Fatal(err)
	}
	none.Changed()
	for what, m := range map[string]*Map[int]{"closed": closed, "none": none} {
		before := f.reads.Load()
		for range 3 {
			if got, err := m.Get(digest(1), func() (int, error) { return f.read(1) }); got != 10 || err != nil {
				t.Errorf("%s: %d, %v", what, got, err)
			}
		}
		if f.reads.Load() != before+3 {
			t.Errorf("%s: it remembers", what)
		}
	}
}
