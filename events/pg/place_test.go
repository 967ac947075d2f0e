package pg

import (
	"strings"
	"testing"
)

func TestAPlaceIsAURLOrAFile(t *testing.T) {
	for place, is := range map[string]bool{
		"postgres://h/d": true, "postgresql://h/d": true, "views.db": false, "sqlite:views.db": false, "/a/postgres://h": false, "": false,
	} {
		if Is(place) != is {
			t.Errorf("%s: %v", place, !is)
		}
	}
	for place, want := range map[string]string{"sqlite:/a/b.db": "/a/b.db", "/a/b.db": "/a/b.db", "b": "b"} {
		if got := File(place); got != want {
			t.Errorf("%s is the file %s", place, got)
		}
	}
}

func TestKeysAreBesideTheViewsOnTheSameServer(t *testing.T) {
	for place, want := range map[string]string{
		"postgres://me:p%40ss@h:5432/d":                   "postgres://me:p%40ss@h:5432/d?schema=casestream_keys",
		"postgres://h/d?schema=wuhan&sslmode=verify-full": "postgres://h/d?schema=wuhan_keys&sslmode=verify-full",
	} {
		if got, err := Beside(place, "_keys"); err != nil || got != want {
			t.Errorf("beside %s is %s, %v; want %s", place, got, err, want)
		}
	}
}

func TestTheSchemaBesideHasToFitAsWell(t *testing.T) {
	for length, fits := range map[int]bool{46: true, 47: false, 51: false} {
		if _, err := Beside("postgres://h/d?schema="+strings.Repeat("a", length), "_keys"); (err == nil) != fits {
			t.Errorf("beside one of %d letters: %v", length, err)
		}
	}
}

func TestASchemaThatWouldHaveToBeQuotedIsRefused(t *testing.T) {
	for _, schema := range []string{"Wuhan", "武汉", "a b", "a;DROP", "1a", strings.Repeat("a", 60), "a-b", `a"b`} {
		if _, err := Beside("postgres://me:secret@h/d?schema="+schema, ""); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", schema, err)
		}
	}
}
