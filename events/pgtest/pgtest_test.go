package pgtest

import (
	"bufio"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/pg"
)

// TestMain is the process that is killed, when it is told so.
func TestMain(m *testing.M) {
	if os.Getenv("PGTEST_BE_KILLED") == "" {
		os.Exit(m.Run())
	}
	server, err := Start(Fast)
	if err != nil {
		panic(err)
	}
	_, _ = os.Stdout.WriteString(server.Place() + "\n")
	select {}
}

func TestTheServerEndsWithTheProcessHoweverThatEnds(t *testing.T) {
	installed(t)
	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), "PGTEST_BE_KILLED=yes")
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	place, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(strings.TrimSpace(place))
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(at.Query().Get("host"))
	connected, err := pg.Open(t.Context(), at.String(), pg.Options{Most: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer connected.Close()
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()
	if _, err := connected.Exec("SELECT pg_sleep(600)"); err == nil {
		t.Error("ten minutes later it is still there")
	}
}

func TestNobodyElseReachesTheServer(t *testing.T) {
	server := New(t, Fast)
	info, err := os.Stat(server.dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its directory: %v, %v", info.Mode(), err)
	}
	if one, other := server.Place(), server.Place(); one == other {
		t.Error("a place is given twice")
	}
}
