package forget

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/google/uuid"
)

// TestMain is the process that forgets and is killed, when it is told so: at a step, or after a time.
func TestMain(m *testing.M) {
	dir := os.Getenv("FORGET_TEST_DIR")
	if dir == "" {
		os.Exit(m.Run())
	}
	die := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	at := os.Getenv("FORGET_TEST_DIES")
	step = func(name string) {
		if name == at {
			die()
			select {}
		}
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.Dir(dir), app.ViewsIn(os.Getenv("FORGET_TEST_VIEWS")))
	if after, none := time.ParseDuration(at); none == nil {
		time.AfterFunc(after, die)
	}
	if err == nil {
		_, err = Alone(ctx, a)
		err = firstOf(err, a.Close())
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var steps = []string{"cases known", "begun", "keys destroyed", "views purged", "index purged", "looked", "done"}

func forgettings() int {
	if n, err := strconv.Atoi(os.Getenv("CASESTREAM_FORGET")); err == nil && n > 0 {
		return n
	}
	return 10
}

// The process that forgets is killed with -9 at random steps and at random times until nobody is left to be forgotten.
// CASESTREAM_FORGET says how many.
func TestForgettingsThatAreKilledAreFinished(t *testing.T) { killed(t, forgettings(), "") }

// The same with views and keys in PostgreSQL.
func TestForgettingsInPostgreSQLThatAreKilledAreFinished(t *testing.T) {
	killed(t, max(forgettings()/10, 3), pgtest.New(t, pgtest.Durable).Place())
}

func killed(t *testing.T, people int, views string) {
	w := openWard(t, people, views)
	seen := make(map[uuid.UUID]string)
	var numbers string
	w.within(func(a *app.App) {
		for _, client := range w.stay {
			seen[client] = w.readable(a, client)
		}
		for _, client := range w.going {
			if said := w.readable(a, client); !strings.Contains(said, w.mark) {
				t.Fatalf("before it, nothing can be read: %s", said)
			}
		}
		numbers = w.numbers(a)
	})
	died, kills := make(map[string]int), 0
	for ; ; kills++ { // until a process ends by itself, because everyone is forgotten
		at := steps[rand.IntN(len(steps))]
		what := at
		if rand.IntN(4) == 0 {
			at, what = (time.Duration(rand.IntN(15_000)) * time.Microsecond).String(), "at any time"
		}
		if !w.runs(at) {
			break
		}
		died[what]++
	}
	t.Logf("%d forgettings, %d kills: %v", people, kills, died)
	if kills < people {
		t.Errorf("%d kills for %d forgettings: it tests too little", kills, people)
	}
	w.within(func(a *app.App) {
		for _, client := range w.going {
			w.isForgotten(a, client)
		}
		for _, client := range w.stay {
			if now := w.readable(a, client); now != seen[client] || !strings.Contains(now, "留下1") {
				t.Errorf("of someone else there is %s, not %s", now, seen[client])
			}
		}
		if now := w.numbers(a); now != numbers {
			t.Errorf("the numbers are\n%s\nand were\n%s", now, numbers)
		}
		report, err := a.Verify(t.Context(), nil)
		if err != nil || !report.Whole || !report.Chains {
			t.Errorf("the log is not whole: %+v, %v", report, err)
		}
		w.foldsAnewTheSame(a)
	})
	if files := w.nothingIn(string(w.dir)); files < 3 {
		t.Errorf("only %d files were looked at", files)
	}
}

// runs is a process that forgets, and dies at a step or after a time; none: it ends by itself.
func (w *ward) runs(dies string) (killed bool) {
	w.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), "FORGET_TEST_DIR="+string(w.dir), "FORGET_TEST_VIEWS="+w.views, "FORGET_TEST_DIES="+dies)
	out, err := process.CombinedOutput()
	if strings.Contains(string(out), w.mark[3:20]) {
		w.Errorf("it prints what was said: %s", out)
	}
	if status, ok := process.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return true
	}
	if err != nil {
		w.Fatalf("%v: %s", err, out)
	}
	return false
}
