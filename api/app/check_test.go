package app

import (
	"os"
	"strings"
	"testing"
)

// wrong is what a check finds wrong, in one text.
func wrong(t *testing.T, s Settings) string {
	t.Helper()
	var all []string
	for _, f := range Check(t.Context(), s) {
		if f.What == "" || !f.Good && f.Do == "" {
			t.Errorf("it says nothing, or not what to do: %+v", f)
		}
		if !f.Good {
			all = append(all, f.What)
		}
	}
	return strings.Join(all, "; ")
}

func TestACheckOfWhatIsAsItMustBeFindsNothingAndMakesNothing(t *testing.T) {
	fresh := Dir(t.TempDir() + "/none")
	if said := wrong(t, Settings{Dir: fresh}); said != "" {
		t.Errorf("before the first start: %s", said)
	}
	if _, err := os.Stat(string(fresh)); err == nil {
		t.Error("it made the directory")
	}
	dir := Dir(t.TempDir())
	records(t, dir, "小龙")
	if said := wrong(t, Settings{Dir: dir}); said != "" {
		t.Errorf("after it: %s", said)
	}
	housed(t, dir)
	if said := wrong(t, Settings{Dir: dir}); said != "" {
		t.Errorf("beside the one that serves: %s", said)
	}
}

func TestACheckFindsWhatIsWrong(t *testing.T) {
	rename := func(t *testing.T, from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	for want, spoil := range map[string]func(t *testing.T, s *Settings){
		"is no directory": func(t *testing.T, s *Settings) {
			s.Dir += "/root.key"
		},
		"root.key is missing": func(t *testing.T, s *Settings) { rename(t, s.Dir.file("root.key"), s.Dir.file("kept")) },
		"keys.db is missing":  func(t *testing.T, s *Settings) { rename(t, s.Dir.file("keys.db"), s.Dir.file("kept")) },
		"the keys do not open": func(t *testing.T, s *Settings) {
			other := Dir(t.TempDir())
			records(t, other, "小虎")
			rename(t, other.file("root.key"), s.Dir.file("root.key"))
		},
		"was folded from the log": func(t *testing.T, s *Settings) {
			other := Dir(t.TempDir())
			records(t, other, "小虎")
			s.Views = "sqlite:" + string(other)
		},
		"what was acknowledged after that is lost": func(t *testing.T, s *Settings) {
			backup, err := os.ReadFile(s.Dir.file("log.db"))
			if err != nil {
				t.Fatal(err)
			}
			records(t, s.Dir, "小虎")
			if err := os.WriteFile(s.Dir.file("log.db"), backup, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"the log does not answer": func(t *testing.T, s *Settings) {
			if err := os.WriteFile(s.Dir.file("log.db"), []byte("no log at all, whatever its name says"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"the views do not answer":     func(t *testing.T, s *Settings) { s.Views = "mysql://h/x" },
		"there is no log of the kind": func(t *testing.T, s *Settings) { s.Log = "mysql://h/x" },
	} {
		t.Run(want, func(t *testing.T) {
			s := Settings{Dir: Dir(t.TempDir())}
			records(t, s.Dir, "小龙")
			spoil(t, &s)
			if said := wrong(t, s); !strings.Contains(said, want) {
				t.Errorf("it says %q", said)
			}
		})
	}
}
