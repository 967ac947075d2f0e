package demo

import (
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// register opens the client's stream and the case.
func (w *casework) register(t time.Time, recorded time.Time, answers map[string]any) {
	clientStream := events.Stream("client", w.client)
	w.book.needs(clientStream)
	first := w.notBefore(t, recorded)
	issue(w.book, clientDesk, clientStream, by{w.worker, t, first},
		clients.RegisterClient{Entry: idOf("registration "+w.client.String(), t), Details: w.who.Details})
	w.floor = first
	source, referrer := w.source()
	w.found(w.worker, t, first.Add(w.d.minutes(1, 6)), cases.RecordIntake{
		Entry: w.entry(t), Client: w.client, Category: w.category.Key, Project: w.project.Key, Site: w.site,
		Source: source, Referrer: referrer, Urgency: w.urgency(), Problem: w.say(pick(w.d, w.words.Problems)),
		Answers: answers, Beside: w.beside(t, false),
	})
}

func (w *casework) source() (source, referrer string) {
	switch w.category.Key {
	case "street_child":
		source = pick(w.d, []string{"outreach", "outreach", "referral", "referral", "self", "hotline"})
	case "community_resident", "youth", "family":
		source = pick(w.d, []string{"self", "outreach", "outreach", "referral", "hotline"})
	default:
		source = pick(w.d, []string{"referral", "referral", "self", "outreach"})
	}
	if source == "referral" {
		referrer = map[string]string{
			"street_child": "车站派出所", "orphan": "儿童部主任", "psychiatric_patient": "病区护士长", "boarding_student": "班主任",
			"hospital_patient": "主管医生", "youth": "社区团支部", "family": "社区妇联", "community_resident": "社区居委会",
		}[w.category.Key]
	}
	return source, referrer
}

func (w *casework) urgency() string {
	if w.category.Key == "street_child" {
		return pick(w.d, []string{"urgent", "urgent", "emergency"})
	}
	return pick(w.d, []string{"routine", "routine", "routine", "urgent"})
}

// answers fills in the form of the category from its data: what the other answers do not bring up stays out, and now
// and then something is not known yet.
func (w *casework) answers(t time.Time) map[string]any {
	from, out := w.forms[w.category.Key], map[string]any{}
	fill := w.who.filler(w.aboutSchool(t)...)
	for _, field := range w.category.Form.Fields {
		choices := from[field.Key]
		if len(choices) == 0 || !brought(field.ShowWhen, out) {
			continue
		}
		answer := pick(w.d, choices)
		if w.d.chance(0.04) && field.Class != categories.S3 {
			continue
		}
		if text, ok := answer.(string); ok {
			answer = fill.Replace(text)
			if text == "{住}" {
				answer = w.say(pick(w.d, w.words.Households))
			}
			if days, relative := strings.CutPrefix(text, "@"); relative {
				n, _ := strconv.Atoi(days)
				answer = events.DayOf(t.AddDate(0, 0, n))
			}
		}
		out[field.Key] = answer
	}
	return out
}

// brought tells whether the answers so far bring a field up.
func brought(condition *categories.Condition, answers map[string]any) bool {
	if condition == nil {
		return true
	}
	given, _ := answers[condition.Field].([]any)
	if one, ok := answers[condition.Field].(string); ok {
		given = []any{one}
	}
	for _, key := range given {
		for _, is := range condition.Is {
			if key == is {
				return true
			}
		}
	}
	return false
}

// aboutSchool is what follows from the site and the age.
func (w *casework) aboutSchool(t time.Time) []string {
	years := 0
	if age := w.who.age(t); age != nil {
		years = *age
	}
	school, kind, group, language := w.project.Sites[0].Zh, "other", "汉族", "普通话"
	for _, s := range w.project.Sites {
		if s.Code == w.site {
			school = s.Zh
		}
	}
	grade := "j" + strconv.Itoa(min(max(years-11, 1), 3))
	switch w.site {
	case "tibetan-school":
		kind, group, language = "inland_tibetan", "藏族", "藏语,普通话"
		if years >= 15 {
			grade = "s" + strconv.Itoa(min(years-14, 3))
		}
	case "lizhi-school":
		kind = "specialised"
	case "zhucheng-primary":
		kind, grade, language = "rural_boarding", "p"+strconv.Itoa(min(max(years-6, 1), 6)), "新洲话,普通话"
	}
	schooling := "under_age"
	switch {
	case years >= 15:
		schooling = "senior"
	case years >= 12:
		schooling = "junior"
	case years >= 7:
		schooling = pick(w.d, []string{"primary", "primary", "special", "in_house"})
	case years >= 4:
		schooling = "kindergarten"
	}
	return []string{"{校}", school, "{校类}", kind, "{级}", grade, "{族}", group, "{语}", language, "{学}", schooling}
}

// decide accepts the intake; the supervisor gives the case to the worker.
func (w *casework) decide(t time.Time) {
	supervisor := w.project.supervisor
	recorded := w.soon(t)
	if holidayAhead(t) && !w.dayAndNight {
		recorded = w.noted(t)
	}
	at := w.found(supervisor, t, recorded, cases.DecideIntake{Entry: w.entry(t), Accepted: true, Reason: "符合服务范围,同意接案。"})
	t = t.Add(w.d.minutes(2, 15))
	w.found(supervisor, t, at.Add(w.d.minutes(1, 9)), cases.AssignWorker{Entry: w.entry(t), Worker: w.worker.id, Role: "responsible", Reason: "熟悉该类服务,工作量合适。"})
	if w.d.chance(0.08) {
		co := pick(w.d, w.project.crew)
		if co != w.worker {
			w.found(supervisor, t, w.floor.Add(time.Minute), cases.AssignWorker{Entry: w.entry(t), Worker: co.id, Role: "co_worker", Reason: "协助夜间与周末值班。"})
		}
	}
}

// consent to the service, from whoever can give it at that age, or the legal basis that stands in for it.
func (w *casework) consent(t time.Time) {
	c := w.consenting(t, "service", "")
	w.found(w.worker, t, w.soon(t), c)
	if w.d.chance(0.1) {
		photo := w.consenting(t, "photo", "")
		if photo.Basis != cases.Consent {
			return // nothing stands in for that
		}
		w.record(w.worker, t, w.soon(t), photo)
		if w.d.chance(0.3) {
			withdrawn := workdays(w.d, t, w.d.between(5, 20))
			if withdrawn.Before(yearEnd) {
				w.reply(withdrawn, cases.WithdrawConsent{Entry: w.entry(withdrawn), Consent: photo.Entry, By: photo.Capacity, Reason: "不愿再出现在宣传照片里。"})
			}
		}
	}
}

func (w *casework) consenting(t time.Time, purpose, recipient string) cases.RecordConsent {
	cmd := cases.RecordConsent{
		Entry: w.entry(t), Purpose: purpose, Recipient: recipient, Basis: cases.Consent, Capacity: "self", Form: "signed",
		GivenBy: w.who.Name, LimitsExplained: true, Beside: w.beside(t, false),
	}
	age := w.who.age(t)
	switch {
	case age == nil || *age >= 14:
	case w.category.Key == "street_child" && w.able == uuid.Nil:
		cmd.Basis, cmd.Capacity, cmd.Form, cmd.GivenBy = "minors_act_2006_rescue", "temporary_guardian", "", "市救助管理站"
		cmd.Reason = "监护人尚未查明,由救助管理站承担临时监护责任。"
		cmd.ChildsWish = w.say("{n}愿意留下来,希望有人陪。")
	default:
		cmd.Capacity, cmd.GivenBy = "guardian", w.who.Guardian.Name
		cmd.ChildsWish = w.say("{n}同意与社工谈谈。")
	}
	if cmd.Basis == cases.Consent && w.d.chance(0.15) {
		cmd.Form, cmd.Witness = "oral", pick(w.d, w.project.crew).name
	}
	return cmd
}
