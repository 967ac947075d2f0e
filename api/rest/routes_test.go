package rest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/session"
	"github.com/google/uuid"
)

// Who is let through to what a worker A1 of supervisor A works on. A2 is of the same team, B1 and B of another.
const (
	theWorker     = "A A1"         // who has the case, the group, the activity
	theSupervisor = "A"            // who supervises them
	noReceiver    = "no one here"  // nothing was referred to the agency where all of them work
	anyWorker     = "A A1 A2 B B1" // casework: what they see is theirs
	supervisors   = "A B"
	counters      = "A B evaluator administrator"
	theBuilder    = "administrator"
	keepers       = "administrator officer"
	managers      = "A B administrator officer"
	theOfficer    = "officer"
	signedIn      = "A A1 A2 B B1 evaluator administrator officer"
	theWorld      = signedIn + " nobody"
	whoHasTheKey  = "nobody"  // of the machine itself: the control token is no one's
	theAdmitted   = "-"       // evaluators who were admitted to the project, as none of these is: see extracts_test.go
	theStrangers  = "A2 B B1" // who has no relation to it, and breaks the glass
	whoAnswers    = "A officer"
)

// doorTable says of every route there is who is let through.
var doorTable = func() map[string]string {
	table := map[string]string{
		"GET /livez": theWorld, "GET /readyz": theWorld, "GET /api/v1/openapi.json": theWorld, "GET /api/v1/docs": theWorld, "GET /api/v1/docs.css": theWorld,
		"POST /control/rebuild": whoHasTheKey, "POST /control/disclosures": whoHasTheKey,
		"GET /invitation": theWorld, "GET /invitation.js": theWorld, "POST /invitation": theWorld, "GET /invitation/code": theWorld, "POST /invitation/code": theWorld,
		"GET /session/provider/back": theWorld,

		"GET /categories": signedIn, "GET /categories/{key}/form": signedIn, "GET /measures": signedIn, "GET /programme": signedIn,
		"POST /search": anyWorker,
		"GET /changes": anyWorker + " officer", "GET /caseload": anyWorker, "GET /audit": supervisors,
		"GET /outcomes": counters, "GET /outcomes/facts": supervisors, "GET /extracts/{project}": theAdmitted, "GET /reports/{year}": counters,
		"GET /cases/{id}": theWorker, "GET /cases/{id}/timeline": theWorker, "GET /cases/{id}/audit": theWorker,
		"GET /cases/{id}/readers": whoAnswers, "GET /clients/{id}/readers": whoAnswers, "GET /access/unusual": theOfficer, "GET /access/glass": supervisors + " officer",
		"GET /cases/{id}/duty": theWorker, "GET /cases/{id}/referrals": noReceiver,
		"GET /clients/{id}": theWorker, "GET /groups/{id}": theWorker, "GET /activities/{id}": theWorker,
	}
	for _, l := range caseLines {
		table["POST "+l.path] = theWorker
	}
	for _, path := range forSupervisors {
		table["POST "+path] = theSupervisor
	}
	for _, l := range slices.Concat(clientLines, groupLines, activityLines) {
		table["POST "+l.path] = theWorker
	}
	for _, l := range keepingLines {
		table["POST "+l.path] = theOfficer
	}
	table["GET /retention"], table["GET /clients/{id}/export"] = theOfficer, theOfficer
	table["POST /clients/{id}/registration"] = anyWorker // under an id that is new
	for _, l := range programmeLines {
		table["POST "+l.path] = theBuilder
	}
	table["POST /cases/{id}/break-glass"], table["POST /cases/{id}/glass-reviews"] = theStrangers, whoAnswers
	for _, route := range visitRoutes {
		table[route] = theWorld // each says itself what it needs: session_test.go
	}
	table["GET /session"] = signedIn
	for _, route := range accountRoutes {
		table[route] = keepers
	}
	table["POST /accounts"] = theBuilder
	table["GET /accounts/proposals"], table["POST /accounts/proposals/{id}/decision"] = managers, managers
	return table
}()

// routes lists every route of the router, those of the API below /api/v1.
func (o *office) routes() (all []string) {
	for _, r := range o.router.echo.Routes() {
		if r.Method == "echo_route_not_found" {
			continue
		}
		path := r.Path
		if !slices.Contains([]string{base + "/openapi.json", base + "/docs", base + "/docs.css"}, path) {
			path = strings.TrimPrefix(path, base)
		}
		for _, name := range []string{"id", "key", "year", "project"} {
			path = strings.ReplaceAll(path, ":"+name, "{"+name+"}")
		}
		all = append(all, r.Method+" "+path)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestTheDoorNamesEveryRoute(t *testing.T) {
	o := openOffice(t)
	routes := o.routes()
	for _, route := range routes {
		if doorTable[route] == "" {
			t.Errorf("%s is in no table: who may?", route)
		}
	}
	for route := range doorTable {
		if !slices.Contains(routes, route) {
			t.Errorf("%s is in the table and no route", route)
		}
	}
}

// letsIn tells whether the table lets someone through.
func letsIn(route string, p person) bool {
	return slices.Contains(strings.Fields(doorTable[route]), p.who)
}

func (o *office) nobody() person { return person{who: "nobody", serves: o} }

func TestTheDoorToEveryCommand(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		for _, p := range append(o.people(), o.nobody()) {
			s := o.story(o.a1)
			a := s.attempt(l.path)
			a.by = p
			route := "POST " + l.path
			switch {
			case letsIn(route, p):
				if h := a.send(); h.status != http.StatusCreated {
					t.Errorf("%s by %s: %d %s", route, p.who, h.status, h.bytes)
				}
				cells++
			case p.token == "":
				a.refused("by nobody", tokenless)
			case strings.HasSuffix(l.path, "/break-glass") && slices.Contains(strings.Fields(theWorker), p.who):
				a.refused("by "+p.who+", whose case it is", http.StatusConflict)
			case l.path == "/cases/{id}/intake" && slices.Contains([]session.Role{session.Worker, session.Supervisor}, p.role):
				if h := a.refused("for a client who is not of "+p.who, http.StatusConflict); h.body["code"] != "no-client" {
					t.Errorf("%s by %s: %s", route, p.who, h.bytes)
				}
			default:
				a.refused("by "+p.who, hidden)
			}
		}
	}
}

func TestTheDoorToEveryQuestion(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	for route := range doorTable {
		path, ok := strings.CutPrefix(route, "GET ")
		if !ok || path == "/changes" || strings.HasPrefix(path, "/api/") || path == "/livez" || path == "/readyz" || ofInvitation(path) || path == "/session/provider/back" {
			continue // changes_test.go, public_test.go, session_test.go and provider_test.go look at these
		}
		url := s.asked(path)
		for _, p := range append(o.people(), o.nobody()) {
			var h heard
			if p.token == "" {
				h = o.hears(request(http.MethodGet, url, nil))
			} else {
				h = p.gets(url)
			}
			cells++
			what := fmt.Sprintf("GET %s by %s", url, p.who)
			switch {
			case letsIn(route, p):
				if h.status != http.StatusOK {
					t.Errorf("%s: %d %s", what, h.status, h.bytes)
				}
			case p.token == "":
				o.isProblem(what, h, tokenless)
			default:
				o.isProblem(what, h, hidden)
				if none := p.gets("/cases/" + newID()); !same(h, none) {
					t.Errorf("%s: it says %s, not %s", what, h.bytes, none.bytes)
				}
			}
		}
	}
}

// asked is a question about the story.
func (s *story) asked(path string) string {
	switch path {
	case "/categories/{key}/form":
		return "/categories/street_child/form"
	case "/reports/{year}":
		return "/reports/2012"
	case "/extracts/{project}":
		return "/extracts/" + project
	case "/outcomes/facts":
		return "/outcomes/facts?number=contacts"
	case "/clients/{id}/export":
		return s.url(path) + "?recipient=client"
	}
	return s.url(path)
}

// askedAlso is a URL with a question added; an empty one asks for nothing more.
func askedAlso(url, query string) string {
	switch {
	case query == "":
		return url
	case strings.Contains(url, "?"):
		return url + "&" + query
	}
	return url + "?" + query
}

// wholeStory is one in which everything happens that the table can tell of one case, group and activity.
func (o *office) wholeStory(worker person) *story {
	o.Helper()
	s := o.story(worker)
	for _, path := range []string{
		"/cases/{id}/assignments", "/cases/{id}/measures", "/cases/{id}/risks", "/cases/{id}/goal-ratings", "/cases/{id}/interventions",
		"/cases/{id}/amendments", "/cases/{id}/flags", "/cases/{id}/incidents", "/cases/{id}/handovers", "/cases/{id}/referral-completions",
		"/clients/{id}/details", "/groups/{id}/attendance-corrections", "/activities/{id}/count-corrections",
	} {
		s.comes(path)
	}
	s.arrives()
	return s
}

// arrives waits for the views.
func (o *office) arrives() {
	o.Helper()
	if err := o.app.Arrived(o.Context(), o.head()); err != nil {
		o.Fatal(err)
	}
}

func TestTheKeyOfTheMachineIsNoPersonsToken(t *testing.T) {
	o := openOffice(t)
	for _, p := range append(o.people(), person{who: "a guess", token: secret, serves: o}, o.nobody()) {
		r := request(http.MethodPost, "", "view=caseload")
		r.URL.Path = "/control/rebuild"
		if p.token != "" {
			r.Header.Set("Authorization", "Bearer "+p.token)
		}
		h := o.hears(r)
		o.isProblem("POST /control/rebuild by "+p.who, h, hidden)
		o.isSilent("POST /control/rebuild by "+p.who, h)
		cells++
	}
}

func TestARecorderSeesAnUnassignedCaseUntilSomeoneIsAssigned(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/intake")
	o.arrives()
	url := "/cases/" + s.id("cases")
	had := map[string]bool{} // it was theirs and is not any more
	sees := func(when string, who ...person) {
		t.Helper()
		for _, p := range []person{o.a, o.a1, o.a2, o.b, o.b1} {
			want := hidden
			if slices.ContainsFunc(who, func(w person) bool { return w.who == p.who }) {
				want = http.StatusOK
			}
			for _, path := range []string{url, url + "/timeline", url + "/audit", "/clients/" + s.id("clients")} {
				h := p.gets(path)
				if had[p.who] && want == hidden && strings.HasSuffix(path, "/timeline") {
					if list, _ := h.body["result"].([]any); h.status != http.StatusOK || len(list) > 0 {
						t.Errorf("%s, %s had the case, wrote nothing and is told %d %s", when, p.who, h.status, h.bytes)
					}
				} else if h.status != want {
					t.Errorf("%s, %s asks for %s: %d, not %d", when, p.who, path, h.status, want)
				}
			}
			list := p.sees("/caseload").body["result"].([]any)
			if (len(list) == 1) != (want == http.StatusOK) {
				t.Errorf("%s, the caseload of %s has %d", when, p.who, len(list))
			}
			cells += 5
		}
	}
	assigned := func(by person, to uuid.UUID, role string) {
		t.Helper()
		by.does(url+"/assignments", body{"entry": newID(), "worker": to, "role": role})
		o.arrives()
	}
	sees("when it was recorded", o.a1, o.a)
	assigned(o.a1, o.b1.id, "co_worker")
	sees("with a co-worker of the other team and nobody responsible", o.a1, o.a, o.b1, o.b)
	assigned(o.a1, o.a2.id, "responsible")
	sees("when a colleague has it", o.a2, o.a, o.b1, o.b)
	assigned(o.a, o.b1.id, "responsible")
	had["A2"] = true
	sees("when the other team has it", o.b1, o.b)
	assigned(o.b, o.a1.id, "co_worker")
	sees("when who recorded it helps", o.b1, o.b, o.a1, o.a)
}

// A person sees the caseload of their own, and nothing of others in any list.
func TestAListHasOnlyWhatIsTheirs(t *testing.T) {
	o := openOffice(t)
	mine, theirs := o.wholeStory(o.a1), o.wholeStory(o.b1)
	for _, p := range []person{o.a, o.a1} {
		for _, path := range []string{"/caseload", "/caseload?project=" + project, "/caseload?stage=open", "/audit", "/audit?limit=500", "/audit?actor=" + o.b1.id.String()} {
			if p.role == session.Worker && strings.HasPrefix(path, "/audit") {
				continue
			}
			h := p.sees(path)
			for _, name := range []string{"cases", "clients", "groups", "activities", "/cases/{id}/notes"} {
				if strings.Contains(string(h.bytes), theirs.id(name)) {
					t.Errorf("GET %s tells %s of %s of others", path, p.who, name)
				}
			}
			if !strings.Contains(path, "actor") && !strings.Contains(string(h.bytes), mine.id("cases")) {
				t.Errorf("GET %s does not tell %s of their own case", path, p.who)
			}
			cells++
		}
	}
	for _, path := range []string{"/caseload?worker=" + o.b1.id.String(), "/caseload?worker=" + newID()} {
		o.isProblem("GET "+path, o.a.gets(path), hidden)
	}
	if h := o.a.sees("/caseload?worker=" + o.a1.id.String()); !strings.Contains(string(h.bytes), mine.id("cases")) {
		t.Errorf("a supervisor asks for one worker: %s", h.bytes)
	}
}
