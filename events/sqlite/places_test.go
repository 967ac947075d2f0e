package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/casestream/casestream/events"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"
)

// Whichever of the two tables the place of an event is in, the stream is read from any version on: here, beside, and by
// who opens the log again.
func TestAStreamIsReadWhereverItsPlacesAre(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := openLog(t, filepath.Join(t.TempDir(), "log.db"))
		defer func() { s.Close() }()
		enough := rapid.IntRange(1, 12).Draw(r, "enough places")
		s.writer.enoughPlaces = enough
		streams := []string{newStream(), newStream(), newStream()}
		has := map[string]int{}
		for range rapid.IntRange(1, 40).Draw(r, "appends") {
			one := rapid.SampledFrom(streams).Draw(r, "stream")
			var facts []events.Event
			for n := range rapid.IntRange(1, 3).Draw(r, "facts") {
				facts = append(facts, fact(has[one]+n+1))
			}
			if _, err := s.Append(t.Context(), one, has[one], command(), facts...); err != nil {
				r.Fatal(err)
			}
			has[one] += len(facts)
			if rapid.IntRange(0, 9).Draw(r, "opened again") == 0 {
				s = reopened(t, s)
				s.writer.enoughPlaces = enough
			}
		}
		beside := openReader(t, s.path)
		defer beside.Close()
		for _, one := range streams {
			from := rapid.IntRange(1, 9).Draw(r, "from")
			for _, log := range []*Store{s, beside} {
				next := from
				for e, err := range log.Read(t.Context(), one, from) {
					if err != nil || e.Version != next || e.Event != fact(next) {
						r.Fatalf("instead of version %d: %+v, %v", next, e, err)
					}
					next++
				}
				if next <= has[one] {
					r.Fatalf("read to version %d of %d", next-1, has[one])
				}
			}
		}
		if report := verify(t, s.path); !report.Whole() {
			r.Fatalf("%+v", report)
		}
	})
}

func TestNewPlacesAreBroughtToTheOthersWhenTheyAreEnough(t *testing.T) {
	for n, want := range map[int][2]int64{9: {0, 9}, 10: {10, 0}, 13: {10, 3}, 25: {20, 5}} {
		s := newLog(t)
		s.writer.enoughPlaces = 10 // it is idle
		add(t, s, newStream(), 1, n)
		if is := placesOf(t, s); is != want {
			t.Errorf("after %d events %v are among all places and the new ones, want %v", n, is, want)
		}
	}
}

// placesOf closes a log and counts its places: all others, and the new ones.
func placesOf(t *testing.T, s *Store) (is [2]int64) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := openReading(s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for n, table := range []string{"places", "new_places"} {
		if is[n], err = number(conn, `SELECT count(*) FROM `+table); err != nil {
			t.Fatal(err)
		}
	}
	return is
}

// Places that cannot be brought to the others are found where they are, and it is tried again.
func TestPlacesThatCannotBeBroughtStayWhereTheyAre(t *testing.T) {
	s, one := newLog(t), newStream()
	s.writer.enoughPlaces = 5
	commit, commits := s.writer.commit, 0
	s.writer.commit = func() error {
		if commits++; commits == 6 { // the five appends, then the places
			return sqlite.ResultFull.ToError()
		}
		return commit()
	}
	add(t, s, one, 1, 9)
	if got := numbers(t, s); len(got) != 9 {
		t.Errorf("the log has %v", got)
	}
	for e, err := range s.Read(t.Context(), one, 9) {
		if err != nil || e.Version != 9 {
			t.Errorf("instead of version 9: %+v, %v", e, err)
		}
	}
	add(t, s, one, 10, 11)
	if is, want := placesOf(t, s), [2]int64{10, 1}; is != want {
		t.Errorf("%v are among all places and the new ones, want %v", is, want)
	}
	if report := verify(t, s.path); !report.Whole() {
		t.Errorf("%+v", report)
	}
}

// A kill may come between the answer and the places.
func TestAKillBeforeThePlacesAreBroughtLosesNone(t *testing.T) {
	s, one := newLog(t), newStream()
	s.writer.enoughPlaces = 4
	var killed string
	commit, commits := s.writer.commit, 0
	s.writer.commit = func() error {
		if commits++; commits == 5 {
			killed = image(t, s.path)
		}
		return commit()
	}
	add(t, s, one, 1, 6)
	again := openLog(t, killed)
	again.writer.enoughPlaces = 4
	add(t, again, one, 5, 6)
	if is, want := placesOf(t, again), [2]int64{5, 1}; is != want {
		t.Errorf("%v are among all places and the new ones, want %v", is, want)
	}
	if report := verify(t, killed); !report.Whole() || report.Head != 6 {
		t.Errorf("%+v", report)
	}
}

// The file is asked whether a version is given for the first time, whatever the writer thinks that it knows.
func TestAVersionIsGivenOnce(t *testing.T) {
	for _, places := range []int{1, enoughPlaces} {
		s, one := newLog(t), newStream()
		s.writer.enoughPlaces = places
		add(t, s, one, 1, 3)
		s = reopened(t, s) // and so idle
		twice := turn{w: s.writer, last: 3, placed: 3}
		h, err := twice.find(one)
		if err != nil || h.version != 3 {
			t.Fatalf("%+v, %v", h, err)
		}
		twice.last++
		if err := twice.insert(h, row{position: 4, version: 3}); err != nil {
			t.Fatal(err)
		}
		if err := twice.place(); !errors.Is(failure(err), events.ErrDamaged) {
			t.Errorf("a second place of version 3: %v", err)
		}
	}
}

// Nothing is appended to a stream whose last place is wrong: it would continue the chain of another.
func TestAStreamWhoseLastPlaceIsWrongTakesNoMore(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, newStream(), 1, 3)
	add(t, s, one, 1, 3)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, s.path, `UPDATE new_places SET position = 3 WHERE position = 6`)
	s = openLog(t, s.path)
	for _, expected := range []int{2, 3} {
		if _, err := s.Append(t.Context(), one, expected, command(), fact(expected+1)); err == nil {
			t.Errorf("appended after version %d", expected)
		}
	}
}

// An append and its retry may be taken at once.
func TestARetryInTheSameTurnIsAnsweredAsTheFirst(t *testing.T) {
	s, meta := newLog(t), command()
	d, err := drafted(newStream(), 0, meta, []events.Event{fact(1), fact(2)})
	if err != nil {
		t.Fatal(err)
	}
	batch := []*request{{draft: d, ctx: t.Context()}, {draft: d, ctx: t.Context()}}
	if _, err := s.writer.try(batch); err != nil { // it is idle
		t.Fatal(err)
	}
	for n, r := range batch {
		if r.position != 2 || r.err != nil {
			t.Errorf("request %d was answered with %d, %v", n, r.position, r.err)
		}
	}
	if report := verify(t, s.path); !report.Whole() || report.Head != 2 {
		t.Errorf("%+v", report)
	}
}
