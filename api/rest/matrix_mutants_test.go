package rest

import (
	"slices"
	"testing"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
)

// mutants are twelve ways in which the book could be wrong. The matrix must find every one.
var mutants = []mutant{
	{"a conflict of interest closes nothing", rights.SeeCase, func(b *rights.Book) { b.Closes = nil }},
	widened("an administrator sees cases", rights.SeeCase, func(r *rights.Rule) { r.Roles = append(slices.Clone(r.Roles), session.Administrator) }),
	widened("whoever is on duty sees the case", rights.SeeCase, func(r *rights.Rule) { r.Relations = append(slices.Clone(r.Relations), rights.OnDuty) }),
	widened("whoever had it keeps all of it", rights.SeeTimeline, func(r *rights.Rule) { r.Gives.OwnOnly = false }),
	widened("S3 is shown unasked", rights.SeeCase, func(r *rights.Rule) { r.Gives.Shows += " S3" }),
	widened("a restricted case is worked on", rights.Record, func(r *rights.Rule) { r.States = append(slices.Clone(r.States), rights.Restricted) }),
	widened("an erased case is listed", rights.ListCases, func(r *rights.Rule) { r.States = append(slices.Clone(r.States), rights.Erased) }),
	widened("a worker grants access", rights.Grant, func(r *rights.Rule) { r.Roles = append(slices.Clone(r.Roles), session.Worker) }),
	widened("a supervisor does not see the team's cases", rights.SeeCase, without(rights.Supervising)),
	widened("whoever broke the glass does the daily work", rights.Record, beside(rights.UnderGlass)),
	widened("a glass breaks over a case that may not be used", rights.BreakGlass, func(r *rights.Rule) { r.States = append(slices.Clone(r.States), rights.Restricted) }),
	widened("who was let in hears nothing live", rights.HearChanges, without(rights.Granted)),
}

// mutant is a book that is wrong about one right.
type mutant struct {
	what  string
	right rights.Right
	alter func(*rights.Book)
}

// widened changes every rule of a right.
func widened(what string, right rights.Right, change func(*rights.Rule)) mutant {
	return mutant{what, right, func(b *rights.Book) {
		for i := range b.Rules {
			if b.Rules[i].Right == right {
				change(&b.Rules[i])
			}
		}
	}}
}

func beside(relation rights.Relation) func(*rights.Rule) {
	return func(r *rights.Rule) { r.Relations = append(slices.Clone(r.Relations), relation) }
}

func without(relation rights.Relation) func(*rights.Rule) {
	return func(r *rights.Rule) {
		r.Relations = slices.DeleteFunc(slices.Clone(r.Relations), func(one rights.Relation) bool { return one == relation })
	}
}

func TestTheMatrixCatchesEveryMutantOfTheRules(t *testing.T) {
	m := openMatrix(t, situations(false))
	m.hunting = true
	for _, mutant := range mutants {
		book := rights.TheBook()
		mutant.alter(&book)
		*m.router.door.rules = *rights.New(book)
		if found := m.hunts(mutant.right); found == "" {
			t.Errorf("%s: nothing is found", mutant.what)
		} else {
			t.Logf("%s: %.200s", mutant.what, found)
		}
		*m.router.door.rules = *rights.New(rights.TheBook())
		if found := m.hunts(mutant.right); found != "" {
			t.Errorf("the book itself is taken for a mutant: %s", found)
		}
	}
}

// hunts looks at the cells of one right until something is not as expected.
func (m *matrix) hunts(right rights.Right) string {
	m.Helper()
	m.faults = nil
	if slices.Contains([]rights.Right{rights.ListCases, rights.HearChanges, rights.ListAudit}, right) {
		m.lists()
	}
	var routes []string
	for _, route := range m.caseRoutes() {
		if rights.Routes[route] == right && len(routes) < 2 {
			routes = append(routes, route)
		}
	}
	for _, s := range m.scenes {
		for _, role := range session.Roles {
			if m.walk(s, role, routes); len(m.faults) > 0 {
				return m.faults[0]
			}
		}
	}
	if len(m.faults) > 0 {
		return m.faults[0]
	}
	return ""
}
