package outcomes

import (
	"context"
	"slices"

	"github.com/casestream/casestream/events"
)

// naive computes a report a second way: from the facts themselves, stream by stream, in memory. It is slow, and has no
// rows, no positions that supersede and no SQL: it takes the facts up to a position and asks what they say.
func naive(t failing, log events.Store, asked Asked) Result {
	t.Helper()
	n := naively{
		asked: asked, streams: map[string]*events.Entries{}, openings: map[string]events.Entry{},
		agency: map[string]string{}, category: map[string]string{},
		clients: map[string]bool{}, members: map[string]bool{},
		reasons: map[string]int{}, exits: map[string]int{}, outcomes: map[string]int{},
		projects: map[string]Share{}, categories: map[string]Share{}, months: map[string]Share{},
		measures: map[string]*scores{},
	}
	n.read(t, log)
	for stream := range n.streams {
		n.count(stream)
	}
	return n.report()
}

type naively struct {
	asked            Asked
	streams          map[string]*events.Entries
	openings         map[string]events.Entry
	agency, category map[string]string // of a project
	targets          []events.TargetSet

	result                       Result
	clients, members             map[string]bool
	reasons, exits, outcomes     map[string]int
	projects, categories, months map[string]Share
	ts                           []float64
	measures                     map[string]*scores
}

type scores struct {
	taken, notDone, unpaired int
	before, after            []float64
}

func (n *naively) read(t failing, log events.Store) {
	launched, aimed := map[string]string{}, map[events.TargetSet]string{} // the day of the last word on it
	for r, err := range log.ReadAll(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Position > n.asked.KnownAt {
			break
		}
		day := events.DayOf(r.Meta.OccurredAt)
		past := n.asked.AsOf == "" || day <= n.asked.AsOf
		switch fact := r.Event.(type) {
		case events.ProjectLaunched:
			if past && day >= launched[fact.Project] {
				launched[fact.Project], n.agency[fact.Project], n.category[fact.Project] = day, fact.Agency, fact.Category
			}
			continue
		case events.TargetSet:
			about := events.TargetSet{Project: fact.Project, Year: fact.Year, Count: fact.Count}
			if past && day >= aimed[about] {
				aimed[about] = day
				n.targets = slices.DeleteFunc(n.targets, func(t events.TargetSet) bool { t.Number = 0; return t == about })
				n.targets = append(n.targets, fact)
			}
			continue
		}
		if n.streams[r.Stream] == nil {
			n.streams[r.Stream] = &events.Entries{}
			n.openings[r.Stream] = r.Event.(events.Entry)
		}
		n.streams[r.Stream].Add(&r)
	}
}

func (n *naively) end() string {
	switch a := n.asked; {
	case a.AsOf == "" && a.To == "":
		return "9999"
	case a.AsOf == "" || a.To != "" && a.To < a.AsOf:
		return a.To
	default:
		return a.AsOf
	}
}

func (n *naively) in(held *events.Held) bool { return held.Day() >= n.asked.From }

// count counts one case, group or activity.
func (n *naively) count(stream string) {
	opening, _ := n.streams[stream].Find(n.openings[stream].EntryID())
	var project, category, site, client string
	switch opened := opening.Now.(type) {
	case events.IntakeRecorded:
		project, category, site, client = opened.Project, opened.Category, opened.Site, opened.Client.String()
	case events.GroupPlanned:
		project, category, site = opened.Project, n.category[opened.Project], opened.Site
	case events.ActivityPlanned:
		project, category, site = opened.Project, n.category[opened.Project], opened.Site
	}
	for _, pair := range [][2]string{
		{n.asked.Project, project}, {n.asked.Category, category}, {n.asked.Site, site}, {n.asked.Agency, n.agency[project]},
	} {
		if pair[0] != "" && pair[0] != pair[1] {
			return
		}
	}
	add := func(day string, s Share) {
		for shares, key := range map[*map[string]Share]string{&n.projects: project, &n.categories: category, &n.months: day[:7]} {
			if key == "" {
				key = "unstated"
			}
			sum := (*shares)[key]
			sum.Key = key
			sum.CaseFiles += s.CaseFiles
			sum.Contacts += s.Contacts
			sum.GroupSessions += s.GroupSessions
			sum.Activities += s.Activities
			sum.PersonTimes += s.PersonTimes
			(*shares)[key] = sum
		}
	}
	entries := n.streams[stream].AsOf(n.end())
	for _, held := range entries {
		if n.in(held) {
			n.serve(held, client, add)
		}
	}
	wrong := slices.ContainsFunc(n.streams[stream].All(), func(h *events.Held) bool {
		closed, ok := h.Now.(events.CaseClosed)
		return ok && (closed.Reason == "duplicate" || closed.Reason == "opened_in_error")
	})
	if _, ok := opening.Now.(events.IntakeRecorded); ok && !opening.Retracted && !wrong && opening.Day() <= n.end() {
		if n.in(opening) {
			n.result.Intakes++
		}
		n.course(entries, add)
		return
	}
	for _, held := range entries {
		if closed, ok := held.Now.(events.CaseClosed); ok && n.in(held) && (closed.Reason == "duplicate" || closed.Reason == "opened_in_error") {
			n.result.SetAside++
			n.reasons[closed.Reason]++
		}
	}
}

// serve counts who was served by one entry.
func (n *naively) serve(held *events.Held, client string, add func(string, Share)) {
	switch fact := held.Now.(type) {
	case events.InterventionRecorded:
		if fact.Reached {
			n.contact(held, client, fact.PersonTimes, add)
		}
	case events.FollowUpRecorded:
		if fact.Reached {
			n.contact(held, client, fact.PersonTimes, add)
		}
	case events.SessionHeld:
		n.result.GroupSessions++
		n.result.PersonTimes.Groups += fact.PersonTimes
		for _, a := range fact.Attendance {
			if a.Presence == "present" {
				n.members[a.Member.String()] = true
			}
		}
		add(held.Day(), Share{GroupSessions: 1, PersonTimes: fact.PersonTimes})
	case events.ActivityHeld:
		n.result.Activities++
		n.result.PersonTimes.Activities += fact.PersonTimes
		add(held.Day(), Share{Activities: 1, PersonTimes: fact.PersonTimes})
	}
}

func (n *naively) contact(held *events.Held, client string, personTimes int, add func(string, Share)) {
	n.result.Contacts++
	n.result.PersonTimes.Cases += personTimes
	if personTimes > 0 {
		n.clients[client] = true
	}
	add(held.Day(), Share{Contacts: 1, PersonTimes: personTimes})
}

// course counts what happened in a case: the entries by episode, each from a reopening to the next.
func (n *naively) course(entries []*events.Held, add func(string, Share)) {
	var accepted, decided *events.Held
	open := false
	for _, held := range entries {
		switch fact := held.Now.(type) {
		case events.IntakeDecided:
			if decided, open = held, fact.Accepted; fact.Accepted && accepted == nil {
				accepted = held
			}
		case events.CaseClosed:
			open = false
		case events.CaseReopened:
			open = accepted != nil
			if n.in(held) {
				n.result.Reopened++
			}
		}
	}
	switch {
	case accepted != nil && n.in(accepted):
		n.result.CaseFiles++
		add(accepted.Day(), Share{CaseFiles: 1})
	case accepted == nil && decided != nil && n.in(decided):
		n.result.Declined++
	}
	if open {
		n.result.Open++
	}
	for from := 0; from < len(entries); {
		to := from + 1
		for to < len(entries) && entries[to].Now.Type() != "case.reopened" {
			to++
		}
		n.episode(entries[:to], entries[from:to])
		from = to
	}
}

// episode counts the closures, goals and scores of one episode; before is all that came up to its end.
func (n *naively) episode(before, episode []*events.Held) {
	var plan events.PlanAgreed
	for _, held := range before {
		if agreed, ok := held.Now.(events.PlanAgreed); ok {
			plan = agreed
		}
	}
	for _, held := range episode {
		closed, ok := held.Now.(events.CaseClosed)
		if !ok || !n.in(held) {
			continue
		}
		n.result.Closed++
		for counts, code := range map[*map[string]int]string{&n.reasons: closed.Reason, &n.exits: closed.Exit, &n.outcomes: closed.Outcome} {
			if code == "" {
				code = "unstated"
			}
			(*counts)[code]++
		}
		n.goals(plan, episode)
	}
	n.pairs(plan, episode)
}
