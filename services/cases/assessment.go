package cases

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/google/uuid"
)

// RecordAssessment writes down needs, strengths and risks by domain, and what was found of the guardian.
type RecordAssessment struct {
	Entry        uuid.UUID      `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Domains      []AssessDomain `json:"domains,omitempty" maxItems:"20" doc:"the domains that were looked at"`
	Guardianship string         `json:"guardianship,omitempty" enum:"able,unable,unsafe,unknown" doc:"what was found of the guardian; left out: not assessed"`
	Summary      string         `json:"summary,omitempty" maxLength:"20000" doc:"all in all"`
}

// AssessDomain is one domain of an assessment.
type AssessDomain struct {
	Domain    string `json:"domain" minLength:"1" maxLength:"64" doc:"key of a domain of the category"`
	Severity  *int   `json:"severity,omitempty" minimum:"0" maximum:"10" doc:"how severe, 0 to 10; left out: not rated"`
	Needs     string `json:"needs,omitempty" maxLength:"10000" doc:"needs"`
	Strengths string `json:"strengths,omitempty" maxLength:"10000" doc:"strengths"`
	Risks     string `json:"risks,omitempty" maxLength:"10000" doc:"risks"`
}

func (cmd RecordAssessment) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.accepted(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if err := c.served(meta.OccurredAt); err != nil {
		return nil, err
	}
	if len(cmd.Domains) == 0 && cmd.Guardianship == "" && blank(cmd.Summary) {
		return nil, services.Refuse(RefusedMissing, "domains")
	}
	domains, err := assessed(c.category(), cmd.Domains)
	if err != nil {
		return nil, err
	}
	fact := events.AssessmentRecorded{
		Entered: entered(cmd.Entry), Domains: domains, Guardianship: cmd.Guardianship, Summary: say(cmd.Summary),
	}
	fact.Done = c.settled(stepAssessment, stepReview, stepSafety, stepHealth)
	next := stepPlan
	if plan, _ := latest(c, day(meta.OccurredAt), isAny[events.PlanAgreed]); plan != nil {
		next = stepReview
	}
	fact.Due = c.owes(meta.OccurredAt, next)
	return []events.Event{fact}, nil
}

func assessed(category categories.Category, domains []AssessDomain) (out []events.DomainAssessed, err error) {
	for n, d := range domains {
		if !slices.ContainsFunc(category.Domains, func(known categories.Choice) bool { return known.Key == d.Domain }) {
			return nil, services.Refuse(RefusedCode, "domain")
		}
		if slices.ContainsFunc(domains[:n], func(before AssessDomain) bool { return before.Domain == d.Domain }) {
			return nil, services.Refuse(RefusedTwice, d.Domain)
		}
		out = append(out, events.DomainAssessed{
			Domain: d.Domain, Severity: d.Severity, Needs: say(d.Needs), Strengths: say(d.Strengths), Risks: say(d.Risks),
		})
	}
	return out, nil
}

// guardianship is what was last found of the guardian by the end of a day: able, unable, unsafe, unknown; empty
// when nobody looked.
func (c Case) guardianship(day string) string {
	_, found := latest(c, day, func(a events.AssessmentRecorded) bool { return a.Guardianship != "" })
	return found.Guardianship
}
