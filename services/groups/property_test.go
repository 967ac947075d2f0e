package groups_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Whatever is asked of a group, in whatever order, and however late it is written down: the person-times that it
// comes to are those that were submitted and taken, and they are people who were members on that day.
func TestPersonTimesAreThoseSubmittedAndTheirMembersWereOnTheRoll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := begun()
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			c.ask(t)
		}
		submitted := 0
		for _, n := range c.submitted {
			submitted += n
		}
		if got := c.group.PersonTimes(); got != submitted {
			t.Fatalf("%d person-times in the group, %d were submitted", got, submitted)
		}
		sessions := c.group.Sessions()
		if len(sessions) != len(c.submitted) {
			t.Fatalf("%d sessions, %d were taken", len(sessions), len(c.submitted))
		}
		for i, session := range sessions {
			if session.Number != i+1 {
				t.Fatalf("session %d stands in place %d", session.Number, i+1)
			}
			c.membersOnly(t, session)
		}
	})
}

// log is a group as commands are asked of it, and what was taken, kept in another way than the group keeps it.
type log struct {
	group     groups.Group
	facts     []events.Recorded
	submitted map[uuid.UUID]int
}

func begun() *log {
	l := &log{submitted: map[uuid.UUID]int{}}
	l.take(spec.Now, planned)
	return l
}

func (l *log) take(at time.Time, facts ...events.Event) {
	for _, fact := range facts {
		r := events.Recorded{Event: fact, Version: len(l.facts) + 1, Meta: events.Meta{OccurredAt: at}}
		l.facts = append(l.facts, r)
		l.group = services.Fold(l.group, r)
	}
}

var people = []uuid.UUID{ming, hua, lan}

func (l *log) ask(t *rapid.T) {
	at := spec.Now.Add(time.Duration(rapid.IntRange(0, 14*24).Draw(t, "hour")) * time.Hour)
	who := rapid.SampledFrom(people).Draw(t, "who")
	entry := spec.ID(strconv.Itoa(rapid.IntRange(0, 60).Draw(t, "entry"))) // now and then one that is in use
	var wish services.Command[groups.Group]
	switch rapid.SampledFrom([]string{"join", "join", "leave", "hold", "hold", "hold", "correct", "correct", "evaluate"}).Draw(t, "wish") {
	case "join":
		wish = groups.JoinMember{Entry: entry, Member: who}
	case "leave":
		wish = groups.LeaveMember{Entry: entry, Member: who, Why: "left"}
	case "hold":
		phase := rapid.SampledFrom([]string{"forming", "turning", "ending"}).Draw(t, "phase")
		number := len(l.submitted) + rapid.SampledFrom([]int{1, 1, 1, 0, 2}).Draw(t, "number")
		attendance, times := l.attendance(t, at)
		wish = groups.HoldSession{
			Entry: entry, Number: number, Phase: phase, Minutes: 60, Attendance: attendance, PersonTimes: times,
		}
	case "correct":
		sessions := l.group.Sessions()
		if len(sessions) == 0 {
			return
		}
		session := rapid.SampledFrom(sessions).Draw(t, "session")
		attendance, times := l.attendance(t, session.At)
		wish = groups.CorrectAttendance{
			Entry: entry, Session: session.Entry, Attendance: attendance, PersonTimes: times, Why: "核对",
		}
	case "evaluate":
		if rapid.IntRange(0, 9).Draw(t, "seldom") > 0 {
			return
		}
		wish = groups.EvaluateGroup{Entry: entry, Reached: "fully", Text: "好"}
	}
	facts, err := wish.Decide(l.group, events.Meta{OccurredAt: at})
	if err != nil {
		return
	}
	l.take(at, facts...)
	switch taken := wish.(type) {
	case groups.HoldSession:
		l.submitted[taken.Entry] = taken.PersonTimes
	case groups.CorrectAttendance:
		l.submitted[taken.Session] = taken.PersonTimes
	}
}

// attendance is one that may be true, or nearly.
func (l *log) attendance(t *rapid.T, at time.Time) (attendance []groups.Attendance, times int) {
	named := l.group.Roll(at)
	if rapid.IntRange(0, 9).Draw(t, "careless") == 0 {
		named = rapid.SliceOf(rapid.SampledFrom(people)).Draw(t, "named")
	}
	for _, member := range named {
		presence := rapid.SampledFrom([]string{"present", "excused", "absent"}).Draw(t, "presence")
		attendance = append(attendance, groups.Attendance{Member: member, Presence: presence})
		if presence == "present" {
			times++
		}
	}
	return attendance, times + rapid.SampledFrom([]int{0, 0, 0, 0, 1, -1}).Draw(t, "slip")
}

// membersOnly finds a stay, from the facts alone, for each member who was present.
func (l *log) membersOnly(t *rapid.T, session groups.Session) {
	for _, line := range session.Attendance {
		if line.Presence != "present" {
			continue
		}
		stays, member := 0, false
		for _, r := range l.facts {
			switch fact := r.Event.(type) {
			case events.MemberJoined:
				if fact.Member == line.Member {
					stays++
					member = member || events.DayOf(r.Meta.OccurredAt) <= events.DayOf(session.At) && !l.leftBetween(line.Member, r, session.At)
				}
			case events.MemberLeft:
				if fact.Member == line.Member {
					stays--
				}
			}
			if stays < 0 || stays > 1 {
				t.Fatalf("a member is on the roll %d times", stays)
			}
		}
		if !member {
			t.Fatalf("someone was present at session %d who was no member on that day", session.Number)
		}
	}
}

// leftBetween tells whether the stay that began with a fact had ended by a time.
func (l *log) leftBetween(member uuid.UUID, began events.Recorded, at time.Time) bool {
	for _, r := range l.facts[began.Version:] {
		if fact, ok := r.Event.(events.MemberLeft); ok && fact.Member == member {
			return !r.Meta.OccurredAt.After(at)
		}
	}
	return false
}
