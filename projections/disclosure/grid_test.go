package disclosure_test

import (
	"testing"

	"github.com/casestream/casestream/projections/disclosure"
	"pgregory.net/rapid"
)

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
