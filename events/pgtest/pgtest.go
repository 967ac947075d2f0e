// Package pgtest gives tests a PostgreSQL of their own: one server per test process, from Debian's packages, in a
// temporary directory, reached by a socket in it and by nothing else. It ends with the process, however that ends.
//
// A package whose code runs on SQLite and on PostgreSQL runs all its tests on both: Both in its TestMain, and Place
// wherever a test would name a file.
package pgtest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// Kind of a server.
type Kind bool

const (
	Fast    Kind = false // it syncs nothing: what it holds is lost with the machine, not with the server
	Durable Kind = true
)

// shared is the server of this process while the tests run on PostgreSQL; nil while they run on SQLite.
var shared *Server

// Both runs the tests of a package with SQLite under them, then with PostgreSQL, and answers with the exit code.
// Without a PostgreSQL it says so, and fails if there has to be one.
func Both(m *testing.M, kind Kind) int {
	flag.Parse()
	failed := m.Run()
	if list := flag.Lookup("test.list"); list != nil && list.Value.String() != "" {
		return failed
	}
	if why := Absent(); why != "" {
		fmt.Fprintln(os.Stderr, why)
		if required() {
			return 1
		}
		return failed
	}
	server, err := Start(kind)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Remove()
	shared = server
	fewer()
	fmt.Println("=== the same tests on PostgreSQL")
	return max(failed, m.Run())
}

// fewer draws fewer examples: the engine is the same for all, the logic was tried on SQLite, and tables cost more to
// make here. Who asks for a number gets it.
func fewer() {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if checks := flag.Lookup("rapid.checks"); checks != nil && !given {
		_ = checks.Value.Set("25")
	}
}

// Place is a new place on the engine of this run: a file that is not there yet, or a schema.
func Place(tb testing.TB) string {
	tb.Helper()
	if shared == nil {
		return filepath.Join(tb.TempDir(), "it.db")
	}
	return shared.Place()
}

// Running is the server that the tests run on now; nil: they run on SQLite.
func Running() *Server { return shared }

// New is a server for one test, which may stop and start it.
func New(tb testing.TB, kind Kind) *Server {
	tb.Helper()
	installed(tb)
	server, err := Start(kind)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(server.Remove)
	return server
}

// installed skips a test without PostgreSQL, or fails it.
func installed(tb testing.TB) {
	tb.Helper()
	switch why := Absent(); {
	case why == "":
	case required():
		tb.Fatal(why)
	default:
		tb.Skip(why)
	}
}

// required tells whether a test without PostgreSQL has failed: CI skips nothing.
func required() bool { return os.Getenv("CI") == "true" }

// Absent says that there is no PostgreSQL here; empty: there is one.
func Absent() string {
	if _, err := programs(); err != nil {
		return "NOT TESTED: nothing was tried on PostgreSQL, because " + err.Error()
	}
	return ""
}

// programs finds the directory of the newest server there is.
var programs = sync.OnceValues(func() (string, error) {
	newest, number := "", 0
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	for _, path := range found {
		var n int
		if _, err := fmt.Sscanf(path, "/usr/lib/postgresql/%d/", &n); err == nil && n > number {
			newest, number = filepath.Dir(path), n
		}
	}
	if number < 15 {
		return "", errors.Join(err, errors.New("it is not installed, in version 15 or later: apt-get install postgresql"))
	}
	return newest, nil
})

var places atomic.Int64

// Place is a new schema of the server.
func (s *Server) Place() string {
	return fmt.Sprintf("postgres://%s@/postgres?host=%s&schema=place_%d", owner, s.dir, places.Add(1))
}

// Files are those in some directories of the server, after it has put into them what it holds in memory: base is where
// tables are, pg_wal is its journal.
func (s *Server) Files(tb testing.TB, dirs ...string) (files []string) {
	tb.Helper()
	checkpoint := exec.Command(filepath.Join(s.bin, "psql"), "-h", s.dir, "-U", owner, "-c", "CHECKPOINT", "postgres")
	if out, err := checkpoint.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(filepath.Join(s.Data(), dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return files
}
