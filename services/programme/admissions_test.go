package programme_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
)

func TestAdmissions(t *testing.T) {
	for _, rule := range admissions {
		rule.Run(t)
	}
}

var (
	admit    = programme.AdmitEvaluator{Evaluator: "evaluator:jianghan", Project: "bring-home", Until: "2013-06-30", Purpose: "evaluation"}
	admitted = events.EvaluatorAdmitted(admit)
)

// admitting is the admission with something else in it.
func admitting(change func(*programme.AdmitEvaluator)) programme.AdmitEvaluator {
	cmd := admit
	change(&cmd)
	return cmd
}

var admissions = rules{
	{
		Name:  "an evaluator is admitted to a project",
		Given: structure,
		When:  admit,
		Then:  facts{admitted},
	},
	{
		Name:  "said again with another day, the last holds",
		Given: append(structure, admitted),
		When:  admitting(func(a *programme.AdmitEvaluator) { a.Until = "2012-12-31" }),
		Then:  facts{events.EvaluatorAdmitted(admitting(func(a *programme.AdmitEvaluator) { a.Until = "2012-12-31" }))},
	},
	{
		Name:  "an account is no person's name",
		Given: structure,
		When:  admitting(func(a *programme.AdmitEvaluator) { a.Evaluator = "王老师" }),
		Err:   programme.RefusedForm,
	},
	{
		Name:  "the project is one of the programme",
		Given: structure,
		When:  admitting(func(a *programme.AdmitEvaluator) { a.Project = "elsewhere" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "an admission ends on a day",
		Given: structure,
		When:  admitting(func(a *programme.AdmitEvaluator) { a.Until = "2013-02-30" }),
		Err:   programme.RefusedDay,
	},
	{
		Name:  "there is a purpose",
		Given: structure,
		When:  admitting(func(a *programme.AdmitEvaluator) { a.Purpose = "curiosity" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "nobody admits themselves",
		Given: structure,
		When:  admit,
		By:    admit.Evaluator,
		Err:   programme.RefusedSelf,
	},
}

func TestAnAdmissionIsOfOneProjectAndEnds(t *testing.T) {
	p := folded(append(structure, admitted)...)
	for _, c := range []struct {
		evaluator, project, day string
		may                     bool
	}{
		{"evaluator:jianghan", "bring-home", "2013-06-30", true},
		{"evaluator:jianghan", "bring-home", "2013-07-01", false},
		{"evaluator:jianghan", "elsewhere", "2013-06-30", false},
		{"evaluator:other", "bring-home", "2013-06-30", false},
	} {
		if p.Admitted(c.evaluator, c.project, c.day) != c.may {
			t.Errorf("%+v", c)
		}
	}
	ended := admitted
	ended.Until = "2013-01-01"
	if p = folded(append(structure, admitted, ended)...); p.Admitted("evaluator:jianghan", "bring-home", "2013-01-02") {
		t.Error("what was said last does not hold")
	}
	if all := p.Admissions(); len(all) != 1 || all[0] != ended {
		t.Errorf("%v", all)
	}
}
