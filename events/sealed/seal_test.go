package sealed_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
)

var here = sealed.Place{Stream: "case-018f0000-0000-7000-8000-000000000001", Event: uuid.MustParse("018f0000-0000-7000-8000-0000000000e1")}

const client = "client-018f0000-0000-7000-8000-000000000002"

func seal[E any](t testing.TB, keys sealed.Keys, fact E) E {
	t.Helper()
	closed, err := sealed.Seal(t.Context(), keys, fact, here, client)
	if err != nil {
		t.Fatal(err)
	}
	return closed
}

func read[T any](t testing.TB, keys sealed.Keys, v sealed.Value[T]) T {
	t.Helper()
	said, err := v.Open(t.Context(), keys, here.Stream)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// parts are those of an envelope: algorithm, class, field, key id, event id, box.
func parts[T any](t testing.TB, v sealed.Value[T]) []string {
	t.Helper()
	line, err := v.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.Trim(string(line), `"`), ".")
}

func TestWhatWasSaidComesBackInEveryClass(t *testing.T) {
	keys := &sealedtest.Keys{}
	rapid.Check(t, func(r *rapid.T) {
		type fact struct {
			Name    sealed.Text                  `json:"name,omitzero" class:"S1"`
			Answers sealed.Value[map[string]int] `json:"answers,omitzero" class:"S2"`
			Shelter sealed.Text                  `json:"shelter,omitzero" class:"S3"`
			Any     sealed.Value[any]            `json:"any,omitzero" grade:"data"`
		}
		name, shelter := rapid.String().Draw(r, "name"), rapid.StringOf(rapid.SampledFrom([]rune(`𠮷䶮㛃"\<>& `))).Draw(r, "shelter")
		answers := rapid.MapOf(rapid.String(), rapid.Int()).Draw(r, "answers")
		grade := rapid.SampledFrom([]sealed.Class{sealed.Identity, sealed.Clinical, sealed.Disclosure}).Draw(r, "grade")
		data, err := json.Marshal(seal(t, keys, fact{sealed.New(name), sealed.New(answers), sealed.New(shelter), sealed.Graded[any](grade, name)}))
		if err != nil {
			r.Fatal(err)
		}
		var stored fact
		if err := json.Unmarshal(data, &stored); err != nil {
			r.Fatal(err)
		}
		if read(t, keys, stored.Name) != name || read(t, keys, stored.Shelter) != shelter || read(t, keys, stored.Any) != name ||
			!reflect.DeepEqual(read(t, keys, stored.Answers), answers) {
			r.Fatal("something else came back")
		}
		if c := [4]sealed.Class{stored.Name.Class(), stored.Answers.Class(), stored.Shelter.Class(), stored.Any.Class()}; c !=
			[4]sealed.Class{sealed.Identity, sealed.Clinical, sealed.Disclosure, grade} {
			r.Fatalf("classes %v", c)
		}
	})
}

func TestNothingSaidStaysNothing(t *testing.T) {
	keys := &sealedtest.Keys{}
	closed := seal(t, keys, events.NoteRecorded{Text: sealed.Say("")})
	data, _, err := events.Encode(closed)
	if err != nil || strings.Contains(string(data), "text") {
		t.Errorf("%s, %v", data, err)
	}
	if said := read(t, keys, closed.Text); said != "" {
		t.Errorf("opens to %q", said)
	}
}

func TestSealingAgainChangesNothing(t *testing.T) {
	keys := &sealedtest.Keys{}
	once := seal(t, keys, events.NoteRecorded{Text: sealed.Say("想回家")})
	if twice := seal(t, keys, once); !reflect.DeepEqual(once, twice) {
		t.Error("a closed value was touched")
	}
}

func TestTheSameWordsNeverLookTheSame(t *testing.T) {
	keys := &sealedtest.Keys{}
	note := events.NoteRecorded{Text: sealed.Say("想回家")}
	if a, b := parts(t, seal(t, keys, note).Text), parts(t, seal(t, keys, note).Text); a[5] == b[5] {
		t.Error("who sees two boxes can tell that they hold the same")
	}
}

func TestEveryPlaceInAFactIsReached(t *testing.T) {
	keys := &sealedtest.Keys{}
	say := sealed.Say
	type deep struct {
		*events.Form `json:"form"`
		Pointer      *sealed.Text           `json:"pointer" class:"S1"`
		Array        [2]sealed.Text         `json:"array" class:"S1"`
		Lists        [][]sealed.Text        `json:"lists" class:"S2"`
		Any          any                    `json:"any"`
		Next         *events.DomainAssessed `json:"next"`
	}
	one := say("a")
	closed := seal[events.Event](t, keys, events.PlanAgreed{
		Aim: say("aim"), Goals: []events.Goal{{Title: say("first")}, {Title: say("second"), Levels: []sealed.Text{say("low"), {}, say("high")}}},
	}).(events.PlanAgreed)
	for want, v := range map[string]sealed.Text{
		"aim": closed.Aim, "goals/0/title": closed.Goals[0].Title, "goals/1/title": closed.Goals[1].Title,
		"goals/1/levels/0": closed.Goals[1].Levels[0], "goals/1/levels/2": closed.Goals[1].Levels[2],
	} {
		if field := parts(t, v)[2]; field != want {
			t.Errorf("sealed as %s, not %s", field, want)
		}
	}
	if !closed.Goals[1].Levels[1].IsZero() {
		t.Error("a level of which nothing was said says something")
	}
	odd := seal(t, keys, deep{
		Form:    &events.Form{Answers: []events.Answer{{Said: sealed.Graded[any](sealed.Disclosure, "s")}}},
		Pointer: &one, Array: [2]sealed.Text{1: say("b")}, Lists: [][]sealed.Text{nil, {say("c")}},
		Any: &events.NoteRecorded{Text: say("d")}, Next: nil,
	})
	for want, v := range map[string]sealed.Text{
		"pointer": *odd.Pointer, "array/1": odd.Array[1], "lists/1/0": odd.Lists[1][0], "any/text": odd.Any.(*events.NoteRecorded).Text,
	} {
		if field := parts(t, v)[2]; field != want {
			t.Errorf("sealed as %s, not %s", field, want)
		}
	}
	if field := parts(t, odd.Answers[0].Said)[2]; field != "answers/0/said" {
		t.Errorf("an answer is sealed as %s", field)
	}
}

func TestAnEntryInsideAnAmendmentIsSealed(t *testing.T) {
	keys := &sealedtest.Keys{}
	closed := seal(t, keys, events.EntryAmended{Why: sealed.Say("写错了"), Now: events.Said{Entry: events.NoteRecorded{Text: sealed.Say("想回家")}}})
	data, _, err := events.Encode(closed)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := events.Decode(closed.Type(), 1, data)
	if err != nil {
		t.Fatal(err)
	}
	inner := stored.(events.EntryAmended).Now.Entry.(events.NoteRecorded)
	if said := read(t, keys, inner.Text); said != "想回家" || parts(t, inner.Text)[2] != "now/text" {
		t.Errorf("read %q of %s", said, parts(t, inner.Text)[2])
	}
}

func TestTheFactThatWasHandedInIsLeftAsItWas(t *testing.T) {
	keys := &sealedtest.Keys{}
	fact := func() events.EntryAmended {
		return events.EntryAmended{Why: sealed.Say("w"), Now: events.Said{Entry: events.PlanAgreed{
			Aim: sealed.Say("a"), AgreedBy: []string{"client"},
			Goals: []events.Goal{{Title: sealed.Say("t"), Levels: []sealed.Text{sealed.Say("l")}}},
		}}}
	}
	given := fact()
	goals := given.Now.Entry.(events.PlanAgreed).Goals // shares its memory
	seal(t, keys, given)
	if !reflect.DeepEqual(given, fact()) || !reflect.DeepEqual(goals, fact().Now.Entry.(events.PlanAgreed).Goals) {
		t.Error("it was changed")
	}
	pointed := &events.NoteRecorded{Text: sealed.Say("n")}
	seal(t, keys, pointed)
	if !reflect.DeepEqual(pointed, &events.NoteRecorded{Text: sealed.Say("n")}) {
		t.Error("what it points to was changed")
	}
}

func TestWhatIsSaidOfAMemberIsUnderTheMembersKey(t *testing.T) {
	keys, member, other := &sealedtest.Keys{}, uuid.New(), uuid.New()
	closed, err := sealed.Seal(t.Context(), keys, events.SessionHeld{
		Note:       sealed.Say("of the group"),
		Attendance: []events.Attendance{{Member: member, Remark: sealed.Say("of one")}, {Member: other, Remark: sealed.Say("of another")}},
	}, here, "group-1")
	if err != nil {
		t.Fatal(err)
	}
	keys.Forget(events.Stream("client", member))
	if _, err := closed.Attendance[0].Remark.Open(t.Context(), keys, here.Stream); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("of the forgotten member: %v", err)
	}
	if read(t, keys, closed.Attendance[1].Remark) != "of another" || read(t, keys, closed.Note) != "of the group" {
		t.Error("the others' words are not theirs any more")
	}
	for want, v := range map[string]sealed.Text{"group-1/1": closed.Note, "client-" + other.String() + "/1": closed.Attendance[1].Remark} {
		if id := parts(t, v)[3]; id != want {
			t.Errorf("under %s, not %s", id, want)
		}
	}
}

// remark belongs to someone by a method of its pointer.
type remark struct {
	Of   string      `json:"of"`
	Text sealed.Text `json:"text,omitzero" class:"S2"`
}

func (r *remark) Owner() string { return r.Of }

func TestAnOwnerIsAskedHoweverThePartIsHeld(t *testing.T) {
	keys := &sealedtest.Keys{}
	closed := seal(t, keys, struct {
		Of, Nobodys remark
		At, None    *remark
		Absent      *events.Attendance
		In          sealed.Owned
	}{
		Of: remark{"client-a", sealed.Say("1")}, Nobodys: remark{"", sealed.Say("2")},
		At: &remark{"client-b", sealed.Say("3")}, In: &remark{"client-c", sealed.Say("4")},
	})
	for want, v := range map[string]sealed.Text{
		"client-a/1": closed.Of.Text, client + "/1": closed.Nobodys.Text, "client-b/1": closed.At.Text, "client-c/1": closed.In.(*remark).Text,
	} {
		if id := parts(t, v)[3]; id != want {
			t.Errorf("under %s, not %s", id, want)
		}
	}
}

func TestADestroyedKeySealsAndOpensNothing(t *testing.T) {
	keys := &sealedtest.Keys{}
	note := events.NoteRecorded{Text: sealed.Say("想回家")}
	closed := seal(t, keys, note)
	keys.Forget(client)
	if _, err := closed.Text.Open(t.Context(), keys, here.Stream); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("opening: %v", err)
	}
	if _, err := sealed.Seal(t.Context(), keys, note, here, client); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("sealing: %v", err)
	}
	if data, _, err := events.Encode(closed); err != nil || !strings.Contains(string(data), client) {
		t.Errorf("but the row stays as it was: %s, %v", data, err)
	}
}

func TestAFieldWithoutAClassIsNotSealed(t *testing.T) {
	for _, fact := range []any{
		struct{ Text sealed.Text }{sealed.Say("x")},
		struct {
			Text sealed.Text `class:"S0"`
		}{sealed.Say("x")},
		struct {
			Text sealed.Text `class:"S4"`
		}{sealed.Say("x")},
	} {
		if _, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, fact, here, client); err == nil {
			t.Errorf("%T was sealed", fact)
		}
		if bad := sealed.Unclassed(reflect.TypeOf(fact)); len(bad) != 1 || bad[0] != "Text" {
			t.Errorf("Unclassed finds %v", bad)
		}
	}
}

func TestAMapHoldsNothingPersonal(t *testing.T) {
	type fact struct {
		By map[string]sealed.Text `json:"by" class:"S2"`
	}
	_, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, fact{map[string]sealed.Text{"王小明": sealed.Say("想回家")}}, here, client)
	if err == nil || strings.Contains(err.Error(), "王") {
		t.Errorf("sealing: %v", err)
	}
	if bad := sealed.Unclassed(reflect.TypeFor[fact]()); len(bad) != 1 {
		t.Errorf("Unclassed finds %v", bad)
	}
	plain := events.IntakeRecorded{Form: events.Form{Answers: []events.Answer{{Plain: map[string]any{"a": []any{1, "b"}}}}}}
	if closed := seal(t, &sealedtest.Keys{}, plain); !reflect.DeepEqual(closed, plain) {
		t.Error("a plain map was changed")
	}
}

func TestAFieldNameThatAnEnvelopeCannotCarryIsRefused(t *testing.T) {
	_, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, struct {
		Text sealed.Text `json:"a.b" class:"S1"`
	}{sealed.Say("x")}, here, client)
	if err == nil {
		t.Error("a dot would have moved every part of the envelope")
	}
	for _, id := range []string{"", "a.1", `a"`, "a\n1", "王/1"} {
		if _, err := sealed.NewKey(id, make([]byte, 32)); err == nil {
			t.Errorf("%q was taken for a key id", id)
		}
	}
}

type ring struct {
	Text sealed.Text `json:"text,omitzero" class:"S2"`
	Next *ring       `json:"next,omitempty"`
	More []ring      `json:"more,omitempty"`
}

func TestATypeThatRefersToItselfIsReachedToItsEnd(t *testing.T) {
	keys := &sealedtest.Keys{}
	closed := seal(t, keys, ring{Next: &ring{Text: sealed.Say("b"), Next: &ring{More: []ring{{Text: sealed.Say("c")}}}}})
	if _, err := json.Marshal(closed); err != nil {
		t.Error(err)
	}
	if field := parts(t, closed.Next.Next.More[0].Text)[2]; field != "next/next/more/0/text" {
		t.Errorf("sealed as %s", field)
	}
}
