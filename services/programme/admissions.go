package programme

import (
	"regexp"

	"github.com/casestream/casestream/events"
)

// Who looks at the programme from outside, and may have rows of single cases, without names.

var (
	purposes = []string{"evaluation", "audit", "research"}
	account  = regexp.MustCompile(`^[a-z0-9]+([:-][a-z0-9]+)*$`)
)

// AdmitEvaluator lets an account of an evaluator have extracts of one project until the end of a day. It may be said
// again: the last holds, so a day that is past ends it, and all that was said stays in the log.
type AdmitEvaluator struct {
	Evaluator string `json:"evaluator" minLength:"1" maxLength:"100" pattern:"^[a-z0-9]+([:-][a-z0-9]+)*$" doc:"the account, as the log names it: evaluator:NAME; no person's name"`
	Project   string `json:"project" minLength:"1" maxLength:"60" doc:"code of the project"`
	Until     string `json:"until" format:"date" doc:"the last day; one that is past ends the admission"`
	Purpose   string `json:"purpose" enum:"evaluation,audit,research" doc:"what for"`
}

func (cmd AdmitEvaluator) Decide(p Programme, meta events.Meta) ([]events.Event, error) {
	if err := first(
		rule{account.MatchString(cmd.Evaluator), RefusedForm, "evaluator"},
		known("project", p.projects.has(cmd.Project)),
		day("until", cmd.Until),
		oneOf("purpose", cmd.Purpose, purposes),
		rule{cmd.Evaluator != meta.Actor, RefusedSelf, ""},
	); err != nil {
		return nil, err
	}
	now := events.EvaluatorAdmitted(cmd)
	if before, ok := p.admissions.find(admitted{cmd.Evaluator, cmd.Project}); ok && before == now {
		return nil, nil
	}
	return []events.Event{now}, nil
}

// Admissions lists what was said last of each account and project.
func (p Programme) Admissions() []Admission { return p.admissions.all(nil) }

// Admitted tells whether an account may have extracts of a project on a day.
func (p Programme) Admitted(evaluator, project, day string) bool {
	a, ok := p.admissions.find(admitted{evaluator, project})
	return ok && day <= a.Until
}
