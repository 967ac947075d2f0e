package demo

import (
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/clients"
)

// story is what is said in the one case that is told from beginning to end (data/story.json).
type story struct {
	Note    string   `json:"note"`
	First   []scene  `json:"first"`   // before there is a plan
	Working []scene  `json:"working"` // under the plan
	Again   []scene  `json:"again"`   // after the reopening
	Notes   []remark `json:"notes"`
}

type scene struct {
	At       string `json:"at"`
	Recorded string `json:"recorded"`
	Kind     string `json:"kind"`
	Minutes  int    `json:"minutes"`
	Family   bool   `json:"family"` // was there and served
	Note     string `json:"note"`
}

type remark struct {
	At       string `json:"at"`
	Recorded string `json:"recorded"`
	Kind     string `json:"kind"`
	Text     string `json:"text"`
}

// clock reads a local time.
func clock(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, events.Zone)
	if err != nil {
		panic("demo: data/story.json: not a time: " + text)
	}
	return t
}

// writeStory tells of the child who is found at the station on a night in July, goes home in August, and is back in
// November. Examples name this case, so its days are given, not thrown.
func (y *year) writeStory(p *project) {
	w := y.casework(p, "story", p.crew[0])
	known := Notable()
	w.client, w.id = known.Child, known.Case
	w.who = person{call: "小石头", ta: "他", kin: "奶奶", home: "贵州省黔东南州清溪县石板镇柳树村"}
	w.who.Details = clients.Details{OtherNames: "自称“小石头”", Sex: "male", Birth: "2001", BirthEstimated: true, IDKind: "none", Guardian: clients.Guardian{Relation: "unknown"}}
	w.who.verified = clients.Details{
		Name: "龙𠮷生", OtherNames: "小石头", Sex: "male", Birth: "2001-03-09", IDKind: "household_register", Address: w.who.home,
		Guardian: clients.Guardian{Name: "吴桂英", Relation: "grandparent", Phone: "0855-00612308"},
	}
	w.fill = w.who.filler()
	w.tellArrival()
	w.tellWork()
	w.tellReturn()
	w.tellAgain()
	y.file(w, clock("2012-07-12 22:40"))
}

func (w *casework) tellArrival() {
	found := clock("2012-07-12 22:40")
	stream := events.Stream("client", w.client)
	w.book.needs(stream)
	w.floor = found.Add(9 * time.Minute)
	issue(w.book, clientDesk, stream, by{w.worker, found, w.floor}, clients.RegisterClient{Entry: idOf("registration story", found), Details: w.who.Details})
	w.found(w.worker, found, found.Add(12*time.Minute), cases.RecordIntake{
		Entry: w.entry(found), Client: w.client, Category: w.category.Key, Project: w.project.Key, Site: w.site, Source: "outreach", Urgency: "emergency",
		Problem: "夜间巡查在汉口火车站出站口见一名男孩躲雨,约十一岁,独自一人,浑身湿透,自称“小石头”,不愿说家在哪里。",
		Answers: map[string]any{
			"found_on": "2012-07-12", "found_time": "22时40分", "found_place": "汉口火车站出站口", "found_by": "outreach", "found_by_whom": "街面巡查二组",
			"claimed_name": "小石头", "dialect": "黔东南一带口音", "age_basis": "appearance", "health": []any{"malnutrition"}, "injuries": "no",
			"company": "alone", "coercion": "no", "rescued_before": "no", "schooling": "not_known", "identity_verified": "no",
			"childs_wish": "想先睡觉,明天再说。",
		},
		Beside: w.beside(found, false),
	})
	supervisor := w.project.supervisor
	decided := clock("2012-07-12 23:05")
	w.found(supervisor, decided, decided.Add(4*time.Minute), cases.DecideIntake{Entry: w.entry(decided), Accepted: true, Reason: "夜间独自流浪的未成年人,立即接案。"})
	w.found(supervisor, decided, decided.Add(6*time.Minute), cases.AssignWorker{Entry: w.entry(decided), Worker: w.worker.id, Role: "responsible", Reason: "当晚值班,与孩子已有接触。"})
	consent := w.consenting(decided.Add(10*time.Minute), "service", "")
	w.found(w.worker, decided.Add(10*time.Minute), decided.Add(15*time.Minute), consent)
	w.tell(w.story.First)
	w.take(clock("2012-07-13 10:50"), "severity", categories.Baseline, map[string]int{"severity": 8})
	w.take(clock("2012-07-13 10:55"), "needs", categories.Baseline, map[string]int{"safety": 2, "identity_family": 0, "guardianship": 1, "health": 2, "education": 1, "behaviour": 2})
	seen := clock("2012-07-13 15:00")
	w.assessed(seen, seen.Add(50*time.Minute), "unknown", "身份不明,情绪低落,想家又怕回家。首要是安全和寻亲,其次弄清家里由谁照看;目前愿意配合。", []string{"safety", "identity_family", "guardianship", "health"})
	w.riskIs(clock("2012-07-13 16:30"), "high", "身份不明,曾说“还想去坐火车”,有再次独自离开的可能。")
	flag := clock("2012-07-13 16:40")
	raise := cases.RaiseFlag{Entry: w.entry(flag), Kind: "safety", Text: "曾说“还想去坐火车”,外出须有人陪同,交接班时当面说明。", ReviewBy: "2012-07-31"}
	w.record(w.worker, flag, w.soon(flag), raise)
	cleared := clock("2012-07-30 09:30")
	w.reply(cleared, cases.ClearFlag{Entry: w.entry(cleared), Flag: raise.Entry, Reason: "情绪稳定,能遵守约定,与督导复核后解除。"})
}

func (w *casework) tellWork() {
	agreed := clock("2012-07-16 10:00")
	w.planned(agreed, clock("2012-08-31 12:00"), w.goalsOn("identity_family", "guardianship", "education"))
	w.rateAll(agreed.Add(20*time.Minute), "baseline", -2, -2, -1)
	w.tell(w.story.Working[:2])
	w.remark(w.story.Notes[:1])
	w.identify(clock("2012-07-19 11:20"))
	w.remark(w.story.Notes[1:])
	w.tell(w.story.Working[2:])
	typed := clock("2012-07-31 11:00")
	wrong := w.take(typed, "severity", categories.Interim, map[string]int{"severity": 3})
	now := wrong
	now.Answers = map[string]int{"severity": 5}
	w.amendAt(clock("2012-10-17 10:20"), cases.AmendEntry{Amends: now.Entry, Why: "纸质量表上是5分,录入时误作3分,秋季查档时发现。", Now: cases.Anew{Measure: &now}}, typed)
	w.rateAll(clock("2012-08-01 10:00"), "interim", 0, -1, 0)
	w.riskIs(clock("2012-08-01 10:30"), "medium", "身份已核实,情绪渐稳;家里由谁照看尚未落实。")
	able := clock("2012-08-10 10:00")
	w.assessed(able, able.Add(40*time.Minute), "able", "奶奶身体尚好,大伯住隔壁并签字承诺照看,村委会每月走访;父母每月寄钱、每周通话。可以回家。", []string{"guardianship", "education"})
}

// goalsOn are the goals of the category on some domains.
func (w *casework) goalsOn(domains ...string) (goals []goalWords) {
	for _, domain := range domains {
		for _, g := range w.words.Goals {
			if g.Domain == domain {
				goals = append(goals, g)
			}
		}
	}
	return goals
}

func (w *casework) rateAll(t time.Time, when string, levels ...int) {
	for n, level := range levels {
		w.goals[n].level = level
		w.rate(t.Add(time.Duration(n)*2*time.Minute), &w.goals[n], when)
	}
}

func (w *casework) remark(notes []remark) {
	for _, n := range notes {
		t := clock(n.At)
		w.record(w.worker, t, recordedAt(n.Recorded, t), cases.RecordNote{Entry: w.entry(t), Kind: n.Kind, Text: n.Text})
	}
}

func (w *casework) tellReturn() {
	gone := clock("2012-08-20 07:30")
	w.tell([]scene{{At: "2012-08-20 07:30", Recorded: "2012-08-22 14:30", Kind: "escort_home", Minutes: 720, Family: true, Note: "与同事两人护送小石头乘火车、转班车返乡,傍晚在村口石桥当面交给奶奶,村支书在场见证,签收交接单。"}})
	handed := gone.Add(12 * time.Hour)
	w.found(w.worker, handed, clock("2012-08-22 14:50"), cases.RecordHandover{
		Entry: w.entry(handed), Kind: "escorted_home", Guardianship: w.able, ChildsWish: "想回家上学,想看黄狗。", Escorts: []string{w.worker.name, w.project.crew[1].name},
		Destination: w.who.home, ReceivedBy: w.who.Guardian.Name, ReceivedAs: "grandparent", Receipt: true, Beside: w.beside(handed, false),
	})
	last := clock("2012-08-24 15:00")
	w.take(last, "severity", categories.AtClosure, map[string]int{"severity": 2})
	w.take(last.Add(5*time.Minute), "needs", categories.AtClosure, map[string]int{"safety": 4, "identity_family": 4, "guardianship": 3, "health": 3, "education": 3, "behaviour": 3})
	w.take(last.Add(10*time.Minute), "satisfaction", categories.AtClosure, map[string]int{"satisfaction": 5})
	w.rateAll(last.Add(20*time.Minute), "closure", 1, 1, 1)
	w.riskIs(last.Add(40*time.Minute), "low", "已平安到家,有人照看,学校同意接收。")
	closed := clock("2012-08-27 10:00")
	w.found(w.worker, closed, closed.Add(25*time.Minute), cases.CloseCase{
		Entry: w.entry(closed), Reason: "returned_home", Exit: "escorted_home", Outcome: "family_reunited", Goals: "身份已核实,监护已评估,平安回家;学校同意接收。",
		After: "九月一日确认到校;一、三、六个月回访;再次流浪即重开。", Beside: w.beside(closed, false),
	})
	first := clock("2012-09-27 19:30")
	w.asks(first, clock("2012-10-08 09:40"), "month_1", map[string]string{"at_home": "yes", "at_school": "yes", "safe": "yes", "on_street_again": "no"}, "小石头接的电话,说学校发了新书,狗下了三只。奶奶说他现在肯说话了。国庆后补录。")
}

func (w *casework) tellAgain() {
	third := clock("2012-11-27 09:30")
	w.asks(third, third.Add(20*time.Minute), "month_3", map[string]string{"at_home": "no", "at_school": "no", "safe": "unknown", "on_street_again": "yes"}, "奶奶来电,小石头前天赶场没有回来。与当地派出所、外展队联系,当晚在武昌站找到。")
	back := clock("2012-11-27 21:40")
	w.record(w.worker, back, back.Add(30*time.Minute), cases.RecordIncident{
		Entry: w.entry(back), Kind: "rescued_again", Text: "在武昌火车站候车室,小石头主动找到值班民警,请他打社工站的电话。未受伤。",
		Told: []cases.PersonTold{{Who: "guardian", Name: w.who.Guardian.Name, At: back.Add(10 * time.Minute)}, {Who: "supervisor", Name: w.project.supervisor.name, At: back.Add(15 * time.Minute)}},
	})
	again := clock("2012-11-28 09:00")
	w.found(w.worker, again, again.Add(15*time.Minute), cases.ReopenCase{Entry: w.entry(again), Why: "rescued_again", Reason: "再次流浪,与督导商定重开,重新评估家庭照看。"})
	seen := again.Add(time.Hour)
	w.assessed(seen, seen.Add(30*time.Minute), "unknown", "奶奶入秋后腿疼,照看吃力;父亲失约是这次出走的直接原因。孩子懂得求助,是上次约定的作用。", []string{"safety", "guardianship", "behaviour"})
	w.riskIs(again.Add(2*time.Hour), "high", "两个月内再次独自出走,路途远。")
	agreed := clock("2012-11-30 10:00")
	w.planned(agreed, clock("2013-01-31 12:00"), w.goalsOn("behaviour"))
	w.rateAll(agreed.Add(20*time.Minute), "baseline", 1, -1, -1, -1)
	w.tell(w.story.Again)
	w.take(clock("2012-12-20 10:00"), "severity", categories.Interim, map[string]int{"severity": 4})
	w.rateAll(clock("2012-12-20 10:10"), "interim", 1, 0, 0, 1)
	w.riskIs(clock("2012-12-20 10:30"), "medium", "情绪稳定,父亲归期已定;大伯来接前仍住站内。")
}

// tell records scenes as they are given.
func (w *casework) tell(scenes []scene) {
	for _, s := range scenes {
		t := clock(s.At)
		cmd := cases.RecordIntervention{Entry: w.entry(t), Kind: s.Kind, Mode: "in_person", Place: w.site, Minutes: s.Minutes, Reached: true, PersonTimes: 1, Present: []cases.PersonPresent{{Who: "client", Served: true}}, Note: s.Note}
		switch s.Kind {
		case "phone_call":
			cmd.Mode, cmd.Place = "phone", ""
		case "escort_home":
			cmd.Place = "home"
		case "home_visit":
			cmd.Place = "home"
			cmd.Present[0].Served = false // saw it on the screen only
			cmd.PersonTimes = 0
		}
		if s.Family {
			cmd.Present = append(cmd.Present, cases.PersonPresent{Who: "guardian", Name: w.who.Guardian.Name, Served: true})
			cmd.PersonTimes++
		}
		for _, g := range w.goals[:min(len(w.goals), 2)] {
			if s.Kind != "crisis" {
				cmd.Goals = append(cmd.Goals, g.id)
			}
		}
		w.record(w.worker, t, recordedAt(s.Recorded, t.Add(time.Duration(s.Minutes)*time.Minute)), cmd)
		w.personTimes += cmd.PersonTimes
	}
}

// recordedAt is when something was written down: as given, else a quarter of an hour after it was over.
func recordedAt(given string, over time.Time) time.Time {
	if given != "" {
		return clock(given)
	}
	return over.Add(15 * time.Minute)
}

func (w *casework) take(t time.Time, instrument string, when categories.When, answers map[string]int) cases.TakeMeasure {
	cmd := cases.TakeMeasure{Entry: w.entry(t), Instrument: instrument, When: string(when), Rater: rater(instrument), Answers: answers, Beside: w.beside(t, false)}
	w.record(w.worker, t, t.Add(10*time.Minute), cmd)
	return cmd
}

func (w *casework) asks(t, recorded time.Time, window string, findings map[string]string, note string) {
	cmd := cases.RecordFollowUp{Entry: w.entry(t), Window: window, Reached: true, Findings: findings, Note: note}
	w.record(w.worker, t, recorded, cmd)
	w.personTimes++
}
