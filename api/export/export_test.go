package export

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
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

func TestWhatAnAmendmentSaysIsOpenedToo(t *testing.T) {
	a, err := app.Open(t.Context(), app.Dir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	client := uuid.New()
	stream, event := events.Stream("client", client), uuid.New()
	said := events.EntryAmended{Why: sealed.Say("why-it-was"), Now: events.Said{Entry: events.NoteRecorded{Text: sealed.Say("said-anew")}}}
	closed, err := sealed.Seal(t.Context(), a.Keys, said, sealed.Place{Stream: stream, Event: event}, stream)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	all := Everything{Client: client, Facts: []Fact{{Stream: stream, Fact: whole(closed)}}}
	if err := all.Write(t.Context(), a, &out, new(access.Opened)); err != nil || !strings.Contains(out.String(), "why-it-was") || !strings.Contains(out.String(), "said-anew") {
		t.Errorf("%v: %s", err, out.String())
	}
}
