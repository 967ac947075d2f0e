package sqlite

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestASecondWriterIsRefused(t *testing.T) {
	s := newLog(t)
	link := filepath.Join(t.TempDir(), "other-name.db")
	if err := os.Symlink(s.path, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{s.path, link} {
		second, err := Open(t.Context(), path)
		if !errors.Is(err, ErrWritten) || !strings.Contains(err.Error(), "process ") {
			t.Errorf("a second writer by %s: %v, want %v and the process that has it", path, err, ErrWritten)
		}
		if err == nil {
			second.Close()
		}
	}
	add(t, s, newStream(), 1, 2) // the first goes on
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	add(t, openLog(t, s.path), newStream(), 1, 1)
}

func TestAReaderBesideTheWriterSeesWhatIsNewAndLeavesTheWALAlone(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, one, 1, 10)
	file, wal := size(t, s.path), size(t, s.path+"-wal")
	r := openReader(t, s.path)
	if r.ID() != s.ID() {
		t.Error("the reader sees another log")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	next, stop := iter.Pull2(r.Follow(ctx, 0))
	defer stop()
	for n := 1; n <= 11; n++ {
		if e, err, _ := next(); err != nil || e.CaughtUp() != (n == 11) {
			t.Fatalf("event %d: %+v, %v", n, e, err)
		}
	}
	if size(t, s.path) != file || size(t, s.path+"-wal") != wal {
		t.Error("a reader that reads moves the WAL")
	}
	add(t, s, one, 11, 12)
	for n := 11; n <= 12; n++ {
		if e, err, _ := next(); err != nil || e.Version != n {
			t.Fatalf("instead of version %d: %+v, %v", n, e, err)
		}
	}
	if _, err := r.Append(t.Context(), one, 12, command(), fact(13)); err == nil {
		t.Error("a reader appended")
	}
	wal = size(t, s.path+"-wal")
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if size(t, s.path) != file || size(t, s.path+"-wal") != wal {
		t.Error("a reader that closes moves the WAL")
	}
}

func TestAReaderWithoutAWriterReadsWhatAKillLeftAndLeavesIt(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 10)
	killed := image(t, s.path)
	file, wal := size(t, killed), size(t, killed+"-wal")
	r := openReader(t, killed)
	if got := numbers(t, r); !slices.Equal(got, count(1, 10)) {
		t.Errorf("the reader sees %v", got)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if size(t, killed) != file || size(t, killed+"-wal") != wal {
		t.Error("a reader moved what a kill left: that is the writer's, who syncs it")
	}
	if got := numbers(t, openLog(t, killed)); !slices.Equal(got, count(1, 10)) {
		t.Errorf("after the reader, the writer sees %v", got)
	}
}

func TestWhatIsNoLogIsRefusedAndLeftAsItIs(t *testing.T) {
	folder := t.TempDir()
	other := filepath.Join(folder, "other.db")
	conn, err := sqlite.OpenConn(other, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sqlitex.ExecuteTransient(conn, `CREATE TABLE other (x)`, nil), conn.Close()); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(folder, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{other, text} {
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path); err == nil {
			t.Errorf("%s was opened", path)
		}
		if _, err := OpenReader(t.Context(), path); err == nil {
			t.Errorf("%s was opened to read", path)
		}
		if after, err := os.ReadFile(path); err != nil || !slices.Equal(after, before) {
			t.Errorf("%s was changed", path)
		}
	}
	if _, err := OpenReader(t.Context(), filepath.Join(folder, "none.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a log that is not there: %v", err)
	}
}

func TestEveryLogHasAnIDOfItsOwn(t *testing.T) {
	one, other := newLog(t), newLog(t)
	if one.ID() == other.ID() || one.ID().Version() != 4 || one.ID().Variant() != uuid.RFC4122 {
		t.Errorf("two logs are %s and %s", one.ID(), other.ID())
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, other.path, `DELETE FROM log`)
	if _, err := Open(t.Context(), other.path); !errors.Is(err, events.ErrDamaged) {
		t.Errorf("a log without an id: %v, want %v", err, events.ErrDamaged)
	}
}

func TestOnlyItsOwnerReadsTheFiles(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 1)
	for _, part := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(s.path + part)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("log.db%s has mode %v", part, info.Mode())
		}
	}
}

func TestTheWriterIsDurableOrNotThere(t *testing.T) {
	s := newLog(t)
	for pragma, back := range map[string]string{
		`PRAGMA synchronous = normal`: `PRAGMA synchronous = full`,
		`PRAGMA synchronous = off`:    `PRAGMA synchronous = full`,
	} {
		if err := sqlitex.ExecuteTransient(s.writer.conn, pragma, nil); err != nil {
			t.Fatal(err)
		}
		if assertDurable(s.writer.conn) == nil {
			t.Errorf("%s passes for durable", pragma)
		}
		if err := sqlitex.ExecuteTransient(s.writer.conn, back, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := assertDurable(s.writer.conn); err != nil {
		t.Error(err)
	}
}

func TestReadingBeyondTheEndAsksNoFile(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, one, 1, 3)
	for range cap(s.readers.places) { // every connection is lent
		s.readers.places <- struct{}{}
		defer func() { <-s.readers.places }()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for r, err := range s.Read(ctx, one, 4) {
		t.Fatalf("beyond the end there is %+v, %v", r, err)
	}
	if head, err := s.Head(ctx); err != nil || head != 3 {
		t.Errorf("the head is %d, %v", head, err)
	}
}
