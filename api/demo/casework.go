package demo

import (
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

func caseDesk(d Desks) *services.Desk[cases.Case]       { return d.Cases }
func clientDesk(d Desks) *services.Desk[clients.Client] { return d.Clients }

// casework writes one case. Its methods are the acts of casework; course.go puts them in the order of a life.
type casework struct {
	*year
	d        dice
	id       uuid.UUID
	client   uuid.UUID
	project  *project
	site     string
	category categories.Category
	course   course
	words    words
	who      person
	fill     *strings.Replacer
	worker   *worker

	late        float64
	dayAndNight bool      // the site is staffed around the clock
	floor       time.Time // what the next entries rest on was recorded by then
	lastDone    time.Time // the last thing that happened
	entries     int

	urn      urn
	badness  map[string]int // by instrument: how bad it was when it was first taken, 0 to 1000
	goals    []goal
	plans    int
	contacts []contact
	measures []taken
	notes    []noteTaken
	able     uuid.UUID // the assessment that found the guardian able
	closedAt time.Time
	once     bool // reopened already
}

type goal struct {
	id     uuid.UUID
	domain string
	words  goalWords
	level  int
}

// contact is an intervention that was recorded, kept for whoever corrects it.
type contact struct {
	cmd                cases.RecordIntervention
	happened, recorded time.Time
}

// taken is a measure that was recorded.
type taken struct {
	cmd                cases.TakeMeasure
	happened, recorded time.Time
}

// noteTaken is a note that was recorded.
type noteTaken struct {
	cmd                cases.RecordNote
	happened, recorded time.Time
}

func (w *casework) stream() string { return events.Stream("case", w.id) }

// entry is the id of the next entry of the case.
func (w *casework) entry(at time.Time) uuid.UUID {
	w.entries++
	return idOf("entry "+w.id.String()+" "+strconv.Itoa(w.entries), at)
}

func (w *casework) beside(at time.Time, supervisor bool) cases.Beside {
	return cases.Beside{Age: w.who.age(at), Supervisor: supervisor}
}

func (w *casework) say(text string) string { return w.fill.Replace(text) }

// record writes an act down, not before what it rests on.
func (w *casework) record(who *worker, happened, recorded time.Time, cmd services.Command[cases.Case]) time.Time {
	recorded = w.notBefore(happened, recorded)
	w.lastDone = later(w.lastDone, happened)
	issue(w.book, caseDesk, w.stream(), by{who, happened, recorded}, cmd)
	return recorded
}

// found is record for what later acts rest on.
func (w *casework) found(who *worker, happened, recorded time.Time, cmd services.Command[cases.Case]) time.Time {
	w.floor = w.record(who, happened, recorded, cmd)
	return w.floor
}

// reply is what comes from elsewhere, also after the closure: it keeps no case open.
func (w *casework) reply(happened time.Time, cmd services.Command[cases.Case]) {
	open := w.lastDone
	w.record(w.worker, happened, w.soon(happened), cmd)
	w.lastDone = open
}

func (w *casework) notBefore(happened, recorded time.Time) time.Time {
	recorded = later(recorded, happened)
	if !recorded.After(w.floor) {
		recorded = w.floor.Add(w.d.minutes(1, 4))
	}
	return recorded
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// noted is when the worker writes down what was over at a time.
func (w *casework) noted(over time.Time) time.Time {
	return noted(w.d, over, w.late, w.dayAndNight)
}

// soon is when what cannot wait is written down.
func (w *casework) soon(happened time.Time) time.Time {
	return inTime(w.d, happened.Add(w.d.minutes(4, 40)))
}
