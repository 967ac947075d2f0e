package app

import (
	"os"
	"strings"
	"testing"
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

// A log from a backup that is older than the views has lost something: whoever looks is told, and nobody writes on.
func TestALogThatWasCutOffIsSeen(t *testing.T) {
	dir := Dir(t.TempDir())
	records(t, dir, "小龙")
	backup, err := os.ReadFile(dir.file("log.db"))
	if err != nil {
		t.Fatal(err)
	}
	records(t, dir, "小虎")
	faults := func() string {
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
	if said := faults(); said != "" {
		t.Fatalf("as it should be: %s", said)
	}
	if err := os.WriteFile(dir.file("log.db"), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := faults(); !strings.Contains(said, "the log ends at 1") || !strings.Contains(said, "position 2") {
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
