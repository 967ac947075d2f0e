package disclosure_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/casestream/casestream/projections/disclosure"
	"pgregory.net/rapid"
)

// The attacker of these tests thinks of no greater number. Tables are drawn with smaller ones: no sum of a grid is greater.
const most, mostInGrid = 18, 12

// lines draws the parts of a line, small numbers more often than not.
var parts = rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 4), rapid.IntRange(0, 9)), 1, 4)

func persons(numbers []int) (counts []disclosure.Count, sum int) {
	for _, n := range numbers {
		counts = append(counts, disclosure.Persons(n))
		sum += n
	}
	return counts, sum
}

func protectedLine(numbers []int, settled bool) disclosure.Line {
	counts, sum := persons(numbers)
	line := disclosure.NewLine(counts, sum)
	if settled {
		line.Settle()
	}
	line.Protect()
	return line
}

func protectedGrid(numbers [][]int) disclosure.Grid {
	cells := make([][]disclosure.Count, len(numbers))
	rows, columns, sum := make([]int, len(numbers)), make([]int, len(numbers[0])), 0
	for i, row := range numbers {
		cells[i], rows[i] = persons(row)
		for j, n := range row {
			columns[j] += n
		}
		sum += rows[i]
	}
	grid := disclosure.NewGrid(cells, rows, columns, sum)
	grid.Protect()
	return grid
}

// every tries every way to fill in n numbers up to a greatest.
func every(n, most int, try func([]int)) {
	numbers := make([]int, n)
	var fill func(int)
	fill = func(at int) {
		if at == n {
			try(numbers)
			return
		}
		for numbers[at] = 0; numbers[at] <= most; numbers[at]++ {
			fill(at + 1)
		}
	}
	fill(0)
}

// cellsOf lists the numbers of a line: its parts and the total.
func cellsOf(numbers []int) []int {
	_, sum := persons(numbers)
	return append(slices.Clone(numbers), sum)
}

// alike tells whether the same is published of two.
func alike(a, b []int, hidden func(int) bool) bool {
	for i := range a {
		if a[i] != b[i] && !hidden(i) {
			return false
		}
	}
	return true
}

// seen is what is published of numbers: hidden ones are crossed out.
func seen(all []int, hidden func(int) bool) string {
	text := ""
	for i, n := range all {
		if hidden(i) {
			text += "x "
		} else {
			text += fmt.Sprint(n, " ")
		}
	}
	return text
}

// possible is what each number may be, to someone who has tried every way to fill in what is hidden.
type possible []map[int]bool

func (p possible) add(all []int) {
	for i, n := range all {
		if p[i] == nil {
			p[i] = make(map[int]bool)
		}
		p[i][n] = true
	}
}

func (p possible) some(i int, is func(int) bool) bool {
	for n := range p[i] {
		if is(n) {
			return true
		}
	}
	return false
}

func isNone(n int) bool   { return n == 0 }
func isEnough(n int) bool { return n >= disclosure.Least }

// mayBeAnything fails if what is published says more of a small count than that it may be nothing, or enough.
func mayBeAnything(t *rapid.T, all []int, hidden func(int) bool, p possible) {
	for i, n := range all {
		if !hidden(i) {
			if n < disclosure.Least {
				t.Fatalf("%d is published, of %v", n, all)
			}
			continue
		}
		if n < disclosure.Least && !(p.some(i, isNone) && p.some(i, isEnough)) {
			t.Fatalf("of %v, %s is published, and number %d can only be one of %v", all, seen(all, hidden), i, p[i])
		}
		if len(p[i]) < 2 {
			t.Fatalf("of %v, %s is published, and number %d can be worked out", all, seen(all, hidden), i)
		}
	}
}

// An attacker who tries every line that adds up cannot tell a small part from nothing, nor from enough.
func TestNoSmallPartOfALineCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := parts.Draw(t, "parts")
		_, sum := persons(numbers)
		settled := sum >= disclosure.Least && len(numbers) > 1 && rapid.Bool().Draw(t, "settled")
		line := protectedLine(numbers, settled)
		all := cellsOf(numbers)
		p := make(possible, len(all))
		every(len(numbers), most, func(other []int) {
			if others := cellsOf(other); alike(others, all, line.Hidden) {
				p.add(others)
			}
		})
		mayBeAnything(t, all, line.Hidden, p)
	})
}

// Nor does it help to know how it is decided what to hide: among all lines of three of which the same is published,
// a small part is more than one thing.
func TestKnowingTheRuleDoesNotHelp(t *testing.T) {
	type published struct {
		seen string
		p    possible
		all  [][]int
	}
	answers := make(map[string]*published)
	every(3, most, func(numbers []int) {
		line := protectedLine(numbers, false)
		all := cellsOf(numbers)
		if all[3] > most {
			return // of such lines not all were tried
		}
		text := seen(all, line.Hidden)
		if answers[text] == nil {
			answers[text] = &published{text, make(possible, len(all)), nil}
		}
		answers[text].p.add(all)
		answers[text].all = append(answers[text].all, all)
	})
	for _, a := range answers {
		for i := range a.p {
			small := a.p.some(i, func(n int) bool { return n < disclosure.Least })
			if small && !(a.p.some(i, isNone) && a.p.some(i, func(n int) bool { return n >= disclosure.Least-1 })) {
				t.Errorf("%s is published only of %v: number %d can be worked out", a.seen, a.all, i)
			}
		}
	}
}

func grids(t *rapid.T, rows, columns int) [][]int {
	numbers := make([][]int, rows)
	for i := range numbers {
		numbers[i] = rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 4), rapid.IntRange(0, mostInGrid/2)), columns, columns).Draw(t, "row")
	}
	return numbers
}

// allOf lists the numbers of a grid in the order of its cells.
func allOf(numbers [][]int) (all []int) {
	rows, columns, sum := []int{}, make([]int, len(numbers[0])), 0
	for _, row := range numbers {
		total := 0
		for j, n := range row {
			all = append(all, n)
			total += n
			columns[j] += n
		}
		rows = append(rows, total)
		sum += total
	}
	return append(append(append(all, rows...), columns...), sum)
}

// tried is all that the numbers of a small grid, and their sums, may be by what is shown of them.
func tried(numbers [][]int, grid disclosure.Grid) (all []int, p possible) {
	all = allOf(numbers)
	p = make(possible, len(all))
	every(4, mostInGrid, func(other []int) {
		if others := allOf([][]int{other[:2], other[2:]}); alike(others, all, grid.Hidden) {
			p.add(others)
		}
	})
	return all, p
}

// With both margins there is more arithmetic to try, and it does not help either.
func TestNoSmallCellOfAGridCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := grids(t, 2, 2)
		grid := protectedGrid(numbers)
		all, p := tried(numbers, grid)
		mayBeAnything(t, all, grid.Hidden, p)
	})
}

// In grids that are too large to try every number, the attacker reckons: Span is exact, as the next test shows.
func TestNoSmallCellOfALargeGridCanBeReckoned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := grids(t, rapid.IntRange(1, 7).Draw(t, "rows"), rapid.IntRange(1, 12).Draw(t, "columns"))
		grid := protectedGrid(numbers)
		for i, n := range allOf(numbers) {
			lowest, highest, unbounded := grid.Span(i)
			switch {
			case !grid.Hidden(i) && n < disclosure.Least:
				t.Fatalf("%d is published, of %v", n, numbers)
			case grid.Hidden(i) && n < disclosure.Least && (lowest > 0 || highest < disclosure.Least && !unbounded):
				t.Fatalf("number %d of %v is known to be %d to %d", i, numbers, lowest, highest)
			case grid.Hidden(i) && lowest == highest:
				t.Fatalf("number %d of %v can be worked out", i, numbers)
			}
		}
	})
}

func TestTheSpanIsWhatTryingEverythingGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := grids(t, 2, 2)
		grid := protectedGrid(numbers)
		all, p := tried(numbers, grid)
		for i := range all {
			lowest, highest, unbounded := grid.Span(i)
			least, greatest := 1<<30, 0
			for n := range p[i] {
				least, greatest = min(least, n), max(greatest, n)
			}
			if lowest != least || !unbounded && highest <= mostInGrid && highest != greatest || unbounded && greatest < mostInGrid {
				t.Fatalf("number %d of %s of %v: reckoned %d to %d (unbounded %v), tried %d to %d",
					i, seen(all, grid.Hidden), numbers, lowest, highest, unbounded, least, greatest)
			}
		}
	})
}

func TestTheSameNumbersGetTheSameAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := grids(t, 4, 5)
		a, b := protectedGrid(numbers), protectedGrid(numbers)
		for i := range allOf(numbers) {
			if a.Hidden(i) != b.Hidden(i) {
				t.Fatalf("number %d of %v is hidden once and not twice", i, numbers)
			}
		}
	})
}

// A large number of which few people are the cause is hidden, and nobody can tell it within a fifth.
func TestALargeNumberOfFewPeopleIsHidden(t *testing.T) {
	parts := []disclosure.Count{{Number: 40, People: 1}, {Number: 60, People: 20}, {Number: 90, People: 30}}
	line := disclosure.NewLine(parts, 51)
	line.Protect()
	lowest, highest, _ := line.Span(0)
	if !line.Hidden(0) || line.Hidden(line.Total()) || lowest > 32 || highest < 48 {
		t.Errorf("40 contacts of one person: hidden %v, known to be %d to %d", line.Hidden(0), lowest, highest)
	}
}

// What can be published is: beside the four one other is enough, the first.
func TestNoMoreIsHiddenThanMustBe(t *testing.T) {
	line := protectedLine([]int{12, 30, 4, 7}, false)
	want := []bool{true, false, true, false, false}
	for i, hidden := range want {
		if line.Hidden(i) != hidden {
			t.Errorf("number %d is hidden: %v", i, !hidden)
		}
	}
}

// Where there is enough of everything else, a rare case looks like none: what is hidden stays hidden.
func TestARareCaseLooksLikeNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.IntRange(2*disclosure.Least, 40), 1, 6).Draw(t, "parts")
		rare := rapid.IntRange(1, disclosure.Least-1).Draw(t, "rare")
		without, with := protectedLine(append(numbers, 0), false), protectedLine(append(slices.Clone(numbers), rare), false)
		for i := range len(numbers) + 2 {
			if without.Hidden(i) != with.Hidden(i) {
				t.Fatalf("%d beside %v changes whether number %d is hidden", rare, numbers, i)
			}
		}
	})
}
