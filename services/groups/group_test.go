package groups_test

import (
	"slices"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

type rules = []spec.Spec[groups.Group]

var (
	ming, hua, lan = spec.ID("ming"), spec.ID("hua"), spec.ID("lan")

	planned = events.GroupPlanned{
		Entered: entered("plan"), Project: "student-growth", Site: "lizhi", Kind: "growth",
		Title: sealed.Say("新学期"), Goals: sealed.Say("适应寄宿生活"), Worker: spec.ID("worker"), Planned: 6,
	}
	mingJoined = joined(ming)
	huaJoined  = joined(hua)
	first      = held(1, "forming", there(ming), away(hua))
	evaluated  = events.GroupEvaluated{Entered: entered("evaluation"), Reached: "partly", Text: sealed.Say("尚可")}
)

func entered(name string) events.Entered { return events.Entered{Entry: spec.ID(name)} }

func joined(member uuid.UUID) events.MemberJoined {
	return events.MemberJoined{Entered: entered("joined " + member.String()), Member: member}
}

func gone(member uuid.UUID) events.MemberLeft {
	return events.MemberLeft{Entered: entered("left " + member.String()), Member: member, Why: "left"}
}

func there(member uuid.UUID) events.Attendance {
	return events.Attendance{Member: member, Presence: "present"}
}

func away(member uuid.UUID) events.Attendance {
	return events.Attendance{Member: member, Presence: "absent"}
}

func held(number int, phase string, attendance ...events.Attendance) events.SessionHeld {
	present := 0
	for _, a := range attendance {
		if a.Presence == "present" {
			present++
		}
	}
	return events.SessionHeld{
		Entered: entered("session " + string(rune('0'+number))), Number: number, Phase: phase, Minutes: 90,
		Attendance: attendance, PersonTimes: present,
	}
}

func on(day int, fact events.Event) spec.Past {
	return spec.Past{Event: fact, At: spec.Now.AddDate(0, 0, day)}
}

func TestTheCourseOfAGroup(t *testing.T) {
	for _, rule := range course {
		rule.Run(t)
	}
}

var course = rules{
	{
		Name: "a group is planned",
		When: groups.PlanGroup{
			Entry: spec.ID("plan"), Project: "student-growth", Site: "lizhi", Kind: "growth",
			Title: "新学期", Goals: "适应寄宿生活", Worker: spec.ID("worker"), Planned: 6,
		},
		Then: []events.Event{planned},
	},
	{
		Name:  "a group is planned once",
		Given: []events.Event{planned},
		When:  groups.PlanGroup{Entry: spec.ID("another plan"), Kind: "growth"},
		Err:   groups.RefusedExists,
	},
	{
		Name: "a group is of a kind that is known",
		When: groups.PlanGroup{Entry: spec.ID("plan"), Kind: "choir", Worker: spec.ID("worker")},
		Err:  groups.RefusedCode,
	},
	{
		Name: "a plan has an id",
		When: groups.PlanGroup{Kind: "growth", Worker: spec.ID("worker")},
		Err:  groups.RefusedMissing,
	},
	{
		Name: "a group is led by a worker",
		When: groups.PlanGroup{Entry: spec.ID("plan"), Kind: "growth"},
		Err:  groups.RefusedMissing,
	},
	{
		Name:  "every entry has an id",
		Given: []events.Event{planned},
		When:  groups.AgreeContract{Text: "准时"},
		Err:   groups.RefusedMissing,
	},
	{
		Name:  "a group agrees on its rules",
		Given: []events.Event{planned},
		When:  groups.AgreeContract{Entry: spec.ID("contract"), Text: "准时,保密"},
		Then:  []events.Event{events.ContractAgreed{Entered: entered("contract"), Text: sealed.Say("准时,保密")}},
	},
	{
		Name: "a group that was not planned agrees on nothing",
		When: groups.AgreeContract{Entry: spec.ID("contract"), Text: "准时"},
		Err:  groups.RefusedNoGroup,
	},
	{
		Name:  "a group that was evaluated agrees on nothing more",
		Given: []events.Event{planned, evaluated},
		When:  groups.AgreeContract{Entry: spec.ID("contract"), Text: "准时"},
		Err:   groups.RefusedEvaluated,
	},
	{
		Name:  "an evaluation ends a group",
		Given: []events.Event{planned},
		When:  groups.EvaluateGroup{Entry: spec.ID("evaluation"), Reached: "partly", Text: "尚可"},
		Then:  []events.Event{evaluated},
	},
	{
		Name:  "a group is evaluated once",
		Given: []events.Event{planned, evaluated},
		When:  groups.EvaluateGroup{Entry: spec.ID("another evaluation"), Reached: "fully", Text: "很好"},
		Err:   groups.RefusedEvaluated,
	},
	{
		Name:  "goals are reached fully, partly or not",
		Given: []events.Event{planned},
		When:  groups.EvaluateGroup{Entry: spec.ID("evaluation"), Reached: "somehow"},
		Err:   groups.RefusedCode,
	},
	{
		Name:  "an entry id is used once",
		Given: []events.Event{planned, mingJoined},
		When:  groups.EvaluateGroup{Entry: mingJoined.Entry, Reached: "fully", Text: "很好"},
		Err:   services.RefusedEntry,
	},
}

func TestEveryRefusalHasARule(t *testing.T) {
	var spoken []string
	for _, rule := range slices.Concat(course, roll, sessions, corrections) {
		spoken = append(spoken, rule.Err)
	}
	for _, code := range groups.Codes() {
		if !slices.Contains(spoken, code) {
			t.Errorf("no rule is refused with %q", code)
		}
	}
	for _, code := range spoken {
		if code != "" && code != services.RefusedEntry && !slices.Contains(groups.Codes(), code) {
			t.Errorf("Codes does not list %q", code)
		}
	}
}

func TestTheRollIsTheCallersToKeep(t *testing.T) {
	group := services.Fold(groups.Group{}, recorded(0, planned), recorded(0, mingJoined))
	group.Roll(spec.Now)[0] = hua
	if roll := group.Roll(spec.Now); !slices.Equal(roll, []uuid.UUID{ming}) {
		t.Error("changing an answer changed the group")
	}
}

func recorded(day int, fact events.Event) events.Recorded {
	at := spec.Now.AddDate(0, 0, day)
	return events.Recorded{Event: fact, Meta: events.Meta{OccurredAt: at, RecordedAt: at.Add(time.Hour)}}
}
