package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// earlier is a log of format 1, as the versions before made it: nine appends and ten facts in three streams.
func earlier(t *testing.T) (path string) {
	t.Helper()
	script, err := os.ReadFile("testdata/format-1.sql")
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "log.db")
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := sqlitex.ExecuteScript(conn, string(script), nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// streamsOf is what stands in each stream of a log, read one by one.
func streamsOf(t *testing.T, s *Store) (all []string) {
	t.Helper()
	var names []string
	for r, err := range s.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(names, r.Stream) {
			names = append(names, r.Stream)
		}
	}
	for _, name := range names {
		for r, err := range s.Read(t.Context(), name, 1) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%+v", r))
		}
	}
	return all
}

func TestALogOfAnEarlierFormatIsReadAndLeftAsItIs(t *testing.T) {
	path := earlier(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := openReader(t, path)
	if got := numbers(t, s); !slices.Equal(got, []int{1, 2, 1, 2, 3, 3, 4, 1, 4, 5}) {
		t.Errorf("the log has %v", got)
	}
	if all := streamsOf(t, s); len(all) != 10 {
		t.Errorf("the streams have %v", all)
	}
	if report := verify(t, path); !report.Whole() || report.Head != 10 || report.Streams != 3 {
		t.Errorf("%+v", report)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(after, before) {
		t.Errorf("reading changed it, %v", err)
	}
}

func TestALogOfAnEarlierFormatIsBroughtUpByWhoWritesIt(t *testing.T) {
	path := earlier(t)
	r := openReader(t, path)
	was, streams := everything(t, r), streamsOf(t, r)
	s := openLog(t, path)
	if s.ID() != r.ID() {
		t.Error("it is another log")
	}
	if everything(t, s) != was || !slices.Equal(streamsOf(t, s), streams) {
		t.Error("the log says something else")
	}
	if everything(t, r) != was || !slices.Equal(streamsOf(t, r), streams) {
		t.Error("whoever read it before sees something else")
	}
	if report := verify(t, path); !report.Whole() || report.Head != 10 {
		t.Errorf("%+v", report)
	}
	if is, err := number(s.writer.conn, `SELECT count(*) FROM places`); err != nil || is != 10 {
		t.Errorf("%d places, %v", is, err)
	}
	for _, sql := range []string{`UPDATE events SET data = '{}'`, `DELETE FROM events WHERE position = 2`} {
		if err := sqlitex.ExecuteTransient(s.writer.conn, sql, nil); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
	one := "case-01a209bb-3393-7639-8e3f-f20db32b7370"
	if _, err := s.Append(t.Context(), one, 3, command(), fact(4)); err == nil {
		t.Error("a version was given twice")
	}
	if at := add(t, s, one, 5, 6); at != 12 {
		t.Errorf("it goes on at position %d", at)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := numbers(t, openLog(t, path)); len(got) != 12 {
		t.Errorf("opened again it has %v", got)
	}
}

// Without room for it a log of an earlier format stays what it is.
func TestALogThatCannotBeBroughtUpIsAsItWas(t *testing.T) {
	path := earlier(t)
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := number(conn, `PRAGMA page_count`)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteTransient(conn, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+1), nil); err != nil {
		t.Fatal(err)
	}
	if err := bringUp(conn); sqlite.ErrCode(err) != sqlite.ResultFull {
		t.Errorf("brought up without room: %v", err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if report := verify(t, path); !report.Whole() || report.Events != 10 {
		t.Errorf("%+v", report)
	}
	add(t, openLog(t, path), newStream(), 1, 1)
}

func TestALogOfALaterFormatIsRefused(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, s.path, fmt.Sprintf(`PRAGMA user_version = %d`, format+1))
	if _, err := Open(t.Context(), s.path); err == nil {
		t.Error("it was opened")
	}
	if _, err := OpenReader(t.Context(), s.path); err == nil {
		t.Error("it was opened to read")
	}
}
