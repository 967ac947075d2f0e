package sealed_test

import (
	"testing"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/google/uuid"
)

func TestASealedValueSaysItsClassAndField(t *testing.T) {
	type fact struct {
		Name sealed.Text            `json:"name" class:"S1"`
		Told []sealed.Text          `json:"told" class:"S3"`
		Note sealed.Value[[]string] `json:"note" class:"S2"`
	}
	closed, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, fact{sealed.Say("小龙"), []sealed.Text{sealed.Say("一"), sealed.Say("二")}, sealed.New([]string{"三"})}, sealed.Place{Stream: "case-1", Event: uuid.New()}, "case-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		value interface {
			Class() sealed.Class
			Field() string
		}
		class sealed.Class
		field string
	}{
		{closed.Name, sealed.Identity, "name"}, {closed.Told[1], sealed.Disclosure, "told/1"}, {closed.Note, sealed.Clinical, "note"}, {sealed.Text{}, "", ""}, {sealed.Say("offen"), "", ""},
	} {
		if v.value.Class() != v.class || v.value.Field() != v.field {
			t.Errorf("%s of %s, not %s of %s", v.value.Field(), v.value.Class(), v.field, v.class)
		}
	}
}
