// Package deadlines says by when a step of casework is due.
//
// Start with Limit and its From. A Limit is data ("3 working days"); From counts it off on a Calendar, which is data too
// (China() is built in; a new year's notice is uploaded with WithHolidays). Nothing here reads a clock.
//
// Three promises hold for every unit:
//   - The day after is day one, and a limit by days runs to the midnight that ends its last day in Zone.
//   - A step done before due is in time; at due it is late. Ask LastDay for the day to show to people, since the midnight
//     that ends 4 October is written 5 October 00:00.
//   - When the calendar does not know the days that were counted, From still answers, with the best guess (plain weekends,
//     plain months), and says that it is not certain. Show that; never hide it.
//
// Safety takes hours and calendar days only (Unit.Rests is false): a holiday protects nobody.
package deadlines

import (
	"time"
	_ "time/tzdata" // a phone or a slim container may have no zone files, and the day must end at the same instant everywhere
)

// Zone is the programme's zone: a day ends at midnight in Asia/Shanghai, wherever the server stands.
var Zone = mustLoad("Asia/Shanghai")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("deadlines: loading zone " + name + ": " + err.Error())
	}
	return zone
}

// StartOfDay gives the midnight that begins the day of t in Zone.
func StartOfDay(t time.Time) time.Time { return midnight(t, 0) }

// EndOfDay gives the midnight that ends the day of t in Zone: the first instant of the next day.
func EndOfDay(t time.Time) time.Time { return midnight(t, 1) }

// LastDay gives the last day on which a step due at due is still in time, as that day's first instant in Zone.
func LastDay(due time.Time) time.Time { return StartOfDay(due.Add(-time.Nanosecond)) }

// midnight gives the first instant of the day that lies the given number of days after t's.
func midnight(t time.Time, days int) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, Zone)
}
