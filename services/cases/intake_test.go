package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/spec"
)

func takeIn(change func(*cases.RecordIntake)) cases.RecordIntake {
	cmd := cases.RecordIntake{
		Entry: id("intake"), Client: id("client"), Category: "street_child", Project: "home", Source: "outreach", Urgency: "emergency", Beside: years(9),
	}
	if change != nil {
		change(&cmd)
	}
	return cmd
}

func answered(answers map[string]any) cases.RecordIntake {
	return takeIn(func(cmd *cases.RecordIntake) { cmd.Answers = answers })
}

func TestIntakeOpensACase(t *testing.T) {
	streetChild, _ := categories.Find("street_child")
	nothing := events.Form{Key: "street_child.intake", Version: streetChild.Form.Version, Missing: []string{
		"found_on", "found_place", "found_by", "health", "injuries", "company", "coercion", "rescued_before", "identity_verified",
	}}
	nameless := intake
	nameless.Form = nothing

	some := intake
	some.Problem, some.Referrer, some.Site = say("夜间独自在候车室"), say("民警陈志强"), "station"
	some.Form = events.Form{
		Key: "street_child.intake", Version: streetChild.Form.Version,
		Missing: []string{"found_place", "found_by", "company", "rescued_before", "identity_verified"},
		Answers: []events.Answer{
			{Field: "found_on", Said: sealed.Graded[any]("S2", "2012-07-01")},
			{Field: "health", Said: sealed.Graded[any]("S2", []any{"good"})},
			{Field: "injuries", Said: sealed.Graded[any]("S2", "no")},
			{Field: "coercion", Said: sealed.Graded[any]("S3", "yes")},
			{Field: "coercion_signs", Said: sealed.Graded[any]("S3", []any{"trafficked"})},
		},
	}
	some.Due = append(some.Due[:3:3], due("police_report", "2012-07-02 10:00"))

	student := intake
	student.Category, student.Urgency, student.AgeYears = "boarding_student", "routine", nil
	boarding, _ := categories.Find("boarding_student")
	student.Form = events.Form{
		Key: "boarding_student.intake", Version: boarding.Form.Version,
		Answers: []events.Answer{{Field: "self_harm", Said: sealed.Graded[any]("S3", "yes")}},
	}
	for _, fault := range boarding.Form.Check(map[string]any{"self_harm": "yes"}) {
		student.Form.Missing = append(student.Form.Missing, fault.Field)
	}
	wait := due("intake_decision", "2012-07-06 00:00")
	wait.Unsure = true // the terms of 2012 are assumed
	student.Due = []events.Due{wait, due("risk_rating", "2012-07-03 00:00"), due("self_harm_contact", "2012-07-03 10:00")}

	run(t, []rule{
		{
			Name: "a nameless child at night is taken in at once, and the gaps are listed",
			When: takeIn(nil),
			Then: facts{nameless},
		},
		{
			Name: "answers are sealed with the class of their field, in the order of the form; a blank one is none; signs of trafficking go to the police at once",
			When: takeIn(func(cmd *cases.RecordIntake) {
				cmd.Problem, cmd.Referrer, cmd.Site = "夜间独自在候车室", "民警陈志强", "station"
				cmd.Answers = map[string]any{
					"coercion_signs": []any{"trafficked"}, "coercion": "yes", "injuries": "no", "health": []any{"good"}, "found_on": "2012-07-01",
					"found_place": " ", "dialect": nil, "left_home_because": []any{},
				}
			}),
			Then: facts{some},
		},
		{
			Name: "talk of self-harm is rated the same day, also in the holidays when the school's clocks rest",
			When: takeIn(func(cmd *cases.RecordIntake) {
				cmd.Category, cmd.Urgency, cmd.Beside = "boarding_student", "routine", cases.Beside{}
				cmd.Answers = map[string]any{"self_harm": "yes"}
			}),
			Then: facts{student},
		},
		{
			Name:  "a case is recorded once",
			Given: takenIn,
			When:  takeIn(func(cmd *cases.RecordIntake) { cmd.Entry = id("again") }),
			Err:   cases.RefusedExists,
		},
		{
			Name: "in a category that is known",
			When: takeIn(func(cmd *cases.RecordIntake) { cmd.Category = "astronaut" }),
			Err:  cases.RefusedCode,
		},
		{
			Name: "of a client",
			When: takeIn(func(cmd *cases.RecordIntake) { cmd.Client = [16]byte{} }),
			Err:  cases.RefusedMissing,
		},
		{
			Name: "in a project",
			When: takeIn(func(cmd *cases.RecordIntake) { cmd.Project = "" }),
			Err:  cases.RefusedMissing,
		},
		{
			Name: "from a source that is known",
			When: takeIn(func(cmd *cases.RecordIntake) { cmd.Source = "dream" }),
			Err:  cases.RefusedCode,
		},
		{Name: "a day that is none is refused", When: answered(map[string]any{"found_on": "yesterday"}), Err: "answer-kind"},
		{Name: "an option that is none is refused", When: answered(map[string]any{"found_by": "ufo"}), Err: "answer-option"},
		{Name: "an answer that nothing asked for is refused", When: answered(map[string]any{"coercion_detail": "x"}), Err: "answer-hidden"},
		{Name: "identity does not belong into the form", When: answered(map[string]any{"name": "李小龙"}), Err: "answer-unknown"},
	})
}

func TestARefusedFormNamesTheFieldAndNeverAnUnknownOne(t *testing.T) {
	for _, c := range []struct {
		answers map[string]any
		about   string
	}{
		{map[string]any{"found_on": "秘密"}, "found_on"},
		{map[string]any{"秘密": "x"}, ""},
	} {
		_, err := answered(c.answers).Decide(cases.Case{}, events.Meta{OccurredAt: spec.Now})
		refusal, ok := err.(*services.Refusal)
		if !ok || refusal.About != c.about {
			t.Errorf("%v, want one about %q", err, c.about)
		}
	}
}

func TestWhatTheCommandAsksIsWhatTheFormsAsk(t *testing.T) {
	for _, category := range categories.All() {
		for field, codes := range map[string]string{"source": "Source", "urgency": "Urgency"} {
			asked, ok := category.Form.Field(field)
			if !ok {
				t.Fatalf("%s does not ask %s", category.Key, field)
			}
			for _, option := range asked.Options {
				cmd := takeIn(func(cmd *cases.RecordIntake) {
					cmd.Category = category.Key
					if codes == "Source" {
						cmd.Source = option.Key
					} else {
						cmd.Urgency = option.Key
					}
				})
				if _, err := cmd.Decide(cases.Case{}, events.Meta{OccurredAt: spec.Now}); err != nil {
					t.Errorf("%s: the form offers %s %s and the command refuses it: %v", category.Key, field, option.Key, err)
				}
			}
		}
	}
}

func TestIntakeIntoAnotherCategoryOwesOnlyWhatThatCategoryHas(t *testing.T) {
	said, err := takeIn(func(cmd *cases.RecordIntake) { cmd.Category = "elder" }).Decide(cases.Case{}, events.Meta{OccurredAt: spec.Now})
	if err != nil {
		t.Fatal(err)
	}
	if steps := said[0].(events.IntakeRecorded).Due; len(steps) != 1 || steps[0].Step != "intake_decision" {
		t.Errorf("due %v, want the decision alone", steps)
	}
}
