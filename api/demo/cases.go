package demo

import (
	"fmt"
	"time"

	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
)

// writeCases writes the case files of every project, and some intakes that did not become one.
func (y *year) writeCases() {
	number := 0
	for _, p := range y.projects {
		first := len(y.files)
		for n := range p.Cases {
			number++
			if p.Key == notableProject && n == notableCase {
				y.writeStory(p)
				continue
			}
			w, t := y.begin(p, fmt.Sprintf("%s %d", p.Key, n), n, p.Cases)
			w.live(t)
			w.correct(number)
			y.file(w, t)
		}
		for n := range p.Declined {
			y.decline(p, n)
		}
		switch p.category {
		case "street_child", "youth":
			y.closeWrongly(p, y.files[first+5], "duplicate")
		case "boarding_student", "family":
			y.closeWrongly(p, nil, "opened_in_error")
		}
	}
}

// file keeps what others need to know of a case.
func (y *year) file(w *casework, t time.Time) {
	open := yearEnd
	if !w.closedAt.IsZero() {
		open = w.closedAt
	}
	y.files = append(y.files, &file{client: w.client, id: w.id, project: w.project, site: w.site, from: t, to: open})
}

// begin is the n-th of so many cases of a project, with its client, its worker, and when it came.
func (y *year) begin(p *project, name string, n, of int) (*casework, time.Time) {
	w := y.casework(p, name, p.crew[n%len(p.crew)])
	t := w.comes(n, of)
	w.meet(name, t)
	return w, t
}

// casework is a case that nobody has come for yet.
func (y *year) casework(p *project, name string, worker *worker) *casework {
	category, ok := categories.Find(p.category)
	if !ok {
		panic("demo: no category " + p.category)
	}
	course := y.allotment.Courses[p.category]
	return &casework{
		year: y, d: diceOf("case " + name), project: p, site: worker.site.Code, category: category, course: course,
		words: y.words[p.category], worker: worker, late: course.Late, dayAndNight: p.category == "street_child", urn: urn{}, badness: map[string]int{},
	}
}

// meet gives the case its client.
func (w *casework) meet(name string, t time.Time) {
	w.who = w.people.client(w.d, w.category.Key, w.course, w.site, t)
	w.client, w.id = idOf("client "+name, t), idOf("case "+name, t)
	w.fill = w.who.filler()
}

// comes is when the n-th of so many comes: a few more in the first months, on days on which such clients come.
func (w *casework) comes(n, of int) time.Time {
	var days []time.Time
	for day := on(firstDay, 0, 0); day.Before(moment("2012-12-19", 0, 0)); day = nextDay(day, 1) {
		if w.meets(day) {
			days = append(days, day)
		}
	}
	const whole = 1_000_000
	part := (n*whole + w.d.IntN(whole)) / of
	part = part * (whole*8/10 + part*2/10) / whole
	day := days[part*len(days)/whole]
	t := on(day, 9, 0).Add(w.d.minutes(0, 440))
	if w.dayAndNight {
		t = on(day, 7, 0).Add(w.d.minutes(0, 950))
	}
	return later(t, moment("2012-05-18", 14, 0).Add(w.d.minutes(0, 180)))
}

// decline is an intake that was declined.
func (y *year) decline(p *project, n int) {
	w, t := y.begin(p, fmt.Sprintf("%s declined %d", p.Key, n), n*2+1, max(p.Declined*2, 3))
	w.register(t, w.arrival(t), w.answers(t))
	decided, _, _ := w.pace(t)
	decided = earlier(decided, yearEnd)
	w.found(p.supervisor, decided, w.soon(decided), cases.DecideIntake{
		Entry: w.entry(decided), Reason: pick(w.d, []string{"不属于本项目服务范围。", "已在其他机构接受同类服务。", "本人表示暂不需要服务。"}),
		Instead: pick(w.d, []string{"已告知所属街道社工站的地址和电话。", "转由原机构继续跟进。", "提供热线号码,需要时再联系。"}),
	})
}

// closeWrongly is an intake that was accepted and should not have been: the same person twice, or the wrong person.
func (y *year) closeWrongly(p *project, stays *file, reason string) {
	w, t := y.begin(p, p.Key+" "+reason, 3, 7)
	w.register(t, w.arrival(t), w.answers(t))
	decided, _, _ := w.pace(t)
	w.decide(decided)
	closed := workdays(w.d, w.lastDone, w.d.between(2, 6))
	cmd := cases.CloseCase{Entry: w.entry(closed), Reason: reason, Beside: w.beside(closed, false)}
	if stays != nil {
		cmd.DuplicateOf = stays.id
	}
	w.found(w.worker, closed, w.soon(closed), cmd)
}
