package rest

import (
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
)

// A father agreed to the service; then his daughter, who is fourteen, said that he beats her. He asks for what is recorded:
// he gets what he would have got before she said it. She gets everything.
func TestAGuardianUnderSuspicionIsShownNoReport(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	is := s.fills("/clients/{id}/registration")
	is["birth"] = "1998-05-01"
	s.does("/clients/{id}/registration", is)
	s.comes("/cases/{id}/decision")
	s.comes("/cases/{id}/consents")
	export := s.url("/clients/{id}/export")
	given := func() (string, events.Recorded) {
		s.arrives()
		before := o.readLogEnds()
		h := o.officer.sees(export + "?recipient=guardian")
		left := o.entries(before)
		if len(left) != 1 {
			t.Fatalf("it left %v", left)
		}
		return strings.Replace(string(h.bytes), h.body["made"].(string), "", 1), left[0]
	}
	asked, _ := given()
	for _, path := range []string{
		"/cases/{id}/incidents", "/cases/{id}/flags", "/cases/{id}/risks", "/cases/{id}/measures", "/cases/{id}/notes", "/cases/{id}/amendments",
		"/cases/{id}/retractions", "/cases/{id}/referrals", "/cases/{id}/grants", "/cases/{id}/conflicts", "/cases/{id}/break-glass",
		"/cases/{id}/interventions", "/clients/{id}/holds",
	} {
		s.comes(path)
	}
	is["entry"], is["why"], is["address"] = newID(), secret, "不公开的地方"
	is["guardian"] = body{"name": "临时监护人", "relation": "institution"}
	s.does("/clients/{id}/details", is)
	unsafe := s.fills("/cases/{id}/assessments")
	unsafe["entry"], unsafe["guardianship"] = newID(), "unsafe"
	if h := o.a1.sends(s.url("/cases/{id}/assessments"), unsafe); h.status != 201 {
		t.Fatalf("%d %s", h.status, h.bytes)
	}
	s.comes("/clients/{id}/restrictions")
	again, entry := given()
	if again != asked {
		t.Errorf("it tells:\n%s\n%s", asked, again)
	}
	if !strings.Contains(again, `"purpose":"service"`) || !strings.Contains(again, s.id("cases")) {
		t.Errorf("what he agreed to is not in it: %s", again)
	}
	fact, ok := entry.Event.(events.Exported)
	if !ok || fact.What != "person_to_guardian" || fact.Rows != 1 || len(fact.Shown) != 1 || len(fact.Shown[0].Classes) != 1 {
		t.Errorf("it left %+v", entry.Event)
	}
	hers := string(o.officer.sees(export + "?recipient=client").bytes)
	for _, there := range []string{`"case.incident-recorded"`, `"unsafe"`, `"case.flag-raised"`, `"client.processing-restricted"`, `"readers"`} {
		if !strings.Contains(hers, there) {
			t.Errorf("she is not given %s", there)
		}
	}
}

// Who receives it has no default, and nobody else than these two can.
func TestWhoReceivesAnExportMustBeSaid(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	before := o.readLogEnds()
	for _, query := range []string{"", "?recipient=", "?recipient=" + "c0ffee5ec2e7", "?recipient=client,guardian", "?recipient=Client", "?to=client"} {
		h := o.officer.gets(s.url("/clients/{id}/export") + query)
		o.isProblem("GET an export"+query, h, unfit)
		o.isSilent("GET an export"+query, h)
	}
	if left := o.entries(before); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}
