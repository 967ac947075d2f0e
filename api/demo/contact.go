package demo

import (
	"time"

	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

// Contacts make up most of a case, and most of what is counted in it.

// kinds of intervention, by how often.
var kinds = []struct {
	kind   string
	weight int
}{{"talk", 48}, {"visit", 20}, {"phone_call", 11}, {"linking", 8}, {"home_visit", 8}, {"advocacy", 5}}

func (w *casework) kind() string {
	for {
		throw := w.d.IntN(100)
		for _, k := range kinds {
			if throw -= k.weight; throw < 0 {
				if len(w.words.Did[k.kind]) > 0 && !(k.kind == "home_visit" && w.dayAndNight) { // whose home is far away
					return k.kind
				}
				break
			}
		}
	}
}

// intervene records a contact, and counts it.
func (w *casework) intervene(t time.Time, kind, stage string) {
	cmd := cases.RecordIntervention{Entry: w.entry(t), Kind: kind, Mode: "in_person", Place: w.site, Minutes: w.d.between(5, 14) * 5, Reached: true, Note: w.noteOn(kind, stage)}
	switch kind {
	case "phone_call":
		cmd.Mode, cmd.Place, cmd.Minutes = "phone", "", w.d.between(4, 25)
	case "home_visit":
		cmd.Place, cmd.Minutes = "home", w.d.between(8, 24)*5
		if w.dayAndNight {
			cmd.Mode = "phone" // somebody there goes, the worker listens in
		}
	case "escort_home":
		cmd.Place, cmd.Minutes = "home", w.d.between(60, 160)*5
	}
	cmd.Present = w.present(kind)
	if kind != "crisis" && kind != "escort_home" && w.d.chance(0.05) {
		cmd.Reached, cmd.Present, cmd.Minutes = false, nil, w.d.between(1, 10)
		cmd.Note = w.say(pick(w.d, []string{"未能见到{n},已留言,改日再约。", "{n}临时有事未到,另约时间。", "到时{n}外出未归,请值班人员转告。"}))
		if kind == "phone_call" {
			cmd.Note = "电话无人接听,晚些再试。"
		}
	}
	for _, p := range cmd.Present {
		if p.Served {
			cmd.PersonTimes++
		}
	}
	if len(w.goals) > 0 && cmd.Reached && kind != "crisis" {
		var ids []uuid.UUID
		for _, g := range w.goals {
			ids = append(ids, g.id)
		}
		cmd.Goals = some(ids, w.d, w.d.between(1, 2))
	}
	over := t.Add(time.Duration(cmd.Minutes) * time.Minute)
	recorded := w.noted(over)
	if kind == "crisis" {
		recorded = w.soon(over)
	}
	recorded = w.record(w.worker, t, recorded, cmd)
	w.contacts = append(w.contacts, contact{cmd, t, recorded})
	w.personTimes += cmd.PersonTimes
}

// present is who was there: the client is served, family where they are part of it, others are consulted.
func (w *casework) present(kind string) []cases.PersonPresent {
	there := []cases.PersonPresent{{Who: "client", Served: true}}
	switch {
	case kind == "home_visit":
		there = append(there, cases.PersonPresent{Who: "family", Name: w.who.Guardian.Name, Served: w.d.chance(0.6)})
	case kind == "talk" && w.d.chance(0.12):
		there = append(there, cases.PersonPresent{Who: "guardian", Name: w.who.Guardian.Name, Served: true})
	case kind == "escort_home":
		there = append(there, cases.PersonPresent{Who: "guardian", Name: w.who.Guardian.Name, Served: true}, cases.PersonPresent{Who: "police"})
	case kind == "advocacy" && w.category.Key == "boarding_student":
		there = append(there, cases.PersonPresent{Who: "teacher"})
	case kind == "linking" && w.category.Key == "hospital_patient":
		there = append(there, cases.PersonPresent{Who: "doctor"})
	}
	return there
}

// times spreads n contacts over the days on which this kind of client is met.
func (w *casework) times(from, until time.Time, n int) (times []time.Time) {
	var days []time.Time
	for day := on(from, 0, 0); !day.After(until); day = nextDay(day, 1) {
		if w.meets(day) {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return nil
	}
	perDay := 1
	if w.dayAndNight {
		perDay = 2
	}
	n = min(n, len(days)*perDay)
	last := from
	for i := range n {
		day := days[(i*len(days)+w.d.IntN(len(days)))/n]
		t := on(day, 9, 0).Add(w.d.minutes(0, 480))
		if !t.After(last) {
			t = last.Add(w.d.minutes(40, 100))
		}
		if t.After(until) || t.Hour() >= 22 {
			continue
		}
		times = append(times, t)
		last = t
	}
	return times
}

// meets tells whether such clients are met on a day: students in term, people in the community also on Saturdays,
// and children at the station on any day.
func (w *casework) meets(day time.Time) bool {
	switch w.category.Key {
	case "street_child":
		return true
	case "boarding_student":
		return inTerm(day)
	case "youth", "family", "community_resident":
		return worked(day) || day.Weekday() == time.Saturday
	}
	return worked(day)
}
