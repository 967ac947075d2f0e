package programme_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/programme"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// However workers are registered and moved: no post is held twice, nobody supervises themselves, and a team is
// what comes of walking down from its supervisor.
func TestPostsAndTeamsStaySound(t *testing.T) {
	var staff []uuid.UUID
	for i := range 6 {
		staff = append(staff, spec.ID("worker "+strconv.Itoa(i)))
	}
	rapid.Check(t, func(t *rapid.T) {
		p := folded(structure...)
		reports := map[uuid.UUID][]uuid.UUID{} // supervisor to workers, kept apart from the programme
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			wish := programme.RegisterWorker{
				Worker:     rapid.SampledFrom(staff).Draw(t, "worker"),
				Name:       "某社工",
				Post:       rapid.SampledFrom([]string{"post-1", "post-2", "post-3", "post-4", "post-5", "post-6"}).Draw(t, "post"),
				Supervisor: rapid.SampledFrom(append(staff, uuid.Nil)).Draw(t, "supervisor"),
			}
			if _, ok := p.Post(wish.Post); !ok {
				p = services.Fold(p, events.Recorded{Event: post(wish.Post)})
			}
			facts, err := wish.Decide(p, events.Meta{})
			if err != nil || len(facts) == 0 {
				continue
			}
			p = services.Fold(p, events.Recorded{Event: facts[0]})
			for supervisor, team := range reports {
				reports[supervisor] = slices.DeleteFunc(team, func(w uuid.UUID) bool { return w == wish.Worker })
			}
			reports[wish.Supervisor] = append(reports[wish.Supervisor], wish.Worker)
		}
		holds := map[string]bool{}
		for _, w := range p.Workers() {
			if holds[w.Post] {
				t.Fatalf("%s is held twice", w.Post)
			}
			holds[w.Post] = true
			if p.Supervises(w.ID, w.ID) {
				t.Fatal("someone supervises themselves")
			}
			team := down(reports, w.ID, len(staff))
			if got := p.Team(w.ID); got[0] != w.ID || !slices.Equal(inOrder(got), inOrder(team)) {
				t.Fatalf("team %v, walking down gives %v", got, team)
			}
		}
	})
}

// down walks from a supervisor to all who report, no deeper than there is staff.
func down(reports map[uuid.UUID][]uuid.UUID, supervisor uuid.UUID, depth int) []uuid.UUID {
	team := []uuid.UUID{supervisor}
	for _, w := range reports[supervisor] {
		if depth > 0 {
			team = append(team, down(reports, w, depth-1)...)
		}
	}
	return team
}

func inOrder(ids []uuid.UUID) []uuid.UUID {
	return slices.SortedFunc(slices.Values(ids), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
}
