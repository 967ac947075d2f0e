package app

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
)

// may is an hour of a day in May 2012.
func may(day, hour int) time.Time { return time.Date(2012, 5, day, hour, 0, 0, 0, events.Zone) }

func TestAQuestionMeansOnePointInTime(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	_, first := registers(t, a, "甲", may(18, 9))
	_, second := registers(t, a, "乙", may(20, 23))
	_, third := registers(t, a, "丙", may(21, 1))
	now := may(25, 15)
	a.Now = func() time.Time { return now }
	for _, q := range []struct {
		asOf, knownAt string
		day           string
		known         events.Position
		now           time.Time
	}{
		{"", "", "2012-05-25", projections.Latest, now},
		{"2012-05-20", "", "2012-05-20", projections.Latest, time.Time{}}, // a day that is over: at its end
		{"2012-05-25", "", "2012-05-25", projections.Latest, now},         // today: later today is not late yet
		{"2012-05-26", "", "2012-05-26", projections.Latest, now},
		{"", "2012-05-20", "2012-05-20", second, time.Time{}}, // without as_of, the day of known_at
		{"", "2012-05-19", "2012-05-19", first, time.Time{}},  // nothing was recorded that day
		{"", "2012-05-17", "2012-05-17", 0, time.Time{}},      // before everything
		{"", "2012-05-21", "2012-05-21", third, time.Time{}},
		{"", "2012-06-30", "2012-06-30", third, now}, // a day to come: as far as the view is
		{"2012-05-18", "2012-05-20", "2012-05-18", second, time.Time{}},
		{"2012-05-25", "2012-05-18", "2012-05-25", first, now},
		{"", first.String(), "2012-05-25", first, now}, // a position has no day: as of today
		{"2012-05-19", second.String(), "2012-05-19", second, time.Time{}},
		{"", "0", "2012-05-25", 0, now},
	} {
		at, asked, err := a.Point(t.Context(), q.asOf, q.knownAt)
		if err != nil {
			t.Errorf("as of %q, known at %q: %v", q.asOf, q.knownAt, err)
			continue
		}
		if at.AsOf != q.day || at.KnownAt != q.known || !at.Now.Equal(q.now) || asked.AsOf != q.day || asked.KnownAt != q.knownAt {
			t.Errorf("as of %q, known at %q: it is %+v, asked %+v; not %s, %s, %s", q.asOf, q.knownAt, at, asked, q.day, q.known, q.now)
		}
	}
}

func TestWhatIsNoPointInTimeIsRefused(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	for _, nonsense := range []string{"yesterday", "2012-02-30", "2012-5-1", "20120501x", "-1", "1.5", "18446744073709551616", "2012-05-01T00:00:00Z", " "} {
		if _, _, err := a.Point(t.Context(), "", nonsense); !errors.Is(err, ErrNoDay) {
			t.Errorf("known at %q: %v", nonsense, err)
		}
		if _, _, err := a.Point(t.Context(), nonsense, ""); !errors.Is(err, ErrNoDay) {
			t.Errorf("as of %q: %v", nonsense, err)
		}
	}
	if _, _, err := a.Point(t.Context(), "1", ""); !errors.Is(err, ErrNoDay) {
		t.Errorf("a position is no day: %v", err)
	}
	for _, asked := range []OutcomesAsked{{From: "x"}, {To: "2012-13-01"}, {Asked: Asked{AsOf: "x"}}} {
		if _, err := a.Outcomes(t.Context(), asked); !errors.Is(err, ErrNoDay) {
			t.Errorf("%+v: %v", asked, err)
		}
	}
}

// The day is the programme's, wherever the server stands.
func TestTodayIsTheProgrammesDay(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	for hour, day := range map[int]string{15: "2012-05-25", 16: "2012-05-26"} {
		a.Now = func() time.Time { return time.Date(2012, 5, 25, hour, 0, 0, 0, time.UTC) }
		if at, _, err := a.Point(t.Context(), "", ""); err != nil || at.AsOf != day {
			t.Errorf("at %d UTC it is %s, %v", hour, at.AsOf, err)
		}
	}
}

func TestAnAnswerSaysWhatWasAskedAndOnWhatItRests(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	_, position := registers(t, a, "甲", may(18, 9))
	answer, err := a.Outcomes(t.Context(), OutcomesAsked{Project: "x", From: "2012-01-01", Asked: Asked{KnownAt: "2012-05-18"}})
	if err != nil || answer.Position != position || fmt.Sprint(answer.Asked) != "{{2012-05-18 2012-05-18} x    2012-01-01  false <nil>}" {
		t.Errorf("%+v, %s, %v", answer.Asked, answer.Position, err)
	}
	year, err := a.Year(t.Context(), 2012, Asked{})
	if err != nil || year.Asked.Year != 2012 || year.Asked.AsOf == "" {
		t.Errorf("%+v, %v", year.Asked, err)
	}
}

func TestWhoWaitsForAPositionIsToldWhenTheViewsAreThere(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	for range 20 {
		_, position := registers(t, a, "甲", may(18, 9))
		for _, view := range a.Projector.Status() {
			if view.Position < position {
				t.Fatalf("%s is at %s, not %s", view.View, view.Position, position)
			}
		}
	}
	if err := a.Arrived(t.Context(), 0); err != nil {
		t.Error(err)
	}
}
