package app

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// records opens a directory, registers someone, and closes it.
func records(t *testing.T, dir Dir, name string) (stream string) {
	t.Helper()
	a, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Projector.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	n := someone()
	if _, err := a.Clients.Do(t.Context(), n.stream, n.Meta, n.called(name)); err != nil {
		t.Fatal(err)
	}
	if err := a.Projector.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return n.stream
}

// faults are what is wrong with the logs of a directory.
func faults(t *testing.T, dir Dir) string {
	t.Helper()
	a, err := OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	v, err := a.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if v.Whole != (v.FaultsIn == 0) || len(v.Faults) > v.FaultsIn {
		t.Errorf("%+v", v)
	}
	var all []string
	for _, fault := range v.Faults {
		all = append(all, fault.What)
	}
	return strings.Join(all, "; ")
}

// Whoever takes the whole read log away takes away that they read.
func TestAReadLogThatWasRemovedIsSeen(t *testing.T) {
	dir := Dir(t.TempDir())
	a, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	shown := events.Disclosed{Asking: events.Asking{Role: "worker", Route: "see-case"}, Shown: []events.Shown{{Classes: []sealed.Class{sealed.Identity}, Streams: []string{events.Stream("case", uuid.New())}}}}
	for _, step := range []func() error{
		func() error { return a.Projector.CatchUp(t.Context(), nil) },
		func() error { return a.Access.Record(t.Context(), "administrator:x", time.Now(), shown) },
		func() error { return a.Readers.CatchUp(t.Context(), nil) },
		a.Close,
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if said := faults(t, dir); said != "" {
		t.Fatalf("as it should be: %s", said)
	}
	for _, side := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(dir.file("access.db") + side)
	}
	if said := faults(t, dir); !strings.Contains(said, "there is no read log") || !strings.Contains(said, "position 1") {
		t.Errorf("it is gone: %q", said)
	}
}

// A log from a backup that is older than the views has lost something: whoever looks is told, and nobody writes on.
func TestALogThatWasCutOffIsSeen(t *testing.T) {
	dir := Dir(t.TempDir())
	records(t, dir, "小龙")
	backup, err := os.ReadFile(dir.file("log.db"))
	if err != nil {
		t.Fatal(err)
	}
	records(t, dir, "小虎")
	if said := faults(t, dir); said != "" {
		t.Fatalf("as it should be: %s", said)
	}
	if err := os.WriteFile(dir.file("log.db"), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := faults(t, dir); !strings.Contains(said, "the log ends at 1") || !strings.Contains(said, "position 2") {
		t.Errorf("one fact is lost: %q", said)
	}
	a, err := Open(t.Context(), dir)
	if err == nil {
		err = a.Projector.CatchUp(t.Context(), nil)
		_ = a.Close()
	}
	if err == nil {
		t.Error("and the views go on as if nothing had happened")
	}
}
