package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

func TestALogIsNamedByAURL(t *testing.T) {
	dir := t.TempDir()
	for url, want := range map[string]string{
		"sqlite:" + dir + "/a":    "",
		"memory:":                 "",
		"sqlite:":                 "sqlite:DIR",
		"":                        "sqlite:DIR",
		dir:                       "sqlite:DIR",
		"postgres://u:s3cret@h/x": "postgres: a log is",
		"u:s3cret@h":              "sqlite:DIR",
	} {
		log, err := OpenLog(t.Context(), url)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", url, err)
				continue
			}
			if _, err := log.Head(t.Context()); err != nil {
				t.Errorf("%s: %v", url, err)
			}
			log.Close()
			continue
		}
		if err == nil || log != nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v, want %q", url, err, want)
		}
	}
	if !Promises("sqlite:x").Lasts || !Promises("esdb://h:1").Lasts || Promises("memory:").Lasts || Promises("what").Lasts {
		t.Error("what outlasts the process is another")
	}
}

func TestACasestreamNeedsALogThatLasts(t *testing.T) {
	if a, err := Open(t.Context(), Dir(t.TempDir()), LogIn("memory:")); err == nil || !strings.Contains(err.Error(), "keeps nothing") {
		t.Errorf("%v", err)
		_ = a.Close()
	}
}

// The log on one disk, the views on another, the keys in the data directory.
func TestLogAndViewsMayBeElsewhere(t *testing.T) {
	dir, log, views := Dir(t.TempDir()), "sqlite:"+t.TempDir(), "sqlite:"+t.TempDir()
	var stream string
	t.Run("first", func(t *testing.T) {
		stream, _ = registers(t, housed(t, dir, LogIn(log), ViewsIn(views)), "小龙", time.Now())
	})
	for _, name := range []string{"log.db", "views.db"} {
		if !dir.lacks(name) {
			t.Errorf("there is a %s in the data directory", name)
		}
	}
	a, err := OpenReader(t.Context(), dir, LogIn(log), ViewsIn(views))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if name := nameOf(t, a, stream); name != "小龙" {
		t.Errorf("it reads %q", name)
	}
	if _, err := OpenReader(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "casestream serve") {
		t.Errorf("in the data directory itself: %v", err)
	}
}

func TestALogWithAProgrammeIsInUse(t *testing.T) {
	url := "sqlite:" + t.TempDir()
	elsewhere := Settings{Dir: Dir(t.TempDir()), Log: url}
	if err := elsewhere.NotInUse(t.Context()); err != nil {
		t.Errorf("an empty one: %v", err)
	}
	log, err := OpenLog(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	meta := events.Meta{CommandID: uuid.New(), Actor: "x", OccurredAt: now, RecordedAt: now}
	if _, err := log.Append(t.Context(), events.ProgrammeStream, 0, meta, events.TargetSet{Year: 2012, Count: "activities", Number: 1}); err != nil {
		t.Fatal(err)
	}
	if err := NotInUse(t.Context(), log); !errors.Is(err, ErrInUse) {
		t.Errorf("%v", err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if err := elsewhere.NotInUse(t.Context()); !errors.Is(err, ErrInUse) {
		t.Errorf("from outside: %v", err)
	}
}
