package rest

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
)

// The matrix asks for every route, by every role, in every relation, to a case in every state, of every class, over the
// real door on a real log: what testdata/cells.txt of package rights opens must open, and everything else must be the
// 404 of a case that does not exist, to the byte, and leave nothing in the log and one denial in the read log. What is
// shown leaves one entry there, of the classes that are shown. The file says what is expected, read as text; the rules that
// decide are not asked.
//
// CASESTREAM_MATRIX=all also tries every two relations at once.

// book is what cells.txt opens: right, role, relation and state, and what it gives.
type book struct {
	closes []string
	cells  map[[4]string]given
}

type given struct {
	may          bool
	own          bool
	shows, asked []string
}

func readBook(t testing.TB) book {
	t.Helper()
	text, err := os.ReadFile("../rights/testdata/cells.txt")
	if err != nil {
		t.Fatal(err)
	}
	b := book{cells: make(map[[4]string]given)}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		part := strings.Split(line, "|")
		for i := range part {
			part[i] = strings.TrimSpace(part[i])
		}
		if part[0] == "closes" {
			b.closes = append(b.closes, part[1])
			continue
		}
		b.cells[[4]string(part[:4])] = given{true, part[4] == "own entries", strings.Fields(part[5]), strings.Fields(part[6])}
	}
	return b
}

// strongest first, as the file of rights has them.
var relationsThereAre = []string{
	"assigned", "co-worker", "recorded the intake", "supervisor of the owner", "granted", "broke the glass", "past-assigned",
	"on duty at the site", "receiver of a referral", "supervisor of who broke the glass", "none",
}

// expects is what the file gives to someone who stands in these relations.
func (b book) expects(right rights.Right, role session.Role, relations []string, state string) given {
	if role == session.PrivacyOfficer {
		relations = nil // they are no worker: nobody's case, and nobody's kin
	}
	for _, relation := range relations {
		if slices.Contains(b.closes, relation) {
			return given{}
		}
	}
	for _, relation := range relationsThereAre {
		if relation != "none" && !slices.Contains(relations, relation) {
			continue
		}
		if g, ok := b.cells[[4]string{string(right), string(role), relation, state}]; ok {
			return g
		}
	}
	return given{}
}

// shown tells whether a class is shown.
func (g given) shown(class, purpose string) bool {
	return slices.Contains(g.shows, class) || purpose != "" && slices.Contains(g.asked, class)
}

// content are the classes that an answer has something of; class by class it is shown or masked.
var content = map[string][]string{
	"GET /cases/{id}":           {"S0", "S1", "S2", "S3"},
	"GET /cases/{id}/timeline":  {"S0", "S1", "S2", "S3"},
	"GET /cases/{id}/audit":     {"S0", "S1", "S2", "S3"},
	"GET /cases/{id}/duty":      {"S0", "S1", "S2", "S3"},
	"GET /cases/{id}/referrals": {"S0", "S1", "S2"},
	"GET /clients/{id}":         {"S0", "S1"},
	"GET /clients/{id}/export":  {"S0", "S1", "S2", "S3"},
}

// about tells what a route is about: a case and its client, or else.
func about(route string) string {
	_, path, _ := strings.Cut(route, " ")
	if strings.HasPrefix(path, "/cases/") || strings.HasPrefix(path, "/clients/") {
		return "case"
	}
	return kindOf(path)
}

func TestTheMatrix(t *testing.T) {
	m := openMatrix(t, situations(os.Getenv("CASESTREAM_MATRIX") == "all"))
	for _, route := range m.routes() {
		if rights.Routes[route] == "" {
			t.Errorf("%s needs no right: it is open to nobody, and it is not tested", route)
		}
	}
	for _, s := range m.scenes {
		for _, role := range session.Roles {
			m.walk(s, role, m.caseRoutes())
		}
	}
	m.lists()
	m.searches()
	m.work()
	m.browser() // which makes passwords cheap
	m.ofNoCase()
	if m.done < m.allowed*2/3 {
		t.Errorf("of %d commands that are allowed only %d were done: the rest is refused by other rules, and tests little", m.allowed, m.done)
	}
	if m.cells < 20_000 {
		t.Errorf("only %d cells", m.cells)
	}
	cells += m.requests
	m.say("the matrix of rights: %d cells in %d requests; %d denied, each with its denial in the read log; %d commands allowed, %d of them done, the others refused by other rules",
		m.cells, m.requests, m.denials, m.allowed, m.done)
}

// In the exact numbers of a supervisor are the cases that the rules put there, in every state, and no other.
func TestTheExactNumbersAreOfTheCasesThatTheBookPutsThere(t *testing.T) {
	m := openMatrix(t, situations(false))
	want := 0
	for _, s := range m.scenes {
		if m.book.expects(rights.CountCases, session.Supervisor, s.relations, s.state).may {
			want++
		}
	}
	for _, number := range []string{"intakes", "case_files"} {
		if is := m.me[session.Supervisor].sees("/outcomes").body["result"].(body)[number]; is != float64(want) || want < 8 {
			t.Errorf("%s are %v, not %d", number, is, want)
		}
	}
	m.cells += len(m.scenes)
}

// say says it in the output of the test and, for make, on a line of its own.
func (m *matrix) say(format string, args ...any) {
	m.Logf(format, args...)
	if file := os.Getenv("CASESTREAM_MATRIX_SAYS"); file != "" {
		if err := os.WriteFile(file, fmt.Appendf(nil, format+"\n", args...), 0o644); err != nil {
			m.Fatal(err)
		}
	}
}

// caseRoutes are the routes of one case or of its client.
func (m *matrix) caseRoutes() (all []string) {
	for _, route := range m.routes() {
		if about(route) == "case" {
			all = append(all, route)
		}
	}
	return all
}

// walk asks for every one of the routes of a case, by one role.
func (m *matrix) walk(s *scene, role session.Role, routes []string) {
	m.Helper()
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		right := rights.Routes[route]
		switch {
		case right == rights.ExportAll || right == rights.SeeReaders: // whose purpose is clear, or which has no words
			m.look(s, role, route, "")
		case method == http.MethodGet:
			for _, purpose := range []string{"", "crisis"} {
				m.look(s, role, route, purpose)
			}
		case route == "POST /cases/{id}/conflicts":
			m.command(s, role, path, rights.DeclareConflict, body{"worker": m.b.id})
			m.command(s, role, path, rights.DeclareOwnConflict, body{"worker": m.me[role].id})
		case right == rights.RecordNote:
			m.command(s, role, path, right, nil)
			m.command(s, role, path, rights.RecordUrgent, body{"kind": "urgent"})
		case rights.Instead[right] != "": // of an id that is taken
			m.command(s, role, path, rights.Instead[right], nil)
		default:
			m.command(s, role, path, right, nil)
		}
	}
}

// look asks a question and looks at each class of what is answered.
func (m *matrix) look(s *scene, role session.Role, route, purpose string) {
	m.Helper()
	_, path, _ := strings.Cut(route, " ")
	expected := m.book.expects(rights.Routes[route], role, s.relations, s.state)
	url := s.asked(path)
	if purpose != "" {
		url = askedAlso(url, "purpose="+purpose)
	}
	before := m.stands()
	h := m.me[role].gets(url)
	m.requests++
	what := fmt.Sprintf("%s?purpose=%s by %s, %v, %s", route, purpose, role, s.relations, s.state)
	m.cells += 4 // classes
	if !expected.may {
		m.isDenied(what, role, before, h)
		return
	}
	if h.status != http.StatusOK {
		m.errorf("%s: %d %s", what, h.status, h.bytes)
		return
	}
	text := string(h.bytes)
	var disclosed []string
	for _, class := range []string{"S1", "S2", "S3"} {
		there := slices.Contains(content[route], class)
		shown := there && expected.shown(class, purpose)
		if shown {
			disclosed = append(disclosed, class)
		}
		writers := map[string]bool{"me": shown, "them": shown && !expected.own}
		for who, want := range writers {
			if route != "GET /cases/{id}/timeline" && who == "me" {
				continue // what one wrote oneself is told apart there
			}
			if has := strings.Contains(text, marker(who, class)); has != want {
				m.errorf("%s: %s that %s wrote is there: %t", what, class, who, has)
			}
		}
		if masked := strings.Contains(text, `{"masked":"`+class+`"}`); masked != (there && !shown) {
			m.errorf("%s: %s is marked as masked: %t", what, class, masked)
		}
	}
	m.isRecorded(what, role, before, disclosed)
	ofThis := func(name string) bool { return strings.Contains(text, s.id(name)) }
	if !expected.own && !ofThis(kindOf(path)) && !ofThis("/cases/{id}/flags") {
		m.errorf("%s: it is of something else", what)
	}
}

// command sends a command that is right, to a scene of its own if it is allowed.
func (m *matrix) command(s *scene, role session.Role, path string, right rights.Right, say body) {
	m.Helper()
	m.cells++
	m.requests++
	expected := m.book.expects(right, role, s.relations, s.state)
	what := fmt.Sprintf("POST %s (%s) by %s, %v, %s", path, right, role, s.relations, s.state)
	switch {
	case expected.may && right == rights.Keep: // of a client of its own, whom it may restrict
		s = m.stage(s.relations, s.state, false)
		s.done["/clients/{id}/registration"] = heard{}
		if s.state == string(rights.Restricted) {
			s.done["/clients/{id}/restrictions"] = heard{}
		}
		if path != "/clients/{id}/forgetting-approvals" && s.state != string(rights.Erased) { // what is before that is refused while a case has to be kept
			s.before(path)
		}
	case expected.may && strings.HasPrefix(path, "/cases/"):
		s = m.stage(s.relations, s.state, true)
	}
	before := m.stands()
	h := m.sends(s, role, path, say)
	if !expected.may {
		m.isDenied(what, role, before, h)
		return
	}
	code, _ := h.body["code"].(string)
	if no := s.takesNot(path); no != "" {
		if code != no || m.stands() != before {
			m.errorf("%s: it is not refused as %s, in words: %d %s", what, no, h.status, h.bytes)
		}
		return
	}
	m.allowed++
	switch {
	case h.status == http.StatusCreated:
		if m.done++; m.stands().read != before.read && !isGlass(path) {
			m.errorf("%s: it left something in the read log", what)
		}
	case code != "" && slices.Contains(refusals(), code) && code != cases.RefusedNoCase:
	default:
		m.errorf("%s: %d %s", what, h.status, h.bytes)
	}
}

// takesNot is the code by which a command is refused because of the client's standing, to those who may know of it.
func (s *scene) takesNot(path string) string {
	switch {
	case s.state == string(rights.Erased):
		return clients.RefusedForgotten
	case s.state == string(rights.Restricted) && strings.HasPrefix(path, "/cases/") && !slices.Contains(owed, path):
		return clients.RefusedRestricted
	}
	return ""
}

// owed are the commands that a restricted case takes.
var owed = []string{
	"/cases/{id}/withdrawals", "/cases/{id}/incidents", "/cases/{id}/amendments", "/cases/{id}/retractions", "/cases/{id}/closure",
	"/cases/{id}/grant-endings", "/cases/{id}/conflicts", "/cases/{id}/conflict-liftings", "/cases/{id}/glass-reviews",
}

// sends sends the command of a route with what the scene is about.
func (m *matrix) sends(s *scene, role session.Role, path string, say body) heard {
	m.Helper()
	l, ok := lineOf(path)
	if !ok {
		m.Fatalf("the table has no line for %s", path)
	}
	sent := l.body(s.story)
	if _, named := sent["entry"]; named {
		sent["entry"] = newID()
	}
	for name, value := range s.says[path] {
		sent[name] = value
	}
	if s.state == string(rights.Closed) && strings.HasPrefix(path, "/cases/") && !slices.Contains(afterTheEnd, path) {
		sent["happened_at"] = s.during // it is recorded late
	}
	for name, value := range say {
		sent[name] = value
	}
	var header []string
	if slices.Contains(madeOnWhatWasSeen, path) {
		header = []string{"If-Match", etag(m.version(s, kindOf(path)))}
	}
	return m.me[role].sends(s.url(path), sent, header...)
}

// afterTheEnd are the commands that mean something else, or nothing, when what they say happened before a closure.
var afterTheEnd = []string{"/cases/{id}/follow-ups", "/cases/{id}/reopening", "/cases/{id}/amendments"}

// stand is where the log and the read log end.
type stand struct{ log, read events.Position }

func (m *matrix) stands() stand { return stand{m.head(), m.readLogEnds()} }

// isDenied checks that an answer is that of a case which does not exist, that nothing was recorded, and that it was
// denied to someone of a role, once.
func (m *matrix) isDenied(what string, role session.Role, before stand, h heard) {
	m.Helper()
	m.denials++
	m.isNothing(what, h)
	if after := m.head(); after != before.log {
		m.errorf("%s: the log went from %s to %s", what, before.log, after)
	}
	left := m.entries(before.read)
	if len(left) != 1 {
		m.errorf("%s: it left %d entries in the read log", what, len(left))
		return
	}
	if fact, ok := left[0].Event.(events.Denied); !ok || fact.Role != string(role) || fact.Route == "" {
		m.errorf("%s: it left %+v in the read log", what, left[0].Event)
	}
}

// isRecorded checks that these classes were shown to someone of a role, in one entry; where nothing was, in none.
func (m *matrix) isRecorded(what string, role session.Role, before stand, classes []string) {
	m.Helper()
	left := m.entries(before.read)
	if len(classes) == 0 && len(left) == 0 {
		return
	}
	var all []string
	for _, entry := range left {
		var asking events.Asking
		var shown []events.Shown
		switch fact := entry.Event.(type) {
		case events.Disclosed:
			asking, shown = fact.Asking, fact.Shown
		case events.Exported:
			asking, shown = fact.Asking, fact.Shown
		}
		if asking.Role != string(role) {
			m.errorf("%s: it left %+v in the read log", what, entry.Event)
		}
		for _, s := range shown {
			for _, class := range s.Classes {
				all = append(all, string(class))
			}
		}
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(left) != 1 || !slices.Equal(all, classes) {
		m.errorf("%s: it left %d entries in the read log, of the classes %v, and it showed %v", what, len(left), all, classes)
	}
}

// isNothing checks that an answer is that of a case which does not exist.
func (m *matrix) isNothing(what string, h heard) {
	m.Helper()
	h.header.Del("Date")
	if h.status != m.nothing.status || !bytes.Equal(h.bytes, m.nothing.bytes) || fmt.Sprint(h.header) != m.headers {
		m.errorf("%s: %d %v %s", what, h.status, h.header, h.bytes)
	}
}

// errorf counts what is not as expected; a mutant is caught by the first.
func (m *matrix) errorf(format string, args ...any) {
	m.Helper()
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
	if !m.hunting {
		m.Errorf(format, args...)
		if len(m.faults) > 30 {
			m.Fatal("and so on")
		}
	}
}
