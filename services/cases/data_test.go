package cases

import (
	"slices"
	"testing"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/categories"
)

func TestEveryStepThatFallsDueIsKnownToTheCategories(t *testing.T) {
	var known []string
	for _, step := range categories.Steps() {
		known = append(known, step.Key)
	}
	steps := append([]string{
		stepDecision, stepAssessment, stepPlan, stepReview, stepSafety, stepHealth, stepPolice, stepRisk, stepSelfHarm,
		stepMissingGuardian, stepMissingPolice, stepDischarge,
	}, rhythm...)
	for _, a := range allAlarms {
		steps = append(steps, a.Steps...)
	}
	for _, step := range steps {
		if !slices.Contains(known, step) {
			t.Errorf("step %q is not in the data of the categories", step)
		}
	}
}

func TestAnAnswerIsPlainOnlyWhereItsClassAllowsIt(t *testing.T) {
	asks := categories.Form{Fields: []categories.Field{
		{Key: "visits", Kind: categories.Number, Class: categories.S0}, {Key: "home", Kind: categories.Place, Class: categories.S1},
	}}
	form, err := filled(asks, map[string]any{"visits": 2.0, "home": "黄陂"})
	if err != nil || len(form.Answers) != 2 || form.Answers[0].Plain != 2.0 || !form.Answers[0].Said.IsZero() {
		t.Fatalf("%v, %v", form, err)
	}
	if home := form.Answers[1]; home.Plain != nil || home.Said.Class() != sealed.Identity {
		t.Errorf("an address is kept in plain words, or in another class: %v", home)
	}
}

func TestEveryAlarmListensToAnAnswerThatSomeFormCanGive(t *testing.T) {
	for _, a := range allAlarms {
		for _, answer := range a.Is {
			if !slices.ContainsFunc(categories.All(), func(c categories.Category) bool { return offers(c, a.Field, answer) }) {
				t.Errorf("no form offers %s for %s", answer, a.Field)
			}
		}
	}
}

func offers(c categories.Category, field, answer string) bool {
	asked, ok := c.Form.Field(field)
	return ok && (asked.Kind == categories.YesNoUnknown && (answer == "yes" || answer == "no") ||
		slices.ContainsFunc(asked.Options, func(o categories.Choice) bool { return o.Key == answer }))
}
