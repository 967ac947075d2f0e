package outcomes

import (
	"cmp"
	"maps"
	"slices"
)

// result adds up.
func (r *replay) result() Result {
	result := Result{
		CaseFiles: len(r.accepted()), Declined: len(r.declined()), Open: len(r.open()),
		Closed: len(r.closed()), Reopened: len(r.reopened()), SetAside: len(r.setAside()),
		Intakes: len(r.intakes()), Persons: r.persons(),
		Closures: r.closures(), Goals: r.goals(), Measures: r.measures(),
	}
	for _, s := range r.served {
		switch s.kind {
		case "contact":
			result.Contacts += s.number
			result.PersonTimes.Cases += s.personTimes
		case "session":
			result.GroupSessions += s.number
			result.PersonTimes.Groups += s.personTimes
		case "activity":
			result.Activities += s.number
			result.PersonTimes.Activities += s.personTimes
		}
		result.PersonTimes.Total += s.personTimes
	}
	result.ByProject, result.ByCategory, result.ByMonth = r.shares()
	result.Delivery = r.delivery(result)
	return result
}

func (r *replay) intakes() (files []*file) {
	for _, f := range r.files {
		if _, ok := r.in(f.id); ok && r.counts(f) && r.asked.within(f.day) {
			files = append(files, f)
		}
	}
	return files
}

// accepted are the case files of the time: the first acceptance of each.
func (r *replay) accepted() (decisions []course) {
	for _, h := range r.cases {
		if h.accepted != nil && r.asked.within(h.accepted.day) {
			decisions = append(decisions, *h.accepted)
		}
	}
	return decisions
}

func (r *replay) declined() (decisions []course) {
	for _, h := range r.cases {
		if h.accepted == nil && h.decided != nil && r.asked.within(h.decided.day) {
			decisions = append(decisions, *h.decided)
		}
	}
	return decisions
}

func (r *replay) open() (decisions []course) {
	for _, h := range r.cases {
		if h.open {
			decisions = append(decisions, *h.accepted)
		}
	}
	return decisions
}

// closed is a closure in the time, and the episode that it ended.
type closed struct {
	course
	in episode
}

func (r *replay) closed() (closures []closed) {
	for _, h := range r.cases {
		for _, e := range h.episodes {
			for _, c := range e.closures {
				if r.asked.within(c.day) {
					closures = append(closures, closed{c, e})
				}
			}
		}
	}
	return closures
}

func (r *replay) reopened() (reopenings []course) {
	for _, h := range r.cases {
		for _, e := range h.episodes {
			if e.reopening != nil && r.asked.within(e.reopening.day) {
				reopenings = append(reopenings, *e.reopening)
			}
		}
	}
	return reopenings
}

func (r *replay) setAside() []course {
	return slices.DeleteFunc(slices.Clone(r.aside), func(c course) bool { return !r.asked.within(c.day) })
}

func (r *replay) closures() Closures {
	reasons, exits, results := make(map[string]int), make(map[string]int), make(map[string]int)
	for _, c := range r.closed() {
		reasons[stated(c.code)]++
		exits[stated(c.leaving)]++
		results[stated(c.outcome)]++
	}
	for _, c := range r.setAside() {
		reasons[stated(c.code)]++
	}
	return Closures{ByReason: numbers(reasons), ByExit: numbers(exits), ByOutcome: numbers(results)}
}

func numbers(of map[string]int) []Number {
	list := make([]Number, 0, len(of))
	for _, key := range slices.Sorted(maps.Keys(of)) {
		list = append(list, Number{Key: key, Number: of[key]})
	}
	return list
}

func stated(code string) string { return cmp.Or(code, Unstated) }

// shares tells the headline numbers apart by project, by category and by month.
func (r *replay) shares() ([]Share, []Share, []Month) {
	projects, categories, months := make(map[string]*Share), make(map[string]*Share), make(map[string]*Share)
	add := func(f *file, month string, what Share) {
		to(projects, f.project).add(what)
		to(categories, f.category).add(what)
		to(months, month).add(what)
	}
	for _, decision := range r.accepted() {
		add(r.files[decision.file], decision.day[:len("2006-01")], Share{CaseFiles: 1})
	}
	for _, s := range r.served {
		f, _ := r.in(s.file)
		what := Share{PersonTimes: s.personTimes}
		switch s.kind {
		case "contact":
			what.Contacts = s.number
		case "session":
			what.GroupSessions = s.number
		case "activity":
			what.Activities = s.number
		}
		add(f, s.month, what)
	}
	byMonth := make([]Month, 0, len(months))
	for _, m := range sorted(months) {
		byMonth = append(byMonth, Month{m.Key, m.CaseFiles, m.Contacts, m.GroupSessions, m.Activities, m.PersonTimes})
	}
	byProject := sorted(projects)
	for i, s := range byProject {
		byProject[i].Agency = r.programme.agency(s.Key)
	}
	return byProject, sorted(categories), byMonth
}

func to(shares map[string]*Share, key string) *Share {
	key = stated(key)
	if shares[key] == nil {
		shares[key] = &Share{Key: key}
	}
	return shares[key]
}

func (s *Share) add(more Share) {
	s.CaseFiles += more.CaseFiles
	s.Contacts += more.Contacts
	s.GroupSessions += more.GroupSessions
	s.Activities += more.Activities
	s.PersonTimes += more.PersonTimes
}

func sorted(shares map[string]*Share) []Share {
	list := make([]Share, 0, len(shares))
	for _, key := range slices.Sorted(maps.Keys(shares)) {
		list = append(list, *shares[key])
	}
	return list
}
