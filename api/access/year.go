package access

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Year is what a privacy officer files each year: who was shown what, and what was out of the ordinary. It is counted from
// the entries themselves, all of them, and from no view: the same log gives the same report.
type Year struct {
	Year     int             `json:"year"`
	Position events.Position `json:"position"` // of the read log, up to which it was counted
	Total    Total           `json:"total"`
	// Disclosed counts by month, role and class. A disclosure of several classes counts in each.
	Disclosed []Count `json:"disclosed"`
	Searched  []Count `json:"searched"`
	Exported  []Count `json:"exported"` // what: which kind of export
	Denied    []Count `json:"denied"`
	Unusual   []Count `json:"unusual"` // what: the rule
	Glass     Glass   `json:"glass"`
}

// Total counts each entry once.
type Total struct {
	Disclosed int `json:"disclosed"`
	Searched  int `json:"searched"`
	Exported  int `json:"exported"`
	Denied    int `json:"denied"`
	Unusual   int `json:"unusual"` // disclosures with a mark
	Readers   int `json:"readers"` // people and accounts who were shown anything
}

// Count is how often something happened in a month, to people of a role.
type Count struct {
	Month string `json:"month"`
	Role  string `json:"role"`
	What  string `json:"what,omitempty"`
	Times int    `json:"times"`
}

// Glass is what became of the glasses that were broken in the year.
type Glass struct {
	Broken       int `json:"broken"`
	InTime       int `json:"reviewed_in_time"`
	Late         int `json:"reviewed_late"`
	Overdue      int `json:"overdue"` // not reviewed, and should have been
	Waiting      int `json:"waiting"` // not reviewed, and not yet late
	Justified    int `json:"justified"`
	NotJustified int `json:"not_justified"`
}

// ReportYear counts a year of the read log, as it stands now. progress may be nil.
func ReportYear(ctx context.Context, log events.Store, year int, now time.Time, progress func(events.Position)) (Year, error) {
	t := tally{year: Year{Year: year}, counts: make(map[counted]int), readers: make(map[string]bool), broken: make(map[uuid.UUID]events.GlassBroken)}
	for r, err := range log.ReadAll(ctx, 0) {
		if err != nil {
			return Year{}, fmt.Errorf("reading the read log: %w", err)
		}
		t.take(r)
		if r.Position%1000 == 0 && progress != nil {
			progress(r.Position)
		}
	}
	return t.report(now), nil
}

// tally is a report while it is counted.
type tally struct {
	year    Year
	counts  map[counted]int
	readers map[string]bool
	broken  map[uuid.UUID]events.GlassBroken // not reviewed so far
}

// counted is a line of the report: in which list, and Count without how often.
type counted struct{ list, month, role, what string }

func (t *tally) take(r events.Recorded) {
	t.year.Position = r.Position
	day := events.DayOf(r.Meta.RecordedAt)
	if reviewed, ok := r.Event.(events.GlassReviewed); ok { // whenever that was: it speaks of the year in which it was broken
		t.review(reviewed, r.Meta.RecordedAt)
	}
	if day[:4] != fmt.Sprintf("%04d", t.year.Year) {
		return
	}
	count := func(list, role, what string) { t.counts[counted{list, day[:7], role, what}]++ }
	total := &t.year.Total
	switch fact := r.Event.(type) {
	case events.Disclosed:
		total.Disclosed++
		t.readers[r.Meta.Actor] = true
		var all classes
		for _, shown := range fact.Shown {
			for _, class := range shown.Classes {
				all |= setOf(class)
			}
		}
		for _, class := range all.list() {
			count("disclosed", fact.Role, string(class))
		}
		if len(fact.Marks) > 0 {
			total.Unusual++
		}
		for _, mark := range fact.Marks {
			count("unusual", fact.Role, mark)
		}
	case events.Searched:
		total.Searched++
		count("searched", fact.Role, "")
	case events.Exported:
		total.Exported++
		t.readers[r.Meta.Actor] = true
		count("exported", fact.Role, fact.What)
	case events.Denied:
		total.Denied++
		count("denied", fact.Role, "")
	case events.GlassBroken:
		t.year.Glass.Broken++
		t.broken[fact.Entry] = fact
	}
}

func (t *tally) review(reviewed events.GlassReviewed, at time.Time) {
	broken, ok := t.broken[reviewed.Glass]
	if !ok {
		return // of another year
	}
	delete(t.broken, reviewed.Glass)
	g := &t.year.Glass
	if at.After(broken.ReviewBy) {
		g.Late++
	} else {
		g.InTime++
	}
	if reviewed.Finding == "justified" {
		g.Justified++
	} else {
		g.NotJustified++
	}
}

func (t *tally) report(now time.Time) Year {
	for _, broken := range t.broken {
		if now.After(broken.ReviewBy) {
			t.year.Glass.Overdue++
		} else {
			t.year.Glass.Waiting++
		}
	}
	t.year.Total.Readers = len(t.readers)
	for name, list := range map[string]*[]Count{
		"disclosed": &t.year.Disclosed, "searched": &t.year.Searched, "exported": &t.year.Exported, "denied": &t.year.Denied, "unusual": &t.year.Unusual,
	} {
		*list = []Count{}
		for line, times := range t.counts {
			if line.list == name {
				*list = append(*list, Count{line.month, line.role, line.what, times})
			}
		}
		slices.SortFunc(*list, func(a, b Count) int {
			return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Role, b.Role), cmp.Compare(a.What, b.What))
		})
	}
	return t.year
}
