package demo

import (
	"fmt"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/google/uuid"
)

func activityDesk(d Desks) *services.Desk[activities.Activity] { return d.Activities }

// happenings is what is said of activities (data/activities.json).
type happenings struct {
	Note        string               `json:"note"`
	Projects    map[string]happening `json:"projects"`
	Notes       []string             `json:"notes"`
	Cancelled   []string             `json:"cancelled"`
	Corrections []string             `json:"corrections"`
}

type happening struct {
	Titles []string `json:"titles"`
	Places []string `json:"places"`
}

// activity is one that is going to be held.
type activity struct {
	d       dice
	project *project
	worker  *worker
	id      uuid.UUID
	title   string
	planned time.Time
	held    time.Time
	size    int // beside the others
	heads   int
}

// fewest is how many people came at least.
const fewest = 9

// writeActivities holds the activities. Together they bring what contacts and attendances leave of the published
// person-times: each brings its part by its size, and the first ones one more until nothing is over.
func (y *year) writeActivities() error {
	var all []*activity
	sum := 0
	for _, p := range y.projects {
		for n := range p.Activities {
			a := y.activity(p, n, p.Activities)
			sum += a.size
			all = append(all, a)
		}
		y.writeCancelled(p)
	}
	rest := y.published.Totals.PersonTimes - y.personTimes - fewest*len(all)
	if rest < 0 {
		return fmt.Errorf("contacts and attendances already come to %d person-times, %d are published", y.personTimes, y.published.Totals.PersonTimes)
	}
	over := rest
	for _, a := range all {
		part := rest * a.size / sum
		a.heads = fewest + part
		over -= part
	}
	for n := range over {
		all[n%len(all)].heads++
	}
	for n, a := range all {
		y.writeActivity(a, n%41 == 7)
		y.personTimes += a.heads
	}
	return nil
}

// activity is the n-th of so many of a project.
func (y *year) activity(p *project, n, of int) *activity {
	name := fmt.Sprintf("%s %d", p.Key, n)
	d := diceOf("activity " + name)
	first, days := moment("2012-05-22", 0, 0), 220
	day := nextDay(first, (n*days+d.IntN(days))/of)
	if d.chance(0.5) { // most people have time on Saturdays
		day = nextDay(day, (int(time.Saturday)-int(day.Weekday())+7)%7)
	}
	for p.category == "boarding_student" && !inTerm(day) {
		day = nextDay(day, 1)
	}
	if day.After(moment("2012-12-30", 0, 0)) {
		day = moment("2012-12-28", 0, 0)
	}
	words := y.events.Projects[p.Key]
	a := &activity{d: d, project: p, worker: p.crew[(n*5+2)%len(p.crew)], held: on(day, pick(d, []int{9, 10, 14, 15, 18}), pick(d, []int{0, 30}))}
	a.title = words.Titles[n%len(words.Titles)]
	if round := n/len(words.Titles) + 1; of > len(words.Titles) {
		a.title += fmt.Sprintf("(第%d期)", round)
	}
	a.planned = later(workdays(d, a.held.AddDate(0, 0, -d.between(6, 18)), 0), moment("2012-05-18", 14, 0).Add(d.minutes(0, 180)))
	a.id = idOf("activity "+name, a.planned)
	a.size = d.between(350, 1350)
	if d.chance(0.12) {
		a.size = a.size * 26 / 10 // a festival
	}
	return a
}

func (y *year) plan(a *activity) string {
	stream := events.Stream("activity", a.id)
	y.book.needs(stream)
	issue(y.book, activityDesk, stream, by{a.worker, a.planned, inTime(a.d, a.planned.Add(a.d.minutes(3, 40)))}, activities.PlanActivity{
		Entry: idOf("plan "+a.id.String(), a.planned), Project: a.project.Key, Site: a.worker.site.Code, Title: a.title, Day: events.DayOf(a.held), Worker: a.worker.id,
	})
	return stream
}

func (y *year) writeActivity(a *activity, miscounted bool) {
	stream, d := y.plan(a), a.d
	cmd := activities.HoldActivity{
		Entry: idOf("count "+a.id.String(), a.held), Place: pick(d, y.events.Projects[a.project.Key].Places), PersonTimes: a.heads,
		Heads: split(d, a.heads, a.project.People), Counted: pick(d, []string{"signed", "signed", "counted", "estimated"}), CostFen: d.between(0, 60) * 2500,
		Volunteers: d.between(0, 12), Partners: []string{"community", "social_worker"}, Note: pick(d, y.events.Notes),
	}
	cmd.VolunteerHours = cmd.Volunteers * d.between(2, 4)
	if cmd.Volunteers > 0 {
		cmd.Partners = append(cmd.Partners, "volunteers")
	}
	if d.chance(0.4) {
		cmd.Partners = append(cmd.Partners, "social_organisation")
	}
	if d.chance(0.45) {
		cmd.FormsOut = min(a.heads, d.between(10, 40))
		cmd.FormsBack = cmd.FormsOut * d.between(60, 100) / 100
		cmd.Satisfied = cmd.FormsBack * d.between(82, 100) / 100
	}
	right := cmd
	if miscounted {
		wrong := a.heads + pick(d, []int{-6, -5, -3, 4, 8, 12})
		cmd.PersonTimes, cmd.Heads = wrong, split(d, wrong, a.project.People)
		cmd.FormsOut, cmd.FormsBack, cmd.Satisfied = 0, 0, 0
	}
	recorded := noted(d, a.held.Add(d.minutes(120, 180)), 0.15, false)
	issue(y.book, activityDesk, stream, by{a.worker, a.held, recorded}, cmd)
	if miscounted {
		t := d.after(inTime(d, workdays(d, recorded, d.between(2, 14))), recorded)
		issue(y.book, activityDesk, stream, by{a.worker, t, t}, activities.CorrectCount{
			Entry: idOf("correction "+a.id.String(), t), Held: cmd.Entry, Heads: right.Heads, PersonTimes: right.PersonTimes, Counted: "signed", Why: pick(d, y.events.Corrections),
		})
	}
}

// writeCancelled is an activity that did not take place.
func (y *year) writeCancelled(p *project) {
	if p.category == "orphan" {
		return
	}
	a := y.activity(p, p.Activities/2, p.Activities)
	a.id = idOf("activity cancelled "+p.Key, a.planned)
	stream := y.plan(a)
	t := a.d.after(office(a.d, a.held.AddDate(0, 0, -1)), a.planned.Add(time.Hour))
	issue(y.book, activityDesk, stream, by{a.worker, t, t.Add(a.d.minutes(5, 30))}, activities.CancelActivity{
		Entry: idOf("cancelled "+a.id.String(), t), Why: pick(a.d, y.events.Cancelled),
	})
}

// split divides heads over kinds of people, most of them of the first kind.
func split(d dice, heads int, people []string) (lines []activities.Heads) {
	left := heads
	for _, kind := range people[1:] {
		n := left * d.between(5, 35) / 100
		lines = append(lines, activities.Heads{People: kind, Number: n})
		left -= n
	}
	return append([]activities.Heads{{People: people[0], Number: left}}, lines...)
}
