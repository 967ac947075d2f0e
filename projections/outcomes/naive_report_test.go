package outcomes

import (
	"maps"
	"math"
	"slices"
	"strconv"
)

// report puts what was counted naively into the shape of a report.
func (n *naively) report() Result {
	r := n.result
	r.PersonTimes.Total = r.PersonTimes.Cases + r.PersonTimes.Groups + r.PersonTimes.Activities
	r.Persons = Persons{ClientsServed: len(n.clients), GroupMembers: len(n.members)}
	r.Closures = Closures{ByReason: listed(n.reasons), ByExit: listed(n.exits), ByOutcome: listed(n.outcomes)}
	r.Goals.MeanT = average(n.ts)
	r.Measures = []Measure{}
	for _, key := range slices.Sorted(maps.Keys(n.measures)) {
		if s := n.measures[key]; s.taken+s.notDone+s.unpaired+len(s.before) > 0 {
			r.Measures = append(r.Measures, s.measure(key))
		}
	}
	r.ByProject, r.ByCategory, r.ByMonth, r.Delivery = []Share{}, []Share{}, []Month{}, []Delivery{}
	for _, key := range slices.Sorted(maps.Keys(n.projects)) {
		s := n.projects[key]
		s.Agency = n.agency[key]
		r.ByProject = append(r.ByProject, s)
	}
	for _, key := range slices.Sorted(maps.Keys(n.categories)) {
		r.ByCategory = append(r.ByCategory, n.categories[key])
	}
	for _, key := range slices.Sorted(maps.Keys(n.months)) {
		s := n.months[key]
		r.ByMonth = append(r.ByMonth, Month{
			Month: key, CaseFiles: s.CaseFiles, Contacts: s.Contacts, GroupSessions: s.GroupSessions,
			Activities: s.Activities, PersonTimes: s.PersonTimes,
		})
	}
	n.deliver(&r)
	return r
}

func listed(of map[string]int) []Number {
	list := []Number{}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		list = append(list, Number{key, of[key]})
	}
	return list
}

// deliver knows one year, 2012, and the days on which it may be asked how much of it is gone.
func (n *naively) deliver(r *Result) {
	year := 2012
	if n.asked.From != "2012-01-01" || n.end() < n.asked.From || n.end() > "2012-12-31" || n.asked.Site != "" {
		return
	}
	month, _ := strconv.Atoi(n.end()[5:7])
	day, _ := strconv.Atoi(n.end()[8:])
	for _, days := range []int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[:month-1] {
		day += days
	}
	for _, project := range []string{"", "p1", "p2", "p3"} {
		for _, count := range []string{"activities", "case_files", "group_sessions", "person_times"} {
			for _, target := range n.targets {
				if target.Project != project || target.Count != count || target.Year != year || !n.aimedAt(project) {
					continue
				}
				s := n.projects[project]
				if project == "" {
					s = Share{CaseFiles: r.CaseFiles, GroupSessions: r.GroupSessions, Activities: r.Activities, PersonTimes: r.PersonTimes.Total}
				}
				reached := map[string]int{
					"activities": s.Activities, "group_sessions": s.GroupSessions, "case_files": s.CaseFiles, "person_times": s.PersonTimes,
				}[count]
				d := Delivery{Project: project, Year: year, Count: count, Target: target.Number, Reached: reached, Gone: round(float64(day) / 366)}
				if target.Number > 0 {
					share := round(float64(reached) / float64(target.Number))
					d.Share = &share
				}
				r.Delivery = append(r.Delivery, d)
			}
		}
	}
}

func (n *naively) aimedAt(project string) bool {
	a := n.asked
	if project == "" {
		return a.Project+a.Category+a.Agency == ""
	}
	return (a.Project == "" || a.Project == project) && (a.Agency == "" || a.Agency == n.agency[project]) &&
		(a.Category == "" || a.Category == n.category[project])
}

func average(of []float64) *float64 {
	if len(of) == 0 {
		return nil
	}
	sum := 0.0
	for _, x := range of {
		sum += math.Round(x * 10000) // whole numbers: halves are halves, whatever the order
	}
	mean := math.Round(sum/float64(len(of))) / 10000
	return &mean
}

func (s *scores) measure(key string) Measure {
	m := Measure{Instrument: key, Taken: s.taken, NotDone: s.notDone, Paired: len(s.before), Unpaired: s.unpaired}
	least := map[string]float64{"phq-9": 5, "gad-7": 4, "severity": 2, "needs": 1, "gas": 10}[key]
	sign := 1.0
	switch key {
	case "phq-9", "severity", "sdq":
		m.Direction, sign = "lower-is-better", -1
	case "needs", "gas":
		m.Direction = "higher-is-better"
	}
	var changes []float64
	improved, unchanged, worse := 0, 0, 0
	for i := range s.before {
		change := round(s.after[i] - s.before[i])
		changes = append(changes, change)
		switch {
		case sign*change > least-0.00001:
			improved++
		case sign*change < 0.00001-least:
			worse++
		default:
			unchanged++
		}
	}
	m.EffectSize = effectOf(changes)
	m.MeanBefore, m.MeanAfter, m.MeanChange = average(slices.Clone(s.before)), average(slices.Clone(s.after)), average(changes)
	if least > 0 {
		m.MinimalImportantChange, m.Improved, m.Unchanged, m.Worse = &least, &improved, &unchanged, &worse
	}
	return m
}

func effectOf(changes []float64) *float64 {
	n := float64(len(changes))
	if n < 2 || slices.Max(changes) == slices.Min(changes) {
		return nil
	}
	mean, squares := 0.0, 0.0
	for _, x := range changes {
		mean += x / n
	}
	for _, x := range changes {
		squares += (x - mean) * (x - mean)
	}
	size := round(mean / math.Sqrt(squares/(n-1)))
	return &size
}
