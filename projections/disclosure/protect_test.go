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

// parts are drawn for a line, small numbers more often than not.
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
