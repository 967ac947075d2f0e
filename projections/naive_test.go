package projections_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/google/uuid"
)

// This is the second way of saying what held at a point: straight from the design, one question at a time, over the
// list of what was written. It shares no code with the views.

// written is one line of the list.
type written struct {
	position events.Position
	day      string // it happened
	id       uuid.UUID
	says     events.Entry // nil for a retraction
	corrects uuid.UUID    // of an amendment or a retraction
	gives    string       // the day that an amendment gives
	actor    string
}

// fact is an entry as it held at a point.
type fact struct {
	written
	now events.Entry
	on  string // the day it happened, as was known
}

// held lists what held of a list at a point, in the order of (day, position).
func held(list []written, at projections.Point) []fact {
	var known []written
	for _, w := range list {
		if w.position <= at.KnownAt {
			known = append(known, w)
		}
	}
	entryOf := map[uuid.UUID]uuid.UUID{}
	back := map[uuid.UUID]bool{}
	for _, w := range known {
		entryOf[w.id] = w.id
		if w.corrects != uuid.Nil {
			entryOf[w.id] = entryOf[w.corrects] // correcting a correction is correcting the original
		}
		if w.says == nil {
			back[w.corrects] = true
		}
	}
	var all []fact
	for _, w := range known {
		if w.corrects != uuid.Nil || back[w.id] {
			continue
		}
		f := fact{w, w.says, w.day}
		// The last amendment that was not taken back, and the day that the last of those gives which gives one.
		for _, a := range known {
			if a.says == nil || a.corrects == uuid.Nil || entryOf[a.id] != w.id || back[a.id] {
				continue
			}
			f.now = a.says
			if a.gives != "" {
				f.on = a.gives
			}
		}
		if f.on <= at.Day() {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b fact) int {
		return strings.Compare(fmt.Sprintf("%s %9d", a.on, a.position), fmt.Sprintf("%s %9d", b.on, b.position))
	})
	return all
}

// summary is what a supervisor would ask of a case, as text.
func summary(list []written, at projections.Point) string {
	facts := held(list, at)
	stage, risk, contact, assigned, responsible := "", "", "", "", ""
	accepted, episode := false, 0
	co, flags, consents := map[string]bool{}, map[string]string{}, map[string]bool{}
	var timeline, plans []string
	var plan events.PlanAgreed
	for _, f := range facts {
		timeline = append(timeline, fmt.Sprintf("%s %s %s %s", f.on, f.position, f.now.Type(), wording(f.now)))
		switch now := f.now.(type) {
		case events.IntakeRecorded:
			stage, episode = "intake", 1
		case events.IntakeDecided:
			stage = map[bool]string{true: "open", false: "declined"}[now.Accepted]
			accepted = accepted || now.Accepted
		case events.CaseClosed:
			stage = "closed"
		case events.CaseReopened:
			stage, episode = map[bool]string{true: "open", false: "intake"}[accepted], now.Episode
			if now.Worker != uuid.Nil {
				responsible, assigned = now.Worker.String(), f.on
				delete(co, responsible)
			}
		case events.WorkerAssigned:
			if now.Role == "co_worker" {
				co[now.Worker.String()] = true
				continue
			}
			responsible, assigned = now.Worker.String(), f.on
			delete(co, responsible)
		case events.RiskRated:
			risk = now.Level
		case events.InterventionRecorded:
			if now.Reached {
				contact = f.on
			}
		case events.FlagRaised:
			flags[f.id.String()] = now.Kind
		case events.ConsentRecorded:
			consents[f.id.String()] = true
		case events.PlanAgreed:
			plan = now
			plans = append(plans, f.id.String())
		}
	}
	for _, f := range facts { // what ends something ends it, whatever the days
		switch now := f.now.(type) {
		case events.FlagCleared:
			delete(flags, now.Flag.String())
		case events.ConsentWithdrawn:
			delete(consents, now.Consent.String())
		}
	}
	inForce := ""
	if plans != nil {
		inForce = plans[len(plans)-1] + " " + attained(plan, facts)
	}
	return strings.Join([]string{
		"stage " + stage, fmt.Sprint("episode ", episode), "worker " + responsible + " since " + assigned, "co " + sorted(co),
		"risk " + risk, "contact " + contact, "flags " + strings.Join(slices.Sorted(maps.Values(flags)), ","),
		"consents " + sorted(consents), "plan " + inForce, "due " + due(facts, at), "timeline\n" + strings.Join(timeline, "\n"),
	}, "\n")
}

func sorted(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), ",") }

// attained is T by its formula, with which goals it rests on.
func attained(plan events.PlanAgreed, facts []fact) string {
	var wx, w2, w float64
	rated := 0
	for _, goal := range plan.Goals {
		for _, f := range slices.Backward(facts) {
			if r, ok := f.now.(events.GoalRated); ok && r.Plan == plan.Version && r.Goal == goal.Goal {
				wx, w2, w = wx+goal.Weight*float64(r.Level), w2+goal.Weight*goal.Weight, w+goal.Weight
				rated++
				break
			}
		}
	}
	if rated == 0 {
		return fmt.Sprintf("no T, %d unrated", len(plan.Goals))
	}
	return fmt.Sprintf("T %.6f, %d rated, %d unrated", 50+10*wx/math.Sqrt(0.7*w2+0.3*w*w), rated, len(plan.Goals)-rated)
}

// due lists open steps: of each, what was written last.
func due(facts []fact, at projections.Point) string {
	last := map[string]events.Position{}
	open := map[string]time.Time{}
	for _, f := range facts {
		s, ok := f.now.(events.Stepped)
		if !ok {
			continue
		}
		for _, step := range s.Next().Done {
			if f.position > last[step] {
				last[step] = f.position
				delete(open, step)
			}
		}
		for _, d := range s.Next().Due {
			if f.position >= last[d.Step] {
				last[d.Step], open[d.Step] = f.position, d.By
			}
		}
	}
	var steps []string
	for step, by := range open {
		late := ""
		if by.Before(noon(at.Day()).Add(12 * time.Hour)) {
			late = " late"
		}
		steps = append(steps, fmt.Sprintf("%s by %s%s", step, by.UTC().Format(time.RFC3339), late))
	}
	slices.Sort(steps)
	return strings.Join(steps, ", ")
}

// wording tells one wording of an entry from another.
func wording(e events.Entry) string {
	switch e := e.(type) {
	case events.NoteRecorded:
		return e.Kind
	case events.RiskRated:
		return e.Level
	}
	return ""
}
