package rest

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/session"
	"github.com/google/uuid"
)

// agency is one of two that work on the same Casestream, and what its people sent. Every text that they write is a canary:
// words that are found nowhere else.
type agency struct {
	*office
	mark               string // what its canaries have in common, 16 bytes in hex
	project, site      string
	worker, supervisor person
	written            int               // canaries
	ids                []string          // of what it works on
	name               map[string]string // of an id in its story: what it is there
	id                 map[string]string // and the other way round
	taken              map[string]bool   // ids under which others recorded something
	keys               []string          // of its commands
	traffic            []sent
}

// sent is a request as it was recorded.
type sent struct {
	by           person
	method, path string
	header       []string
	content      string // "" for none
}

func newAgency(o *office, project, site string, worker, supervisor person, dice *rand.Rand) *agency {
	mark := make([]byte, 16)
	for i := range mark {
		mark[i] = byte(dice.UintN(256))
	}
	return &agency{office: o, mark: hex.EncodeToString(mark), project: project, site: site, worker: worker, supervisor: supervisor, taken: map[string]bool{}, name: map[string]string{}, id: map[string]string{}}
}

// late is what ends something that the other commands need.
var late = []string{"/cases/{id}/withdrawals", "/groups/{id}/departures", "/groups/{id}/evaluation", "/cases/{id}/retractions", "/cases/{id}/closure", "/cases/{id}/follow-ups", "/cases/{id}/reopening"}

// works plays a whole story in this agency, and records what was sent.
func (g *agency) works() *story {
	g.Helper()
	s := g.office.story(g.worker)
	s.lead = g.supervisor
	s.told = func(path, content string, header []string) (string, []string) {
		content = strings.NewReplacer(`"`+project+`"`, `"`+g.project+`"`, `"`+site+`"`, `"`+g.site+`"`).Replace(content)
		for strings.Contains(content, secret) {
			g.written++
			content = strings.Replace(content, secret, fmt.Sprintf("%s%04d", g.mark, g.written), 1)
		}
		key := newID()
		header = append(header, "Idempotency-Key", key)
		g.keys = append(g.keys, key)
		if kindOf(path) != "programme" {
			by := s.by(path)
			if by.role == session.PrivacyOfficer {
				by = g.worker // officers are of no agency: they may
			}
			g.traffic = append(g.traffic, sent{by, http.MethodPost, s.url(path), header, content})
		}
		return content, header
	}
	g.traffic = nil
	for _, l := range table {
		if kindOf(l.path) != "programme" && l.path != "/activities/{id}/cancellation" && !slices.Contains(late, l.path) &&
			!slices.Contains(whenAllIsEnded, l.path) && !isGlass(l.path) { // a broken glass opens what is of others
			s.comes(l.path)
		}
	}
	for _, path := range late {
		s.comes(path)
	}
	g.arrives()
	for name, id := range s.ids {
		g.ids, g.name[id], g.id[name] = append(g.ids, id), name, id
	}
	slices.Sort(g.ids)
	for _, who := range []person{g.worker, g.supervisor} {
		for route := range doorTable {
			path, isQuestion := strings.CutPrefix(route, "GET ")
			if !isQuestion || path == "/changes" || strings.HasPrefix(path, base) {
				continue
			}
			asked := s.asked(path)
			g.traffic = append(g.traffic, sent{by: who, method: http.MethodGet, path: asked})
			if strings.Contains(path, "{id}") {
				g.traffic = append(g.traffic, sent{by: who, method: http.MethodGet, path: askedAlso(asked, "as_of=2012-07-02")}, sent{by: who, method: http.MethodGet, path: askedAlso(asked, "known_at=1000000")})
			}
		}
		for _, asked := range []string{`{"name":"` + g.mark + `0001"}`, `{"id_number":"` + s.id("clients") + `","phone":"` + s.id("cases") + `"}`} {
			g.traffic = append(g.traffic, sent{by: who, method: http.MethodPost, path: "/search", content: asked})
		}
		for _, path := range []string{
			"/caseload?worker=" + g.worker.id.String(), "/audit?actor=" + g.worker.id.String(), "/audit?limit=500", "/cases/" + s.id("cases") + "/audit?limit=500",
			"/caseload?project=" + g.project, "/outcomes?project=" + g.project, "/outcomes/facts?number=contacts&project=" + g.project + "&site=" + g.site,
			"/outcomes/facts?number=ratings&limit=1000",
		} {
			g.traffic = append(g.traffic, sent{by: who, method: http.MethodGet, path: path})
		}
	}
	slices.SortFunc(g.traffic, func(a, b sent) int {
		return strings.Compare(a.method+a.path+a.by.who+a.content, b.method+b.path+b.by.who+b.content)
	})
	return s
}

// whenAllIsEnded are refused while a case of the client is open, as here.
var whenAllIsEnded = []string{"/clients/{id}/forgetting-checks", "/clients/{id}/forgetting-approvals"}

// streams are what the others' work is kept in.
var streams = []string{"cases", "clients", "groups", "activities"}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// swapped is a request of this agency with ids of another in the place of its own: all of them, or some.
func (g *agency) swapped(r sent, other *agency, dice *rand.Rand) (sent, bool) {
	all, changed := dice.UintN(3) == 0, false
	one := func(own string) string {
		if !all && dice.UintN(2) == 0 {
			return own
		}
		id := other.ids[dice.IntN(len(other.ids))]
		if slices.Contains(streams, other.name[id]) && r.method != http.MethodGet {
			id = newID() // under it something of ours could be opened, and then it would tell nothing
		}
		if same := other.id[g.name[own]]; same != "" && dice.UintN(4) > 0 {
			id = same // what is the same thing there
		}
		if own == g.worker.id.String() {
			id = other.worker.id.String()
		}
		changed = true
		return id
	}
	swap := func(text string) string {
		text = anID.ReplaceAllStringFunc(text, one)
		if dice.UintN(4) == 0 && strings.Contains(text, g.project) {
			text, changed = strings.ReplaceAll(strings.ReplaceAll(text, g.project, other.project), g.site, other.site), true
		}
		return text
	}
	r.path, r.content, r.header = swap(r.path), swap(r.content), slices.Clone(r.header)
	for i := 0; i+1 < len(r.header); i += 2 {
		switch {
		case r.header[i] == "If-Match":
			r.header[i+1] = strconv.Quote(strconv.Itoa(dice.IntN(30)))
		case r.header[i] == "Idempotency-Key" && dice.UintN(8) == 0:
			r.header[i+1], changed = other.keys[dice.IntN(len(other.keys))], true
		case r.header[i] == "Idempotency-Key":
			r.header[i+1] = newID()
		}
	}
	if dice.UintN(2) == 0 {
		r.by = []person{g.worker, g.supervisor}[dice.IntN(2)]
	}
	return r, changed
}

func (g *agency) send(r sent) heard {
	var content any
	if r.content != "" {
		content = r.content
	}
	request := request(r.method, r.path, content)
	for i := 0; i+1 < len(r.header); i += 2 {
		request.Header.Set(r.header[i], r.header[i+1])
	}
	return r.by.asks(request)
}

// foreign finds what is of this agency in an answer to someone of another: a word that it wrote, or an id that the
// other did not name, neither now nor in something that they recorded: whoever opens an entry makes its id.
func (g *agency) foreign(h heard, asked sent) string {
	where := h.bytes
	for name, values := range h.header {
		where = append(append(slices.Clip(where), name...), strings.Join(values, " ")...)
	}
	if at := bytes.Index(where, []byte(g.mark)); at >= 0 {
		return string(where[max(0, at-60):min(len(where), at+60)])
	}
	for _, id := range anID.FindAllString(string(where), -1) {
		if g.name[id] != "" && !g.taken[id] && !strings.Contains(asked.path+asked.content+strings.Join(asked.header, " "), id) {
			return g.name[id] + " " + id
		}
	}
	return ""
}

var anyPosition = regexp.MustCompile(`"position":"[0-9]+"`)

// holds is all that this agency sees of its work.
func (g *agency) holds(s *story) string {
	g.Helper()
	var all strings.Builder
	for _, path := range []string{"/cases/{id}?all=true", "/cases/{id}/timeline", "/cases/{id}/audit?limit=500", "/clients/{id}", "/groups/{id}", "/activities/{id}"} {
		all.Write(g.worker.sees(s.url(path)).bytes)
	}
	return anyPosition.ReplaceAllString(all.String(), "")
}

// Two agencies work on the same Casestream. Whatever ids of the other one puts into the requests that it sends, as many as
// it likes, it sees no byte of the other's, and changes none. CASESTREAM_IDOR=1000000 is the long run: fifty pairs of
// agencies, one after the other, each with dice of its own.
func TestNoIDOfAnotherAgencyOpensAnything(t *testing.T) {
	many := 20_000
	if raceDetector { // a request takes ten times as long under it
		many = 2_000
	}
	if set := os.Getenv("CASESTREAM_IDOR"); set != "" {
		var err error
		if many, err = strconv.Atoi(set); err != nil {
			t.Fatal(err)
		}
	}
	for pair := 1; many > 0 && !t.Failed(); pair++ {
		some := min(many, 20_000)
		t.Run(fmt.Sprintf("pair %d", pair), func(t *testing.T) { swap(t, some, rand.Uint64()) })
		many -= some
	}
}

func swap(t *testing.T, many int, seed uint64) {
	t.Logf("dice %d", seed)
	o := openOffice(t)
	noon := time.Date(2012, 7, 2, 12, 0, 0, 0, o.clock.now().Location())
	o.app.Now = func() time.Time { return noon }
	dice := rand.New(rand.NewPCG(2012, seed))
	ours := newAgency(o, project, site, o.a1, o.a, dice)
	theirs := newAgency(o, "second-home", "second-ward", person{}, person{}, dice)
	theirs.supervisor, theirs.worker = o.second("C", session.Supervisor, uuid.Nil), person{}
	theirs.worker = o.second("C1", session.Worker, theirs.supervisor.id)
	secretStory := theirs.works()
	before := theirs.holds(secretStory)
	if n := strings.Count(before, theirs.mark); n < 40 {
		t.Fatalf("they see %d of their own canaries", n)
	}
	statuses, routes := map[int]int{}, map[string]bool{}
	for sent := 0; sent < many; {
		ours.works() // now and then anew: a case may have been handed to the others, which is allowed
		for round := range 4 {
			for _, r := range ours.traffic {
				r, changed := ours.swapped(r, theirs, dice)
				if !changed && (round > 0 || r.method != http.MethodGet) {
					continue
				}
				h := ours.send(r)
				if h.status == http.StatusCreated {
					for _, id := range anID.FindAllString(r.path+r.content, -1) {
						theirs.taken[id] = theirs.name[id] != ""
					}
				}
				if found := theirs.foreign(h, r); found != "" {
					t.Fatalf("%s %s by %s answers %d with what is of the others: %s\n%s", r.method, r.path, r.by.who, h.status, found, r.content)
				}
				if h.status >= http.StatusInternalServerError {
					t.Fatalf("%s %s: %d %s %s", r.method, r.path, h.status, h.bytes, o.said.String())
				}
				if theirs.mark == ours.mark || strings.Contains(o.said.String(), theirs.mark) {
					t.Fatalf("it is in the log lines: %s", o.said.String())
				}
				o.said.forget()
				sent++
				statuses[h.status]++
				routes[r.method+" "+anID.ReplaceAllString(r.path, "{id}")] = true
			}
		}
	}
	o.arrives()
	if after := theirs.holds(secretStory); after != before {
		t.Error("and theirs is not as it was")
	}
	o.hearsNothingOf(theirs, ours.supervisor)
	if statuses[http.StatusNotFound] < many/10 || len(routes) < 60 {
		t.Errorf("the swap misses its aim: %v on %d routes", statuses, len(routes))
	}
	for _, kind := range streams {
		if theirs.taken[theirs.id[kind]] {
			t.Errorf("the id of the others' %s was used for something of ours: it is no sign any more", kind)
		}
	}
	t.Logf("%v on %d kinds of requests, %d canaries of the others", statuses, len(routes), theirs.written)
}

// hearsNothingOf listens to all that ever changed.
func (o *office) hearsNothingOf(theirs *agency, who person) {
	o.Helper()
	ctx, stop := context.WithTimeout(o.Context(), 2*time.Second)
	defer stop()
	r := request(http.MethodGet, "/changes", nil).WithContext(ctx)
	r.Header.Set("Last-Event-ID", "0")
	h := who.asks(r)
	if !strings.Contains(string(h.bytes), "event: changed") {
		o.Errorf("it hears nothing at all: %s", h.bytes)
	}
	if found := theirs.foreign(h, sent{}); found != "" {
		o.Errorf("a listener hears of %s", found)
	}
}

// second lets someone in who is of the second agency, which is founded when its first worker comes.
func (o *office) second(who string, role session.Role, lead uuid.UUID) person {
	o.Helper()
	if lead == uuid.Nil {
		o.administrator.does("/programme/agencies", body{"agency": "mingxin", "names": body{"zh": "明心社会工作服务中心"}})
		o.administrator.does("/programme/projects", body{"project": "second-home", "names": body{"zh": "另一项目"}, "commissioner": "civil-affairs", "agency": "mingxin", "category": "street_child"})
		o.administrator.does("/programme/sites", body{"project": "second-home", "site": "second-ward", "names": body{"zh": "另一站"}})
	}
	p := o.admit(who, role)
	post := "post-" + strings.ToLower(who)
	o.administrator.does("/programme/posts", body{
		"post": post, "kind": "dispatched", "employer": "mingxin", "project": "second-home", "site": "second-ward", "duties": "个案服务", "goals": "安全返家",
		"standards": "按月考核", "badge": post,
	})
	worker := body{"worker": p.id, "name": p.name, "post": post}
	if lead != uuid.Nil {
		worker["supervisor"] = lead
	}
	o.administrator.does("/programme/workers", worker)
	return p
}
