package rest

import (
	"net/http"
	"testing"
)

// rule is a command that fits its schema, and that a rule says no to.
type rule struct {
	what   string
	given  []string // done before, beside what the command needs anyway
	path   string
	say    body // instead of what the table says there; nil takes a name away
	status int
	code   string
}

const ruled = http.StatusConflict

var rules = []rule{
	{"a plan without consent", []string{"/cases/{id}/decision", "/cases/{id}/consents", "/cases/{id}/withdrawals"}, "/cases/{id}/plans", nil, ruled, "consent-needed"},
	{"an assessment after the consent was withdrawn", []string{"/cases/{id}/withdrawals"}, "/cases/{id}/assessments", nil, ruled, "consent-needed"},
	{"a contact after the consent was withdrawn", []string{"/cases/{id}/withdrawals"}, "/cases/{id}/interventions", nil, ruled, "consent-needed"},
	{"a referral that nobody agreed to", nil, "/cases/{id}/referrals", body{"basis": nil, "basis_reason": nil}, ruled, "consent-needed"},
	{"a consent of a child of twelve", nil, "/cases/{id}/consents", body{"capacity": "self"}, ruled, "guardian-needed"},
	{"a consent that nobody witnessed", nil, "/cases/{id}/consents", body{"witness": nil}, ruled, "witness-needed"},
	{"a law that was not in force", nil, "/cases/{id}/referrals", body{"basis": "domestic_violence_2016"}, ruled, "legal-basis"},

	{"one person-time too many", nil, "/cases/{id}/interventions", body{"person_times": 2}, unfit, "person-times"},
	{"a person-time of nobody", nil, "/cases/{id}/interventions", body{"present": nil}, unfit, "person-times"},
	{"a teacher who is served", nil, "/cases/{id}/interventions", body{"present": []body{{"who": "teacher", "name": secret, "served": true}}}, unfit, "not-served"},
	{"a session with a person-time too many", nil, "/groups/{id}/sessions", body{"person_times": 2}, unfit, "person-times"},
	{"a session without a line for a member", nil, "/groups/{id}/sessions", body{"attendance": []body{}, "person_times": 0}, unfit, "attendance-incomplete"},
	{"a corrected session that does not add up", nil, "/groups/{id}/attendance-corrections", body{"person_times": 1}, unfit, "person-times"},
	{"heads that do not add up", nil, "/activities/{id}/report", body{"person_times": 43}, unfit, "person-times"},
	{"corrected heads that do not add up", nil, "/activities/{id}/count-corrections", body{"person_times": 42}, unfit, "person-times"},
	{"more forms back than out", nil, "/activities/{id}/report", body{"forms_back": 21}, unfit, "forms"},

	{"sending home without an assessment of the guardian", nil, "/cases/{id}/handovers", body{"guardianship": nil}, ruled, "guardianship-needed"},
	{"sending home on a worker's word", nil, "/cases/{id}/handovers", body{"guardianship": nil, "allowed_reason": secret}, ruled, "supervisor-needed"},
	{"a child of twelve who leaves alone", nil, "/cases/{id}/handovers", body{"received_as": "self"}, ruled, "too-young"},
	{"an escort home by nobody", nil, "/cases/{id}/handovers", body{"escorts": nil}, ruled, "escorts-needed"},

	{"a contact in a closed case", []string{"/cases/{id}/consents", "/cases/{id}/closure"}, "/cases/{id}/interventions", nil, ruled, "case-closed"},
	{"a plan in a closed case", []string{"/cases/{id}/consents", "/cases/{id}/closure"}, "/cases/{id}/plans", nil, ruled, "case-closed"},
	{"a note in a closed case", []string{"/cases/{id}/closure"}, "/cases/{id}/notes", nil, ruled, "case-closed"},
	{"a second closure", []string{"/cases/{id}/closure"}, "/cases/{id}/closure", body{"entry": newID()}, ruled, "case-closed"},
	{"a follow-up of a running case", []string{"/cases/{id}/closure", "/cases/{id}/reopening"}, "/cases/{id}/follow-ups", nil, ruled, "not-closed"},
	{"a second reopening", []string{"/cases/{id}/reopening"}, "/cases/{id}/reopening", body{"entry": newID()}, ruled, "not-closed"},
	{"a second decision", []string{"/cases/{id}/decision"}, "/cases/{id}/decision", body{"entry": newID()}, ruled, "decided"},
	{"a second intake", []string{"/cases/{id}/intake"}, "/cases/{id}/intake", body{"entry": newID()}, ruled, "case-exists"},
	{"a declined intake without a reason", nil, "/cases/{id}/decision", body{"accepted": false, "reason": nil}, unfit, "missing"},

	{"an intake at no site", nil, "/cases/{id}/intake", body{"site": secret}, ruled, "no-site"},
	{"an intake of no category", nil, "/cases/{id}/intake", body{"category": secret}, unfit, "unknown-code"},
	{"an answer that nobody asked for", nil, "/cases/{id}/intake", body{"answers": body{secret: secret}}, unfit, "answer-unknown"},
	{"an answer that is no option", nil, "/cases/{id}/intake", body{"answers": body{"injuries": secret}}, unfit, "answer-option"},
	{"an answer to what is not shown", nil, "/cases/{id}/intake", body{"answers": body{"injuries": "no", "injuries_detail": secret}}, unfit, "answer-hidden"},
	{"a case for no worker", nil, "/cases/{id}/assignments", body{"worker": newID()}, ruled, "no-worker"},
	{"an instrument that there is not", nil, "/cases/{id}/measures", body{"instrument": secret}, unfit, "unknown-code"},
	{"an item that there is not", nil, "/cases/{id}/measures", body{"answers": body{secret: 1}}, unfit, "unknown-item"},
	{"an answer above the scale", nil, "/cases/{id}/measures", body{"answers": body{"phq1": 4}}, unfit, "out-of-range"},
	{"a measure that was done and was not", nil, "/cases/{id}/measures", body{"not_done": "refused"}, unfit, "done-or-not"},
	{"a domain that there is not", nil, "/cases/{id}/assessments", body{"domains": []body{{"domain": secret}}}, unfit, "unknown-code"},
	{"a finding that nobody asked for", nil, "/cases/{id}/follow-ups", body{"findings": body{secret: "yes"}}, unfit, "unknown-code"},
	{"a finding that is none", nil, "/cases/{id}/follow-ups", body{"findings": body{"safe": secret}}, unfit, "unknown-code"},
	{"a window that there is not", nil, "/cases/{id}/follow-ups", body{"window": secret}, unfit, "unknown-code"},
	{"an exit that there is not", nil, "/cases/{id}/closure", body{"exit": secret}, unfit, "unknown-code"},
	{"a reason that there is not", nil, "/cases/{id}/closure", body{"reason": secret}, unfit, "unknown-code"},
	{"a goal of no plan", nil, "/cases/{id}/goal-ratings", body{"goal": newID()}, ruled, "unknown-goal"},
	{"three levels of a goal", nil, "/cases/{id}/plans", body{"goals": []body{{"goal": newID(), "title": secret, "weight": 1, "levels": []string{secret, secret, secret}}}}, unfit, "levels"},

	{"an amendment of nothing", nil, "/cases/{id}/amendments", body{"amends": newID()}, ruled, "unknown-entry"},
	{"an amendment that says nothing anew", nil, "/cases/{id}/amendments", body{"now": body{}}, unfit, "one-entry"},
	{"a retraction of the decision", []string{"/cases/{id}/decision"}, "/cases/{id}/retractions", body{"retracts": "/cases/{id}/decision"}, ruled, "not-retractable"},
	{"a second retraction", []string{"/cases/{id}/retractions"}, "/cases/{id}/retractions", body{"entry": newID()}, ruled, "retracted"},
	{"a flag that was cleared", []string{"/cases/{id}/flag-clearances"}, "/cases/{id}/flag-clearances", body{"entry": newID()}, ruled, "flag-cleared"},
	{"a referral that was answered", []string{"/cases/{id}/referral-answers"}, "/cases/{id}/referral-answers", body{"entry": newID()}, ruled, "referral-answered"},
	{"a referral that is completed", []string{"/cases/{id}/referral-completions"}, "/cases/{id}/referral-completions", body{"entry": newID()}, ruled, "referral-completed"},

	{"a birth to come", nil, "/clients/{id}/registration", body{"birth": "2012-07-03"}, unfit, "birth"},
	{"a number of no document", nil, "/clients/{id}/registration", body{"id_kind": "none"}, unfit, "id-number"},
	{"a client whom there is", []string{"/clients/{id}/registration"}, "/clients/{id}/registration", body{"entry": newID()}, ruled, "client-exists"},
	{"a group that there is", []string{"/groups/{id}/plan"}, "/groups/{id}/plan", body{"entry": newID()}, ruled, "group-exists"},
	{"a member who is one", []string{"/groups/{id}/members"}, "/groups/{id}/members", body{"entry": newID()}, ruled, "already-member"},
	{"a session after the evaluation", []string{"/groups/{id}/members", "/groups/{id}/evaluation"}, "/groups/{id}/sessions", nil, ruled, "group-evaluated"},
	{"an activity that took place, cancelled", []string{"/activities/{id}/report"}, "/activities/{id}/cancellation", nil, ruled, "already-held"},

	{"a worker on a post that is held", []string{"/programme/workers"}, "/programme/workers", body{"worker": newID()}, ruled, "post-held"},
	{"a project of no agency", nil, "/programme/projects", body{"agency": secret}, unfit, "unknown-code"},
	{"a code that is taken", []string{"/programme/agencies"}, "/programme/agencies", body{"names": body{"zh": secret + "2"}}, ruled, "code-taken"},
	{"an agreement that ends before it begins", nil, "/programme/agreements", body{"until": "2012-05-17"}, unfit, "period-backwards"},
}

func TestARuleSaysNoAndChangesNothing(t *testing.T) {
	o := openOffice(t)
	for _, r := range rules {
		s := o.story(o.a1)
		for _, earlier := range r.given {
			s.comes(earlier)
		}
		a := s.attempt(r.path)
		content := a.content.(body)
		for name, value := range r.say {
			if path, ok := value.(string); ok && s.ids[path] != "" {
				value = s.id(path)
			}
			content[name] = value
			if value == nil {
				delete(content, name)
			}
		}
		h := a.refused(r.what, r.status)
		if h.body["code"] != r.code {
			t.Errorf("%s: it is %v, not %s: %s", r.what, h.body["code"], r.code, h.bytes)
		}
	}
}

func TestASupervisorMaySendAChildHome(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	content := s.before("/cases/{id}/handovers").body(s)
	delete(content, "guardianship")
	content["allowed_reason"] = secret
	o.a.does(s.url("/cases/{id}/handovers"), content)
}

// An intake registers its client only when the intake itself can be recorded.
func TestAnIntakeThatIsRefusedRegistersNobody(t *testing.T) {
	o := openOffice(t)
	for what, say := range map[string]body{
		"no category":      {"category": secret},
		"no site":          {"site": secret},
		"a wrong answer":   {"answers": body{"injuries": secret}},
		"a birth to come":  {"register": body{"entry": newID(), "birth": "2012-07-03"}},
		"a time to come":   {"happened_at": "2012-07-09T09:00:00+08:00"},
		"a case of theirs": nil,
	} {
		s := o.story(o.a1)
		content := s.fills("/cases/{id}/intake")
		content["register"] = body{"entry": newID(), "name": secret, "birth": "2000-05-01"}
		if say == nil {
			other := o.story(o.b1)
			other.comes("/cases/{id}/intake")
			s.ids["cases"] = other.id("cases")
		}
		for name, value := range say {
			content[name] = value
		}
		a := &attempt{story: s, line: line{path: "/cases/{id}/intake"}, by: o.a1, path: s.url("/cases/{id}/intake"), content: content, header: http.Header{}}
		a.header.Set("Idempotency-Key", newID())
		a.refused(what, hidden, ruled, unfit)
	}
	s := o.story(o.a1)
	s.comes("/cases/{id}/intake")
	content := s.fills("/cases/{id}/intake")
	content["client"], content["entry"], content["register"] = newID(), newID(), body{"entry": newID(), "name": secret}
	a := &attempt{story: s, line: line{path: "/cases/{id}/intake"}, by: o.a1, path: s.url("/cases/{id}/intake"), content: content, header: http.Header{}}
	a.header.Set("Idempotency-Key", newID())
	a.refused("a case that there is, and a new client", ruled)
}
