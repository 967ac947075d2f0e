package outcomes

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/disclosure"
	"github.com/casestream/casestream/projections/readdb"
)

// Published is what a calendar year came to, for those who may know numbers and nobody's case. Null is a number that
// gives someone away, or that would let such a number be worked out: there may be none, few, or many.
//
// The unit is the year, of the programme or of one project, because two questions that overlap would tell of those by
// whom they differ. So there is one table of each number, projects by months, with its margins; every question is
// answered out of the same tables. Numbers that others can be reckoned from are left out: open, intakes, set aside, by
// category, measures taken and not done, how many goals were rated.
type Published struct {
	Year  int  `json:"year"`
	Over  bool `json:"over"`  // until a year is over nothing is published of it: two months would differ by a person
	Least int  `json:"least"` // people there are behind each number that is published

	PublishedHeadline
	Declined      *int `json:"declined"`
	Closed        *int `json:"closed"`
	Reopened      *int `json:"reopened"`
	ClientsServed *int `json:"clients_served"`
	GroupMembers  *int `json:"group_members"`

	MeanT     *float64           `json:"mean_t"` // of the closed episodes that have one, to a tenth, as all means here
	Measures  []PublishedMeasure `json:"measures"`
	ByProject []PublishedShare   `json:"by_project"` // every project there is
	ByMonth   []PublishedShare   `json:"by_month"`   // all twelve
	Closures  *PublishedClosures `json:"closures"`   // of one project, when it is asked for
}

// PublishedHeadline are the numbers that are told apart by project and by month too.
type PublishedHeadline struct {
	CaseFiles     *int `json:"case_files"`
	Contacts      *int `json:"contacts"`
	GroupSessions *int `json:"group_sessions"`
	Activities    *int `json:"activities"`
	PersonTimes   *int `json:"person_times"`
}

// PublishedShare is what one project, or one month, has of them.
type PublishedShare struct {
	Key    string `json:"key"`
	Agency string `json:"agency,omitempty"` // of a project
	PublishedHeadline
}

// PublishedMeasure is what one instrument says; every instrument is listed.
type PublishedMeasure struct {
	Instrument string   `json:"instrument"`
	Direction  string   `json:"direction"`
	Paired     *int     `json:"paired"`
	Unpaired   *int     `json:"unpaired"`
	MeanBefore *float64 `json:"mean_before"`
	MeanAfter  *float64 `json:"mean_after"`
	MeanChange *float64 `json:"mean_change"`
	EffectSize *float64 `json:"effect_size"`
	Improved   *int     `json:"improved"` // these three only when one project is asked for
	Unchanged  *int     `json:"unchanged"`
	Worse      *int     `json:"worse"`
}

// PublishedClosures tell the closures of one project apart by reason and by exit, and its case files by what became of
// the goals; those that are not closed are in the rest.
type PublishedClosures struct {
	ByReason  Parts `json:"by_reason"`
	ByExit    Parts `json:"by_exit"`
	ByOutcome Parts `json:"by_outcome"`
}

// Parts are the kinds that are common enough, and all others together: those that are rare, those that nobody was, and
// one at least that is common.
type Parts struct {
	Shown []Number `json:"shown"`
	Rest  *int     `json:"rest"`
}

// Publish is what may be published of a year, as known at a position: of the programme, or of one project.
func Publish(ctx context.Context, db *readdb.DB, year int, project string, over bool, knownAt events.Position) (Published, error) {
	r, err := readYear(ctx, db, year, knownAt)
	if err != nil {
		return Published{}, fmt.Errorf("publishing the year %d: %w", year, err)
	}
	if !over {
		r.forget()
	}
	return r.publish(Published{Year: year, Over: over, Least: disclosure.Least}, project), nil
}

func readYear(ctx context.Context, db *readdb.DB, year int, knownAt events.Position) (*replay, error) {
	return read(ctx, db, Asked{
		KnownAt: knownAt, From: fmt.Sprintf("%04d-01-01", year), To: fmt.Sprintf("%04d-12-31", year), AsOf: fmt.Sprintf("%04d-12-31", year),
	})
}

// forget leaves the programme and nothing that happened in it.
func (r *replay) forget() { r.cases, r.aside, r.served, r.presences = nil, nil, nil, nil }

func (r *replay) publish(p Published, project string) Published {
	t := r.tables()
	row := t.row(project)
	p.ByProject, p.ByMonth = []PublishedShare{}, []PublishedShare{}
	for at, key := range t.rows {
		if row == wholeProgramme || row == at {
			p.ByProject = append(p.ByProject, PublishedShare{key, r.programme.agency(key), t.share(func(n *headline) *int { return n.year(at) })})
		}
	}
	for month := range months {
		key := fmt.Sprintf("%04d-%02d", p.Year, month+1)
		p.ByMonth = append(p.ByMonth, PublishedShare{key, "", t.share(func(n *headline) *int { return n.month(row, month) })})
	}
	p.PublishedHeadline = t.share(func(n *headline) *int { return n.year(row) })
	r.publishRest(&p, t.rows, row)
	return p
}

// publishRest publishes what is counted by project and not by month.
func (r *replay) publishRest(p *Published, projects []string, row int) {
	parts := make([]*replay, len(projects))
	for i, key := range projects {
		parts[i] = r.of(key)
	}
	one := r
	if row >= 0 {
		one = parts[row]
	}
	among := func(count func(*replay) int) *int {
		counts, sum := make([]disclosure.Count, len(parts)), 0
		for i, part := range parts {
			counts[i] = disclosure.Persons(count(part))
			sum += counts[i].Number
		}
		line := disclosure.NewLine(counts, sum)
		line.Protect()
		switch {
		case row == wholeProgramme && !line.Hidden(line.Total()), row >= 0 && !line.Hidden(row):
			n := count(one) // of the programme: who is in two projects counts once
			return &n
		}
		return nil
	}
	p.Declined = among(func(r *replay) int { return len(r.declined()) })
	p.Closed = among(func(r *replay) int { return len(r.closed()) })
	p.Reopened = among(func(r *replay) int { return len(r.reopened()) })
	p.ClientsServed = among(func(r *replay) int { return r.persons().ClientsServed })
	p.GroupMembers = among(func(r *replay) int { return r.persons().GroupMembers })
	if among(func(r *replay) int { return r.goals().WithT }) != nil {
		p.MeanT = tenth(one.goals().MeanT)
	}
	if row != wholeProgramme {
		p.Closures = one.publishClosures(r, p.Closed, p.CaseFiles)
	}
	of := make(map[*replay]map[string]Measure, len(parts)+1)
	for _, part := range append(parts, r) {
		of[part] = make(map[string]Measure)
		for _, m := range part.measures() {
			of[part][m.Instrument] = m
		}
	}
	for _, i := range Instruments() {
		m := PublishedMeasure{Instrument: i.Key, Direction: i.Direction}
		m.Unpaired = among(func(r *replay) int { return of[r][i.Key].Unpaired })
		if m.Paired = among(func(r *replay) int { return of[r][i.Key].Paired }); m.Paired != nil {
			m.show(of[one][i.Key], row >= 0)
		}
		p.Measures = append(p.Measures, m)
	}
}

// show publishes what the pairs of an instrument come to, enough of them as there are.
func (m *PublishedMeasure) show(counted Measure, apart bool) {
	m.MeanBefore, m.MeanAfter, m.MeanChange = tenth(counted.MeanBefore), tenth(counted.MeanAfter), tenth(counted.MeanChange)
	m.EffectSize = tenth(counted.EffectSize)
	if counted.Improved == nil || !apart {
		return
	}
	line := disclosure.NewLine([]disclosure.Count{
		disclosure.Persons(*counted.Worse), disclosure.Persons(*counted.Unchanged), disclosure.Persons(*counted.Improved),
	}, counted.Paired)
	line.Settle()
	line.Protect()
	for i, n := range []struct {
		from *int
		to   **int
	}{{counted.Worse, &m.Worse}, {counted.Unchanged, &m.Unchanged}, {counted.Improved, &m.Improved}} {
		if !line.Hidden(i) {
			*n.to = n.from
		}
	}
}

// publishClosures tells those of one project; whole is the programme, where it is seen what is rare.
func (r *replay) publishClosures(whole *replay, closed, caseFiles *int) *PublishedClosures {
	by := func(said func(course) string) Parts {
		kinds := func(r *replay) map[string]int {
			n := make(map[string]int)
			for _, c := range r.closed() {
				n[stated(said(c.course))]++
			}
			return n
		}
		return partsOf(kinds(r), kinds(whole), closed)
	}
	return &PublishedClosures{
		ByReason: by(func(c course) string { return c.code }), ByExit: by(func(c course) string { return c.leaving }),
		ByOutcome: r.outcomesTold(whole, caseFiles),
	}
}

// notClosed is the part of the cases that are open. It is never told: how many were reopened could be reckoned from it.
const notClosed = ""

// partsOf tells a published total apart. What nobody was is a part too, though it has no name: otherwise it would show
// when someone is. Where something must be hidden with what is rare, it is what is rare
// in the rest of the programme.
func partsOf(of, inProgramme map[string]int, total *int) Parts {
	shown := Parts{Shown: []Number{}}
	if total == nil {
		return shown
	}
	all := numbers(of)
	slices.SortStableFunc(all, func(a, b Number) int { return cmp.Compare(inProgramme[a.Key]-of[a.Key], inProgramme[b.Key]-of[b.Key]) })
	counts := make([]disclosure.Count, len(all)+1)
	for i, n := range all {
		if counts[i] = disclosure.Persons(n.Number); n.Key == notClosed {
			counts[i].People = 0
		}
	}
	line := disclosure.NewLine(counts, *total)
	line.Settle()
	line.Protect()
	rest := *total
	for i, n := range all {
		if !line.Hidden(i) {
			shown.Shown = append(shown.Shown, n)
			rest -= n.Number
		}
	}
	slices.SortFunc(shown.Shown, func(a, b Number) int { return cmp.Compare(a.Key, b.Key) })
	shown.Rest = &rest
	return shown
}

// of is the part of a replay that is of one project.
func (r *replay) of(project string) *replay {
	part := *r
	part.cases, part.aside, part.served, part.presences = nil, nil, nil, nil
	for _, h := range r.cases {
		if stated(h.file.project) == project {
			part.cases = append(part.cases, h)
		}
	}
	for _, s := range r.served {
		if f, _ := r.in(s.file); stated(f.project) == project {
			part.served = append(part.served, s)
		}
	}
	for _, p := range r.presences {
		if f, _ := r.in(p.file); stated(f.project) == project {
			part.presences = append(part.presences, p)
		}
	}
	return &part
}

// tenth is a mean to a tenth: more digits would tell how many people it is of.
func tenth(mean *float64) *float64 {
	if mean == nil {
		return nil
	}
	rounded := math.Round(*mean*10) / 10
	return &rounded
}

// monthOf is that of a day or a month, from 0.
func monthOf(day string) int {
	n, err := strconv.Atoi(day[5:7])
	if err != nil {
		return 0
	}
	return n - 1
}
