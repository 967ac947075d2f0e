// Package disclosure decides which counts may be published so that nobody is given away. It is pure: numbers in,
// a decision out, and the same numbers always get the same decision.
//
// A count is small below Least, or when fewer than Least people are behind it. Zero is small too: otherwise the first
// case of its kind would show by turning "none" into "few". A small count is hidden, and so are as many others that it
// cannot be worked out: to someone who knows every published number, and that parts add up to their totals, a hidden
// small count may still be nothing, and may still be Least or more. Protect does that for any table whose numbers add
// up along lines (Table); Span is the attacker's own arithmetic, and what the tests hold Protect to.
//
// Rows about single people are another matter: see Coarsen.
package disclosure

// Least is how many people there must be behind a published count.
const Least = 5

// Table is counts that add up: each count flows from one node to another, and as much flows into a node as out of it.
// A line (parts and their total) and a grid (rows, columns, both margins) are made by NewLine and NewGrid.
type Table struct {
	cells []cell
	nodes int
}

// Count is a number and how many people are behind it. Of counts that are people, they are the same.
type Count struct{ Number, People int }

// Persons is a count of people.
func Persons(n int) Count { return Count{n, n} }

// small tells that publishing a count would give someone away.
func (c Count) small() bool { return c.Number < Least || c.People < Least }

type cell struct {
	Count
	from, to int
	price    int64 // what hiding it costs
	hidden   bool
	settled  bool // published elsewhere, or hidden there: not for this table to decide
}

// Hidden tells whether a count must not be published.
func (t *Table) Hidden(cell int) bool { return t.cells[cell].hidden }

// What hiding costs: parts rather than a month or a project as a whole, and those rather than the total of all.
const (
	pricePart   = 1
	priceMargin = 1 << 10
	priceTotal  = 1 << 26
)

func (t *Table) add(c Count, from, to int, price int64) int {
	t.cells = append(t.cells, cell{Count: c, from: from, to: to, price: price, hidden: c.small()})
	return len(t.cells) - 1
}

// Line is parts and their total. It is a Table in which the parts come first, in their order, and the total last. Put
// first what is missed least, but not by the numbers themselves.
type Line struct{ *Table }

// NewLine makes a line of parts; the total has the number of all of them, and as many people as there are behind it.
func NewLine(parts []Count, people int) Line {
	t := &Table{nodes: 2}
	sum := 0
	for _, part := range parts {
		t.add(part, 0, 1, pricePart)
		sum += part.Number
	}
	t.add(Count{sum, people}, 1, 0, priceTotal)
	return Line{t}
}

// Total is the cell of the total.
func (l Line) Total() int { return len(l.cells) - 1 }

// Settle says that the total is published elsewhere, whatever becomes of the parts.
func (l Line) Settle() {
	total := &l.cells[l.Total()]
	total.settled, total.hidden = true, false
}

// Grid is a table of rows and columns with both margins and the total of all.
type Grid struct {
	*Table
	rows, columns int
}

// NewGrid makes a grid. People are counted apart for each margin, because a person may be behind several cells.
func NewGrid(cells [][]Count, rowPeople, columnPeople []int, people int) Grid {
	rows, columns := len(cells), len(columnPeople)
	t := &Table{nodes: rows + columns + 2}
	allRows, allColumns := rows+columns, rows+columns+1
	bySum := make([]int, columns)
	sum := 0
	for i, row := range cells {
		for j, c := range row {
			t.add(c, i, rows+j, pricePart)
			bySum[j] += c.Number
			sum += c.Number
		}
	}
	for i, row := range cells {
		total := 0
		for _, c := range row {
			total += c.Number
		}
		t.add(Count{total, rowPeople[i]}, allRows, i, priceMargin)
	}
	for j, total := range bySum {
		t.add(Count{total, columnPeople[j]}, rows+j, allColumns, priceMargin)
	}
	t.add(Count{sum, people}, allColumns, allRows, priceTotal)
	return Grid{t, rows, columns}
}

// Cell, Row, Column and Total are the cells of a grid.
func (g Grid) Cell(row, column int) int { return row*g.columns + column }
func (g Grid) Row(row int) int          { return g.rows*g.columns + row }
func (g Grid) Column(column int) int    { return g.rows*g.columns + g.rows + column }
func (g Grid) Total() int               { return g.rows*g.columns + g.rows + g.columns }
