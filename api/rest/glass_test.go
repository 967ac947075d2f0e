package rest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
)

// broken is a case of A1 over which A2 has broken the glass.
func (o *office) broken() *story {
	o.Helper()
	s := o.wholeStory(o.a1)
	s.comes("/cases/{id}/break-glass")
	return s
}

func TestABrokenGlassLetsInToReadForAnHour(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	sees := func(when string, p person, want int) {
		t.Helper()
		for _, path := range underGlass {
			if h := p.gets(s.url(path)); h.status != want {
				t.Errorf("%s, GET %s by %s: %d", when, path, p.who, h.status)
			}
		}
	}
	sees("before", o.a2, hidden)
	s.comes("/cases/{id}/break-glass")
	sees("then", o.a2, http.StatusOK)
	sees("then", o.b1, hidden)
	other := o.wholeStory(o.a1)
	if h := o.a2.gets(other.url("/cases/{id}")); h.status != hidden {
		t.Errorf("it opens another case: %d", h.status)
	}
	if list := o.a2.sees("/caseload").body["result"].([]any); len(list) != 0 {
		t.Errorf("it is in the caseload: %v", list)
	}
	o.clock.set(o.clock.now().Add(time.Hour))
	sees("an hour later", o.a2, hidden)
	again := o.a2.does(s.url("/cases/{id}/break-glass"), body{"entry": newID(), "reason": "violence", "words": strings.Repeat("又", 20)})
	if again.body["version"] != 2. {
		t.Errorf("%s", again.bytes)
	}
	sees("broken again", o.a2, http.StatusOK)
}

// It is for reading and for an urgent note: every other command is refused as before.
func TestABrokenGlassIsForAnUrgentNoteAndNoOtherCommand(t *testing.T) {
	o := openOffice(t)
	for _, l := range caseLines {
		if isGlass(l.path) || l.path == "/cases/{id}/intake" {
			continue
		}
		s := o.story(o.a1)
		s.comes("/cases/{id}/break-glass")
		a := s.attempt(l.path)
		a.by = o.a2
		a.refused("under a broken glass", hidden)
	}
	s := o.broken()
	for kind, want := range map[string]int{"process": hidden, "telephone": hidden, "urgent": http.StatusCreated} {
		if h := o.a2.sends(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": kind, "text": secret}); h.status != want {
			t.Errorf("a note of the kind %s: %d", kind, h.status)
		}
	}
	if h := o.b1.sends(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "urgent", "text": secret}); h.status != hidden {
		t.Errorf("an urgent note without a broken glass: %d", h.status)
	}
}

func TestWhoBreaksTheGlassSignsInAgain(t *testing.T) {
	o := openOffice(t)
	for what, proof := range map[string]string{
		"of another": "Bearer " + o.b1.token, "that nobody has": "Bearer cs_" + secret, "of no kind": o.a2.token, "that is blank": "Bearer ", "that is none": "-",
	} {
		s := o.story(o.a1)
		a := s.attempt("/cases/{id}/break-glass")
		a.header.Set("Sign-In-Again", proof)
		if h := a.refused("with a token "+what, http.StatusForbidden); h.body["code"] != "sign-in-again" {
			t.Errorf("%s", h.bytes)
		}
		if h := o.a2.gets(s.url("/cases/{id}")); h.status != hidden {
			t.Errorf("with a token %s, it is broken", what)
		}
	}
}

// Whoever signed in on a device did so just now: who finds a phone unlocked breaks nothing with it.
func TestWhoIsSignedInOnADeviceSignsInAgainToBreakTheGlass(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	b := o.first().invites("li.si", session.Worker, o.a2)
	breaks := func() heard {
		r := request(http.MethodPost, s.url("/cases/{id}/break-glass"), body{"entry": newID(), "reason": "other", "words": strings.Repeat("急", 20)})
		r.Header.Set("Idempotency-Key", newID())
		r.AddCookie(&http.Cookie{Name: hostSession, Value: b.kept[hostSession]})
		return o.hears(r)
	}
	o.clock.set(o.clock.now().Add(account.Fresh + time.Minute))
	if h := breaks(); h.status != http.StatusForbidden || h.body["code"] != "sign-in-again" {
		t.Errorf("a quarter of an hour after signing in: %d %s", h.status, h.bytes)
	}
	if h := b.sends(http.MethodGet, s.url("/cases/{id}"), nil); h.status != hidden {
		t.Errorf("then it is broken: %d", h.status)
	}
	b.signsIn("li.si")
	if h := breaks(); h.status != http.StatusCreated {
		t.Errorf("after signing in again: %d %s", h.status, h.bytes)
	}
	b.did(http.MethodGet, s.url("/cases/{id}"), nil, http.StatusOK)
}

// What is read under it says so, in every entry, and is marked.
func TestWhatIsReadUnderABrokenGlassSaysSo(t *testing.T) {
	o := openOffice(t)
	s := o.broken()
	before := o.readLogEnds()
	for _, path := range underGlass {
		o.a2.sees(s.url(path))
		o.a1.sees(s.url(path))
	}
	for _, r := range o.entries(before) {
		fact := r.Event.(events.Disclosed)
		if under := r.Meta.Actor == o.a2.id.String(); under != (fact.Glass.String() == s.id("/cases/{id}/break-glass")) || under != slices.Contains(fact.Marks, "glass-broken") {
			t.Errorf("%s by %s: %+v", fact.Route, r.Meta.Actor, fact)
		}
	}
}

// Those who answer for the case, those who answer for who broke it, and the privacy officer see it until it is reviewed.
func TestABrokenGlassWaitsForAReviewBySomeoneElse(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.b1) // a case of B's team, and A2 breaks it
	s.comes("/cases/{id}/break-glass")
	waits := func(p person) int { return len(p.sees("/access/glass").body["result"].([]any)) }
	for _, p := range []person{o.a, o.b, o.officer} {
		list := p.sees("/access/glass").body["result"].([]any)
		if len(list) != 1 {
			t.Fatalf("%s sees %v", p.who, list)
		}
		row := list[0].(body)
		if row["case"] != s.id("cases") || row["glass"] != s.id("/cases/{id}/break-glass") || row["actor"] != o.a2.id.String() || row["overdue"] != false || !strings.Contains(row["words"].(string), secret) {
			t.Errorf("%s sees %v", p.who, row)
		}
	}
	review := func(p person, want int) heard {
		t.Helper()
		h := p.sends(s.url("/cases/{id}/glass-reviews"), body{"entry": newID(), "glass": s.id("/cases/{id}/break-glass"), "finding": "not_justified", "words": secret})
		if h.status != want {
			t.Errorf("a review by %s: %d %s", p.who, h.status, h.bytes)
		}
		return h
	}
	for _, p := range []person{o.a1, o.a2, o.b1, o.evaluator, o.administrator} {
		review(p, hidden)
	}
	o.clock.set(o.clock.now().Add(72 * time.Hour))
	if row := o.officer.sees("/access/glass").body["result"].([]any)[0].(body); row["overdue"] != true {
		t.Errorf("after three days: %v", row)
	}
	review(o.officer, http.StatusCreated)
	if h := review(o.a, http.StatusConflict); h.body["code"] != "glass-reviewed" {
		t.Errorf("%s", h.bytes)
	}
	if waits(o.officer)+waits(o.a)+waits(o.b) != 0 {
		t.Error("it still waits")
	}
}

// A supervisor who broke it does not review it, also when the case has become that of the team.
func TestNobodyReviewsTheirOwn(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	glass := newID()
	o.b.does(s.url("/cases/{id}/break-glass"), body{"entry": glass, "reason": "other", "words": strings.Repeat("急", 20)})
	review := func() heard {
		return o.b.sends(s.url("/cases/{id}/glass-reviews"), body{"entry": newID(), "glass": glass, "finding": "justified", "words": "是我"})
	}
	if h := review(); h.status != hidden {
		t.Errorf("%d %s", h.status, h.bytes)
	}
	o.a.does(s.url("/cases/{id}/assignments"), body{"entry": newID(), "worker": o.b1.id, "role": "responsible"})
	if h := review(); h.status != http.StatusConflict || h.body["code"] != "own-glass" {
		t.Errorf("%d %s", h.status, h.bytes)
	}
}

// Who reviews because they supervise who broke the glass reviews what those did, and not what others did to the same case.
func TestASupervisorReviewsWhatTheirOwnTeamDid(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.b1)
	breaks := func(by person) string {
		glass := newID()
		by.does(s.url("/cases/{id}/break-glass"), body{"entry": glass, "reason": "other", "words": strings.Repeat("急", 20)})
		return glass
	}
	lone := o.admit("L", session.Worker)
	ours, others := breaks(o.a2), breaks(lone)
	if rows := o.a.rows("/access/glass"); len(rows) != 1 || rows[0]["glass"] != ours {
		t.Errorf("A is told of %v", rows)
	}
	for glass, want := range map[string]int{others: hidden, newID(): hidden, ours: http.StatusCreated} {
		if h := o.a.sends(s.url("/cases/{id}/glass-reviews"), body{"entry": newID(), "glass": glass, "finding": "justified", "words": "核实"}); h.status != want {
			t.Errorf("%d, not %d: %s", h.status, want, h.bytes)
		}
	}
	if h := o.b.sends(s.url("/cases/{id}/glass-reviews"), body{"entry": newID(), "glass": others, "finding": "justified", "words": "核实"}); h.status != http.StatusCreated {
		t.Errorf("who supervises the case: %d %s", h.status, h.bytes)
	}
}

// A conflict of interest lets nobody break the glass, and ends the hour of who broke it before.
func TestAConflictOfInterestClosesTheCaseThroughTheGlassToo(t *testing.T) {
	o := openOffice(t)
	s := o.broken() // by A2
	breaks := func(by person) heard {
		return by.sends(s.url("/cases/{id}/break-glass"), body{"entry": newID(), "reason": "other", "words": strings.Repeat("急", 20)})
	}
	for _, p := range []person{o.a2, o.b1} {
		o.a.does(s.url("/cases/{id}/conflicts"), body{"entry": newID(), "worker": p.id, "kind": "kin", "reason": secret})
		nothing := p.gets("/cases/" + newID())
		before := o.readLogEnds()
		for what, h := range map[string]heard{
			"reading it": p.gets(s.url("/cases/{id}")), "breaking it": breaks(p),
			"an urgent note": p.sends(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "urgent", "text": secret}),
		} {
			if !same(nothing, h) {
				t.Errorf("%s by %s: %d %s", what, p.who, h.status, h.bytes)
			}
		}
		if left := o.entries(before); len(left) != 3 || left[1].Event.Type() != "access.denied" {
			t.Errorf("%s left %v", p.who, left)
		}
	}
}

// Supervisors and the privacy officer are told at once, and who connects later is told too; nobody else is.
func TestABrokenGlassIsToldAtOnce(t *testing.T) {
	o := openOffice(t)
	server := o.opens()
	s := o.wholeStory(o.b1)
	waiting := map[string]*listener{}
	for _, p := range []person{o.a, o.b, o.officer} {
		waiting[p.who] = o.listens(server, p, "")
	}
	bystander := o.listens(server, o.a1, "")
	s.comes("/cases/{id}/break-glass")
	hears := func(who string, l *listener) {
		t.Helper()
		e := l.next()
		if e.event != "glass" || e.id != "" || e.data["case"] != s.id("cases") || e.data["glass"] != s.id("/cases/{id}/break-glass") || len(e.data) != 3 {
			t.Errorf("%s hears %+v", who, e)
		}
	}
	for who, l := range waiting {
		hears(who, l)
	}
	hears("who comes later", o.listens(server, o.officer, ""))
	own := o.story(o.a1)
	own.comes("/cases/{id}/intake")
	if e := bystander.next(); e.event != "changed" {
		t.Errorf("a colleague hears %+v", e)
	}
}

// rows are the result of a question.
func (p person) rows(path string) (rows []body) {
	p.serves.Helper()
	for _, row := range p.sees(path).body["result"].([]any) {
		rows = append(rows, row.(body))
	}
	return rows
}

func TestTheSupervisorAndTheOfficerSeeWhoReadAFile(t *testing.T) {
	o := openOffice(t)
	s := o.broken()
	for range 3 {
		o.a1.sees(s.url("/cases/{id}"))
	}
	o.a2.sees(s.url("/cases/{id}"))
	for _, p := range []person{o.a, o.officer} {
		of := o.a1.id.String()
		rows := p.rows(s.url("/cases/{id}/readers"))
		if len(rows) != 2 || rows[0]["actor"] != o.a2.id.String() || rows[0]["glass"] != s.id("/cases/{id}/break-glass") || rows[1]["actor"] != of || rows[1]["times"] != 3. {
			t.Errorf("%s: %v", p.who, rows)
		}
		if rows[1]["role"] != "worker" || rows[1]["day"] != "2012-07-02" || rows[1]["purpose"] != "casework" || len(rows[1]["classes"].([]any)) != 2 {
			t.Errorf("%s: %v", p.who, rows[1])
		}
		rows = p.rows("/clients/" + s.id("clients") + "/readers")
		if len(rows) != 2 || len(rows[1]["classes"].([]any)) != 1 {
			t.Errorf("%s, of the client: %v", p.who, rows)
		}
		if rows := p.rows(s.url("/cases/{id}/readers?limit=1")); len(rows) != 1 {
			t.Errorf("%s, the newest: %v", p.who, rows)
		}
	}
	for _, path := range []string{"/cases/" + newID() + "/readers", "/clients/" + newID() + "/readers"} {
		o.isProblem("GET "+path, o.officer.gets(path), hidden)
	}
}

func TestWhatIsUnusualIsListedForTheOfficer(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	o.a1.sees(s.url("/cases/{id}"))
	if rows := o.officer.rows("/access/unusual"); len(rows) != 0 {
		t.Fatalf("an ordinary look: %v", rows)
	}
	o.a.does(s.url("/cases/{id}/assignments"), body{"entry": newID(), "worker": o.a.id, "role": "responsible"})
	o.a.sees(s.url("/cases/{id}"))
	o.a1.does("/clients/"+s.id("named")+"/registration", body{"entry": newID(), "name": "姓小明", "address": "汉口路1号"})
	o.administrator.does("/programme/homes", body{"worker": o.a1.id, "address": "汉口路 1 号", "since": "2012-01-01"})
	o.arrives()
	o.a1.sees("/clients/" + s.id("named")) // everybody in the office is called 姓名…
	o.clock.set(time.Date(2012, 7, 2, 23, 0, 0, 0, events.Zone))
	o.a1.sees("/caseload")
	o.a.sees("/caseload")
	o.a2.does(s.url("/cases/{id}/break-glass"), body{"entry": newID(), "reason": "other", "words": strings.Repeat("急", 20)})
	o.clock.set(time.Date(2012, 7, 3, 9, 0, 0, 0, events.Zone).Add(-10 * time.Hour))
	o.a2.sees(s.url("/cases/{id}"))
	var got []string
	rows := o.officer.rows("/access/unusual")
	for _, row := range rows {
		marks := ""
		for _, mark := range row["marks"].([]any) {
			marks += " " + mark.(string)
		}
		got = append(got, row["route"].(string)+marks)
	}
	want := []string{"get-clients own-surname own-address", "get-caseload night", "get-cases night glass-broken"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	if next := o.officer.rows("/access/unusual?previous=" + rows[0]["position"].(string)); len(next) != len(rows)-1 {
		t.Errorf("after the first: %v", next)
	}
}

// Whoever once had a case and comes back to it by a broken glass is marked as both.
func TestWhoOnceHadACaseIsMarked(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	o.a.does(s.url("/cases/{id}/assignments"), body{"entry": newID(), "worker": o.b1.id, "role": "responsible"})
	o.arrives()
	if h := o.a1.gets(s.url("/cases/{id}")); h.status != hidden {
		t.Fatalf("%d", h.status)
	}
	o.a1.does(s.url("/cases/{id}/break-glass"), body{"entry": newID(), "reason": "handover_gap", "words": strings.Repeat("急", 20)})
	o.a1.sees(s.url("/cases/{id}"))
	rows := o.officer.rows("/access/unusual")
	if len(rows) != 1 || len(rows[0]["marks"].([]any)) != 2 || rows[0]["marks"].([]any)[0] != "past-assigned" {
		t.Errorf("%v", rows)
	}
}

func TestManyCasesInAnHourAreMarked(t *testing.T) {
	o := openOffice(t)
	var stories []*story
	for range 21 {
		s := o.story(o.a1)
		s.comes("/cases/{id}/intake")
		stories = append(stories, s)
	}
	o.arrives()
	for _, s := range stories {
		o.a1.sees(s.url("/cases/{id}"))
		o.a1.sees(s.url("/cases/{id}/timeline")) // the same case counts once
	}
	rows := o.officer.rows("/access/unusual")
	if len(rows) != 2 || rows[0]["marks"].([]any)[0] != "many-cases" {
		t.Errorf("%v", rows)
	}
}
