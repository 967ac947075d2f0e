package sealed_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/google/uuid"
)

type told struct {
	Name  sealed.Text   `json:"name,omitzero" class:"S1"`
	Lines []sealed.Text `json:"lines" class:"S3"`
	Phone *sealed.Text  `json:"phone" class:"S1"`
	Inner any           `json:"inner"`
	Day   string        `json:"day"`
}

type inner struct {
	Text sealed.Text `json:"text" class:"S2"`
}

func TestAnEmptiedFactSaysWhereWordsWereAndNotWhich(t *testing.T) {
	keys, phone := &sealedtest.Keys{}, sealed.Say("139")
	place := sealed.Place{Stream: "case-1", Event: uuid.New()}
	closed, err := sealed.Seal(t.Context(), keys, told{
		Name: sealed.Say("小龙"), Lines: []sealed.Text{sealed.Say("一"), {}}, Phone: &phone, Inner: inner{sealed.Say("里")}, Day: "2012-07-01",
	}, place, "case-1")
	if err != nil {
		t.Fatal(err)
	}
	before, err := json.Marshal(closed)
	if err != nil {
		t.Fatal(err)
	}
	fact := sealed.Emptied(sealed.Emptied(closed))
	if after, err := json.Marshal(closed); err != nil || string(after) != string(before) {
		t.Errorf("the fact that was given is changed: %v", err)
	}
	if fact.Day != "2012-07-01" || !fact.Lines[1].IsZero() {
		t.Error("what was not closed is changed")
	}
	for _, v := range []struct {
		value sealed.Text
		class sealed.Class
		field string
	}{
		{fact.Name, sealed.Identity, "name"}, {fact.Lines[0], sealed.Disclosure, "lines/0"}, {*fact.Phone, sealed.Identity, "phone"}, {fact.Inner.(inner).Text, sealed.Clinical, "inner/text"},
	} {
		if v.value.IsZero() || v.value.Class() != v.class || v.value.Field() != v.field {
			t.Errorf("%s of %s, not %s of %s", v.value.Field(), v.value.Class(), v.field, v.class)
		}
		if _, err := v.value.Open(t.Context(), keys, "case-1"); !errors.Is(err, sealed.ErrEmptied) {
			t.Errorf("%s opens: %v", v.field, err)
		}
		if _, err := v.value.OpenJSON(t.Context(), keys, "case-1"); !errors.Is(err, sealed.ErrEmptied) {
			t.Errorf("%s opens as JSON: %v", v.field, err)
		}
		if _, err := json.Marshal(v.value); !errors.Is(err, sealed.ErrEmptied) {
			t.Errorf("%s is written: %v", v.field, err)
		}
	}
	again, err := sealed.Seal(t.Context(), keys, fact, place, "case-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(again); !errors.Is(err, sealed.ErrEmptied) {
		t.Errorf("sealing it again lets it be written: %v", err)
	}
}
