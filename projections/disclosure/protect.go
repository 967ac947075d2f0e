package disclosure

import "math"

// Protect hides, beside the small counts, as many others that no small count can be worked out. It hides what costs
// least for one small count after the other; of parts, those first that come first. How large a part is must not
// matter: if the smallest were hidden, one that is shown would tell of a hidden one that it is smaller.
func (t *Table) Protect() {
	for i, c := range t.cells {
		if !c.small() || !t.cells[i].hidden {
			continue
		}
		// Four and four are eight, and would be only that: whoever knows this rule knows that with a five another count
		// would be hidden. So where parts are left that can be hidden, it must seem possible that it is twice Least.
		t.free(i, true, 2*Least-c.Number, pricePart)
		down, up := c.leeway()
		t.free(i, true, up, priceTotal)
		t.free(i, false, down, priceTotal)
	}
}

// leeway is how far below and above a small count it must still seem possible: from nothing to Least. A larger number
// with few people behind it may be off by a fifth, or by Least if that is more.
func (c cell) leeway() (down, up int) {
	if c.Number < Least {
		return c.Number, Least - c.Number
	}
	off := max(Least, (c.Number+4)/5)
	return min(c.Number, off), off
}

// free hides the cheapest counts that let a hidden one go up or down by so many while every published count stays as
// it is. If a cell goes up, as much must flow back from its end to its beginning some other way. What is dearer than a
// price is not hidden.
func (t *Table) free(i int, up bool, much int, price int64) {
	f := flow{t: t, without: i, change: make([]int, len(t.cells)), price: price}
	from, to := t.cells[i].to, t.cells[i].from
	if !up {
		from, to = to, from
	}
	for much > 0 {
		pushed := f.push(from, to, much)
		if pushed == 0 {
			return // nothing is left to hide: the total of a line that is settled is all that can be known
		}
		much -= pushed
	}
}

// Span is what someone who knows every published count can say of one: it is at least lowest, and at most highest;
// unbounded: there is no highest. For a published count both are the count.
func (t *Table) Span(i int) (lowest, highest int, unbounded bool) {
	c := t.cells[i]
	if !c.hidden {
		return c.Number, c.Number, false
	}
	const far = math.MaxInt32
	most := func(from, to, limit int) (sum int) {
		f := flow{t: t, without: i, change: make([]int, len(t.cells))}
		for sum < limit {
			pushed := f.push(from, to, limit-sum)
			if pushed == 0 {
				break
			}
			sum += pushed
		}
		return sum
	}
	more := most(c.to, c.from, far)
	return c.Number - most(c.from, c.to, c.Number), c.Number + more, more == far
}

// flow is a change of the hidden counts that leaves every sum as it is.
type flow struct {
	t       *Table
	without int
	change  []int
	price   int64 // what else may be hidden
}

// push sends up to so much from a node to another along the cheapest way, hides what it goes through, and answers how
// much went. A count can grow without end and shrink to nothing.
func (f *flow) push(from, to, much int) int {
	const none = math.MaxInt64
	t := f.t
	price, by := make([]int64, t.nodes), make([]int, t.nodes)
	done := make([]bool, t.nodes)
	for n := range price {
		price[n], by[n] = none, -1
	}
	price[from] = 0
	for {
		at := -1
		for n := range price {
			if !done[n] && price[n] != none && (at < 0 || price[n] < price[at]) {
				at = n
			}
		}
		if at < 0 || at == to {
			break
		}
		done[at] = true
		for i, c := range t.cells {
			next, ok := f.leads(i, at)
			if !ok || done[next] {
				continue
			}
			cost := price[at]
			if !c.hidden {
				cost += c.price
			}
			if cost < price[next] {
				price[next], by[next] = cost, i
			}
		}
	}
	if price[to] == none {
		return 0
	}
	var way []int
	for at := to; at != from; {
		i := by[at]
		way = append(way, i)
		if c := t.cells[i]; c.to == at {
			at = c.from
		} else {
			much, at = min(much, c.Number+f.change[i]), c.to
		}
	}
	at := to
	for _, i := range way {
		c := &t.cells[i]
		c.hidden = true
		if c.to == at {
			f.change[i] += much
			at = c.from
		} else {
			f.change[i] -= much
			at = c.to
		}
	}
	return much
}

// leads tells to which node a cell leads from another: along it by growing, against it by shrinking.
func (f *flow) leads(i, at int) (next int, ok bool) {
	c := f.t.cells[i]
	if i == f.without || !c.hidden && (c.settled || c.price > f.price) {
		return 0, false
	}
	if c.from == at {
		return c.to, true
	}
	return c.from, c.to == at && c.Number+f.change[i] > 0
}
