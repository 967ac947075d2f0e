package projections

import (
	"math"
	"time"

	"github.com/casestream/casestream/events"
)

// Point is where someone stands who asks: on the axis of what had happened, and on that of what was known. All four
// corners are questions that people ask: how it was then, or now, as was known then, or as is known now.
type Point struct {
	// AsOf is the last day that counts, 2006-01-02; empty: every day.
	AsOf string `json:"as_of,omitempty"`
	// KnownAt is the last position that counts: Latest, or what days.KnownAt gives for a day. At 0 nothing was known.
	KnownAt events.Position `json:"known_at"`
	// Now is the instant at which a step is late or not. Zero: the end of AsOf.
	Now time.Time `json:"-"`
}

// Latest is everything that is known.
const Latest events.Position = Never - 1

// Never is the position that supersedes what nothing has superseded, in tables that tell until when a row held.
const Never = math.MaxInt64

// Day is the last day that counts, also when every day does.
func (p Point) Day() string {
	if p.AsOf == "" {
		return "9999-12-31"
	}
	return p.AsOf
}

// Known is the last position that counts, as a database takes it: a row held then if Known < until.
func (p Point) Known() int64 { return int64(min(p.KnownAt, Latest)) }

// Late tells whether a step that was due by a time is late at this point. At that very time it is.
func (p Point) Late(by time.Time) bool {
	if p.Now.IsZero() {
		return events.DayOf(by) <= p.Day()
	}
	return !by.After(p.Now)
}

// LastDay is the last day on which a step due by a time is in time: the midnight that ends a day is of that day.
func LastDay(by time.Time) string { return events.DayOf(by.Add(-time.Nanosecond)) }
