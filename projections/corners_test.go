package projections_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// someone writes a case as it comes: late entries, amendments that move the day, retractions of entries and of
// amendments, amendments of amendments, in any place.
type someone struct {
	*diary
	rt   *rapid.T
	list []written
}

func (s *someone) day() string {
	return fmt.Sprintf("2012-03-%02d", rapid.IntRange(1, 9).Draw(s.rt, "day"))
}

func (s *someone) add(day string, w written, e events.Event) {
	w.day, w.id, w.actor = day, e.(events.Entry).EntryID(), s.actor
	w.position = s.write(caseStream(0), noon(day), e)
	s.list = append(s.list, w)
}

// pick is the id of an entry, or of a correction too; nil if there is none.
func (s *someone) pick(is func(written) bool) (id uuid.UUID) {
	var ids []uuid.UUID
	for _, w := range s.list {
		if is(w) {
			ids = append(ids, w.id)
		}
	}
	if len(ids) == 0 {
		return uuid.Nil
	}
	return rapid.SampledFrom(ids).Draw(s.rt, "which")
}

func of[E events.Entry](w written) bool {
	_, ok := w.says.(E)
	return ok && w.corrects == uuid.Nil
}

func anything(w written) bool { return w.says != nil }

func (s *someone) steps(day string) (steps events.Steps) {
	for _, step := range []string{"contact", "assessment", "review"} {
		switch rapid.IntRange(0, 4).Draw(s.rt, step) {
		case 0:
			steps.Done = append(steps.Done, step)
		case 1:
			by := noon(day).Add(12*time.Hour).AddDate(0, 0, rapid.IntRange(-2, 5).Draw(s.rt, "days"))
			steps.Due = append(steps.Due, events.Due{Step: step, By: by.UTC(), Unsure: rapid.Bool().Draw(s.rt, "unsure")})
		}
	}
	return steps
}

func (s *someone) worker() uuid.UUID { return worker(rapid.IntRange(1, 3).Draw(s.rt, "worker")) }

// entry is an entry of any kind, such as might be written of a day.
func (s *someone) entry(day string) events.Entry {
	id := s.next(caseStream(0))
	goals := []uuid.UUID{number("goal", 1), number("goal", 2), number("goal", 3)}
	switch rapid.IntRange(0, 13).Draw(s.rt, "what") {
	case 0, 1:
		return events.NoteRecorded{Entered: id, Kind: fmt.Sprint("note ", len(s.list)), Text: sealed.Say("a note")}
	case 2, 3:
		return events.RiskRated{Entered: id, Level: rapid.SampledFrom([]string{"high", "medium", "low"}).Draw(s.rt, "level"), Steps: s.steps(day)}
	case 4:
		role := rapid.SampledFrom([]string{"responsible", "co_worker"}).Draw(s.rt, "role")
		return events.WorkerAssigned{Entered: id, Worker: s.worker(), Role: role}
	case 5, 6:
		return events.InterventionRecorded{Entered: id, Kind: "talk", Reached: rapid.Bool().Draw(s.rt, "reached"), Steps: s.steps(day)}
	case 7:
		return events.FlagRaised{Entered: id, Kind: rapid.SampledFrom([]string{"safety", "staff_risk"}).Draw(s.rt, "kind")}
	case 8:
		if flag := s.pick(of[events.FlagRaised]); flag != uuid.Nil {
			return events.FlagCleared{Entered: id, Flag: flag}
		}
		return events.ConsentRecorded{Entered: id, Purpose: "service"}
	case 9:
		if consent := s.pick(of[events.ConsentRecorded]); consent != uuid.Nil {
			return events.ConsentWithdrawn{Entered: id, Consent: consent}
		}
		return events.IntakeDecided{Entered: id, Accepted: rapid.Bool().Draw(s.rt, "accepted")}
	case 10:
		plan := events.PlanAgreed{Entered: id, Version: rapid.IntRange(1, 2).Draw(s.rt, "version")}
		for _, goal := range goals[:rapid.IntRange(1, 3).Draw(s.rt, "goals")] {
			plan.Goals = append(plan.Goals, events.Goal{Goal: goal, Weight: float64(rapid.IntRange(1, 5).Draw(s.rt, "weight"))})
		}
		return plan
	case 11:
		return events.GoalRated{
			Entered: id, Plan: rapid.IntRange(1, 2).Draw(s.rt, "plan"), Goal: rapid.SampledFrom(goals).Draw(s.rt, "goal"),
			Level: rapid.IntRange(-2, 2).Draw(s.rt, "level"),
		}
	case 12:
		return events.CaseClosed{Entered: id, Reason: rapid.SampledFrom([]string{"goals_met", "duplicate"}).Draw(s.rt, "reason"), Steps: s.steps(day)}
	default:
		reopened := events.CaseReopened{Entered: id, Episode: len(s.list), Steps: s.steps(day)}
		if rapid.Bool().Draw(s.rt, "with worker") {
			reopened.Worker = s.worker()
		}
		return reopened
	}
}

func (s *someone) acts() {
	day := s.day()
	switch rapid.IntRange(0, 9).Draw(s.rt, "act") {
	case 0, 1: // amends, also what was amended
		target := s.pick(anything)
		entry := s.entry(day)
		for _, w := range s.list {
			if w.id == target && rapid.Bool().Draw(s.rt, "the same kind") {
				entry = w.says
			}
		}
		amended := events.EntryAmended{Entered: s.next(caseStream(0)), Amends: target, Now: events.Said{Entry: entry}}
		w := written{says: entry, corrects: target}
		if rapid.Bool().Draw(s.rt, "moves the day") {
			w.gives = s.day()
			amended.HappenedAt = noon(w.gives)
		}
		s.add(day, w, amended)
	case 2: // takes back, also amendments
		target := s.pick(anything)
		if target == s.list[0].id {
			return
		}
		s.add(day, written{corrects: target}, events.EntryRetracted{Entered: s.next(caseStream(0)), Retracts: target})
	default:
		entry := s.entry(day)
		s.add(day, written{says: entry}, entry)
	}
}

func TestAllFourCornersOfACaseAreRight(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		s := &someone{diary: newDiary(t, newLog()), rt: rt}
		intake := events.IntakeRecorded{Entered: s.next(caseStream(0)), Client: number("client", 0), Category: "orphan", Project: "p"}
		s.add(s.day(), written{says: intake}, intake)
		for range rapid.IntRange(1, 25).Draw(rt, "acts") {
			s.acts()
		}
		db := open(t)
		defer db.Close()
		size := rapid.SampledFrom([]int{1, 3, 100}).Draw(rt, "size")
		p := projections.New(s.log, db, nil, casefile.Projection{}, caseload.Projection{}).Sizes(size, size)
		if err := p.CatchUp(ctx, nil); err != nil {
			rt.Fatal(err)
		}
		for _, day := range []string{"2012-03-01", s.day(), "2012-03-09", ""} {
			for _, known := range []events.Position{1, events.Position(rapid.IntRange(1, len(s.list)).Draw(rt, "known at")), projections.Latest} {
				at := projections.Point{AsOf: day, KnownAt: known}
				file, err := casefile.Load(ctx, db, caseStream(0), at)
				if err != nil {
					rt.Fatal(err)
				}
				if got, want := toldByFile(file), summary(s.list, at); got != want {
					rt.Fatalf("as of %q, known at %s, the file says\n%s\n\nand it was\n%s", day, known, got, want)
				}
				list, err := caseload.List(ctx, db, caseload.Filter{}, at)
				if err != nil {
					rt.Fatal(err)
				}
				if file.Case.Intake == nil {
					continue // amended into something else, or not yet that day: no row has to say anything
				}
				if len(list.Rows) != 1 || light(list.Rows[0]) != lightOf(file) {
					rt.Fatalf("as of %q, known at %s, the caseload says\n%+v\n\nand the file\n%s", day, known, list.Rows, lightOf(file))
				}
			}
		}
		if _, err := casefile.Load(ctx, db, caseStream(0), projections.Point{}); !errors.Is(err, casefile.ErrNothing) {
			rt.Fatalf("when nothing was known: %v", err)
		}
	})
}
