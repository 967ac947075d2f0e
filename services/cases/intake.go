package cases

import (
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/google/uuid"
)

// RecordIntake opens a case. What the form asks for may still be missing: a nameless child at night is taken in
// within half a minute, and the gaps are listed in the fact until an amendment fills them.
type RecordIntake struct {
	Entry    uuid.UUID      `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Client   uuid.UUID      `json:"client" format:"uuid" doc:"whose case it is"`
	Category string         `json:"category" minLength:"1" maxLength:"64" doc:"key of the kind of case"`
	Project  string         `json:"project" minLength:"1" maxLength:"64" doc:"id of the project"`
	Site     string         `json:"site,omitempty" maxLength:"64" doc:"id of the site"`
	Source   string         `json:"source" enum:"self,outreach,referral,hotline" doc:"how the client came"`
	Urgency  string         `json:"urgency" enum:"routine,urgent,emergency" doc:"how soon something must be done"`
	Referrer string         `json:"referrer,omitempty" maxLength:"300" doc:"who referred"`
	Problem  string         `json:"problem,omitempty" maxLength:"10000" doc:"the presenting problem, in the words of the client and the referrer"`
	Answers  map[string]any `json:"answers,omitempty" doc:"answers to the form of the category, by field"`
	Beside   `json:"-"`
}

func (cmd RecordIntake) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if c.Stage != None {
		return nil, services.Refuse(RefusedExists)
	}
	if err := contract(cmd); err != nil {
		return nil, err
	}
	category, known := categories.Find(cmd.Category)
	if !known {
		return nil, services.Refuse(RefusedCode, "category")
	}
	form, err := filled(category.Form, cmd.Answers)
	if err != nil {
		return nil, err
	}
	fact := events.IntakeRecorded{
		Entered: entered(cmd.Entry), Client: cmd.Client, Category: cmd.Category, Project: cmd.Project, Site: cmd.Site,
		Source: cmd.Source, Urgency: cmd.Urgency, AgeYears: cmd.Age,
		Referrer: say(cmd.Referrer), Problem: say(cmd.Problem), Form: form,
	}
	c.Intake = fact // whose category says what is due
	steps := append([]string{stepDecision, stepSafety, stepHealth}, alarms(cmd.Answers)...)
	fact.Due = c.due(meta.OccurredAt, steps...)
	return []events.Event{fact}, nil
}

// filled is the form with its answers, in its order: plain where the field's class allows it, else sealed with
// that class. What is compulsory and blank is listed as missing; any other fault refuses the form.
func filled(form categories.Form, answers map[string]any) (events.Form, error) {
	out := events.Form{Key: form.Key, Version: form.Version}
	for _, fault := range form.Check(answers) {
		if fault.Code != categories.FaultRequired {
			return out, services.Refuse(refusedAnswer+fault.Code, fault.Field)
		}
		out.Missing = append(out.Missing, fault.Field)
	}
	for _, field := range form.Fields {
		answer := answers[field.Key]
		switch {
		case blank(answer):
		case field.Class == categories.S0:
			out.Answers = append(out.Answers, events.Answer{Field: field.Key, Plain: answer})
		default:
			said := sealed.Graded(sealed.Class(field.Class), answer)
			out.Answers = append(out.Answers, events.Answer{Field: field.Key, Said: said})
		}
	}
	return out, nil
}

// blank tells whether an answer is none: an empty field of a web form arrives as one of these.
func blank(answer any) bool {
	switch said := answer.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(said) == ""
	case []any:
		return len(said) == 0
	}
	return false
}
