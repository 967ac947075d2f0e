package rest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// line is a valid command on a route, and what must have been done before it.
type line struct {
	path  string
	after []string // paths of other lines
	body  func(*story) body
}

// table has a line for every command route there is.
var table = slices.Concat(caseLines, clientLines, keepingLines, groupLines, activityLines, programmeLines)

func lineOf(path string) (line, bool) {
	n := slices.IndexFunc(table, func(l line) bool { return l.path == path })
	if n < 0 {
		return line{}, false
	}
	return table[n], true
}

// secret stands in every text that is sent, and must come back only to whoever may read it.
const secret = "机密𠮷c0ffee5ec2e7"

// trace is what is looked for: parts of the secret that survive being quoted.
var trace = []string{"c0ffee5ec2e7", "机密", `\u673a`, "%e6%9c%ba"}

// story is a piece of work that one worker does: a client, a case, a group, an activity, each under an id of its own.
type story struct {
	*office
	worker person
	lead   person // who supervises them, where that is none of the office
	ids    map[string]string
	seen   map[string]string // the version of each stream, as it was last answered
	done   map[string]heard

	told func(path, content string, header []string) (string, []string) // what is sent in the end, if not that
}

func (o *office) story(worker person) *story {
	return &story{office: o, worker: worker, ids: make(map[string]string), seen: make(map[string]string), done: make(map[string]heard)}
}

// id is the id of something in the story; it gets one when it is first spoken of. An entry is spoken of by its route.
func (s *story) id(name string) string {
	if s.ids[name] == "" {
		s.ids[name] = newID()
	}
	return s.ids[name]
}

// code is an id for what has a code.
func (s *story) code(name string) string { return name + "-" + s.id(name) }

// kind is what a route is about: cases, clients, groups, activities, programme.
func kindOf(path string) string { return strings.Split(path, "/")[1] }

func (s *story) url(path string) string { return strings.ReplaceAll(path, "{id}", s.id(kindOf(path))) }

// by is who does what the route is for.
func (s *story) by(path string) person {
	switch {
	case kindOf(path) == "programme":
		return s.administrator
	case strings.HasSuffix(path, "/break-glass"):
		return s.a2
	case strings.HasSuffix(path, "/glass-reviews"):
		return s.a
	}
	if slices.Contains(forSupervisors, path) {
		if s.lead.token != "" {
			return s.lead
		}
		return s.leads(s.worker)
	}
	if path == "/clients/{id}/forgetting-requests" {
		return s.deputy
	}
	if slices.ContainsFunc(keepingLines, func(l line) bool { return l.path == path }) {
		return s.officer
	}
	return s.worker
}

// forSupervisors are the routes that only who supervises the worker of a case may take.
var forSupervisors = []string{"/cases/{id}/grants", "/cases/{id}/grant-endings", "/cases/{id}/conflicts", "/cases/{id}/conflict-liftings"}

// leads is who supervises a worker.
func (o *office) leads(worker person) person {
	if worker.who == "B1" {
		return o.b
	}
	return o.a
}

// before does all that must have been done before a command, each once.
func (s *story) before(path string) line {
	s.Helper()
	l, ok := lineOf(path)
	if !ok {
		s.Fatalf("the table has no line for %s", path)
	}
	for _, earlier := range l.after {
		s.comes(earlier)
	}
	return l
}

// comes does a command and all that must come before it, unless it has come already.
func (s *story) comes(path string) heard {
	s.Helper()
	if _, ok := s.done[path]; !ok {
		l := s.before(path)
		s.does(path, l.body(s))
	}
	return s.done[path]
}

// does does a command.
func (s *story) does(path string, content body, header ...string) heard {
	s.Helper()
	header = append(s.ifMatch(path), header...)
	var sent any = content
	if s.told != nil {
		sent, header = s.told(path, asSent(content), header)
	}
	h := s.by(path).does(s.url(path), sent, header...)
	if s.done[path] = h; !isGlass(path) {
		s.seen[kindOf(path)] = h.header.Get("ETag")
	}
	return h
}

// isGlass tells of the routes whose stream is in the read log.
func isGlass(path string) bool { return strings.Contains(path, "glass") }

// ifMatch is the header that a route wants, with the version that was last seen.
func (s *story) ifMatch(path string) []string {
	if !slices.Contains(madeOnWhatWasSeen, path) {
		return nil
	}
	return []string{"If-Match", s.seen[kindOf(path)]}
}

// madeOnWhatWasSeen are the routes that want If-Match: plan, details, amendment, retraction, decision, closure and
// reopening, and the corrections of groups and activities, which are amendments too.
var madeOnWhatWasSeen = []string{
	"/cases/{id}/decision", "/cases/{id}/plans", "/cases/{id}/amendments", "/cases/{id}/retractions", "/cases/{id}/closure",
	"/cases/{id}/reopening", "/clients/{id}/details", "/groups/{id}/attendance-corrections", "/activities/{id}/count-corrections",
}

// posted are questions that are not commands: what is asked must not be in a URL.
var posted = []string{"/search"}

// commandRoutes are those of the router itself, below /api/v1.
func (o *office) commandRoutes() (paths []string) {
	for _, route := range o.router.echo.Routes() {
		if path, ok := strings.CutPrefix(route.Path, base); ok && route.Method == http.MethodPost && !aboutAccounts(path) && !slices.Contains(posted, path) {
			paths = append(paths, strings.ReplaceAll(path, ":id", "{id}"))
		}
	}
	slices.Sort(paths)
	return paths
}

func TestEveryCommandRouteHasALineInTheTable(t *testing.T) {
	o := openOffice(t)
	routes := o.commandRoutes()
	for _, path := range routes {
		if _, ok := lineOf(path); !ok {
			t.Errorf("POST %s has no line in the table: it is not tested", path)
		}
	}
	for _, l := range table {
		if !slices.Contains(routes, l.path) {
			t.Errorf("the table has a line for %s, which is no route", l.path)
		}
	}
}

func TestEveryCommandCanBeDone(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		before := s.head()
		h := s.comes(l.path)
		if h.header.Get("ETag") == "" || h.body["position"] == nil || h.body["stream"] == nil {
			t.Errorf("POST %s answers %s without saying where it stands", l.path, h.bytes)
		}
		if s.head() <= before && !isGlass(l.path) {
			t.Errorf("POST %s recorded nothing", l.path)
		}
	}
}
