package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/glass"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// lists looks in every list for every case.
func (m *matrix) lists() {
	m.Helper()
	m.arrives()
	for _, role := range session.Roles {
		for list, ask := range map[rights.Right]func(person) (string, bool){
			rights.ListCases: m.caseloadOf, rights.ListAudit: m.auditOf, rights.HearChanges: m.changesOf,
		} {
			text, open := ask(m.me[role])
			opens := m.book.expects(list, role, nil, "no case").may // it tells of something else than cases
			for _, s := range m.scenes {
				m.cells++
				want := m.book.expects(list, role, s.relations, s.state).may
				opens = opens || want
				if has := strings.Contains(text, s.id("cases")); has != want {
					m.errorf("%s of a %s has the case to which they are %v, %s: %t", list, role, s.relations, s.state, has)
				}
			}
			if open != opens {
				m.errorf("%s is open to a %s: %t", list, role, open)
			}
		}
	}
}

// searches looks for the client of every case, as someone at the door does.
func (m *matrix) searches() {
	m.Helper()
	for _, role := range session.Roles {
		for _, s := range m.scenes {
			m.cells++
			m.requests++
			want := m.book.expects(rights.Search, role, s.relations, s.state).may
			what := fmt.Sprintf("search by a %s, %v, %s", role, s.relations, s.state)
			before := m.stands()
			h := m.me[role].searches(body{"phone": phoneOf(uuid.MustParse(s.id("clients")))})
			if role != session.Worker && role != session.Supervisor {
				m.isDenied(what, role, before, h)
				continue
			}
			all, _ := h.body["matches"].([]any)
			if left := m.entries(before.read); len(left) != 1 || !isSearch(left[0], role, len(all)) {
				m.errorf("%s: it left %+v in the read log", what, left)
			}
			if h.status != http.StatusOK || (len(all) == 1) != want || len(all) > 1 {
				m.errorf("%s: %d %s", what, h.status, h.bytes)
			}
			if text := string(h.bytes); strings.Contains(text, s.id("cases")) || strings.Contains(text, s.id("clients")) || strings.Contains(text, "written-by") {
				m.errorf("%s tells more than it may: %s", what, text)
			}
		}
	}
}

// isSearch tells whether an entry of the read log is of a search by someone of a role that found so many.
func isSearch(entry events.Recorded, role session.Role, found int) bool {
	fact, ok := entry.Event.(events.Searched)
	return ok && fact.Role == string(role) && fact.Route == "search" && fact.Found == found
}

func (m *matrix) caseloadOf(p person) (string, bool) {
	m.requests++
	before := m.stands()
	h := p.gets("/caseload")
	if h.status == http.StatusOK && (strings.Contains(string(h.bytes), marker("them", "S2")) || strings.Contains(string(h.bytes), marker("them", "S3"))) {
		m.errorf("the caseload has words of S2 or S3")
	}
	return m.answered(p, before, h)
}

// auditOf turns every page.
func (m *matrix) auditOf(p person) (all string, open bool) {
	after := ""
	for {
		m.requests++
		before := m.stands()
		h := p.gets("/audit?limit=500" + after)
		text, ok := m.answered(p, before, h)
		rows, _ := h.body["result"].([]any)
		if !ok || len(rows) == 0 {
			return all, ok
		}
		if strings.Contains(text, marker("them", "S3")) {
			m.errorf("the audit shows S3 unasked")
		}
		all += text
		after = "&previous=" + rows[len(rows)-1].(body)["position"].(string)
	}
}

// changesOf is what the live feed would tell from the beginning of the log on.
func (m *matrix) changesOf(p person) (string, bool) {
	m.requests++
	ctx, stop := context.WithCancel(m.Context())
	r := request(http.MethodGet, "/changes", nil).WithContext(ctx)
	r.Header.Set("Authorization", "Bearer "+p.token)
	before := m.stands()
	hung := hangsUp{httptest.NewRecorder(), stop}
	m.router.echo.ServeHTTP(hung, r)
	if hung.Code != http.StatusOK {
		return m.answered(p, before, heard{status: hung.Code, header: hung.Header(), bytes: hung.Body.Bytes()})
	}
	w := httptest.NewRecorder()
	c := m.heardBy(p, w)
	if _, err := m.router.tell(c, 0); err != nil {
		m.Fatal(err)
	}
	return w.Body.String(), true
}

// heardBy is a connection on which someone hears what changes.
func (o *office) heardBy(p person, w http.ResponseWriter) echo.Context {
	ctx := context.WithValue(o.Context(), askingKey{}, asking{who: session.Identity{Role: p.role, Worker: p.id}})
	return o.router.echo.NewContext(request(http.MethodGet, "/changes", nil).WithContext(ctx), w)
}

// hangsUp is a connection that ends when the first words have come.
type hangsUp struct {
	*httptest.ResponseRecorder
	stop func()
}

func (h hangsUp) Write(p []byte) (int, error) {
	h.stop()
	return h.ResponseRecorder.Write(p)
}

// answered is what was answered, and whether it was.
func (m *matrix) answered(p person, before stand, h heard) (string, bool) {
	m.Helper()
	if h.status != http.StatusOK {
		m.isDenied("a list to "+p.who, p.role, before, h)
		return "", false
	}
	return string(h.bytes), true
}

// work asks for every route of groups and activities: of one's own, of a report's, of others'.
func (m *matrix) work() {
	m.Helper()
	for relation, leader := range map[string]person{"assigned": m.me[session.Worker], "supervisor of the owner": m.report, "none": m.other} {
		for _, role := range session.Roles {
			for _, route := range m.routes() {
				method, path, _ := strings.Cut(route, " ")
				if kind := about(route); kind != "groups" && kind != "activities" {
					continue
				}
				m.cells++
				m.requests++
				expected := m.book.expects(rights.Routes[route], role, []string{relation}, "open")
				what := fmt.Sprintf("%s by %s, %s", route, role, relation)
				s := m.story(leader)
				var h heard
				var before stand
				if method == http.MethodGet {
					s.comes("/" + kindOf(path) + "/{id}/plan")
					m.arrives()
					before = m.stands()
					h = m.me[role].gets(s.url(path))
				} else {
					a := s.attempt(path)
					before = m.stands()
					a.by = m.me[role]
					h = a.send()
				}
				switch {
				case !expected.may:
					m.isDenied(what, role, before, h)
				case h.status != http.StatusOK && h.status != http.StatusCreated:
					m.errorf("%s: %d %s", what, h.status, h.bytes)
				}
			}
		}
	}
}

// ofNoCase asks for the routes that speak of no case, and for intakes and registrations under new ids.
func (m *matrix) ofNoCase() {
	m.Helper()
	for _, role := range session.Roles {
		for _, route := range m.routes() {
			method, path, _ := strings.Cut(route, " ")
			right := rights.Routes[route]
			opens := slices.Contains([]rights.Right{rights.OpenCase, rights.RegisterClient}, right)
			if slices.Contains([]rights.Right{rights.Public, rights.Machine, rights.ListCases, rights.ListAudit, rights.HearChanges}, right) || about(route) == "case" && !opens ||
				about(route) == "groups" || about(route) == "activities" {
				continue
			}
			m.cells++
			m.requests++
			if right == rights.Session {
				m.asNobody(route, role)
				continue
			}
			expected := m.book.expects(right, role, []string{"none"}, "no case")
			what := fmt.Sprintf("%s by %s", route, role)
			if aboutAccounts(path) {
				m.account(what, route, role, expected)
				continue
			}
			s := m.story(m.me[session.Worker])
			var h heard
			var a *attempt
			if method != http.MethodGet && right != rights.Search {
				a = s.attempt(path)
				a.by = m.me[role]
			}
			before := m.stands()
			switch {
			case a != nil:
				h = a.send()
			case right == rights.Search:
				h = m.me[role].searches(body{"name": "没有此人"})
			default:
				h = m.me[role].gets(s.asked(path))
			}
			switch {
			case !expected.may, right == rights.Extract: // to which nobody here is admitted
				m.isDenied(what, role, before, h)
			case h.status != http.StatusOK && h.status != http.StatusCreated:
				m.errorf("%s: %d %s", what, h.status, h.bytes)
			}
		}
	}
}

// account asks for a route about accounts.
func (m *matrix) account(what, route string, role session.Role, expected given) {
	m.Helper()
	r := m.aboutAccount(route)
	before, facts := m.stands(), m.happened()
	h := m.me[role].asks(r)
	if !expected.may {
		m.isDenied(what, role, before, h)
		if m.happened() != facts {
			m.errorf("%s: it left something behind", what)
		}
		return
	}
	done, ruled := h.done()
	if r.Method != http.MethodGet {
		m.allowed++
		if done {
			m.done++
		}
	}
	if !done && !ruled {
		m.errorf("%s: %d %s", what, h.status, h.bytes)
	}
}

// asNobody asks for a route that is open to everybody alike: a role opens it no further. Only who asks who they are is
// told.
func (m *matrix) asNobody(route string, role session.Role) {
	m.Helper()
	nobodys, before := m.hears(byAnyone(route)), m.head()
	h := m.me[role].asks(byAnyone(route))
	if asked := route == "GET /session"; asked != (h.status == http.StatusOK && h.body["role"] == string(role)) || !asked && !same(h, nobodys) {
		m.errorf("%s by %s: %d %s, not %d %s", route, role, h.status, h.bytes, nobodys.status, nobodys.bytes)
	}
	if m.head() != before {
		m.errorf("%s by %s: it left something in the log", route, role)
	}
}

// refusals are the codes of the domain, by which a command that is allowed can be refused all the same.
var refusals = func() func() []string {
	all := slices.Concat(cases.Codes(), clients.Codes(), groups.Codes(), activities.Codes(), programme.Codes(), glass.Codes())
	return func() []string { return all }
}()
