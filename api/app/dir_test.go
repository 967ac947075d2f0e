package app

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
)

func TestADirectoryIsOfTheDemoWhenItIsMarked(t *testing.T) {
	dir := Dir(t.TempDir() + "/data")
	says := func(wantIs, wantComplete bool) {
		t.Helper()
		if is, complete, err := dir.Demo(); err != nil || is != wantIs || complete != wantComplete {
			t.Errorf("is %v, complete %v, %v", is, complete, err)
		}
	}
	says(false, false)
	for _, complete := range []bool{false, true} {
		if err := dir.MarkDemo(time.Now(), complete); err != nil {
			t.Fatal(err)
		}
		says(true, complete)
	}
	if err := os.WriteFile(dir.file("demo.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := dir.Demo(); err == nil {
		t.Error("half a mark is read as one")
	}
	if _, err := Open(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "demo") {
		t.Errorf("half a mark: it opens with what clock? %v", err)
	}
}

// In the demo it is the morning of its own day when it was loaded, and time goes on.
func TestTheClockOfTheDemoIsShifted(t *testing.T) {
	dir := Dir(t.TempDir())
	loaded := time.Now().Add(-49 * time.Hour)
	if err := dir.MarkDemo(loaded, true); err != nil {
		t.Fatal(err)
	}
	a := housed(t, dir)
	if day := events.DayOf(a.Now()); day != "2013-01-06" {
		t.Errorf("two days and an hour after it was loaded it is %s", day)
	}
	if hour := a.Now().In(events.Zone).Hour(); hour != 10 {
		t.Errorf("it is %d o'clock", hour)
	}
	before := a.Now()
	if after := a.Now(); after.Before(before) {
		t.Errorf("after %s it is %s", before, after)
	}
}

func TestElsewhereItIsNow(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	if off := time.Since(a.Now()); off < -time.Second || off > time.Second {
		t.Errorf("the clock is off by %s", off)
	}
}

func TestTheDemoNeedsADirectoryOfItsOwn(t *testing.T) {
	dir := Dir(t.TempDir())
	if err := dir.Empty(); err != nil {
		t.Errorf("an empty one is refused: %v", err)
	}
	if err := (dir + "/none").Empty(); err != nil {
		t.Errorf("one that is not there is refused: %v", err)
	}
	if err := os.WriteFile(dir.file("letter"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := dir.Empty(); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("one with a letter in it: %v", err)
	}
}

func TestOnlyTheOwnerMayLookIntoTheDirectory(t *testing.T) {
	dir := Dir(t.TempDir() + "/data")
	housed(t, dir)
	for _, name := range []string{"", "root.key", "keys.db"} {
		info, err := os.Stat(dir.file(name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q: %v %v", name, info.Mode(), err)
		}
	}
}
