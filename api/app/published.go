package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/outcomes"
)

// ErrTooNarrow: whoever knows numbers only may not ask for so little that the answer is about someone.
var ErrTooNarrow = errors.New("only whole years of the programme or of a project, as known at the end of a month")

// PublishedAsked says what a published answer answers.
type PublishedAsked struct {
	Year    int    `json:"year"`
	Project string `json:"project,omitempty"`
	KnownAt string `json:"known_at" doc:"the day at the end of which all that counts was known"`
}

// PublishedAnswer is an answer of numbers that give nobody away. It names no position: that would count what was
// recorded.
type PublishedAnswer[T any] struct {
	Asked  PublishedAsked `json:"asked"`
	Result T              `json:"result"`
}

// Published answers a question about outcomes for whoever may know numbers only. It is about a whole year of the
// programme or of one project; ErrTooNarrow if it is about less.
func (a *App) Published(ctx context.Context, asked OutcomesAsked) (answer PublishedAnswer[outcomes.Published], err error) {
	if answer.Asked, err = a.wholeAsked(asked); err != nil {
		return answer, err
	}
	at, err := days.KnownAt(ctx, a.Views, answer.Asked.KnownAt)
	if err != nil {
		return answer, err
	}
	err = a.replays.run(ctx, func() (err error) {
		answer.Result, err = outcomes.Publish(ctx, a.Views, answer.Asked.Year, asked.Project, answer.Asked.over(), at)
		return err
	})
	return answer, err
}

// wholeAsked is the year that a question is about, and up to when it is known.
func (a *App) wholeAsked(asked OutcomesAsked) (of PublishedAsked, err error) {
	of.Project = asked.Project
	if of.KnownAt, err = a.knownWhole(asked.KnownAt); err == nil {
		of.Year, err = wholeYear(asked, of.KnownAt)
	}
	return of, err
}

func (p PublishedAsked) over() bool { return isOver(p.Year, p.KnownAt) }

// PublishedYear answers what a year came to, for whoever may know numbers only.
func (a *App) PublishedYear(ctx context.Context, year int, asked Asked) (answer PublishedAnswer[outcomes.PublishedYear], err error) {
	known, err := a.knownWhole(asked.KnownAt)
	if err != nil {
		return answer, err
	}
	if last := lastOf(year); asked.AsOf != "" && asked.AsOf != last {
		return answer, narrowUnless(!IsDay(asked.AsOf))
	}
	answer.Asked = PublishedAsked{Year: year, KnownAt: known}
	at, err := days.KnownAt(ctx, a.Views, known)
	if err != nil {
		return answer, err
	}
	err = a.replays.run(ctx, func() (err error) {
		answer.Result, err = outcomes.PublishYear(ctx, a.Views, year, isOver(year, known), known, at)
		return err
	})
	return answer, err
}

func narrowUnless(noDay bool) error {
	if noDay {
		return ErrNoDay
	}
	return ErrTooNarrow
}

// knownWhole is the day up to which something is known: yesterday, or the end of a month if that is asked for. Every
// day of choice would show what was recorded on it.
func (a *App) knownWhole(asked string) (string, error) {
	now := a.Now()
	if asked == "" {
		return events.DayOf(now.AddDate(0, 0, -1)), nil
	}
	if !IsDay(asked) {
		var at events.Position
		return "", narrowUnless(at.UnmarshalText([]byte(asked)) != nil)
	}
	if !isEndOfMonth(asked) || asked >= events.DayOf(now) {
		return "", ErrTooNarrow
	}
	return asked, nil
}

func isEndOfMonth(day string) bool {
	t, err := time.Parse(time.DateOnly, day)
	return err == nil && t.AddDate(0, 0, 1).Day() == 1
}

// wholeYear is the year that is asked for: by its first day, its last, or both; without either the last that is over.
func wholeYear(asked OutcomesAsked, known string) (int, error) {
	if asked.Category != "" || asked.Agency != "" || asked.Site != "" {
		return 0, ErrTooNarrow
	}
	year := 0
	for _, end := range []struct {
		day  string
		last bool
	}{{asked.From, false}, {asked.To, true}, {asked.AsOf, true}} {
		if end.day == "" {
			continue
		}
		if !IsDay(end.day) {
			return 0, ErrNoDay
		}
		of, err := strconv.Atoi(end.day[:4])
		if err != nil || year != 0 && of != year || end.last && end.day != lastOf(of) || !end.last && end.day[4:] != "-01-01" {
			return 0, ErrTooNarrow
		}
		year = of
	}
	if year == 0 {
		if year, _ = strconv.Atoi(known[:4]); !isOver(year, known) {
			year--
		}
	}
	return year, nil
}

func lastOf(year int) string {
	return time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func isOver(year int, known string) bool { return lastOf(year) <= known }
