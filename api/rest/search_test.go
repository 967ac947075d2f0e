package rest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/pace"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// searches asks whether someone is known.
func (p person) searches(asked body) heard {
	return p.asks(request(http.MethodPost, "/search", asked))
}

// finds is what a search shows; it must be answered.
func (p person) finds(asked body) []Match {
	p.serves.Helper()
	h := p.searches(asked)
	if h.status != http.StatusOK {
		p.serves.Fatalf("%s searches: %d %s", p.who, h.status, h.bytes)
	}
	matches, ok := h.body["matches"].([]any)
	if !ok || strings.Contains(string(h.bytes), secret) {
		p.serves.Fatalf("%s is shown %s", p.who, h.bytes)
	}
	var all []Match
	for _, m := range matches {
		one := m.(body)
		match := Match{Since: int(one["since"].(float64)), Open: one["open"].(bool)}
		for _, by := range one["by"].([]any) {
			match.By = append(match.By, by.(string))
		}
		for _, flag := range one["flags"].([]any) {
			match.Flags = append(match.Flags, flag.(string))
		}
		for _, call := range one["call"].([]any) {
			match.Call = append(match.Call, Contact{Colleague: Colleague{Worker: uuid.MustParse(call.(body)["worker"].(string))}})
		}
		all = append(all, match)
	}
	return all
}

// child registers a client of this name, with what is said besides, and records the intake.
func (o *office) child(worker person, name string, said body) *story {
	o.Helper()
	s := o.story(worker)
	content := s.fills("/clients/{id}/registration")
	content["name"] = name
	for key, value := range said {
		content[key] = value
	}
	s.does("/clients/{id}/registration", content)
	s.comes("/cases/{id}/intake")
	return s
}

// A child whom another agency knows comes to the door at night. Who is on duty asks, hears what keeps the child and
// themselves safe and whom to call, and nothing else; then they record the intake.
func TestAWorkerOfAnotherAgencyFindsAChildMaskedAndRecordsTheIntake(t *testing.T) {
	o := openOffice(t)
	lead := o.second("C", session.Supervisor, uuid.Nil)
	other := o.second("C1", session.Worker, lead.id)
	s := o.child(o.a1, "龙𠮷生", body{"other_names": "小龙", "birth": "2001", "birth_estimated": true})
	s.comes("/cases/{id}/assignments")
	s.does("/cases/{id}/flags", s.fills("/cases/{id}/flags"))
	s.does("/cases/{id}/flags", body{"entry": newID(), "kind": "staff_risk", "text": secret, "review_by": "2012-12-31"})

	h := other.searches(body{"name": "龙　𠮷生", "birth": "2002-05"})
	want := fmt.Sprintf(`{"matches":[{"by":["name"],"since":2012,"open":true,"flags":["safety","staff_risk"],"call":[{"worker":"%s","name":"%s",`+
		`"agency":{"agency":"chuxin","names":{"zh":"楚馨社会工作服务中心"}},"supervisor":{"worker":"%s","name":"%s"}}]}]}`, o.a1.id, o.a1.name, o.a.id, o.a.name)
	if h.status != http.StatusOK || strings.TrimSpace(string(h.bytes)) != want {
		t.Fatalf("%d\n%s\n%s", h.status, h.bytes, want)
	}
	if h.header.Get("Cache-Control") != "no-store" {
		t.Errorf("it may be kept: %v", h.header)
	}
	for what, asked := range map[string]body{
		"a part of the name": {"name": "龙𠮷"}, "another character": {"name": "龙吉生"}, "another year": {"name": "龙𠮷生", "birth": "2010"},
	} {
		if found := other.finds(asked); len(found) != 0 {
			t.Errorf("%s finds %+v", what, found)
		}
	}
	if found := other.finds(body{"name": "小龙"}); len(found) != 1 {
		t.Errorf("the other name finds %+v", found)
	}
	s.comes("/cases/{id}/flag-clearances")
	if found := other.finds(body{"name": "龙𠮷生"}); len(found) != 1 || !slices.Equal(found[0].Flags, []string{"staff_risk"}) {
		t.Errorf("when one warning is cleared it finds %+v", found)
	}
	own := o.story(other)
	own.lead = lead
	content := own.fills("/clients/{id}/registration")
	content["name"] = "龙𠮷生"
	own.does("/clients/{id}/registration", content)
	intake := own.fills("/cases/{id}/intake")
	intake["project"], intake["site"] = "second-home", "second-ward"
	own.does("/cases/{id}/intake", intake)
	if found := o.a1.finds(body{"name": "龙𠮷生"}); len(found) != 2 {
		t.Errorf("now the first finds %+v", found)
	}
	if hidden := other.gets(s.url("/cases/{id}")); hidden.status != http.StatusNotFound {
		t.Errorf("who found a child sees the case: %d", hidden.status)
	}
}

func TestTheDoorToTheSearch(t *testing.T) {
	o := openOffice(t)
	o.child(o.a1, "龙𠮷生", nil)
	nothing := o.administrator.gets("/cases/" + newID())
	for _, p := range append(o.people(), o.nobody()) {
		for _, name := range []string{"龙𠮷生", "没有此人", "王"} {
			before := o.head()
			h := p.searches(body{"name": name})
			cells++
			switch {
			case p.token == "":
				o.isProblem("a search by nobody", h, tokenless)
			case !letsIn("POST /search", p):
				if !same(h, nothing) {
					t.Errorf("a search by %s: %d %s", p.who, h.status, h.bytes)
				}
			case name == "王":
				o.isProblem("a surname", h, unfit)
				if h.body["code"] != codeTooLittle {
					t.Errorf("a surname: %s", h.bytes)
				}
			default:
				if all, _ := h.body["matches"].([]any); h.status != http.StatusOK || (len(all) == 1) != (name == "龙𠮷生") {
					t.Errorf("a search by %s: %d %s", p.who, h.status, h.bytes)
				}
			}
			if strings.Contains(string(h.bytes)+o.said.String(), "𠮷") || o.head() != before {
				t.Errorf("a search by %s leaves a trace, or is repeated: %s", p.who, h.bytes)
			}
		}
	}
}

func TestWhatIsAskedWronglyIsRefused(t *testing.T) {
	o := openOffice(t)
	for _, wrong := range []struct {
		asked  any
		status int
	}{
		{body{}, unfit},
		{body{"name": "欧阳"}, unfit},
		{body{"phone": "110"}, unfit},
		{body{"birth": "2001"}, unfit},
		{body{"name": "王小明", "birth": "去年"}, unfit},
		{body{"name": secret, secret: 1}, unfit},
		{body{"name": strings.Repeat("长", 101)}, unfit},
		{body{"name": []string{secret}}, unfit},
		{`{"name":"` + secret, unread},
		{`{"name":"` + secret + `","name":"` + secret + `"}`, unread},
		{`{"name":"` + strings.Repeat("长", 4<<10) + `"}`, tooLarge},
	} {
		h := o.a1.asks(request(http.MethodPost, "/search", wrong.asked))
		o.isProblem(fmt.Sprintf("a search for %.40v", wrong.asked), h, wrong.status)
		o.isSilent("a search", h)
		cells++
	}
	get := o.a1.gets("/search?name=x")
	o.isProblem("a search in a URL", get, hidden)
}

// Who is meant by many is not a list to read.
func TestManyOfOneNameAreNotListed(t *testing.T) {
	o := openOffice(t)
	for n := range mostMatches + 1 {
		if n == mostMatches {
			if found := o.b1.finds(body{"name": "王小明"}); len(found) != mostMatches {
				t.Errorf("%d are found", len(found))
			}
		}
		o.child(o.a1, "王小明", body{"birth": strconv.Itoa(1990 + n)})
	}
	h := o.b1.searches(body{"name": "王小明"})
	if strings.TrimSpace(string(h.bytes)) != `{"matches":[],"too_many":true}` {
		t.Errorf("%d %s", h.status, h.bytes)
	}
	if found := o.b1.finds(body{"name": "王小明", "birth": "1995-01-01"}); len(found) != 1 {
		t.Errorf("with the year %+v", found)
	}
}

// Both names are true while the old one was ever said; whom to call goes with the case.
func TestWhoIsAmendedAndHandedOverIsFoundAsTheyAre(t *testing.T) {
	o := openOffice(t)
	s := o.child(o.a1, "小石", nil)
	s.does("/clients/{id}/details", body{"entry": newID(), "why": secret, "name": "石磊", "phone": "027-85550001"})
	for _, asked := range []body{{"name": "小石"}, {"name": "石 磊"}, {"phone": "+86 27 8555 0001"}} {
		found := o.b1.finds(asked)
		if len(found) != 1 || !slices.ContainsFunc(found[0].Call, func(c Contact) bool { return c.Worker == o.a1.id }) {
			t.Errorf("%v finds %+v", asked, found)
		}
	}
	s.does("/cases/{id}/assignments", body{"entry": newID(), "worker": o.a2.id, "role": "responsible"})
	if found := o.b1.finds(body{"name": "小石"}); len(found) != 1 || len(found[0].Call) != 1 || found[0].Call[0].Worker != o.a2.id {
		t.Errorf("handed over, it finds %+v", found)
	}
}

// A conflict of interest closes the search too; who is restricted is not found, and found again when that is lifted.
func TestWhoMayNotBeToldIsNotFound(t *testing.T) {
	o := openOffice(t)
	s := o.child(o.a1, "小石", nil)
	second := o.story(o.a1) // another case, in which nobody has a conflict: it does not open what the first closes
	second.ids["clients"], second.done["/clients/{id}/registration"] = s.id("clients"), heard{}
	second.comes("/cases/{id}/intake")
	nobody := o.b1.searches(body{"name": "没有此人"})
	s.does("/cases/{id}/conflicts", s.fills("/cases/{id}/conflicts")) // of B1
	if h := o.b1.searches(body{"name": "小石"}); !same(h, nobody) {
		t.Errorf("who is kin finds %d %s", h.status, h.bytes)
	}
	if found := o.b.finds(body{"name": "小石"}); len(found) != 1 || len(found[0].Call) != 1 {
		t.Errorf("others find %+v", found)
	}
	o.officer.does(s.url("/clients/{id}/restrictions"), body{"entry": newID(), "reason": "objection", "why": secret})
	for _, p := range []person{o.a1, o.a, o.b} {
		if h := p.searches(body{"name": "小石"}); !same(h, nobody) {
			t.Errorf("%s finds who is restricted: %d %s", p.who, h.status, h.bytes)
		}
	}
	o.officer.does(s.url("/clients/{id}/restriction-liftings"), body{"entry": newID(), "why": secret})
	if found := o.b.finds(body{"name": "小石"}); len(found) != 1 {
		t.Errorf("when it is lifted they find %+v", found)
	}
}

// Who asked is in the read log before anything leaves, with how many were found and without what was asked. Where that
// cannot be kept, nobody is told whether anyone is known.
func TestASearchIsRecordedBeforeItIsAnswered(t *testing.T) {
	o := openOffice(t)
	o.child(o.a1, "小石", nil)
	whole := o.app.Access
	t.Cleanup(func() { o.app.Access = whole })

	o.app.Access = access.New(away{whole})
	one, none := o.b1.searches(body{"name": "小石"}), o.b1.searches(body{"name": "没有此人"})
	o.isProblem("a search that cannot be recorded", one, http.StatusServiceUnavailable)
	if !same(one, none) || one.body["code"] != "unrecorded" {
		t.Errorf("%s, and of nobody %s", one.bytes, none.bytes)
	}
	o.said.forget()

	store := slow{whole, make(chan struct{}), make(chan struct{})}
	o.app.Access = access.New(store)
	for name, found := range map[string]int{"小石": 1, "没有此人": 0} {
		before := o.readLogEnds()
		answered := make(chan heard, 1)
		go func() { answered <- o.b1.searches(body{"name": name}) }()
		select {
		case <-store.came:
		case h := <-answered:
			t.Fatalf("it is answered and not recorded: %s", h.bytes)
		}
		select {
		case h := <-answered:
			close(store.let)
			t.Fatalf("it is answered before it is recorded: %s", h.bytes)
		case <-time.After(50 * time.Millisecond):
		}
		store.let <- struct{}{}
		if h := <-answered; h.status != http.StatusOK {
			t.Errorf("%d %s", h.status, h.bytes)
		}
		left := o.entries(before)
		want := events.Searched{Asking: events.Asking{Role: "worker", Route: "search", Purpose: "casework"}, Found: found}
		if len(left) != 1 || left[0].Event != events.Event(want) || left[0].Meta.Actor != o.b1.id.String() {
			t.Errorf("it left %+v, not %+v", left, want)
		}
		if said := fmt.Sprintf("%+v", left); strings.Contains(said, "石") || strings.Contains(said, "此人") {
			t.Errorf("what was asked is kept: %s", said)
		}
	}
}

// Nobody walks through the telephone book: searching is limited, and nothing else waits for it.
func TestWhoSearchesTooOftenIsToldWhenToAskAgain(t *testing.T) {
	o := limited(t, Limited(Limits{Search: Searching}))
	got := through(3*Searching.AtOnce, func(n int) heard { return o.a1.searches(body{"phone": fmt.Sprintf("138%08d", n)}) })
	if got != Searching.AtOnce {
		t.Errorf("%d searches at once", got)
	}
	h := o.a1.searches(body{"name": secret})
	o.isProblem("one more", h, http.StatusTooManyRequests)
	o.isSilent("one more", h)
	if wait, err := strconv.Atoi(h.header.Get("Retry-After")); err != nil || wait < 50 || wait > 61 {
		t.Errorf("Retry-After: %q", h.header.Get("Retry-After"))
	}
	o.a1.sees("/caseload")
	o.b1.finds(body{"name": "没有此人"})
	if most := pace.New[string](Searching); most == nil {
		t.Error("there is no limit")
	}
}

// A search takes as long whether someone is found or not, within the time that a no takes.
func TestAMatchTakesAsLongAsNone(t *testing.T) {
	o := openOffice(t)
	o.child(o.a1, "小石", nil)
	noTakes = 200 * time.Millisecond
	defer func() { noTakes = 0 }()
	for _, name := range []string{"小石", "没有此人"} {
		began := time.Now()
		o.b1.finds(body{"name": name})
		if took := time.Since(began); took < noTakes {
			t.Errorf("%s: %v", name, took)
		}
	}
}

func TestTheRouteOfTheSearchIsOpenToWhoeverDoesCasework(t *testing.T) {
	rules := rights.New(rights.TheBook())
	for _, role := range session.Roles {
		if rules.Opens(rights.Search, role) != slices.Contains([]session.Role{session.Worker, session.Supervisor}, role) {
			t.Errorf("search is open to a %s: %t", role, rules.Opens(rights.Search, role))
		}
	}
}
