package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/groups"
	"github.com/google/uuid"
)

func groupDesk(d Desks) *services.Desk[groups.Group] { return d.Groups }

// circles is what is said in groups (data/groups.json).
type circles struct {
	Note       string              `json:"note"`
	Projects   map[string]circle   `json:"projects"`
	Contract   []string            `json:"contract"`
	Did        map[string][]string `json:"did"` // by phase
	Saw        []string            `json:"saw"`
	Remarks    []string            `json:"remarks"`
	Evaluation []string            `json:"evaluation"`
}

type circle struct {
	Kind   string   `json:"kind"`
	Titles []string `json:"titles"`
	Goals  string   `json:"goals"`
}

// gathering writes one group.
type gathering struct {
	*year
	d       dice
	id      uuid.UUID
	project *project
	worker  *worker
	floor   time.Time
	entries int
	members []uuid.UUID
	left    int // who left: the last of the members
}

func (g *gathering) entry(at time.Time) uuid.UUID {
	g.entries++
	return idOf("entry "+g.id.String()+" "+strconv.Itoa(g.entries), at)
}

func (g *gathering) record(happened, recorded time.Time, cmd services.Command[groups.Group]) {
	recorded = later(recorded, happened)
	if !recorded.After(g.floor) {
		recorded = g.floor.Add(g.d.minutes(1, 4))
	}
	g.floor = recorded
	issue(g.book, groupDesk, events.Stream("group", g.id), by{g.worker, happened, recorded}, cmd)
}

// writeGroups holds the sessions of every project, in groups of about so many.
func (y *year) writeGroups() {
	for _, p := range y.projects {
		count := (p.Sessions + p.Of/2) / p.Of
		for n := range count {
			sessions := p.Sessions*(n+1)/count - p.Sessions*n/count
			y.writeGroup(p, n, count, sessions)
		}
	}
}

func (y *year) writeGroup(p *project, n, of, sessions int) {
	name := fmt.Sprintf("%s %d", p.Key, n)
	d := diceOf("group " + name)
	times := meetingTimes(d, p, n, of, sessions)
	planned := later(workdays(d, times[0].AddDate(0, 0, -d.between(6, 12)), 0), moment("2012-05-18", 14, 0).Add(d.minutes(0, 180)))
	g := &gathering{year: y, d: d, id: idOf("group "+name, planned), project: p, worker: p.crew[(n*3+1)%len(p.crew)]}
	y.book.needs(events.Stream("group", g.id))
	words := y.circles.Projects[p.Key]
	title := words.Titles[n%len(words.Titles)]
	if round := n/len(words.Titles) + 1; round > 1 || of > len(words.Titles) {
		title += fmt.Sprintf("(第%d期)", round)
	}
	running := n == of-1 && times[sessions-1].After(moment("2012-12-10", 0, 0)) // goes on in the new year
	cmd := groups.PlanGroup{
		Entry: g.entry(planned), Project: p.Key, Site: g.worker.site.Code, Kind: words.Kind, Title: title, Goals: words.Goals, Worker: g.worker.id, Planned: sessions,
	}
	if running {
		cmd.Planned += 2
	}
	g.record(planned, inTime(d, planned.Add(d.minutes(5, 60))), cmd)
	g.gather(name, times)
	for i, t := range times {
		g.hold(i, sessions, t)
		if i == sessions/2 && d.chance(0.25) && len(g.members) > 7 {
			g.left++
			gone := t.AddDate(0, 0, 1)
			g.record(gone, inTime(d, gone.Add(d.minutes(5, 60))), groups.LeaveMember{
				Entry: g.entry(gone), Member: g.members[len(g.members)-g.left], Why: pick(d, []string{"left", "moved_away"}), Remark: "已个别说明,愿意时可再参加。",
			})
		}
	}
	if last := workdays(d, times[sessions-1].Add(time.Hour), d.between(1, 4)); !running && last.Before(yearEnd) {
		g.record(last, inTime(d, last.Add(d.minutes(5, 60))), groups.EvaluateGroup{
			Entry: g.entry(last), Reached: pick(d, []string{"fully", "fully", "partly", "partly", "not"}), Text: pick(d, y.circles.Evaluation),
		})
	}
}

// meetingTimes are once a week, in schools only in term: there twice a week in what was left of the spring.
func meetingTimes(d dice, p *project, n, of, sessions int) (times []time.Time) {
	hour := pick(d, []int{10, 14, 15})
	step, first, last := 7, moment("2012-05-24", hour, 0), yearEnd.AddDate(0, 0, -7*sessions)
	if p.category == "boarding_student" {
		hour = 16
		first, last = moment("2012-09-06", hour, 0), moment("2012-10-24", hour, 0)
		if n%3 == 0 {
			step, first, last = 4, moment("2012-05-22", hour, 0), moment("2012-06-01", hour, 0)
		}
	}
	t := nextDay(first, n*int(last.Sub(first).Hours()/24)/max(of-1, 1))
	for range sessions {
		for p.category == "boarding_student" && !inTerm(t) || !worked(t) && t.Weekday() != time.Saturday {
			t = nextDay(t, 1)
		}
		times = append(times, on(t, hour, pick(d, []int{0, 0, 30})))
		t = nextDay(t, step)
	}
	return times
}

// gather puts members on the roll: clients of the project who have an open case then, and others.
func (g *gathering) gather(name string, times []time.Time) {
	first := times[0]
	var clients []*file
	for _, f := range g.files {
		if f.project == g.project && f.from.Before(first.AddDate(0, 0, -3)) && f.to.After(first.AddDate(0, 0, 10)) {
			clients = append(clients, f)
		}
	}
	g.d.Shuffle(len(clients), func(i, j int) { clients[i], clients[j] = clients[j], clients[i] })
	clients = clients[:min(len(clients), g.d.between(2, 5))]
	for n := range g.d.between(8, 12) {
		t := first.Add(-g.d.minutes(20, 50))
		cmd := groups.JoinMember{Entry: g.entry(t)}
		if n < len(clients) {
			cmd.Member, cmd.Case = clients[n].client, clients[n].id
		} else {
			cmd.Member = idOf("member "+name+" "+strconv.Itoa(n), t)
			cmd.Name = g.people.surname(g.d) + pick(g.d, slices.Concat(g.people.Male, g.people.Female))
			g.book.needs(events.Stream("client", cmd.Member))
		}
		g.members = append(g.members, cmd.Member)
		g.record(t, t.Add(time.Duration(n+1)*time.Minute), cmd)
	}
}

// hold is one session. Now and then its attendance turns out to be wrong.
func (g *gathering) hold(i, of int, t time.Time) {
	phase := "mature"
	switch {
	case i == 0:
		phase = "forming"
	case i == of-1:
		phase = "ending"
	case i <= of/2:
		phase = "turning"
	}
	if i == 1 {
		g.record(t, t.Add(20*time.Minute), groups.AgreeContract{Entry: g.entry(t), Text: pick(g.d, g.circles.Contract)})
	}
	cmd := groups.HoldSession{Entry: g.entry(t), Number: i + 1, Phase: phase, Minutes: g.d.between(5, 8) * 15, Note: pick(g.d, g.circles.Did[phase]) + pick(g.d, g.circles.Saw)}
	for _, member := range g.members[:len(g.members)-g.left] {
		line := groups.Attendance{Member: member, Presence: "present"}
		switch throw := g.d.IntN(100); {
		case throw < 8:
			line.Presence = "excused"
		case throw < 15:
			line.Presence = "absent"
		case throw < 19:
			line.Remark = pick(g.d, g.circles.Remarks)
		}
		cmd.Attendance = append(cmd.Attendance, line)
	}
	cmd.PersonTimes = present(cmd.Attendance)
	over := t.Add(time.Duration(cmd.Minutes) * time.Minute)
	g.record(t, noted(g.d, over, 0.12, false), cmd)
	if g.d.chance(0.03) {
		g.correct(cmd)
		return
	}
	g.personTimes += cmd.PersonTimes
}

// correct says the attendance anew when the list with the signatures has been looked at.
func (g *gathering) correct(held groups.HoldSession) {
	t := inTime(g.d, workdays(g.d, g.floor, g.d.between(1, 4)))
	lines := slices.Clone(held.Attendance)
	line := &lines[g.d.IntN(len(lines))]
	why := "核对签到表,一人登记为出席,实为请假。"
	if line.Presence == "present" {
		line.Presence, line.Remark = "excused", ""
	} else {
		line.Presence, why = "present", "一人迟到未登记,实际出席。"
	}
	cmd := groups.CorrectAttendance{Entry: g.entry(t), Session: held.Entry, Attendance: lines, PersonTimes: present(lines), Why: why}
	g.record(t, t, cmd)
	g.personTimes += cmd.PersonTimes
}

func present(lines []groups.Attendance) (n int) {
	for _, line := range lines {
		if line.Presence == "present" {
			n++
		}
	}
	return n
}
