package rest

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// office is a small programme: one project with a site, and two teams. Supervisor A has the workers A1 and A2,
// supervisor B has B1. It is July 2012; a second passes
// whenever someone looks at the clock.
type office struct {
	testing.TB
	app    *app.App
	router *router

	a, a1, a2, b, b1, evaluator, administrator person

	born            map[string]uuid.UUID // ids of people, where another office has the same
	officer, deputy person               // of privacy; the deputy asks for what the first approves

	clock clock
	said  lines // what was logged
}

// person is someone with a token. Each has a name that is found nowhere else.
type person struct {
	who    string
	role   session.Role
	id     uuid.UUID
	name   string
	token  string
	serves *office
}

const project, site, password = "bring-home", "station", "over-to-you"

// elsewhere is the site where everybody has a post. Cases are of the other: who is on duty there is told more.
const elsewhere = "shelter"

// openOffice opens an office in a new directory.
func openOffice(t testing.TB) *office {
	t.Helper()
	return openOfficeOf(t, nil)
}

// openOfficeOf opens one with people of these ids.
func openOfficeOf(t testing.TB, born map[string]uuid.UUID) *office {
	t.Helper()
	o := &office{TB: t, app: running(t), born: born}
	o.clock.set(time.Date(2012, 7, 2, 9, 0, 0, 0, events.Zone))
	o.app.Now = o.clock.now
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&o.said, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(logger) })
	o.router = newRouter(o.app)
	o.router.routes(password)
	o.router.echo.Logger.SetOutput(&o.said)
	o.administrator = o.admit("administrator", session.Administrator)
	o.evaluator = o.admit("evaluator", session.Evaluator)
	o.officer, o.deputy = o.admit("officer", session.PrivacyOfficer), o.admit("deputy", session.PrivacyOfficer)
	o.a, o.b = o.admit("A", session.Supervisor), o.admit("B", session.Supervisor)
	o.a1, o.a2, o.b1 = o.admit("A1", session.Worker), o.admit("A2", session.Worker), o.admit("B1", session.Worker)
	o.found()
	return o
}

// admit gives someone a token.
func (o *office) admit(who string, role session.Role) person {
	o.Helper()
	p := person{who: who, role: role, name: "姓名" + who + "䶮", serves: o}
	identity := session.Identity{Role: role, Name: string(role) + ":office"}
	if role == session.PrivacyOfficer {
		identity.Name = string(role) + ":" + who
	}
	if role == session.Worker || role == session.Supervisor {
		if p.id = o.born[who]; p.id == uuid.Nil {
			p.id = uuid.Must(uuid.NewV7())
		}
		identity.Worker = p.id
	}
	var err error
	if p.token, err = o.app.Tokens.Give(o.Context(), identity, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		o.Fatal(err)
	}
	return p
}

// found enters the programme.
func (o *office) found() {
	o.Helper()
	enter := func(path string, body any) { o.administrator.does(path, body) }
	names := func(zh string) body { return body{"zh": zh} }
	enter("/programme/commissioners", body{"commissioner": "civil-affairs", "names": names("市民政局")})
	enter("/programme/agencies", body{"agency": "chuxin", "names": names("楚馨社会工作服务中心")})
	enter("/programme/projects", body{"project": project, "names": names("接送流浪孩子回家"), "commissioner": "civil-affairs", "agency": "chuxin", "category": "street_child"})
	for _, s := range []string{site, elsewhere} {
		enter("/programme/sites", body{"project": project, "site": s, "names": names("市救助管理站")})
	}
	for _, p := range []*person{&o.a, &o.b, &o.a1, &o.a2, &o.b1} {
		post := "post-" + strings.ToLower(p.who)
		enter("/programme/posts", body{
			"post": post, "kind": "dispatched", "employer": "chuxin", "project": project, "site": elsewhere,
			"duties": "个案服务", "goals": "安全返家", "standards": "按月考核", "badge": post,
		})
		worker := body{"worker": p.id, "name": p.name, "post": post}
		if lead := map[string]uuid.UUID{"A1": o.a.id, "A2": o.a.id, "B1": o.b.id}[p.who]; lead != uuid.Nil {
			worker["supervisor"] = lead
		}
		enter("/programme/workers", worker)
	}
}

// people are all who have a token.
func (o *office) people() []person {
	return []person{o.a, o.a1, o.a2, o.b, o.b1, o.evaluator, o.administrator, o.officer}
}

// head is where the log ends.
func (o *office) head() events.Position {
	o.Helper()
	at, err := o.app.Log.Head(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	return at
}

// heard is what came back for a request.
type heard struct {
	status int
	header http.Header
	bytes  []byte
	body   body
}

// body is JSON as it is sent and read.
type body = map[string]any

// request is one without a body when that is nil; a string or bytes are sent as they are.
func request(method, path string, content any) *http.Request {
	var sent io.Reader
	switch c := content.(type) {
	case nil:
	case string:
		sent = strings.NewReader(c)
	case []byte:
		sent = bytes.NewReader(c)
	default:
		text, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		sent = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, base+path, sent)
	if sent != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// hears sends a request to the door, as nobody.
func (o *office) hears(r *http.Request) heard {
	recorded := httptest.NewRecorder()
	o.router.echo.ServeHTTP(recorded, r)
	h := heard{status: recorded.Code, header: recorded.Header(), bytes: recorded.Body.Bytes()}
	_ = json.Unmarshal(h.bytes, &h.body)
	return h
}

// asks sends a request with the person's token.
func (p person) asks(r *http.Request) heard {
	if strings.HasSuffix(r.URL.Path, "/break-glass") && r.Header.Get("Sign-In-Again") == "" {
		r.Header.Set("Sign-In-Again", "Bearer "+p.token)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	return p.serves.hears(r)
}

// sends sends a command under a new id, unless the header pairs name one.
func (p person) sends(path string, content any, header ...string) heard {
	r := request(http.MethodPost, path, content)
	r.Header.Set("Idempotency-Key", newID())
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return p.asks(r)
}

// does sends a command that must be done.
func (p person) does(path string, content any, header ...string) heard {
	p.serves.Helper()
	h := p.sends(path, content, header...)
	if h.status != http.StatusCreated {
		p.serves.Fatalf("%s: POST %s: %d %s", p.who, path, h.status, h.bytes)
	}
	return h
}

// gets asks a question.
func (p person) gets(path string) heard { return p.asks(request(http.MethodGet, path, nil)) }

// sees asks a question that must be answered.
func (p person) sees(path string) heard {
	p.serves.Helper()
	h := p.gets(path)
	if h.status != http.StatusOK {
		p.serves.Fatalf("%s: GET %s: %d %s", p.who, path, h.status, h.bytes)
	}
	return h
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// clock goes on by a second whenever someone looks at it.
type clock struct {
	sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	c.at = c.at.Add(time.Second)
	return c.at
}

func (c *clock) set(at time.Time) {
	c.Lock()
	defer c.Unlock()
	c.at = at
}

// lines keeps what was written.
type lines struct {
	sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(p)
}

func (l *lines) String() string {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.String()
}
