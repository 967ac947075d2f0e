package events

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
)

// A worked example of a shape that changes. A ward round was first written with a "remark" and the minutes as text:

type wardRoundThen struct {
	Entered
	Remark sealed.Text `json:"remark,omitzero" class:"S2"`
	Spent  string      `json:"spent"`
}

// Later the remark is called what it is, and minutes are a number. This struct takes the place of the old one:

type wardRound struct {
	Entered
	Observed sealed.Text `json:"observed,omitzero" class:"S2"`
	Minutes  int         `json:"minutes"`
}

func (wardRoundThen) Type() string { return "ward.round-made" }
func (wardRound) Type() string     { return "ward.round-made" }

// The upcast works on the JSON as it was written. The sealed remark goes on unopened under its new name:

func wardRound2(data []byte) ([]byte, error) {
	var then struct {
		Entry  json.RawMessage `json:"entry"`
		Remark json.RawMessage `json:"remark,omitempty"`
		Spent  string          `json:"spent"`
	}
	if err := json.Unmarshal(data, &then); err != nil {
		return nil, err
	}
	minutes, found := strings.CutSuffix(then.Spent, " min")
	if !found {
		return nil, errors.New("the time spent is not in minutes")
	}
	return json.Marshal(struct {
		Entry    json.RawMessage `json:"entry"`
		Observed json.RawMessage `json:"observed,omitempty"`
		Minutes  json.Number     `json:"minutes"`
	}{then.Entry, then.Remark, json.Number(minutes)})
}

// And the line in the catalogue gets the next number and the upcast; the sample of shape 1 stays where it is:

var (
	before = register(fact[wardRoundThen](1), fact[EntryAmended](1))
	after  = register(fact[wardRound](2, wardRound2), fact[EntryAmended](1))
)

// known makes a catalogue the one that is known, for one test.
func known(t *testing.T, now shapes) {
	was := catalogue
	catalogue = now
	t.Cleanup(func() { catalogue = was })
}

var ward = sealed.Place{Stream: Stream("case", sampleID("case")), Event: sampleID("round")}

// written is a fact as it was kept by the program of that time.
func written(t *testing.T, then shapes, e Event) (data []byte, schema int) {
	t.Helper()
	known(t, then)
	closed, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, e, ward, "client-1")
	if err != nil {
		t.Fatal(err)
	}
	data, schema, err = Encode(closed)
	if err != nil {
		t.Fatal(err)
	}
	return data, schema
}

func TestAnOldShapeIsReadAsTodays(t *testing.T) {
	data, schema := written(t, before, wardRoundThen{Entered: entered("round"), Remark: say("夜里没有睡"), Spent: "25 min"})
	known(t, after)
	e, err := Decode("ward.round-made", schema, data)
	if err != nil {
		t.Fatal(err)
	}
	round := e.(wardRound)
	if round.Entry != sampleID("entry round") || round.Minutes != 25 {
		t.Errorf("read as %+v", round)
	}
	if said, err := round.Observed.Open(t.Context(), &sealedtest.Keys{}, ward.Stream); err != nil || said != "夜里没有睡" {
		t.Errorf("the renamed field opens to %q, %v", said, err)
	}
	again, schema, err := Encode(round)
	if err != nil || schema != 2 {
		t.Fatalf("written as shape %d, %v", schema, err)
	}
	if same, err := Decode("ward.round-made", 2, again); err != nil || !reflect.DeepEqual(same, e) {
		t.Errorf("today's shape is not left alone: %v, %v", same, err)
	}
}

func TestAnOldShapeInsideAnAmendmentIsReadAsTodays(t *testing.T) {
	data, schema := written(t, before, EntryAmended{
		Entered: entered("amendment"), Amends: sampleID("entry round"), Why: say("写错了"),
		Now: Said{wardRoundThen{Entered: entered("round"), Remark: say("三点才睡"), Spent: "40 min"}},
	})
	known(t, after)
	e, err := Decode("case.entry-amended", schema, data)
	if err != nil {
		t.Fatal(err)
	}
	round, ok := e.(EntryAmended).Now.Entry.(wardRound)
	if !ok || round.Minutes != 40 {
		t.Fatalf("read as %+v", e)
	}
	if said, err := round.Observed.Open(t.Context(), &sealedtest.Keys{}, ward.Stream); err != nil || said != "三点才睡" {
		t.Errorf("the renamed field opens to %q, %v", said, err)
	}
	again, _, err := Encode(e)
	if err != nil || !strings.Contains(string(again), `"type":"ward.round-made","schema":2,"data":{`) {
		t.Errorf("written as %s, %v", again, err)
	}
}

func TestAnUpcastThatFailsSaysOfWhatAndNotWhat(t *testing.T) {
	data, schema := written(t, before, wardRoundThen{Entered: entered("round"), Spent: "王小明"})
	known(t, after)
	_, err := Decode("ward.round-made", schema, data)
	if err == nil || !strings.Contains(err.Error(), "ward.round-made, shape 1") || strings.Contains(err.Error(), "王") {
		t.Errorf("error: %v", err)
	}
}

func TestUpcastsRunInOrderFromTheShapeThatWasWritten(t *testing.T) {
	adds := func(mark string) Upcast {
		return func(data []byte) ([]byte, error) {
			var at struct {
				Kind string `json:"kind"`
			}
			err := json.Unmarshal(data, &at)
			return []byte(`{"kind":"` + at.Kind + mark + `"}`), err
		}
	}
	known(t, register(fact[NoteRecorded](4, adds("a"), adds("b"), adds("c"))))
	for schema, want := range map[int]string{1: "abc", 2: "bc", 3: "c", 4: ""} {
		e, err := Decode("case.note-recorded", schema, []byte(`{"kind":""}`))
		if err != nil || e.(NoteRecorded).Kind != want {
			t.Errorf("shape %d: %v, %v", schema, e, err)
		}
	}
}

func TestAnAmendmentIsOfAnEntryAndSaysSomething(t *testing.T) {
	if data, _, err := Encode(EntryAmended{Entered: entered("a")}); err == nil {
		t.Errorf("an amendment that says nothing is written as %s", data)
	}
	for _, now := range []string{
		`{"type":"programme.target-set","schema":1,"data":{}}`, `{"type":"case.never-was","schema":1,"data":{}}`,
		`{"type":"case.note-recorded","schema":2,"data":{}}`, `{"type":"case.note-recorded","schema":1,"data":7}`, `{}`, `7`,
	} {
		if e, err := Decode("case.entry-amended", 1, []byte(`{"entry":"`+uuid.NewString()+`","now":`+now+`}`)); err == nil {
			t.Errorf("%s is taken for an entry: %+v", now, e)
		}
	}
}
