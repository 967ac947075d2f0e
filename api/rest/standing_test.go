package rest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// restricts has a client restricted by an officer.
func (s *story) restricts() {
	s.Helper()
	s.comes("/clients/{id}/restrictions")
}

// Rights are always those of today: the days of before do not open a case that is restricted or erased since, and it does not
// take until the views have arrived.
func TestACaseThatIsRestrictedOrErasedIsSoForEveryDayAndAtOnce(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/notes")
	o.a.does("/cases/"+s.id("cases")+"/grants", body{"entry": newID(), "worker": o.b1.id, "until": o.app.Now().AddDate(0, 0, 18), "purpose": "cover", "reason": secret})
	o.arrives()
	kase, client := "/cases/"+s.id("cases"), "/clients/"+s.id("clients")
	asked := func(who person) (all map[string]heard) {
		all = make(map[string]heard)
		for _, path := range []string{kase, kase + "/timeline", kase + "/duty", client} {
			for _, day := range []string{"", "?as_of=2012-07-02", "?known_at=2012-07-02"} {
				all[path+day] = who.gets(path + day)
			}
		}
		return all
	}
	listed := func(who person) (in bool) {
		for _, list := range []string{"/caseload", "/caseload?as_of=2012-07-02", "/audit", "/audit?as_of=2012-07-02", "/outcomes/facts?number=intakes"} {
			in = in || strings.Contains(string(who.gets(list).bytes), s.id("cases"))
		}
		return in
	}
	is := func(when string, who person, shown bool) {
		t.Helper()
		for what, h := range asked(who) {
			if shown != (h.status == http.StatusOK) || !shown && !same(h, who.gets("/cases/"+newID())) {
				t.Errorf("%s, %s is told %d of %s: %s", when, who.who, h.status, what, h.bytes)
			}
		}
		if listed(who) != shown {
			t.Errorf("%s, to %s it is listed: %t", when, who.who, !shown)
		}
	}
	numbers := func() string {
		o.arrives()
		h := o.a.gets("/outcomes")
		if h.status != http.StatusOK {
			t.Fatalf("%s", h.bytes)
		}
		return asSent(h.body["result"]) + asSent(o.a.gets("/reports/2012").body["result"])
	}
	before := numbers()
	is("open", o.a1, true)
	is("open", o.b1, true)
	s.restricts()
	is("restricted", o.a1, true)
	is("restricted", o.b1, false)
	is("restricted", o.a, true)
	note := o.a1.sends(kase+"/notes", body{"entry": newID(), "kind": "process", "text": secret})
	o.isProblem("a note of who carries it", note, http.StatusConflict)
	if note.body["code"] != "client-restricted" {
		t.Errorf("it says %s", note.bytes)
	}
	o.isProblem("a note of who was let in", o.b1.sends(kase+"/notes", body{"entry": newID(), "kind": "process", "text": secret}), hidden)
	s.comes("/clients/{id}/restriction-liftings")
	is("free again", o.b1, true)
	if now := numbers(); now != before {
		t.Errorf("the numbers are %s, and were %s", now, before)
	}
	record(o, o.app.Clients, "client-"+s.id("clients"), events.ForgettingBegun{Request: uuid.Must(uuid.NewV7())})
	for _, who := range []person{o.a1, o.b1, o.a} {
		is("erased", who, false)
	}
	for _, path := range []string{"/amendments", "/retractions", "/notes", "/incidents", "/closure"} {
		content := s.fills("/cases/{id}" + path)
		o.isProblem("POST "+path, o.a1.sends(kase+path, content, "If-Match", `"1"`), hidden)
	}
	if now := numbers(); now != before {
		t.Errorf("erased, the numbers are %s, and were %s", now, before)
	}
	intake := o.story(o.a1)
	intake.ids["clients"] = s.id("clients")
	unknown := o.story(o.a1)
	if a, b := o.a1.sends(intake.url("/cases/{id}/intake"), intake.fills("/cases/{id}/intake")),
		o.a1.sends(unknown.url("/cases/{id}/intake"), unknown.fills("/cases/{id}/intake")); !same(a, b) {
		t.Errorf("an intake for someone who is erased says %s, for nobody %s", a.bytes, b.bytes)
	}
	h := o.officer.gets(client + "/export?recipient=client")
	if h.status != http.StatusOK || h.body["standing"] != "forgotten" {
		t.Errorf("the officer's export says %s", h.bytes)
	}
}

// What was done before a restriction is answered to a retry as it was then. Only what is new is refused.
func TestARetryIsAnsweredAsTheFirstTimeAlsoWhenTheClientIsRestricted(t *testing.T) {
	o := openOffice(t)
	for _, path := range []string{"/cases/{id}/intake", "/cases/{id}/decision", "/cases/{id}/notes", "/cases/{id}/referral-answers", "/cases/{id}/grants", "/cases/{id}/incidents"} {
		s := o.story(o.a1)
		a := s.attempt(path)
		first := a.send()
		if first.status != http.StatusCreated {
			t.Fatalf("POST %s: %d %s", path, first.status, first.bytes)
		}
		s.done["/clients/{id}/registration"] = heard{}
		s.restricts()
		again := a.send()
		if again.status != http.StatusCreated || string(again.bytes) != string(first.bytes) || again.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("POST %s: the retry is answered with %d %s, and was %s", path, again.status, again.bytes, first.bytes)
		}
		if path == "/cases/{id}/incidents" {
			continue
		}
		key := a.header.Get("Idempotency-Key")
		a.header.Set("Idempotency-Key", newID())
		if h := a.refused("anew", http.StatusConflict); h.body["code"] != "client-restricted" {
			t.Errorf("POST %s: what is new is answered with %s", path, h.bytes)
		}
		a.header.Set("Idempotency-Key", key)
		changed := copied(a.content).(body)
		changed["happened_at"] = "2012-07-01T08:00:00+08:00"
		a.content = changed
		if h := a.refused("with another body", http.StatusUnprocessableEntity); h.body["code"] != "command-reused" {
			t.Errorf("POST %s: another body is answered with %s", path, h.bytes)
		}
	}
}
