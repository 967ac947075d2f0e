package sealed_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/google/uuid"
)

type utterance struct {
	Who  string      `json:"who"`
	Text sealed.Text `json:"text,omitzero" class:"S2"`
}

func (r utterance) Owner() string { return r.Who }

type minutes struct {
	Title sealed.Text `json:"title" class:"S2"`
	Plain string      `json:"plain"`
	Lines []utterance `json:"lines"`
}

// What one person said is taken out of a fact, and what others said stays to the byte, whatever plain text looks like.
func TestOnePersonsWordsAreTakenOut(t *testing.T) {
	fact := minutes{
		Title: sealed.Say("小组"), Plain: `"a quote, \ and 1.S1.x.client-1/1.` + uuid.NewString() + `.AAAA"`,
		Lines: []utterance{{"client-1", sealed.Say("一")}, {"client-2", sealed.Say("二")}, {"client-1", sealed.Say("三")}, {"client-11", sealed.Say("四")}},
	}
	place := sealed.Place{Stream: "group-1", Event: uuid.New()}
	closed, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, fact, place, "group-1")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(closed)
	if err != nil {
		t.Fatal(err)
	}
	rest, values := sealed.Without(data, "client-1")
	if values != 2 {
		t.Errorf("%d values are taken out", values)
	}
	var left minutes
	if err := json.Unmarshal(rest, &left); err != nil {
		t.Fatalf("it is no JSON any more: %v: %s", err, rest)
	}
	for i, want := range []string{"", "二", "", "四"} {
		said, err := left.Lines[i].Text.Open(t.Context(), &sealedtest.Keys{}, place.Stream)
		if err != nil || said != want {
			t.Errorf("line %d says %q, %v", i, said, err)
		}
	}
	if said, err := left.Title.Open(t.Context(), &sealedtest.Keys{}, place.Stream); err != nil || said != "小组" || left.Plain != fact.Plain {
		t.Errorf("the rest says %q and %q, %v", said, left.Plain, err)
	}
	if again, more := sealed.Without(rest, "client-1"); more != 0 || string(again) != string(rest) {
		t.Errorf("asked again it takes out %d", more)
	}
	if same, none := sealed.Without(data, "client-3"); none != 0 || string(same) != string(data) {
		t.Error("of a stranger something is taken out")
	}
	if _, err := json.Marshal(fact); !errors.Is(err, sealed.ErrOpen) {
		t.Errorf("the fact itself was changed: %v", err)
	}
}

func TestWhatIsNoJSONIsLeftAlone(t *testing.T) {
	for _, text := range []string{``, `"`, `"client-1/`, `{"a":".client-1/`, `.client-1/`, `"\`, strings.Repeat(`"`, 5) + ".client-1/"} {
		if rest, values := sealed.Without([]byte(text), "client-1"); values != 0 || string(rest) != text {
			t.Errorf("%q became %q", text, rest)
		}
	}
}
