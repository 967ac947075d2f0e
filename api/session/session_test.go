package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events/pgtest"
	"github.com/google/uuid"
	_ "modernc.org/sqlite"
)

var (
	noon  = time.Date(2012, 7, 2, 12, 0, 0, 0, time.UTC)
	later = noon.Add(24 * time.Hour)
)

// TestMain runs every test with the tokens in SQLite, then in PostgreSQL.
func TestMain(m *testing.M) { os.Exit(pgtest.Both(m, pgtest.Durable)) }

func open(t *testing.T, path string) *Tokens {
	t.Helper()
	tokens, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tokens.Close() })
	return tokens
}

func give(t *testing.T, tokens *Tokens, who Identity, until time.Time) string {
	t.Helper()
	token, err := tokens.Give(t.Context(), who, until)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestABearerIsWhoTheTokenWasGivenTo(t *testing.T) {
	path := pgtest.Place(t)
	tokens := open(t, path)
	for _, who := range []Identity{
		{Role: Worker, Worker: uuid.New()},
		{Role: Supervisor, Worker: uuid.New()},
		{Role: Evaluator, Name: "evaluator:university"},
		{Role: Administrator, Name: "administrator:account"},
	} {
		token := give(t, tokens, who, later)
		for what, tokens := range map[string]*Tokens{"here": tokens, "after a restart": open(t, path)} {
			for range 2 { // from the file, and from memory
				if got, err := tokens.Who(t.Context(), token, noon); err != nil || got != who {
					t.Errorf("%s, the bearer is %+v, %v; not %+v", what, got, err, who)
				}
			}
		}
		want := who.Name
		if who.Worker != uuid.Nil {
			want = who.Worker.String()
		}
		if who.Actor() != want {
			t.Errorf("the log calls them %s", who.Actor())
		}
	}
}

func TestATokenIsMadeByChance(t *testing.T) {
	tokens := open(t, pgtest.Place(t))
	made := make(map[string]bool)
	for range 50 {
		token := give(t, tokens, Identity{Role: Evaluator, Name: "evaluator:x"}, later)
		if !regexp.MustCompile(`^cs_[a-z2-7]{32}$`).MatchString(token) || made[token] {
			t.Fatalf("a token is %q", token)
		}
		made[token] = true
	}
}

// Whoever has the file has no token.
func TestOnlyTheDigestIsOnTheDisk(t *testing.T) {
	place := pgtest.Place(t)
	tokens := open(t, place)
	token := give(t, tokens, Identity{Role: Worker, Worker: uuid.New()}, later)
	if _, err := tokens.Who(t.Context(), token, noon); err != nil {
		t.Fatal(err)
	}
	secret, err := base32.StdEncoding.DecodeString(strings.ToUpper(strings.TrimPrefix(token, "cs_")))
	if err != nil {
		t.Fatal(err)
	}
	digest, kept := sha256.Sum256([]byte(token)), false
	files, err := filepath.Glob(place + "*")
	if server := pgtest.Running(); server != nil {
		files = server.Files(t, "base", "pg_wal")
	}
	if err != nil || len(files) < 2 {
		t.Fatalf("the file and its journal are %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept = kept || bytes.Contains(content, digest[:])
		for what, part := range map[string][]byte{"the token": []byte(token), "most of the token": []byte(token[3:]), "its bytes": secret} {
			if bytes.Contains(content, part) {
				t.Errorf("%s is in %s", what, filepath.Base(file))
			}
		}
	}
	if !kept {
		t.Error("the digest is not where this test looks")
	}
}

func TestATokenIsGoodUntilItsTimeAndNoLonger(t *testing.T) {
	tokens := open(t, pgtest.Place(t))
	token := give(t, tokens, Identity{Role: Evaluator, Name: "evaluator:x"}, noon)
	for at, good := range map[time.Time]bool{
		noon.Add(-time.Hour): true, noon.Add(-time.Millisecond): true, noon: false, noon.Add(time.Millisecond): false, later: false,
	} {
		for range 2 {
			if _, err := tokens.Who(t.Context(), token, at); (err == nil) != good {
				t.Errorf("at %s: %v", at, err)
			}
		}
	}
}

// Nobody learns from the answer whether a token ever was one.
func TestATokenThatNeverWasAndOneThatIsOverAreAnsweredAlike(t *testing.T) {
	tokens := open(t, pgtest.Place(t))
	over := give(t, tokens, Identity{Role: Worker, Worker: uuid.New()}, noon)
	for what, token := range map[string]string{
		"over": over, "none": "cs_" + strings.Repeat("a", 32), "nothing": "", "capitals": strings.ToUpper(over), "more": over + "a", "less": over[:20],
		"a statement": "' OR 1=1 --",
	} {
		who, err := tokens.Who(t.Context(), token, later)
		if err != ErrUnknown || who != (Identity{}) { //nolint:errorlint // the same error, not one that wraps it
			t.Errorf("%s: %+v, %v", what, who, err)
		}
	}
}

// Also by another process, and although it was just used.
func TestATokenThatIsTakenBackIsNotGoodForAnotherRequest(t *testing.T) {
	place := pgtest.Place(t)
	tokens, beside := open(t, place), open(t, place)
	token := give(t, tokens, Identity{Role: Evaluator, Name: "evaluator:x"}, later)
	kept := give(t, tokens, Identity{Role: Evaluator, Name: "evaluator:y"}, later)
	give(t, tokens, Identity{Role: Evaluator, Name: "evaluator:over"}, noon)
	if _, err := tokens.Who(t.Context(), token, noon); err != nil {
		t.Fatal(err)
	}
	all, err := beside.List(t.Context(), noon)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, given := range all {
		if given.Who.Name == "evaluator:x" {
			if err := beside.TakeBack(t.Context(), given.ID, noon); err != nil {
				t.Fatal(err)
			}
			if err := beside.TakeBack(t.Context(), given.ID, noon); !errors.Is(err, ErrUnknown) {
				t.Errorf("a second time: %v", err)
			}
		}
	}
	if _, err := tokens.Who(t.Context(), token, noon); !errors.Is(err, ErrUnknown) {
		t.Errorf("it is still good: %v", err)
	}
	if _, err := tokens.Who(t.Context(), kept, noon); err != nil {
		t.Errorf("another one is gone: %v", err)
	}
}

func TestAScopeIsKeptWithItsToken(t *testing.T) {
	place := pgtest.Place(t)
	tokens := open(t, place)
	for names, want := range map[string]Scope{"": 0, "read": Read, "numbers": Numbers, "read,write": Read | Write, "write, numbers": Write | Numbers} {
		scope, err := ParseScope(names)
		if err != nil || scope != want {
			t.Errorf("%q is %s, %v", names, scope, err)
		}
		who := Identity{Role: Supervisor, Worker: uuid.New(), Scope: scope}
		if got, err := open(t, place).Who(t.Context(), give(t, tokens, who, later), noon); err != nil || got != who {
			t.Errorf("%q: %+v, %v", names, got, err)
		}
	}
	for _, names := range []string{"all", "read,delete", "Read"} {
		if _, err := ParseScope(names); err == nil {
			t.Errorf("%q is a scope", names)
		}
	}
	if !Scope(0).Allows(Write) || Numbers.Allows(Read) || !(Read | Numbers).Allows(Read|Write) {
		t.Error("what a scope allows")
	}
}

// `casestream token` beside a running server: the server knows the token at once.
func TestATokenGivenByAnotherProcessIsKnownAtOnce(t *testing.T) {
	path := pgtest.Place(t)
	one, other := open(t, path), open(t, path)
	who := Identity{Role: Worker, Worker: uuid.New()}
	if got, err := one.Who(t.Context(), give(t, other, who, later), noon); err != nil || got != who {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	tokens := open(t, pgtest.Place(t))
	given := make(map[string]Identity)
	for range 20 {
		who := Identity{Role: Worker, Worker: uuid.New()}
		given[give(t, tokens, who, later)] = who
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for token, who := range given {
				if got, err := tokens.Who(t.Context(), token, noon); err != nil || got != who {
					t.Errorf("%+v, %v", got, err)
				}
			}
		})
	}
	all.Wait()
}

func TestAFileThatIsNoDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if tokens, err := Open(t.Context(), path); err == nil {
		_ = tokens.Close()
		t.Error("it is opened")
	}
}

func BenchmarkWho(b *testing.B) {
	tokens, err := Open(b.Context(), pgtest.Place(b))
	if err != nil {
		b.Fatal(err)
	}
	defer tokens.Close()
	token, err := tokens.Give(b.Context(), Identity{Role: Worker, Worker: uuid.New()}, later)
	if err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := tokens.Who(b.Context(), token, noon); err != nil {
				b.Error(err)
			}
		}
	})
}
