package outcomes

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/disclosure"
)

// yearOfWork writes a year of three projects, of which one is small; every month has few cases in some project.
func yearOfWork(t testing.TB, seed uint64) *given {
	g := newLog(t)
	random := rand.New(rand.NewPCG(seed, 7))
	day := func() string { return fmt.Sprintf("2012-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)) }
	for _, project := range []string{"home", "growth", "wards"} {
		g.on("2011-12-01", events.ProgrammeStream, events.ProjectLaunched{Project: project, Agency: "chuxin", Category: "street_child"})
		group := events.Stream("group", g.id())
		g.on("2012-01-01", group, events.GroupPlanned{Entered: g.entry(), Project: project})
		for range random.IntN(40) {
			session := events.SessionHeld{Entered: g.entry(), PersonTimes: 6}
			for m := range 6 {
				session.Attendance = append(session.Attendance, events.Attendance{Member: g.member(m), Presence: "present"})
			}
			g.on(day(), group, session)
		}
		number := map[string]int{"home": 70, "growth": 25, "wards": random.IntN(12)}[project]
		for range number {
			stream := g.open(day(), project)
			g.on(day(), stream, events.MeasureTaken{Entered: g.entry(), Instrument: "phq-9", Version: 1, When: "baseline", Score: score(20)})
			g.on(day(), stream, events.MeasureTaken{Entered: g.entry(), Instrument: "phq-9", Version: 1, When: "closure", Score: score(float64(8 + random.IntN(14)))})
			for range random.IntN(4) {
				g.contact(day(), stream, 1+random.IntN(2))
			}
			if random.IntN(3) > 0 {
				g.close("2012-12-30", stream, 1, []string{"goals_met", "goals_met", "goals_met", "moved_away", "died"}[random.IntN(5)])
			}
		}
	}
	return g
}

// published is the answer to every question that can be asked of 2012: of the programme, and of each project.
func (g *given) published(t testing.TB) map[string]Published {
	t.Helper()
	if err := g.view.CatchUp(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	answers := make(map[string]Published)
	for _, project := range []string{"", "home", "growth", "wards"} {
		p, err := Publish(t.Context(), g.db, 2012, project, true, projections.Latest)
		if err != nil {
			t.Fatal(err)
		}
		answers[project] = p
	}
	return answers
}

// smallNumbers finds the counts below Least in an answer, wherever they stand.
func smallNumbers(t testing.TB, answer any) (found []string) {
	t.Helper()
	encoded, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	var look func(where string, v any)
	look = func(where string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				switch name { // these are no counts
				case "mean_before", "mean_after", "mean_change", "effect_size", "mean_t":
				default:
					look(where+"."+name, inner)
				}
			}
		case []any:
			for i, inner := range v {
				look(fmt.Sprint(where, "[", i, "]"), inner)
			}
		case float64:
			if v < disclosure.Least {
				found = append(found, fmt.Sprint(where, " = ", v))
			}
		}
	}
	look("", decoded)
	return found
}

func TestNoNumberBelowFiveIsPublished(t *testing.T) {
	for seed := range uint64(3) {
		for project, answer := range yearOfWork(t, seed).published(t) {
			if small := smallNumbers(t, answer); len(small) > 0 {
				t.Errorf("seed %d, of %q: %v", seed, project, small)
			}
		}
	}
}

func TestWhatIsPublishedIsExactAndTheSameTwice(t *testing.T) {
	g := yearOfWork(t, 1)
	answers := g.published(t)
	all := g.report(t, Asked{From: "2012-01-01", To: "2012-12-31", AsOf: "2012-12-31", KnownAt: projections.Latest})
	p := answers[""]
	if p.CaseFiles == nil || *p.CaseFiles != all.CaseFiles || p.PersonTimes == nil || *p.PersonTimes != all.PersonTimes.Total || p.Closed == nil || *p.Closed != all.Closed {
		t.Errorf("of %d case files, %d person-times, %d closures: %+v", all.CaseFiles, all.PersonTimes.Total, all.Closed, p)
	}
	again := g.published(t)
	for project := range answers {
		if text(answers[project]) != text(again[project]) {
			t.Errorf("of %q: first\n%s\nthen\n%s", project, text(answers[project]), text(again[project]))
		}
	}
}

// Before a year is over nothing is published of it, and a year of few cases looks like one of none.
func TestAYearOfFewLooksLikeAYearOfNone(t *testing.T) {
	with, without := newLog(t), newLog(t)
	for _, g := range []*given{with, without} {
		g.on("2011-12-01", events.ProgrammeStream, events.ProjectLaunched{Project: "home", Agency: "chuxin", Category: "street_child"})
	}
	for range disclosure.Least - 1 {
		stream := with.open("2012-05-18", "home")
		with.contact("2012-05-20", stream, 1)
		with.close("2012-06-10", stream, 1, "died")
	}
	few, none := with.published(t), without.published(t)
	for project := range few {
		if text(few[project]) != text(none[project]) {
			t.Errorf("of %q: with few\n%s\nwith none\n%s", project, text(few[project]), text(none[project]))
		}
	}
	many := yearOfWork(t, 1)
	many.published(t)
	running, err := Publish(t.Context(), many.db, 2012, "home", false, projections.Latest)
	if err != nil {
		t.Fatal(err)
	}
	if running.CaseFiles != nil || running.PersonTimes != nil || running.ByMonth[3].Contacts != nil || running.Closures.ByReason.Rest != nil {
		t.Errorf("of a year that is not over: %s", text(running))
	}
}

// What is rare in a project is among the rest, and the rest looks the same without it: also where nobody was anything
// else than what all are.
func TestARareClosureLooksLikeNone(t *testing.T) {
	for _, common := range []map[string]int{{"goals_met": 30}, {"goals_met": 30, "moved_away": 12}, {"goals_met": 30, "moved_away": 12, notClosed: 20}} {
		shown := func(rare int) (keys []string, rest int) {
			total := rare
			all := map[string]int{"died": rare}
			for key, n := range common {
				all[key] = n
				total += n
			}
			if rare == 0 {
				delete(all, "died")
			}
			parts := partsOf(all, all, &total)
			for _, n := range parts.Shown {
				keys = append(keys, n.Key)
			}
			return keys, *parts.Rest
		}
		without, rest := shown(0)
		for rare := 1; rare < disclosure.Least; rare++ {
			if with, more := shown(rare); fmt.Sprint(with) != fmt.Sprint(without) || more != rest+rare || rest < disclosure.Least {
				t.Errorf("beside %v: %v and %d others with %d who died, %v and %d others without", common, with, more, rare, without, rest)
			}
		}
	}
}
