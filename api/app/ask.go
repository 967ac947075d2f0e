package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/days"
)

// Asked says what an answer answers.
type Asked struct {
	AsOf    string `json:"as_of" doc:"the day that was asked for"`
	KnownAt string `json:"known_at,omitempty" doc:"the day or position after which nothing counts"`
}

// Answer is the shape of every answer about a day.
type Answer[A, T any] struct {
	Asked    A               `json:"asked"`
	Position events.Position `json:"position" doc:"the last position that counts in it"`
	Result   T               `json:"result"`
}

// ErrNoDay: neither a day nor a position.
var ErrNoDay = errors.New("neither a day, like 2012-09-30, nor a position")

// Point finds the point in time that two questions mean: as_of is a day, known_at a day or a position; either may
// be empty. Without as_of it is the day of known_at, else today.
func (a *App) Point(ctx context.Context, asOf, knownAt string) (projections.Point, Asked, error) {
	now := a.Now()
	today := events.DayOf(now)
	at := projections.Point{AsOf: asOf, KnownAt: projections.Latest}
	if IsDay(knownAt) {
		position, err := days.KnownAt(ctx, a.Views, knownAt)
		if err != nil {
			return at, Asked{}, err
		}
		at.KnownAt = position
		if at.AsOf == "" {
			at.AsOf = knownAt
		}
	} else if knownAt != "" {
		if err := at.KnownAt.UnmarshalText([]byte(knownAt)); err != nil {
			return at, Asked{}, ErrNoDay
		}
	}
	if at.AsOf == "" {
		at.AsOf = today
	}
	if !IsDay(at.AsOf) {
		return at, Asked{}, ErrNoDay
	}
	if at.AsOf >= today {
		at.Now = now // later today is not late yet
	}
	return at, Asked{AsOf: at.AsOf, KnownAt: knownAt}, nil
}

// IsDay tells whether something is a day, like 2012-09-30.
func IsDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Arrived waits until the views have arrived at a position, if this process keeps them up; at most a few seconds.
func (a *App) Arrived(ctx context.Context, at events.Position, views ...string) error {
	return arrived(ctx, a.Projector, at, views...)
}

func arrived(ctx context.Context, views projections.Several, at events.Position, names ...string) error {
	if at == 0 || views == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	if err := views.Wait(ctx, at, names...); err != nil {
		return fmt.Errorf("waiting for position %s: %w", at, err)
	}
	return nil
}
