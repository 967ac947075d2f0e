package demo

import (
	"slices"
	"time"

	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

// What was written down wrong is said anew or taken back, some of it months later: so that what held on a day and what
// was known on a day are not the same.

// correct corrects a case or leaves it as it is, by its number.
func (w *casework) correct(n int) {
	switch {
	case n%13 == 3:
		w.correctMeasure()
	case n%17 == 5:
		w.correctPersonTimes(n%34 == 5)
	case n%19 == 2:
		w.correctNote()
	case n%23 == 7:
		w.takeBack()
	case n%29 == 11:
		w.correctDay()
	case n == 31:
		w.takeBackCorrection()
	}
}

// found out some days after it was recorded, or when the files were looked through in the autumn.
func (w *casework) foundOut(recorded time.Time) time.Time {
	audit := moment("2012-10-15", 9, 0)
	t := workdays(w.d, recorded, w.d.between(2, 15))
	if recorded.Before(audit) && w.d.chance(0.6) {
		t = workdays(w.d, audit, w.d.between(0, 12))
	}
	t = inTime(w.d, t)
	return w.d.after(t, recorded)
}

// after is t, or shortly after what it must follow.
func (d dice) after(t, before time.Time) time.Time {
	if t.After(before) {
		return t
	}
	return before.Add(d.minutes(2, 9))
}

func (w *casework) amend(cmd cases.AmendEntry, happened, recorded time.Time) {
	w.amendAt(w.foundOut(recorded), cmd, happened)
}

func (w *casework) amendAt(t time.Time, cmd cases.AmendEntry, happened time.Time) uuid.UUID {
	cmd.Entry, cmd.Beside = w.entry(t), w.beside(happened, false)
	issue(w.book, caseDesk, w.stream(), by{w.worker, t, t}, cmd)
	return cmd.Entry
}

func (w *casework) correctMeasure() {
	n := slices.IndexFunc(w.measures, func(m taken) bool { return m.cmd.Instrument == "severity" })
	if n < 0 {
		return
	}
	m := w.measures[n]
	now := m.cmd
	was := m.cmd.Answers["severity"]
	now.Answers = map[string]int{"severity": was + 1 - 2*(was/6)}
	w.amend(cases.AmendEntry{Amends: now.Entry, Why: "录入时看错一行,按纸质量表更正。", Now: cases.Anew{Measure: &now}}, m.happened, m.recorded)
}

// correctPersonTimes adds a member of the family who was served too, or says that one was only consulted.
func (w *casework) correctPersonTimes(more bool) {
	n := slices.IndexFunc(w.contacts, func(c contact) bool {
		return c.cmd.Reached && c.cmd.Kind != "crisis" && (more && len(c.cmd.Present) == 1 || !more && c.cmd.PersonTimes > 1)
	})
	if n < 0 {
		return
	}
	c := w.contacts[n]
	now := c.cmd
	now.Present = slices.Clone(now.Present)
	why := "家属只是在场,未接受服务。"
	if more {
		now.Present = append(now.Present, cases.PersonPresent{Who: "family", Name: w.who.Guardian.Name, Served: true})
		now.PersonTimes++
		why = "家属一同参加会谈,漏登记。"
	} else {
		now.Present[len(now.Present)-1].Served = false
		now.PersonTimes = 0
		for _, p := range now.Present {
			if p.Served {
				now.PersonTimes++
			}
		}
	}
	w.personTimes += now.PersonTimes - c.cmd.PersonTimes
	w.amend(cases.AmendEntry{Amends: now.Entry, Why: why, Now: cases.Anew{Intervention: &now}}, c.happened, c.recorded)
}

func (w *casework) correctNote() {
	if len(w.notes) == 0 {
		return
	}
	note := w.notes[len(w.notes)/2]
	now := note.cmd
	now.Text += "(补充:当日下午已与督导核对,内容一致。)"
	w.amend(cases.AmendEntry{Amends: now.Entry, Why: "补充遗漏的内容。", Now: cases.Anew{Note: &now}}, note.happened, note.recorded)
}

// takeBack is a contact that was entered in the wrong case.
func (w *casework) takeBack() {
	if len(w.contacts) < 4 {
		return
	}
	c := w.contacts[len(w.contacts)/3]
	t := w.foundOut(c.recorded)
	issue(w.book, caseDesk, w.stream(), by{w.worker, t, t}, cases.RetractEntry{Entry: w.entry(t), Retracts: c.cmd.Entry, Why: "误录,应为另一服务对象的记录。"})
	w.personTimes -= c.cmd.PersonTimes
}

// correctDay says that a contact was the day before.
func (w *casework) correctDay() {
	n := len(w.contacts) * 2 / 3
	if n < 1 || len(w.contacts[n].cmd.Goals) == 0 || len(w.contacts[n-1].cmd.Goals) == 0 || w.contacts[n].cmd.Kind == "crisis" {
		return
	}
	c := w.contacts[n]
	at := c.happened.AddDate(0, 0, -1)
	if !at.After(w.contacts[n-1].happened) {
		at = w.contacts[n-1].happened.Add(time.Minute)
	}
	now := c.cmd
	w.amend(cases.AmendEntry{Amends: now.Entry, Why: "日期写错,应为前一日。", HappenedAt: &at, Now: cases.Anew{Intervention: &now}}, at, c.recorded)
}

// takeBackCorrection amends a contact, and finds that it had been right.
func (w *casework) takeBackCorrection() {
	n := slices.IndexFunc(w.contacts, func(c contact) bool { return c.cmd.Reached && len(c.cmd.Present) == 1 })
	if n < 0 {
		return
	}
	c := w.contacts[n]
	now := c.cmd
	now.Present = append(slices.Clone(now.Present), cases.PersonPresent{Who: "family", Served: true})
	now.PersonTimes++
	t := w.foundOut(c.recorded)
	amendment := cases.AmendEntry{Amends: now.Entry, Why: "家属一同参加。", Now: cases.Anew{Intervention: &now}}
	wrong := w.amendAt(t, amendment, c.happened)
	t = w.d.after(inTime(w.d, workdays(w.d, t, 3)), t)
	issue(w.book, caseDesk, w.stream(), by{w.worker, t, t}, cases.RetractEntry{Entry: w.entry(t), Retracts: wrong, Why: "核对签名,家属当日未到,更正有误。"})
}
