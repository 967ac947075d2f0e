package demo

import (
	"maps"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

// assess looks at three to five domains of the category. guardianship is empty where it is not assessed.
func (w *casework) assess(t time.Time, guardianship string) {
	domains := slices.Sorted(maps.Keys(w.words.Assessment))
	w.d.Shuffle(len(domains), func(i, j int) { domains[i], domains[j] = domains[j], domains[i] })
	domains = domains[:min(len(domains), w.d.between(3, 5))]
	w.assessed(t, w.noted(t), guardianship, w.say(pick(w.d, w.words.Summaries)), domains)
}

func (w *casework) assessed(t, recorded time.Time, guardianship, summary string, domains []string) {
	cmd := cases.RecordAssessment{Entry: w.entry(t), Guardianship: guardianship, Summary: summary}
	for _, key := range domains {
		said, severity := w.words.Assessment[key], w.d.between(2, 8)
		cmd.Domains = append(cmd.Domains, cases.AssessDomain{
			Domain: key, Severity: &severity, Needs: w.say(pick(w.d, said.Needs)), Strengths: w.say(pick(w.d, said.Strengths)), Risks: w.say(pick(w.d, said.Risks)),
		})
	}
	if guardianship == "able" {
		w.able = cmd.Entry
	}
	w.found(w.worker, t, recorded, cmd)
}

func (w *casework) rateRisk(t time.Time, level string) {
	w.riskIs(t, level, w.say(pick(w.d, w.words.Risk[level])))
}

func (w *casework) riskIs(t time.Time, level, reason string) {
	w.record(w.worker, t, w.soon(t), cases.RateRisk{Entry: w.entry(t), Level: level, Reason: reason})
}

// plan agrees on a plan: its first version takes two or three goals of the category, the next keeps them and adds one.
func (w *casework) plan(t time.Time, until time.Time) {
	free := slices.DeleteFunc(slices.Clone(w.words.Goals), func(g goalWords) bool {
		return slices.ContainsFunc(w.goals, func(kept goal) bool { return kept.words.Title == g.Title })
	})
	w.d.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	add := w.d.between(2, 3)
	if w.plans > 0 {
		add = 1
	}
	w.planned(t, until, free[:min(add, len(free))])
}

// planned agrees on a plan with these goals added.
func (w *casework) planned(t, until time.Time, add []goalWords) {
	w.plans++
	for _, g := range add {
		w.goals = append(w.goals, goal{id: w.entry(t), domain: g.Domain, words: g, level: -2})
	}
	cmd := cases.AgreePlan{Entry: w.entry(t), Aim: w.say(pick(w.d, w.words.Aims)), Strategy: w.say(pick(w.d, w.words.Strategies)), AgreedBy: []string{"client", "worker"}}
	if age := w.who.age(t); age != nil && *age < 14 && w.category.Key != "street_child" {
		cmd.AgreedBy = append(cmd.AgreedBy, "guardian")
	}
	if w.d.chance(0.4) {
		cmd.AgreedBy = append(cmd.AgreedBy, "supervisor")
	}
	for _, g := range w.goals {
		pg := cases.PlanGoal{Goal: g.id, Domain: g.domain, Title: w.say(g.words.Title), Weight: float64(w.d.between(1, 3)), By: events.DayOf(until)}
		for _, level := range g.words.Levels {
			pg.Levels = append(pg.Levels, w.say(level))
		}
		cmd.Goals = append(cmd.Goals, pg)
	}
	w.found(w.worker, t, w.noted(t), cmd)
}

// rateGoals rates every goal: at first as it stands, then nearer to what was agreed.
func (w *casework) rateGoals(t time.Time, when string) {
	for n := range w.goals {
		g := &w.goals[n]
		switch when {
		case "baseline":
			g.level = w.d.between(-2, -1)
		case "interim":
			g.level = min(g.level+w.d.between(0, 1), 1)
		case "closure":
			g.level = min(max(g.level+w.d.between(0, 3), -2), 2)
		}
		w.rate(t.Add(time.Duration(n)*time.Minute), g, when)
	}
}

func (w *casework) rate(t time.Time, g *goal, when string) {
	recorded := w.soon(t)
	if when == "interim" {
		recorded = w.noted(t)
	}
	w.record(w.worker, t, recorded, cases.RateGoal{Entry: w.entry(t), Goal: g.id, Level: g.level, When: when, Note: w.say(g.words.Levels[g.level+2])})
}

// note writes a note on the course of the case.
func (w *casework) note(t time.Time) {
	kind := pick(w.d, []string{"process", "process", "telephone", "observation"})
	cmd := cases.RecordNote{Entry: w.entry(t), Kind: kind, Text: w.say(w.urn.draw(w.d, "note "+kind, w.words.Notes[kind]))}
	w.notes = append(w.notes, noteTaken{cmd, t, w.record(w.worker, t, w.noted(t), cmd)})
}

// flag raises a flag and mostly takes it down again.
func (w *casework) flag(t time.Time, until time.Time) {
	kind := pick(w.d, []string{"safety", "safety", "do_not_disclose", "staff_risk"})
	text := map[string]string{
		"safety":          "外出须有人陪同,交接班时当面说明。",
		"do_not_disclose": "未经督导同意,不向来电者透露服务对象所在。",
		"staff_risk":      "家访须两人同行,事先报备。",
	}[kind]
	raise := cases.RaiseFlag{Entry: w.entry(t), Kind: kind, Text: text, ReviewBy: events.DayOf(t.AddDate(0, 0, 30))}
	w.record(w.worker, t, w.soon(t), raise)
	cleared := t.AddDate(0, 0, w.d.between(8, 28))
	if cleared.Before(until) && w.d.chance(0.8) {
		w.reply(cleared, cases.ClearFlag{Entry: w.entry(cleared), Flag: raise.Entry, Reason: "情况已好转,与督导复核后解除。"})
	}
}

// happens is an incident: who was told, and what it brings about at once.
func (w *casework) happens(t time.Time, which incident) {
	told := []cases.PersonTold{{Who: "supervisor", Name: w.project.supervisor.name, At: t.Add(20 * time.Minute)}}
	switch which.Kind {
	case "missing":
		told = append(told, cases.PersonTold{Who: "guardian", At: t.Add(25 * time.Minute)}, cases.PersonTold{Who: "police", At: t.Add(40 * time.Minute)})
	case "bullying":
		told = append(told, cases.PersonTold{Who: "school", At: t.Add(10 * time.Minute)}, cases.PersonTold{Who: "guardian", At: t.Add(35 * time.Minute)})
	case "self_harm":
		told = append(told, cases.PersonTold{Who: "guardian", At: t.Add(15 * time.Minute)})
	}
	at := inTime(w.d, t.Add(w.d.minutes(45, 120)))
	w.record(w.worker, t, at, cases.RecordIncident{Entry: w.entry(t), Kind: which.Kind, Text: w.say(which.Text), Told: told})
	if which.Kind == "self_harm" {
		w.alarmed(t.Add(time.Hour))
	}
}

// alarmed is what talk of self-harm asks for: the risk rated the same day, contact within a day.
func (w *casework) alarmed(t time.Time) {
	w.rateRisk(t, "high")
	seen := t.Add(w.d.minutes(30, 90))
	w.intervene(seen, "crisis", middle)
}

// refer asks another agency to take over a part, on the day and with the consent for it.
func (w *casework) refer(t time.Time) {
	to := map[string]string{
		"street_child": "county-civil-affairs", "orphan": "speech-rehabilitation-centre", "psychiatric_patient": "community-rehabilitation-centre",
		"boarding_student": "specialist-clinic", "hospital_patient": "community-health-centre", "youth": "psychological-clinic",
		"family": "marriage-counselling-centre", "community_resident": "community-rehabilitation-centre",
	}[w.category.Key]
	cmd := cases.MakeReferral{Entry: w.entry(t), To: to, Reason: w.say(pick(w.d, w.words.Referral))}
	if consent := w.consenting(t, "sharing", to); consent.Basis == cases.Consent {
		w.found(w.worker, t, w.soon(t), consent)
		cmd.Consent = consent.Entry
	} else {
		cmd.Basis, cmd.BasisReason = "street_children_2011", "护送返乡须与流出地民政部门共享必要信息。"
	}
	w.referred(t, cmd)
}

func (w *casework) referred(t time.Time, cmd cases.MakeReferral) {
	made := t.Add(10 * time.Minute)
	w.found(w.worker, made, w.soon(made), cmd)
	answer, answered := "accepted", workdays(w.d, made, w.d.between(2, 6))
	if w.d.chance(0.15) {
		answer = "declined"
	}
	if answered.After(yearEnd) {
		return
	}
	w.reply(answered, cases.AnswerReferral{Entry: w.entry(answered), Referral: cmd.Entry, Answer: answer, Note: "来电答复。"})
	completed := workdays(w.d, answered, w.d.between(6, 15))
	if answer == "accepted" && completed.Before(yearEnd) && w.d.chance(0.7) {
		w.reply(completed, cases.CompleteReferral{Entry: w.entry(completed), Referral: cmd.Entry, Result: "已建立联系并开始服务,回执存档。"})
	}
}

func some(ids []uuid.UUID, d dice, n int) []uuid.UUID {
	ids = slices.Clone(ids)
	d.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(n, len(ids))]
}
