package outcomes

import (
	"context"
	"math"
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
		n.streams[r.Stream].Add(r)
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

func (n *naively) goals(plan events.PlanAgreed, episode []*events.Held) {
	var rated []events.Goal
	var levels []float64
	for _, goal := range plan.Goals {
		found := false
		for _, held := range slices.Backward(episode) {
			rating, ok := held.Now.(events.GoalRated)
			if !ok || rating.Goal != goal.Goal || rating.Plan != plan.Version {
				continue
			}
			found = true
			rated, levels = append(rated, goal), append(levels, float64(rating.Level))
			if rating.Level >= 0 {
				n.result.Goals.Reached++
			}
			break
		}
		if !found {
			n.result.Goals.Unrated++
		}
	}
	n.result.Goals.Rated += len(rated)
	if len(rated) == 0 {
		n.result.Goals.WithoutT++
		return
	}
	n.result.Goals.WithT++
	n.ts = append(n.ts, attainmentOf(rated, levels))
}

// attainmentOf is T, in the form that divides each weight by their sum first.
func attainmentOf(goals []events.Goal, levels []float64) float64 {
	var sum float64
	for _, g := range goals {
		sum += g.Weight
	}
	var squares, x float64
	for i, g := range goals {
		squares += (g.Weight / sum) * (g.Weight / sum)
		x += g.Weight / sum * levels[i]
	}
	return round(50 + 10*x/math.Sqrt(0.7*squares+0.3))
}

func round(x float64) float64 { return math.Round(x*10000) / 10000 }

func (n *naively) of(instrument string) *scores {
	if n.measures[instrument] == nil {
		n.measures[instrument] = &scores{}
	}
	return n.measures[instrument]
}

func (n *naively) pairs(plan events.PlanAgreed, episode []*events.Held) {
	type which struct {
		instrument string
		version    int
	}
	seen := map[which]bool{}
	for _, held := range episode {
		m, ok := held.Now.(events.MeasureTaken)
		if !ok {
			continue
		}
		s := n.of(m.Instrument)
		switch {
		case n.in(held) && m.NotDone != "":
			s.notDone++
		case n.in(held):
			s.taken++
		}
		if key := (which{m.Instrument, m.Version}); m.Score != nil && !seen[key] {
			seen[key] = true
			before, after, any := n.beforeAfter(episode, func(entry events.Entry) (string, *float64) {
				if o, ok := entry.(events.MeasureTaken); ok && o.Instrument == m.Instrument && o.Version == m.Version && o.NotDone == "" {
					return o.When, o.Score
				}
				return "", nil
			})
			n.pair(s, before, after, any)
		}
	}
	rated := false
	for _, held := range episode {
		if _, ok := held.Now.(events.GoalRated); ok && n.in(held) {
			rated = true
			n.of("gas").taken++
		}
	}
	var goals []events.Goal
	var first, last []float64
	for _, goal := range plan.Goals {
		before, after, _ := n.beforeAfter(episode, func(entry events.Entry) (string, *float64) {
			if r, ok := entry.(events.GoalRated); ok && r.Goal == goal.Goal && r.Plan == plan.Version {
				level := float64(r.Level)
				return r.When, &level
			}
			return "", nil
		})
		if before != nil && after != nil {
			goals, first, last = append(goals, goal), append(first, *before), append(last, *after)
		}
	}
	switch {
	case len(goals) > 0:
		b, a := attainmentOf(goals, first), attainmentOf(goals, last)
		n.pair(n.of("gas"), &b, &a, rated)
	case rated:
		n.of("gas").unpaired++
	}
}

// beforeAfter finds the first baseline and, behind it and in the time asked for, the last other score.
func (n *naively) beforeAfter(episode []*events.Held, score func(events.Entry) (string, *float64)) (before, after *float64, any bool) {
	at := slices.IndexFunc(episode, func(h *events.Held) bool {
		when, x := score(h.Now)
		return when == "baseline" && x != nil
	})
	for i, held := range slices.Backward(episode) {
		when, x := score(held.Now)
		if x == nil {
			continue
		}
		any = any || n.in(held)
		if at >= 0 && i > at && when != "baseline" && n.in(held) && after == nil {
			after = x
		}
	}
	if at >= 0 {
		_, before = score(episode[at].Now)
	}
	return before, after, any
}

func (n *naively) pair(s *scores, before, after *float64, any bool) {
	switch {
	case before != nil && after != nil:
		s.before, s.after = append(s.before, *before), append(s.after, *after)
	case any:
		s.unpaired++
	}
}
