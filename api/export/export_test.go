package export

import (
	"reflect"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// Of a group someone is handed their own lines, and nothing that is said of the group or of the others.
func TestOfAGroupOnlyTheirOwnLinesAreHandedOut(t *testing.T) {
	me, another, say := uuid.New(), uuid.New(), sealed.Say
	mine := events.Attendance{Member: me, Presence: "present", Remark: say("mine")}
	theirs := events.Attendance{Member: another, Presence: "absent", Remark: say("theirs")}
	group := events.Stream("group", uuid.New())
	for name, c := range map[string]struct{ fact, want events.Event }{
		"the plan":           {events.GroupPlanned{Title: say("title")}, nil},
		"joining":            {events.MemberJoined{Member: me, Name: say("me")}, events.MemberJoined{Member: me, Name: say("me")}},
		"another's joining":  {events.MemberJoined{Member: another, Name: say("another")}, nil},
		"another's leaving":  {events.MemberLeft{Member: another}, nil},
		"a session":          {events.SessionHeld{Note: say("note"), Attendance: []events.Attendance{theirs, mine}}, events.SessionHeld{Attendance: []events.Attendance{mine}}},
		"one without them":   {events.SessionHeld{Note: say("note"), Attendance: []events.Attendance{theirs}}, nil},
		"a correction":       {events.AttendanceCorrected{Why: say("why"), Attendance: []events.Attendance{mine, theirs}}, events.AttendanceCorrected{Attendance: []events.Attendance{mine}}},
		"what the group was": {events.GroupEvaluated{Text: say("text")}, nil},
	} {
		fact, is := about(c.fact, group, me)
		if is != (c.want != nil) || is && !reflect.DeepEqual(fact, c.want) {
			t.Errorf("%s: %v %+v", name, is, fact)
		}
	}
	if fact, is := about(events.NoteRecorded{Text: say("note")}, events.Stream("case", uuid.New()), me); !is || fact == nil {
		t.Error("of their own case something is left out")
	}
}
