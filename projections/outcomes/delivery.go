package outcomes

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// delivery sets what was reached beside the targets of the year that is asked for.
func (r *replay) delivery(result Result) []Delivery {
	list := []Delivery{}
	year, ok := r.asked.year()
	if !ok || r.asked.Site != "" { // targets are of projects, not of their sites
		return list
	}
	for _, s := range r.programme.rest {
		if s.kind != "target" || strconv.Itoa(s.year) != year || !r.targeted(s) {
			continue
		}
		d := Delivery{Project: s.code, Year: s.year, Count: s.about, Target: s.number, Gone: gone(r.asked.until())}
		if s.code == "" {
			d.Reached, ok = result.headline(s.about)
		} else {
			d.Reached, ok = result.project(s.code).headline(s.about)
		}
		if d.Share = ratio(d.Reached, d.Target); ok {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Delivery) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.Count, b.Count))
	})
	return list
}

// targeted tells whether a target is of what was asked for: of the whole programme only if no part of it was.
func (r *replay) targeted(s said) bool {
	a := r.asked
	if s.code == "" {
		return a.Project == "" && a.Category == "" && a.Agency == ""
	}
	p := r.programme.projects[s.code]
	return (a.Project == "" || a.Project == s.code) && (a.Category == "" || a.Category == p.about) && (a.Agency == "" || a.Agency == p.agency)
}

func (result Result) project(key string) Share {
	for _, s := range result.ByProject {
		if s.Key == key {
			return s
		}
	}
	return Share{}
}

func (result Result) headline(count string) (int, bool) {
	return Share{
		CaseFiles: result.CaseFiles, GroupSessions: result.GroupSessions, Activities: result.Activities,
		PersonTimes: result.PersonTimes.Total,
	}.headline(count)
}

// headline is one of the four numbers by which a programme is judged.
func (s Share) headline(count string) (int, bool) {
	switch count {
	case "activities":
		return s.Activities, true
	case "group_sessions":
		return s.GroupSessions, true
	case "case_files":
		return s.CaseFiles, true
	case "person_times":
		return s.PersonTimes, true
	}
	return 0, false
}

func ratio(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	share := decimal(fixed(float64(part) / float64(whole)))
	return &share
}

// gone is how much of a year has passed at the end of a day.
func gone(day string) float64 {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	days := time.Date(t.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	return decimal(fixed(float64(t.YearDay()) / float64(days)))
}
