package sqlite

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func TestAWholeLogIsWhole(t *testing.T) {
	s := newLog(t)
	for range 3 {
		add(t, s, newStream(), 1, 100)
	}
	var seen []events.Position
	report, err := Verify(t.Context(), s.path, func(at events.Position) { seen = append(seen, at) })
	if err != nil {
		t.Fatal(err)
	}
	if !report.Whole() || report.Log != s.ID() || report.Head != 300 || report.Events != 300 || report.Streams != 3 {
		t.Errorf("%+v", report)
	}
	if len(seen) < 2 || !slices.IsSorted(seen) || seen[len(seen)-1] != 300 {
		t.Errorf("the progress was %v", seen)
	}
}

// Whoever can write the file can take the triggers away. What he did then shows, and where.
func TestWhatWasDoneToALogShows(t *testing.T) {
	for what, c := range map[string]struct {
		sql  string
		at   events.Position // where it shows
		says string
	}{
		"another word":             {`UPDATE events SET data = replace(data, '"number":7', '"number":8') WHERE position = 17`, 17, "does not fit its hash"},
		"another time":             {`UPDATE events SET meta = replace(meta, '2012-03-14', '2012-03-13') WHERE position = 17`, 17, ""},
		"another kind":             {`UPDATE events SET type = 'programme.grant-made' WHERE position = 17`, 17, ""},
		"another hash":             {`UPDATE events SET hash = zeroblob(32) WHERE position = 17`, 17, ""},
		"a hash that is cut off":   {`UPDATE events SET hash = substr(hash, 1, 31) WHERE position = 17`, 17, ""},
		"a version of nothing":     {`UPDATE events SET version = 99 WHERE position = 17`, 17, ""},
		"taken out":                {`DELETE FROM events WHERE position = 17`, 17, "the version before it is missing"},
		"taken out and closed up":  {`DELETE FROM events WHERE position = 17; UPDATE events SET position = position - 1 WHERE position = 18`, 17, ""},
		"two in the other order":   {`UPDATE events SET position = -17 WHERE position = 17; UPDATE events SET position = 17 WHERE position = 18; UPDATE events SET position = 18 WHERE position = -17`, 17, ""},
		"put in":                   {`INSERT INTO events SELECT 31, stream, 11, hash, type, meta, data FROM events WHERE position = 30`, 31, "does not fit its hash"},
		"given to another stream":  {`UPDATE events SET stream = 1, version = 11 WHERE position = 30`, 30, ""},
		"a stream by another name": {`UPDATE streams SET name = 'case-00000000-0000-0000-0000-000000000000' WHERE id = 2`, 11, ""},
		"a stream without a name":  {`DELETE FROM streams WHERE id = 2`, 11, "has no name"},
		"another log":              {`UPDATE log SET id = randomblob(16)`, 1, ""},
		"a place taken away":       {`DELETE FROM new_places WHERE position = 17`, 17, "does not stand where"},
		"a place of another":       {`UPDATE new_places SET position = 16 WHERE position = 17`, 17, "does not stand where"},
		"a place of nothing":       {`INSERT INTO places VALUES (1, 11, 31)`, 0, "1 more places than events"},
		"a place in both tables":   {`INSERT INTO places SELECT * FROM new_places WHERE position = 17`, 0, "1 more places than events"},
		"a first version again":    {`UPDATE events SET stream = 9, version = 1 WHERE position = 17`, 17, ""},
	} {
		t.Run(what, func(t *testing.T) {
			s := newLog(t)
			for range 3 {
				add(t, s, newStream(), 1, 10)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, s.path, c.sql)
			report := verify(t, s.path)
			if report.Whole() || report.Faults[0].Position != c.at || !strings.Contains(fmt.Sprint(report.Faults), c.says) {
				t.Errorf("found %+v, want a fault at position %d that says %q", report.Faults, c.at, c.says)
			}
		})
	}
}

func tamper(t *testing.T, path, sql string) {
	t.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := sqlitex.ExecuteScript(conn, `DROP TRIGGER IF EXISTS events_are_not_changed; DROP TRIGGER IF EXISTS events_are_not_removed; `+sql, nil); err != nil {
		t.Fatal(err)
	}
}

func TestAnAccidentDoesNotChangeTheLog(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 2)
	for _, sql := range []string{`UPDATE events SET data = '{}'`, `DELETE FROM events WHERE position = 2`} {
		if err := sqlitex.ExecuteTransient(s.writer.conn, sql, nil); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

// A log that was cut off at its end is whole; only who remembers its head can tell.
func TestALogThatWasCutOffHasALowerHead(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 10)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, s.path, `DELETE FROM events WHERE position > 7`)
	if report := verify(t, s.path); report.Whole() || report.Head != 7 {
		t.Errorf("cut off, but for the places: %+v", report)
	}
	tamper(t, s.path, `DELETE FROM new_places WHERE position > 7`)
	if report := verify(t, s.path); !report.Whole() || report.Head != 7 {
		t.Errorf("%+v", report)
	}
}

func TestALogThatIsCutOffBehindItsWritersBackShows(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 10)
	tamper(t, s.path, `DELETE FROM events WHERE position > 7`)
	report, err := s.Verify(t.Context(), nil)
	if err != nil || report.Whole() || report.Faults[0].Position != 8 || report.Head != 10 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestAReaderStopsWhereSomethingIsMissing(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, one, 1, 10)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, s.path, `DELETE FROM events WHERE position = 5`)
	r := openReader(t, s.path)
	for what, read := range map[string]func(func(events.Recorded, error) bool){
		"the stream": r.Read(t.Context(), one, 1), "the log": r.ReadAll(t.Context(), 0),
	} {
		seen := 0
		var failed error
		for _, err := range read {
			if failed = err; err == nil {
				seen++
			}
		}
		if seen != 4 || failed == nil {
			t.Errorf("reading %s gave %d events and %v", what, seen, failed)
		}
	}
}

// Any bit may turn. Either somebody says so, or what is read is what it was: the bit was in no use.
func TestABitThatTurnedShows(t *testing.T) {
	s := newLog(t)
	secret := "the-words-of-a-claim"
	for n := range 4 {
		one := newStream()
		for v := range 20 {
			claim := events.ClaimPublished{About: secret, Number: n, Source: strings.Repeat("x", 100*v)}
			if _, err := s.Append(t.Context(), one, v, command(), claim); err != nil {
				t.Fatal(err)
			}
		}
	}
	was := everything(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	random, shown := rand.New(rand.NewPCG(1, 2)), 0
	for range 300 {
		bad := slices.Clone(good)
		at, bit := random.IntN(len(bad)), random.IntN(8)
		bad[at] ^= 1 << bit
		path := t.TempDir() + "/log.db"
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := Verify(t.Context(), path, nil)
		if said := fmt.Sprint(report, err); strings.Contains(said, secret) || strings.Contains(said, "xxxx") {
			t.Fatalf("the report repeats what stands in the log: %s", said)
		}
		if err != nil || !report.Whole() {
			shown++
			continue
		}
		if is := everything(t, openReader(t, path)); is != was {
			t.Errorf("bit %d of byte %d turned, the log reads otherwise, and nobody says so", bit, at)
		}
	}
	if shown < 100 {
		t.Errorf("of 300 bits that turned %d showed: this tests little", shown)
	}
}

// everything is all that a log says.
func everything(t *testing.T, s *Store) string {
	t.Helper()
	said := strings.Builder{}
	for r, err := range s.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&said, "%+v\n", r)
	}
	return said.String()
}
