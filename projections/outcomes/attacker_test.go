package outcomes

import (
	"fmt"
	"math"
	"testing"

	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/disclosure"
)

// between is what an attacker knows of a number.
type between struct{ least, most int }

// attacker has the published cells of one number and narrows down the others: parts add up to their totals, in every
// row and every column. It is another way than disclosure.Span.
type attacker struct {
	cells [][]between // one row more for the programme, one column more for the year
}

func (a *attacker) learn(row, column int, n *int) {
	if n != nil {
		a.cells[row][column] = between{*n, *n}
	}
}

// narrow goes on until nothing more can be learnt.
func (a *attacker) narrow() {
	rows, columns := len(a.cells), len(a.cells[0])
	for again := true; again; {
		again = false
		line := func(parts []*between, total *between) {
			least, most := 0, 0
			for _, p := range parts {
				least, most = least+p.least, min(most+p.most, math.MaxInt32)
			}
			tighten := func(b *between, least, most int) {
				if least > b.least {
					b.least, again = least, true
				}
				if most < b.most {
					b.most, again = most, true
				}
			}
			tighten(total, least, most)
			for _, p := range parts {
				others, highest := least-p.least, most-p.most
				if most < math.MaxInt32 {
					tighten(p, total.least-highest, p.most)
				}
				tighten(p, p.least, total.most-others)
			}
		}
		for i := range rows {
			var parts []*between
			for j := range columns - 1 {
				parts = append(parts, &a.cells[i][j])
			}
			line(parts, &a.cells[i][columns-1])
		}
		for j := range columns {
			var parts []*between
			for i := range rows - 1 {
				parts = append(parts, &a.cells[i][j])
			}
			line(parts, &a.cells[rows-1][j])
		}
	}
}

// An attacker who asks every question there is, and knows that parts add up, cannot tell a small number from none, nor
// from enough.
func TestAllAnswersTogetherGiveNobodyAway(t *testing.T) {
	projects := []string{"home", "growth", "wards", ""}
	hidden := 0
	for seed := range uint64(3) {
		g := yearOfWork(t, seed)
		answers := g.published(t)
		for name, of := range map[string]func(PublishedShare) *int{
			"case files": func(s PublishedShare) *int { return s.CaseFiles }, "contacts": func(s PublishedShare) *int { return s.Contacts },
			"sessions": func(s PublishedShare) *int { return s.GroupSessions }, "person-times": func(s PublishedShare) *int { return s.PersonTimes },
		} {
			exact := func(r Result) int {
				return map[string]int{"case files": r.CaseFiles, "contacts": r.Contacts, "sessions": r.GroupSessions, "person-times": r.PersonTimes.Total}[name]
			}
			a := &attacker{}
			for range projects {
				row := make([]between, months+1)
				for j := range row {
					row[j] = between{0, math.MaxInt32}
				}
				a.cells = append(a.cells, row)
			}
			for i, project := range projects {
				for j, month := range answers[project].ByMonth {
					a.learn(i, j, of(month))
				}
				for _, share := range answers[project].ByProject {
					for k, key := range projects {
						if key == share.Key {
							a.learn(k, months, of(share))
						}
					}
				}
				a.learn(i, months, of(PublishedShare{PublishedHeadline: answers[project].PublishedHeadline}))
			}
			a.narrow()
			for i, project := range projects {
				for j, known := range a.cells[i] {
					asked := Asked{Project: project, From: "2012-01-01", To: "2012-12-31", KnownAt: projections.Latest}
					if j < months {
						asked.From, asked.To = fmt.Sprintf("2012-%02d-01", j+1), fmt.Sprintf("2012-%02d-31", j+1)
					}
					n := exact(g.report(t, asked))
					if n < known.least || n > known.most {
						t.Fatalf("seed %d: %s of %q in month %d are %d; the answers say %+v", seed, name, project, j+1, n, known)
					}
					if n < disclosure.Least {
						hidden++
						if known.least > 0 || known.most < disclosure.Least {
							t.Errorf("seed %d: %s of %q in month %d are known to be %+v; they are %d", seed, name, project, j+1, known, n)
						}
					}
				}
			}
		}
	}
	if hidden < 60 {
		t.Errorf("only %d numbers were small: it tests little", hidden)
	}
	t.Logf("%d small numbers", hidden)
}
