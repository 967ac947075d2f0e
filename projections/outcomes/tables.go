package outcomes

import (
	"maps"
	"slices"

	"github.com/casestream/casestream/projections/disclosure"
)

// tables are the five headline numbers of a year, each by project and by month.
type tables struct {
	rows                                                        []string // projects, by their codes
	caseFiles, contacts, groupSessions, activities, personTimes headline
}

// headline is one number by project and month, and which of it may be published.
type headline struct {
	cells       [][]heap
	byProject   []heap
	byMonth     []heap
	all         heap
	publishable disclosure.Grid
}

const months = 12

func newHeadline(rows int) headline {
	h := headline{cells: make([][]heap, rows), byProject: make([]heap, rows), byMonth: make([]heap, months)}
	for i := range h.cells {
		h.cells[i] = make([]heap, months)
	}
	return h
}

func (h *headline) add(row, month, number int, file string, people int) {
	for _, heap := range []*heap{&h.cells[row][month], &h.byProject[row], &h.byMonth[month], &h.all} {
		heap.add(number, file, people)
	}
}

func (h *headline) protect() {
	counts := make([][]disclosure.Count, len(h.cells))
	rows, columns := make([]int, len(h.cells)), make([]int, months)
	for i, row := range h.cells {
		counts[i] = make([]disclosure.Count, months)
		for j, cell := range row {
			counts[i][j] = disclosure.Count{Number: cell.number, People: cell.behind()}
		}
		rows[i] = h.byProject[i].behind()
	}
	for j, month := range h.byMonth {
		columns[j] = month.behind()
	}
	h.publishable = disclosure.NewGrid(counts, rows, columns, h.all.behind())
	h.publishable.Protect()
}

// Rows that ask for the programme as a whole, and for a project that there is not.
const (
	wholeProgramme = -1
	noProject      = -2
)

// year is the number of a whole year: of a project by its row, or of the programme.
func (h *headline) year(row int) *int {
	switch row {
	case noProject:
		return nil
	case wholeProgramme:
		return h.show(h.publishable.Total(), h.all)
	}
	return h.show(h.publishable.Row(row), h.byProject[row])
}

// month is the number of one month.
func (h *headline) month(row, month int) *int {
	switch row {
	case noProject:
		return nil
	case wholeProgramme:
		return h.show(h.publishable.Column(month), h.byMonth[month])
	}
	return h.show(h.publishable.Cell(row, month), h.cells[row][month])
}

func (h *headline) show(cell int, what heap) *int {
	if h.publishable.Hidden(cell) {
		return nil
	}
	return &what.number
}

// heap is a number that adds up, and who is behind it: of each file, how many people.
type heap struct {
	number int
	people map[string]int
}

func (h *heap) add(number int, file string, people int) {
	h.number += number
	if h.people == nil {
		h.people = make(map[string]int)
	}
	h.people[file] = max(h.people[file], people)
}

func (h heap) behind() (people int) {
	for _, n := range h.people {
		people += n
	}
	return people
}

// tables counts what may be published of a year. Behind a contact is the client of the file; behind a session are the
// members who came to the group; at an activity each head is someone.
func (r *replay) tables() *tables {
	t := &tables{rows: r.projects()}
	row := make(map[string]int, len(t.rows))
	for i, key := range t.rows {
		row[key] = i
	}
	for _, n := range t.headlines() {
		*n = newHeadline(len(t.rows))
	}
	for _, decision := range r.accepted() {
		t.caseFiles.add(row[stated(r.files[decision.file].project)], monthOf(decision.day), 1, decision.file, 1)
	}
	members := make(map[string]int)
	for _, p := range r.presences {
		members[p.file]++
	}
	for _, s := range r.served {
		f, _ := r.in(s.file)
		people, number := 1, &t.contacts
		switch s.kind {
		case "session":
			people, number = members[s.file], &t.groupSessions
		case "activity":
			people, number = s.personTimes, &t.activities
		}
		at, month := row[stated(f.project)], monthOf(s.month)
		number.add(at, month, s.number, s.file, people)
		if s.personTimes > 0 {
			t.personTimes.add(at, month, s.personTimes, s.file, people)
		}
	}
	for _, n := range t.headlines() {
		n.protect()
	}
	return t
}

func (t *tables) headlines() []*headline {
	return []*headline{&t.caseFiles, &t.contacts, &t.groupSessions, &t.activities, &t.personTimes}
}

// row is where a project stands.
func (t *tables) row(project string) int {
	if project == "" {
		return wholeProgramme
	}
	if at, ok := slices.BinarySearch(t.rows, project); ok {
		return at
	}
	return noProject
}

// share is what is published of all five.
func (t *tables) share(of func(*headline) *int) PublishedHeadline {
	return PublishedHeadline{
		CaseFiles: of(&t.caseFiles), Contacts: of(&t.contacts), GroupSessions: of(&t.groupSessions),
		Activities: of(&t.activities), PersonTimes: of(&t.personTimes),
	}
}

// projects lists those that there are, whether anything happened in them or not, and those of files that name another.
func (r *replay) projects() []string {
	all := make(map[string]bool)
	for code := range r.programme.projects {
		all[code] = true
	}
	for _, h := range r.cases {
		all[stated(h.file.project)] = true
	}
	for _, s := range r.served {
		f, _ := r.in(s.file)
		all[stated(f.project)] = true
	}
	return slices.Sorted(maps.Keys(all))
}
