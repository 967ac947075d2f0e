package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
)

func TestViewsKeysAndTokensAreInPostgreSQLAndTheRestInTheDirectory(t *testing.T) {
	server := pgtest.New(t, pgtest.Durable)
	place, dir := ViewsIn(server.Place()), Dir(t.TempDir())
	var stream, token string
	t.Run("first", func(t *testing.T) {
		a := housed(t, dir, place)
		stream, _ = registers(t, a, "小龙", time.Now())
		var err error
		if token, err = a.Tokens.Give(t.Context(), session.Identity{Role: session.Evaluator, Name: "evaluator:x"}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("after a restart", func(t *testing.T) {
		a := housed(t, dir, place)
		if nameOf(t, a, stream) != "小龙" {
			t.Error("the name is gone")
		}
		if who, err := a.Tokens.Who(t.Context(), token, time.Now()); err != nil || who.Name != "evaluator:x" {
			t.Errorf("the bearer is %+v, %v", who, err)
		}
		beside, err := OpenReader(t.Context(), dir, place)
		if err != nil {
			t.Fatal(err)
		}
		defer beside.Close()
		for _, view := range Views {
			one, err := projections.Dump(t.Context(), a.Views, view)
			other, err2 := projections.Dump(t.Context(), beside.Views, view)
			if err != nil || err2 != nil || one != other {
				t.Errorf("%s: %v, %v", view.Name(), err, err2)
			}
		}
	})
	for _, file := range []string{"views.db", "keys.db"} {
		if _, err := os.Stat(dir.file(file)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("there is a %s all the same: %v", file, err)
		}
	}
}

func TestKeysThatAreLostInPostgreSQLAreNotReplaced(t *testing.T) {
	server := pgtest.New(t, pgtest.Durable)
	place, dir := server.Place(), Dir(t.TempDir())
	t.Run("first", func(t *testing.T) { registers(t, housed(t, dir, ViewsIn(place)), "小龙", time.Now()) })
	keys, err := pg.Beside(place, "_keys")
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pg.Open(t.Context(), keys, pg.Options{Most: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	refused := func(what string) {
		t.Helper()
		for who, open := range map[string]func(context.Context, Dir, ...Option) (*App, error){"writer": Open, "reader": OpenReader} {
			a, err := open(t.Context(), dir, ViewsIn(place))
			if err == nil {
				_ = a.Close()
				t.Errorf("%s: the %s opens", what, who)
			} else if !strings.Contains(err.Error(), "missing") {
				t.Errorf("%s: the %s says %v", what, who, err)
			}
		}
	}
	change := func(statement string) {
		t.Helper()
		var schema string
		err := pool.QueryRow("SELECT current_setting('search_path')").Scan(&schema)
		if err == nil {
			_, err = pool.Exec(strings.ReplaceAll(statement, "KEYS", schema))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	change("ALTER SCHEMA KEYS RENAME TO kept")
	refused("without the schema of the keys")
	change("ALTER SCHEMA kept RENAME TO KEYS")
	if err := os.Rename(dir.file("root.key"), dir.file("root.key.kept")); err != nil {
		t.Fatal(err)
	}
	refused("without the root key")
}

func TestACheckLooksIntoPostgreSQL(t *testing.T) {
	server := pgtest.New(t, pgtest.Durable)
	s := Settings{Dir: Dir(t.TempDir()), Views: server.Place()}
	if said := wrong(t, s); said != "" {
		t.Errorf("before the first start: %s", said)
	}
	t.Run("first", func(t *testing.T) { registers(t, housed(t, s.Dir, ViewsIn(s.Views)), "小龙", time.Now()) })
	if said := wrong(t, s); said != "" {
		t.Errorf("after it: %s", said)
	}
	other := Settings{Dir: Dir(t.TempDir()), Views: s.Views}
	records(t, other.Dir, "小虎")
	if said := wrong(t, other); !strings.Contains(said, "was folded from the log") {
		t.Errorf("with the views of another: %q", said)
	}
}
