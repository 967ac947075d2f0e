package demo

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// How a case ends: the way out of its category, closing measures, closure, and whether it holds.

// conclude closes the case, if it comes to that by the end of the year.
func (w *casework) conclude(end time.Time) {
	if w.plans == 0 {
		return
	}
	end = office(w.d, later(end, w.lastDone.Add(time.Hour)))
	if w.category.Key == "boarding_student" {
		for !inTerm(end) {
			end = office(w.d, nextDay(end, 1))
		}
	}
	way := w.ending(end)
	if w.category.Key == "street_child" {
		end = w.leave(end, way)
	}
	if end.After(yearEnd.Add(-30 * time.Hour)) {
		return
	}
	w.lastLook(end, way)
	closed := w.lastDone.Add(w.d.minutes(20, 60))
	w.found(w.worker, closed, w.soon(closed), cases.CloseCase{
		Entry: w.entry(closed), Reason: way.Reason, ReasonText: way.Text, Exit: way.Exit, Outcome: way.Outcome,
		Goals: w.say(pick(w.d, w.words.Closing)), After: w.say(pick(w.d, w.words.After)), Beside: w.beside(closed, false),
	})
	w.closedAt = closed
	if way.Reason == "died" {
		return
	}
	if !w.comesBack(closed) {
		w.followUps(closed, yearEnd)
	}
}

// ending picks a way out that is open to someone of this age.
func (w *casework) ending(t time.Time) ending {
	ways, ok := w.allotment.Endings[w.category.Key]
	if !ok {
		ways = w.allotment.Endings[""]
	}
	sum := 0
	for _, way := range ways {
		sum += way.Weight
	}
	for {
		throw := w.d.IntN(sum)
		for _, way := range ways {
			if throw -= way.Weight; throw < 0 {
				exit, _ := w.category.Exit(way.Exit)
				if age := w.who.age(t); exit.MinAge == 0 || age != nil && *age >= exit.MinAge {
					return way
				}
				break
			}
		}
	}
}

// leave is how a child leaves the station: into someone's care, which was looked at before, or without a word.
// It answers with when that was done.
func (w *casework) leave(t time.Time, way ending) time.Time {
	if way.Exit == "left_without_leave" {
		w.happens(on(t, 20, 30), incident{"missing", "晚间点名时{n}不在站内,沿街寻找未果,已通知监护人并报警。"})
		return office(w.d, nextDay(t, 7))
	}
	kind := map[string]string{"collected_by_kin": "collected", "escorted_home": "escorted_home", "handed_over": "handed_over", "long_term_placement": "handed_over"}[way.Exit]
	if kind == "" || on(nextDay(t, 2), 18, 0).After(yearEnd.Add(-30*time.Hour)) {
		return t
	}
	w.identify(t)
	cmd := cases.RecordHandover{Kind: kind, ChildsWish: w.say("{n}愿意这样安排。"), Destination: w.who.home, ReceivedBy: w.who.Guardian.Name, ReceivedAs: w.receivedAs(), Receipt: w.d.chance(0.96)}
	if kind == "handed_over" {
		cmd.Destination, cmd.ReceivedBy, cmd.ReceivedAs = "户籍地未成年人保护机构", "接收机构值班负责人", "institution"
	} else {
		w.intervene(later(t, w.lastDone).Add(15*time.Minute), "home_visit", late)
		w.assess(w.lastDone.Add(90*time.Minute), "able")
		cmd.Guardianship = w.able
	}
	gone := on(nextDay(later(t, w.lastDone), 1), 9, 30).Add(w.d.minutes(0, 120))
	if kind == "escorted_home" {
		cmd.Escorts = []string{w.worker.name, pick(w.d, w.project.crew).name}
		w.intervene(gone.Add(-30*time.Minute), "escort_home", late)
		gone = gone.Add(8 * time.Hour)
	}
	cmd.Entry, cmd.Beside = w.entry(gone), w.beside(gone, false)
	w.found(w.worker, gone, w.soon(gone), cmd)
	return office(w.d, nextDay(gone, 1))
}

func (w *casework) receivedAs() string {
	switch w.who.Guardian.Relation {
	case "father", "mother", "grandparent", "institution":
		return w.who.Guardian.Relation
	}
	return "relative"
}

// identify says anew who the child is, when that has been found out.
func (w *casework) identify(t time.Time) {
	if w.who.verified.Name == "" || w.who.Details == w.who.verified {
		return
	}
	w.who.Details = w.who.verified
	recorded := w.notBefore(t, w.soon(t))
	stream := events.Stream("client", w.client)
	issue(w.book, clientDesk, stream, by{w.worker, t, recorded}, clients.AmendClientDetails{
		Entry: idOf("details "+w.client.String(), t), Why: "身份已核实:户籍信息与亲属辨认一致。", Details: w.who.Details,
	})
	w.floor = recorded
}

// lastLook is what is measured and rated before a closure.
func (w *casework) lastLook(t time.Time, way ending) {
	t = later(t, w.lastDone.Add(10*time.Minute))
	if way.Reason == "died" {
		w.record(w.worker, t, w.soon(t), cases.RecordIncident{Entry: w.entry(t), Kind: "death", Text: w.say("{n}因病去世,家属在旁,社工提供哀伤支持。"), Told: []cases.PersonTold{{Who: "supervisor", Name: w.project.supervisor.name, At: t}}})
		return
	}
	if way.Reason == "absconded" || way.Reason == "lost_contact" || w.d.chance(0.04) {
		severity := cases.TakeMeasure{Entry: w.entry(t), Instrument: "severity", When: string(categories.AtClosure), Rater: "worker", NotDone: "absent", Beside: w.beside(t, false)}
		w.record(w.worker, t, w.soon(t), severity)
	} else {
		w.measure(t, categories.AtClosure)
	}
	w.rateGoals(w.lastDone.Add(5*time.Minute), "closure")
	w.rateRisk(w.lastDone.Add(5*time.Minute), pick(w.d, []string{"low", "low", "low", "medium"}))
}

// followUps are made near their day. Some do not reach anybody; a second attempt often does.
func (w *casework) followUps(closed, until time.Time) {
	for n, window := range w.category.FollowUps {
		due, _ := window.After.From(closed, calendar)
		t := office(w.d, on(due.AddDate(0, 0, -w.d.between(1, 5)), 10, 0)).Add(w.d.minutes(0, 200))
		if !t.Before(until) || !t.After(closed) {
			return
		}
		w.followUp(t, window.Key, false, until)
		if n == 0 && w.d.chance(0.5) && t.Before(yearEnd.Add(-3*time.Hour)) {
			w.measure(t.Add(20*time.Minute), categories.AtFollowUp)
		}
	}
	if len(w.category.FollowUps) == 0 && w.d.chance(0.3) {
		if t := workdays(w.d, closed.AddDate(0, 0, w.d.between(20, 50)), 1); t.Before(until) {
			w.followUp(t, "other", false, until)
		}
	}
}

// followUp asks how things stand; back tells that they do not stand well, and the case will be reopened.
func (w *casework) followUp(t time.Time, window string, back bool, until time.Time) {
	cmd := cases.RecordFollowUp{Entry: w.entry(t), Window: window}
	if !back && w.d.chance(0.18) {
		cmd.Note = w.say(pick(w.d, w.words.FollowedMissed))
		w.record(w.worker, t, w.noted(t), cmd)
		if t = workdays(w.d, t, 2); w.d.chance(0.4) || !t.Before(until) {
			return
		}
		cmd.Entry = w.entry(t)
	}
	cmd.Reached, cmd.Note, cmd.Findings = true, w.say(pick(w.d, w.words.Follow)), map[string]string{}
	for _, ask := range w.category.FollowUpAsks {
		cmd.Findings[ask.Key] = "yes"
		switch {
		case ask.Reopens && !back, !ask.Reopens && (back || w.d.chance(0.06)):
			cmd.Findings[ask.Key] = "no"
		case !ask.Reopens && w.d.chance(0.08):
			cmd.Findings[ask.Key] = "unknown"
		}
	}
	if back {
		cmd.Note = w.say("与{n}联系上,情况有反复,需要重新介入。")
	}
	recorded := w.noted(t)
	if back {
		recorded = w.soon(t)
	}
	w.record(w.worker, t, recorded, cmd)
	w.personTimes++
}

// comesBack reopens the case, where the category has cases left that are, and takes it on from there.
func (w *casework) comesBack(closed time.Time) bool {
	back := w.allotment.Reopened[w.category.Key]
	t := office(w.d, closed.AddDate(0, 0, w.d.between(24, 45)))
	if back.Cases <= w.reopened[w.category.Key] || w.once || !w.d.chance(0.35) || t.After(yearEnd.AddDate(0, 0, -20)) || !w.meets(t) {
		return false
	}
	w.reopened[w.category.Key]++
	w.once = true
	w.reopen(t, back.Why)
	return true
}

func (w *casework) reopen(t time.Time, why string) {
	window := "other"
	if len(w.category.FollowUps) > 0 {
		window = w.category.FollowUps[0].Key
	}
	w.followUp(t, window, true, yearEnd)
	if kind := map[string]string{"rescued_again": "rescued_again", "relapse": "relapse"}[why]; kind != "" {
		text := map[string]string{"rescued_again": "巡查时再次发现{n}在车站过夜,接回站内。", "relapse": "情况反复,家人来电求助。"}[kind]
		w.happens(t.Add(30*time.Minute), incident{kind, text})
	}
	t = t.Add(3 * time.Hour)
	w.found(w.worker, t, w.soon(t), cases.ReopenCase{Entry: w.entry(t), Why: why, Reason: w.say("{n}情况有变化,与督导商定重新介入。")})
	w.closedAt = time.Time{}
	guardianship := ""
	if w.category.Key == "street_child" {
		guardianship, w.able = "unknown", uuid.Nil
	}
	w.assess(t.Add(w.d.minutes(20, 40)), guardianship)
	w.rateRisk(t.Add(w.d.minutes(50, 60)), "high")
	planned := workdays(w.d, t.Add(2*time.Hour), w.d.between(1, 4))
	end := planned.AddDate(0, 0, w.d.between(14, 50))
	w.agree(planned, end)
	w.work(w.times(planned.Add(3*time.Hour), earlier(end, yearEnd), w.d.between(5, 10)), planned, end)
	if end.Before(yearEnd.AddDate(0, 0, -2)) {
		w.conclude(end)
	}
}
