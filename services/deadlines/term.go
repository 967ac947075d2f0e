package deadlines

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Term is a school term, first and last day included (midnights in Zone). Assumed marks dates that nobody has read off the
// published calendar; what is counted on them is not certain.
type Term struct {
	Key, ZH, EN string
	From, To    time.Time
	Assumed     bool
}

// holiday is the longest break between two terms of one calendar, about the summer's length. A longer gap means that a term is
// missing from the data, not that school was closed.
const holiday = 80 * 24 * time.Hour

// WithTerms gives a calendar with the terms of the document in place of its own: the document is the whole calendar of the schools
// that it speaks of. It has the form of data/terms-wuhan.json. Terms that overlap, end before they begin or share a key are refused.
func (c Calendar) WithTerms(document []byte) (Calendar, error) {
	var file struct {
		Note  string `json:"note"`
		Terms []struct {
			Key     string `json:"key"`
			ZH      string `json:"zh"`
			EN      string `json:"en"`
			From    string `json:"from"`
			To      string `json:"to"`
			Assumed bool   `json:"assumed"`
		} `json:"terms"`
	}
	if err := decode(document, &file); err != nil {
		return c, fmt.Errorf("deadlines: reading the school terms: %w", err)
	}
	if len(file.Terms) == 0 {
		return c, errors.New("deadlines: reading the school terms: it names no term")
	}
	var terms []Term
	keys := map[string]bool{}
	for i, t := range file.Terms {
		from, err1 := time.ParseInLocation(time.DateOnly, t.From, Zone)
		to, err2 := time.ParseInLocation(time.DateOnly, t.To, Zone)
		switch {
		case err1 != nil || err2 != nil:
			return c, fmt.Errorf("deadlines: reading school term %d: from and to must be YYYY-MM-DD", i+1)
		case !from.Before(to) || to.Sub(from) > 300*24*time.Hour:
			return c, fmt.Errorf("deadlines: reading school term %d: it must end after it begins, within 300 days", i+1)
		case t.Key == "" || t.ZH == "" || t.EN == "" || keys[t.Key]:
			return c, fmt.Errorf("deadlines: reading school term %d: it needs a key of its own and a name in both languages", i+1)
		}
		keys[t.Key] = true
		terms = append(terms, Term{t.Key, t.ZH, t.EN, from, to, t.Assumed})
	}
	slices.SortFunc(terms, func(a, b Term) int { return cmp.Compare(a.From.Unix(), b.From.Unix()) })
	for i := 1; i < len(terms); i++ {
		if !terms[i-1].To.Before(terms[i].From) {
			return c, fmt.Errorf("deadlines: reading the school terms: terms %d and %d by date overlap", i, i+1)
		}
	}
	return Calendar{years: c.years, terms: terms}, nil
}

// Terms lists the school terms by date.
func (c Calendar) Terms() []Term { return slices.Clone(c.terms) }

// InTerm says whether the day of t lies in a school term, and whether that is known from a published calendar. A day that no
// term nor a holiday between two terms covers is taken as in term: too early a reminder does less harm than none.
func (c Calendar) InTerm(t time.Time) (in, known bool) {
	i := c.lastBegun(t)
	switch {
	case i < 0:
		return true, false
	case !StartOfDay(t).After(c.terms[i].To):
		return true, !c.terms[i].Assumed
	case !c.follows(i):
		return true, false
	default:
		return false, !c.terms[i].Assumed && !c.terms[i+1].Assumed
	}
}

// schoolDay is a working day in term.
func (c Calendar) schoolDay(t time.Time) (school, known bool) {
	working, known1 := c.Working(t)
	in, known2 := c.InTerm(t)
	return working && in, known1 && known2
}

// termsLater gives the end of the same day of the nth term after t's. In the holidays it is the last day of the term before that
// counts, so that a case closed in July is looked at by the end of the autumn term. A term that is missing counts as six months.
func (c Calendar) termsLater(t time.Time, n int) (due time.Time, certain bool) {
	i := c.lastBegun(t)
	for j := i; i >= 0 && j < i+n; j++ {
		if !c.follows(j) {
			i = -1
		}
	}
	if i < 0 {
		return EndOfDay(addMonths(t, 6*n)), false
	}
	certain = true
	for _, term := range c.terms[i : i+n+1] {
		certain = certain && !term.Assumed
	}
	now, later := c.terms[i], c.terms[i+n]
	day := midnight(later.From, daysBetween(now.From, t))
	if day.After(later.To) || !StartOfDay(t).Before(now.To) {
		day = later.To
	}
	return EndOfDay(day), certain
}

// lastBegun gives the index of the last term that begins by the day of t, or -1.
func (c Calendar) lastBegun(t time.Time) int {
	day := StartOfDay(t)
	for i := len(c.terms) - 1; i >= 0; i-- {
		if !c.terms[i].From.After(day) {
			return i
		}
	}
	return -1
}

// follows says whether the term after the ith is in the data too, with no more than a holiday between them.
func (c Calendar) follows(i int) bool {
	return i+1 < len(c.terms) && c.terms[i+1].From.Sub(c.terms[i].To) <= holiday
}

// daysBetween counts midnights from the day of a to the day of b; rounding takes care of a clock that was once put forward.
func daysBetween(a, b time.Time) int {
	return int((StartOfDay(b).Sub(StartOfDay(a)) + 12*time.Hour) / (24 * time.Hour))
}
