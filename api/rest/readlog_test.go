package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events"
)

// entries are what the read log has after a position.
func (o *office) entries(after events.Position) (all []events.Recorded) {
	o.Helper()
	for r, err := range o.app.Access.ReadAll(o.Context(), after) {
		if err != nil {
			o.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// readLogEnds is where the read log ends.
func (o *office) readLogEnds() events.Position {
	o.Helper()
	at, err := o.app.Access.Head(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	return at
}

// discloses says of every route which classes of what it opens; empty: nothing.
var discloses = map[string]map[string]string{
	"/programme":            {"programme": "S1"},
	"/caseload":             {"client": "S1"},
	"/audit":                {"case": "S2"},                    // what a correction said before and after
	"/cases/{id}":           {"case": "S1 S2", "client": "S1"}, // S3 is masked
	"/cases/{id}/timeline":  {"case": "S1 S2"},
	"/cases/{id}/audit":     {"case": "S2"},
	"/cases/{id}/duty":      {"case": "S1", "client": "S1"},
	"/clients/{id}":         {"client": "S1"},
	"/clients/{id}/export":  {"case": "S1 S2 S3", "client": "S1 S2"},
	"/groups/{id}":          {"group": "S1 S2"},
	"/activities/{id}":      {"activity": "S2"},
	"/access/glass":         {"glass": "S2"},
	"/cases/{id}/readers":   {},
	"/clients/{id}/readers": {}, "/cases/{id}/referrals": {}, "/retention": {}, "/access/unusual": {}, "/categories": {}, "/categories/{key}/form": {}, "/measures": {},
	"/extracts/{project}": {}, "/outcomes": {}, "/outcomes/facts": {}, "/reports/{year}": {},
}

// underGlass are the routes that a broken glass opens; in a story it is A2 who breaks it.
var underGlass = []string{"/cases/{id}", "/cases/{id}/timeline", "/cases/{id}/duty"}

// Every route, by everyone who is let in, leaves exactly one entry of exactly what it opened; everyone who is not leaves
// a denial; and where nothing was opened, nothing is recorded.
func TestWhatIsShownIsInTheReadLog(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	s.comes("/cases/{id}/break-glass")
	for route := range doorTable {
		path, ok := strings.CutPrefix(route, "GET ")
		if !ok || path == "/changes" || strings.HasPrefix(path, "/api/") || path == "/livez" || path == "/readyz" || aboutAccounts(path) || ofInvitation(path) {
			continue // nothing about anybody; of accounts, no name that is sealed
		}
		want, declared := discloses[path]
		if !declared {
			t.Errorf("%s: does it open anything?", route)
		}
		url := s.asked(path)
		for _, p := range o.people() {
			before := o.readLogEnds()
			h := p.gets(url)
			left := o.entries(before)
			what := fmt.Sprintf("GET %s by %s", url, p.who)
			cells++
			if !letsIn(route, p) && !(p.who == "A2" && slices.Contains(underGlass, path)) {
				o.isDenial(what, left, p, path, s)
				continue
			}
			hasWords := strings.Contains(string(h.bytes), secret) || strings.Contains(string(h.bytes), "䶮")
			if len(want) == 0 || !hasWords {
				if len(left) != 0 || hasWords {
					t.Errorf("%s: it shows words: %v, and it left %v", what, hasWords, left)
				}
				continue
			}
			o.isDisclosure(what, left, p, path, want)
		}
	}
}

func (o *office) isDenial(what string, left []events.Recorded, p person, path string, s *story) {
	o.Helper()
	if len(left) != 1 {
		o.Errorf("%s: it left %d entries", what, len(left))
		return
	}
	fact, ok := left[0].Event.(events.Denied)
	id := ""
	if strings.Contains(path, "{id}") {
		id = s.id(kindOf(path))
	}
	if !ok || !strings.HasSuffix(fact.Stream, id) || fact.Role != string(p.role) || fact.Route != routeName(http.MethodGet, strings.NewReplacer("{", ":", "}", "").Replace(path)) {
		o.Errorf("%s: it left %+v", what, left[0].Event)
	}
	if p.id.String() != left[0].Meta.Actor && p.role != "evaluator" && p.role != "administrator" && p.role != "privacy_officer" {
		o.Errorf("%s: it was denied to %s", what, left[0].Meta.Actor)
	}
}

func (o *office) isDisclosure(what string, left []events.Recorded, p person, path string, want map[string]string) {
	o.Helper()
	if len(left) != 1 {
		o.Errorf("%s: it left %d entries", what, len(left))
		return
	}
	var asking events.Asking
	var all []events.Shown
	switch fact := left[0].Event.(type) {
	case events.Disclosed:
		asking, all = fact.Asking, fact.Shown
	case events.Exported:
		asking, all = fact.Asking, fact.Shown
	}
	if asking.Role != string(p.role) || asking.Route == "" || asking.Purpose == "" {
		o.Errorf("%s: it left %+v", what, left[0].Event)
	}
	got := make(map[string]string)
	for _, shown := range all {
		for _, stream := range shown.Streams {
			category, _, _ := events.SplitStream(stream)
			got[category] = strings.Trim(fmt.Sprint(shown.Classes), "[]")
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		o.Errorf("%s: it left that %v was shown, not %v", what, got, want)
	}
}

// Everything about someone is handed out with who read it, and that it is handed out is recorded before it is.
func TestAnExportSaysWhoReadItAndIsRecorded(t *testing.T) {
	o := openOffice(t)
	s := o.broken()
	for _, p := range []person{o.a1, o.a2} {
		p.sees(s.url("/cases/{id}"))
	}
	for times := 1; times <= 2; times++ {
		before := o.readLogEnds()
		everything := o.officer.sees("/clients/" + s.id("clients") + "/export?recipient=client").body
		facts, readers := everything["facts"].([]any), everything["readers"].([]any)
		who := make(map[string]bool)
		for _, row := range readers {
			row := row.(body)
			who[row["actor"].(string)+" "+row["route"].(string)] = true
			if under := row["glass"] == s.id("/cases/{id}/break-glass"); under != (row["actor"] == o.a2.id.String()) {
				t.Errorf("%v", row)
			}
		}
		if !who[o.a1.id.String()+" get-cases"] || !who[o.a2.id.String()+" get-cases"] || len(who) != times+1 || everything["read_up_to"] != before.String() {
			t.Errorf("export %d, up to %s of %s: %v", times, everything["read_up_to"], before, readers)
		}
		left := o.entries(before)
		if len(left) != 1 {
			t.Fatalf("export %d left %v", times, left)
		}
		fact, ok := left[0].Event.(events.Exported)
		if !ok || fact.What != "person_to_client" || fact.Rows != len(facts) || len(fact.Shown) != 2 {
			t.Errorf("export %d left %+v", times, left[0].Event)
		}
	}
}

// A command shows nothing, so it leaves nothing.
func TestACommandLeavesNothingInTheReadLog(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		if isGlass(l.path) {
			continue
		}
		s := o.story(o.a1)
		before := o.readLogEnds()
		s.comes(l.path)
		if left := o.entries(before); len(left) != 0 {
			t.Errorf("POST %s left %v", l.path, left)
		}
	}
}

func TestACommandThatIsHiddenLeavesADenial(t *testing.T) {
	o := openOffice(t)
	mine := o.story(o.a1)
	mine.comes("/cases/{id}/notes")
	theirs := o.story(o.b1)
	theirs.comes("/cases/{id}/intake")
	for what, path := range map[string]string{"of others": "/cases/" + theirs.id("cases") + "/notes", "that is not there": "/cases/" + newID() + "/notes"} {
		before := o.readLogEnds()
		if h := o.a1.sends(path, body{"entry": newID(), "kind": "process", "text": secret}); h.status != hidden {
			t.Fatalf("%s: %d", what, h.status)
		}
		left := o.entries(before)
		if len(left) != 1 || left[0].Event.(events.Denied).Route != "cases-notes" || left[0].Meta.Actor != o.a1.id.String() {
			t.Errorf("%s: it left %+v", what, left)
		}
	}
	before := o.readLogEnds()
	intake := mine.fills("/cases/{id}/intake")
	intake["client"], intake["entry"] = theirs.id("clients"), newID()
	if h := o.a1.sends("/cases/"+newID()+"/intake", intake); h.body["code"] != "no-client" {
		t.Fatalf("%s", h.bytes)
	}
	if left := o.entries(before); len(left) != 1 || left[0].Event.Type() != "access.denied" {
		t.Errorf("for a client of others it left %+v", left)
	}
}

func TestAPurposeIsKeptAndOneThatThereIsNotIsRefused(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	for purpose, kept := range map[string]string{"": "supervision", "?purpose=handover": "handover"} {
		before := o.readLogEnds()
		o.a.sees(s.url("/cases/{id}") + purpose)
		left := o.entries(before)
		if len(left) != 1 || left[0].Event.(events.Disclosed).Purpose != kept {
			t.Errorf("%q: %+v", purpose, left)
		}
		asked, classes := purpose != "", fmt.Sprint(left[0].Event.(events.Disclosed).Shown)
		if strings.Contains(classes, "S3") != asked {
			t.Errorf("%q: %s was shown", purpose, classes)
		}
	}
	before := o.readLogEnds()
	if h := o.a.gets(s.url("/cases/{id}") + "?purpose=curiosity"); h.status != unfit {
		t.Errorf("a purpose that there is not: %d", h.status)
	}
	if left := o.entries(before); len(left) != 0 {
		t.Errorf("it left %+v", left)
	}
}

// away is a store that keeps nothing.
type away struct{ events.Store }

func (away) Append(context.Context, string, int, events.Meta, ...events.Event) (events.Position, error) {
	return 0, errors.Join(events.ErrUnavailable, errors.New("the disk is full"))
}

// Where it cannot be recorded, not one byte of it leaves, and nobody learns what is there.
func TestWhatCannotBeRecordedIsNotShown(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	s.comes("/cases/{id}/break-glass")
	whole := o.app.Access
	o.app.Access = access.New(away{whole})
	t.Cleanup(func() { o.app.Access = whole })
	var first heard
	for path, what := range discloses {
		for _, p := range o.people() {
			in := letsIn("GET "+path, p)
			if in && len(what) == 0 || path == "/audit" && p.who == "B" || path == "/caseload" && !strings.Contains(theWorker, p.who) || path == "/access/glass" && p.who == "B" || path == "/programme" && p.who == "evaluator" {
				continue // shows nothing
			}
			h := p.gets(s.asked(path))
			o.isProblem("GET "+path+" by "+p.who, h, http.StatusServiceUnavailable)
			if strings.Contains(string(h.bytes), secret) || strings.Contains(string(h.bytes), s.id("cases")) || h.body["code"] != "unrecorded" || h.header.Get("Retry-After") == "" {
				t.Errorf("GET %s by %s: %v %s", path, p.who, h.header, h.bytes)
			}
			if first.status == 0 {
				first = h
			}
			if !same(first, h) {
				t.Errorf("GET %s by %s tells more: %s", path, p.who, h.bytes)
			}
			cells++
		}
	}
	if h := o.b1.gets("/cases/" + newID()); !same(first, h) {
		t.Errorf("of what is not there: %s", h.bytes)
	}
	o.said.forget()
}

// slow is a store whose appends wait until they are let go.
type slow struct {
	events.Store
	came, let chan struct{}
}

func (s slow) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	s.came <- struct{}{}
	<-s.let
	return s.Store.Append(ctx, stream, expected, meta, facts...)
}

// The answer leaves after the entry, never before: a crash between the two leaves an entry too many.
func TestNothingLeavesBeforeItIsRecorded(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	whole := o.app.Access
	store := slow{whole, make(chan struct{}), make(chan struct{})}
	o.app.Access = access.New(store)
	t.Cleanup(func() { o.app.Access = whole })
	server := o.opens()
	for _, path := range []string{"/cases/" + s.id("cases"), "/cases/" + newID()} {
		answered := make(chan int, 1)
		go func() {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+base+path, nil)
			r.Header.Set("Authorization", "Bearer "+o.a1.token)
			answer, err := server.Client().Do(r)
			if err != nil {
				answered <- 0
				return
			}
			answer.Body.Close()
			answered <- answer.StatusCode
		}()
		select {
		case <-store.came:
		case status := <-answered:
			t.Fatalf("GET %s answered %d and recorded nothing", path, status)
		}
		before := o.readLogEnds()
		select {
		case status := <-answered:
			close(store.let)
			t.Fatalf("GET %s answered %d before it was recorded", path, status)
		case <-time.After(50 * time.Millisecond):
		}
		store.let <- struct{}{}
		if status := <-answered; status == 0 {
			t.Errorf("GET %s was not answered", path)
		}
		if len(o.entries(before)) != 1 {
			t.Errorf("GET %s: it was answered and not recorded", path)
		}
	}
}

// What is in the read log is about people who read, and holds no word of those they read about.
func TestTheReadLogHoldsNoWords(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	s.comes("/cases/{id}/glass-reviews")
	for path := range discloses {
		for _, p := range o.people() {
			p.gets(s.asked(path))
		}
	}
	for _, r := range o.entries(0) {
		data, _, err := events.Encode(r.Event)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range append(trace, "䶮", base) {
			if strings.Contains(string(data)+fmt.Sprint(r.Meta)+r.Stream, word) {
				t.Errorf("%s holds %q: %s", r.Event.Type(), word, data)
			}
		}
	}
}
