package outcomes

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"pgregory.net/rapid"
)

var (
	days        = rapid.SampledFrom([]string{"2011-12-31", "2012-01-01", "2012-02-29", "2012-06-29", "2012-06-30", "2012-07-01", "2012-12-31", "2013-01-01"})
	codes       = rapid.SampledFrom([]string{"p1", "p2", "p3"})
	kinds       = rapid.SampledFrom([]string{"street_child", "orphan"})
	sites       = rapid.SampledFrom([]string{"station", "ward"})
	agencies    = rapid.SampledFrom([]string{"chuxin", "boya"})
	occasions   = rapid.SampledFrom([]string{"baseline", "interim", "closure", "follow-up"})
	reasons     = rapid.SampledFrom([]string{"goals_met", "goals_met", "goals_met", "goals_met", "moved_away", "moved_away", "duplicate", "opened_in_error"})
	maybe       = rapid.SampledFrom([]string{"", "home"})
	counts      = rapid.SampledFrom([]string{"activities", "group_sessions", "case_files", "person_times"})
	presences   = rapid.SampledFrom([]string{"present", "excused", "absent"})
	instruments = rapid.SampledFrom([]string{"phq-9", "needs", "sdq", "unheard-of"})
)

// happens lets one more thing happen.
func (w *world) happens(t *rapid.T) {
	day := days.Draw(t, "day")
	what := rapid.IntRange(0, 11).Draw(t, "what")
	switch {
	case len(w.streams) == 0:
		what = 11
	case w.one:
		what = max(what, 4)
	}
	switch what {
	case 0:
		w.on(day, events.ProgrammeStream, events.ProjectLaunched{
			Project: codes.Draw(t, "project"), Agency: agencies.Draw(t, "agency"), Category: kinds.Draw(t, "category"),
		})
	case 1:
		w.on(day, events.ProgrammeStream, events.TargetSet{
			Project: rapid.SampledFrom([]string{"", "p1", "p2"}).Draw(t, "project"), Year: 2012,
			Count: counts.Draw(t, "count"), Number: rapid.IntRange(0, 3).Draw(t, "number"),
		})
	case 2, 3, 4:
		w.correct(t, day)
	case 10, 11:
		if len(w.streams) < 5 && !(w.one && len(w.streams) > 0) {
			w.opened(t, day)
			return
		}
		fallthrough
	default:
		stream := rapid.SampledFrom(w.streams).Draw(t, "stream")
		entry := w.drawn(t, w.draw(t, stream), w.entry())
		w.entries[stream] = append(w.entries[stream], entry)
		w.on(day, stream, entry)
	}
}

func (w *world) opened(t *rapid.T, day string) {
	category := rapid.SampledFrom([]string{"case", "case", "group", "activity"}).Draw(t, "opens")
	if w.one {
		category = "case"
	}
	stream := events.Stream(category, w.id())
	entry := w.drawn(t, category, w.entry())
	w.streams = append(w.streams, stream)
	w.entries[stream] = append(w.entries[stream], entry)
	w.on(day, stream, entry)
}

// draw chooses what is recorded in a stream.
func (w *world) draw(t *rapid.T, stream string) string {
	switch category, _, _ := events.SplitStream(stream); category {
	case "group":
		return "session"
	case "activity":
		return "held"
	}
	return rapid.SampledFrom([]string{
		"decision", "closure", "closure", "reopening", "plan", "rating", "rating", "rating", "measure", "measure", "measure",
		"contact", "follow-up", "note",
	}).Draw(t, "records")
}

// drawn is an entry of a kind.
func (w *world) drawn(t *rapid.T, kind string, entered events.Entered) events.Entry {
	small := func(what string) int { return rapid.IntRange(0, 3).Draw(t, what) }
	switch kind {
	case "case":
		return events.IntakeRecorded{
			Entered: entered, Client: rapid.SampledFrom(w.clients).Draw(t, "client"), Category: kinds.Draw(t, "category"),
			Project: codes.Draw(t, "project"), Site: sites.Draw(t, "site"),
		}
	case "group":
		return events.GroupPlanned{Entered: entered, Project: codes.Draw(t, "project"), Site: sites.Draw(t, "site")}
	case "activity":
		return events.ActivityPlanned{Entered: entered, Project: codes.Draw(t, "project"), Site: sites.Draw(t, "site")}
	case "decision":
		return events.IntakeDecided{Entered: entered, Accepted: rapid.IntRange(0, 3).Draw(t, "accepted") > 0}
	case "closure":
		return events.CaseClosed{
			Entered: entered, Episode: 1, Reason: reasons.Draw(t, "reason"), Exit: maybe.Draw(t, "exit"), Outcome: maybe.Draw(t, "outcome"),
		}
	case "reopening":
		return events.CaseReopened{Entered: entered, Episode: 2, Why: "relapse"}
	case "plan":
		plan := events.PlanAgreed{Entered: entered, Version: rapid.IntRange(1, 2).Draw(t, "version")}
		for _, goal := range w.goals[:max(1, small("goals"))-small("none")/3] {
			plan.Goals = append(plan.Goals, events.Goal{Goal: goal, Weight: rapid.SampledFrom([]float64{1, 2, 0.5}).Draw(t, "weight")})
		}
		return plan
	case "rating":
		return events.GoalRated{
			Entered: entered, Plan: rapid.IntRange(1, 2).Draw(t, "version"), Goal: rapid.SampledFrom(w.goals).Draw(t, "goal"),
			Level: rapid.IntRange(-2, 2).Draw(t, "level"), When: occasions.Draw(t, "when"),
		}
	case "measure":
		m := events.MeasureTaken{
			Entered: entered, Instrument: instruments.Draw(t, "instrument"), Version: 1 + small("version")/3, When: occasions.Draw(t, "when"),
		}
		switch x := rapid.IntRange(0, 12).Draw(t, "score"); x {
		case 0:
			m.NotDone = "refused"
		case 1: // too much was missing: no score
		default:
			m.Score = score(float64(x) / 3)
		}
		return m
	case "contact":
		return events.InterventionRecorded{Entered: entered, Reached: small("reached") > 0, PersonTimes: small("person-times")}
	case "follow-up":
		return events.FollowUpRecorded{Entered: entered, Reached: small("reached") > 0, PersonTimes: small("person-times")}
	case "session":
		session := events.SessionHeld{Entered: entered}
		session.Attendance, session.PersonTimes = w.attendance(t)
		return session
	case "held":
		return events.ActivityHeld{Entered: entered, PersonTimes: small("heads")}
	}
	return events.NoteRecorded{Entered: entered, Kind: "process"}
}

func (w *world) attendance(t *rapid.T) (list []events.Attendance, present int) {
	for range w.clients {
		member := rapid.SampledFrom(w.clients).Draw(t, "member") // some twice, some not at all
		presence := presences.Draw(t, "presence")
		if list = append(list, events.Attendance{Member: member, Presence: presence}); presence == "present" {
			present++
		}
	}
	return list, present
}

// correct amends or retracts an entry, or retracts an amendment. Amending and retracting what was retracted is allowed too.
func (w *world) correct(t *rapid.T, day string) {
	stream := rapid.SampledFrom(w.streams).Draw(t, "stream")
	which := rapid.IntRange(0, len(w.entries[stream])-1).Draw(t, "entry")
	entry := w.entries[stream][which]
	changes := w.changes[stream]
	fact := events.Entered{Entry: w.id()}
	switch rapid.IntRange(0, 5).Draw(t, "correction") {
	case 0:
		w.on(day, stream, events.EntryRetracted{Entered: fact, Retracts: entry.EntryID()})
		return
	case 1:
		if len(changes) > 0 {
			w.on(day, stream, events.EntryRetracted{Entered: fact, Retracts: rapid.SampledFrom(changes).Draw(t, "change")})
		}
		return
	case 2:
		switch entry.(type) {
		case events.SessionHeld:
			list, present := w.attendance(t)
			w.on(day, stream, events.AttendanceCorrected{Entered: fact, Session: entry.EntryID(), Attendance: list, PersonTimes: present})
			w.changes[stream] = append(changes, fact.Entry)
			return
		case events.ActivityHeld:
			w.on(day, stream, events.ActivityCountCorrected{Entered: fact, Held: entry.EntryID(), PersonTimes: rapid.IntRange(0, 9).Draw(t, "heads")})
			w.changes[stream] = append(changes, fact.Entry)
			return
		}
	}
	kind := w.draw(t, stream) // an amendment may say that it was something else altogether
	if which == 0 {
		kind, _, _ = events.SplitStream(stream)
	}
	amended := events.EntryAmended{Entered: fact, Amends: entry.EntryID(), Now: events.Said{Entry: w.drawn(t, kind, w.entry())}}
	if rapid.Bool().Draw(t, "another day") {
		amended.HappenedAt = noon(days.Draw(t, "happened"))
	}
	w.on(day, stream, amended)
	w.changes[stream] = append(changes, fact.Entry)
}

// asks draws a question: one of the four corners, or between them.
func (w *world) asks(t *rapid.T) (asked Asked) {
	head, _ := w.log.Head(t.Context())
	some := func(g *rapid.Generator[string], what string) string {
		if w.one && what != "from" || rapid.IntRange(0, 2).Draw(t, what+" asked") > 0 {
			return ""
		}
		return g.Draw(t, what)
	}
	asked = Asked{
		Project: some(codes, "project"), Category: some(kinds, "category"), Site: some(sites, "site"), Agency: some(agencies, "agency"),
		AsOf: some(days, "as of"), From: some(days, "from"), To: some(days, "to"),
	}
	if rapid.Bool().Draw(t, "a year") {
		asked.From, asked.To, asked.Site = "2012-01-01", "2012-12-31", ""
	}
	asked.KnownAt = projections.Latest
	if rapid.Bool().Draw(t, "known") {
		asked.KnownAt = events.Position(rapid.IntRange(0, int(head)).Draw(t, "known at"))
	}
	return asked
}
