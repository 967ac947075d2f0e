package rest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// listener hears what changes, over a real connection.
type listener struct {
	testing.TB
	lines  *bufio.Scanner
	hangUp func()
	last   string // id that was heard
	heard  strings.Builder
}

// told is one event as it comes over the wire.
type told struct {
	id, event string
	data      body
}

// opens puts the door on a port of its own. It closes when everybody has hung up.
func (o *office) opens() *httptest.Server {
	server := httptest.NewServer(o.router.echo)
	o.Cleanup(server.Close)
	return server
}

// listens begins to listen after a position, or from now on, and returns when it hears.
func (o *office) listens(server *httptest.Server, p person, after string) *listener {
	o.Helper()
	ctx, stop := context.WithTimeout(o.Context(), 30*time.Second)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+base+"/changes", nil)
	if err != nil {
		o.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		o.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" || answer.Header.Get("Cache-Control") != "no-store" {
		o.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	l := &listener{TB: o.TB, lines: bufio.NewScanner(answer.Body)}
	l.hangUp = func() { stop(); answer.Body.Close() }
	o.Cleanup(l.hangUp)
	if ready := l.next(); ready.event != "ready" || len(ready.data) != 0 || after != "" && ready.id != after {
		o.Fatalf("it begins with %v", ready)
	}
	return l
}

// next is the next event. It waits for it; if there is none, the test fails when the connection ends.
func (l *listener) next() (e told) {
	l.Helper()
	e, ok := l.read()
	if !ok {
		l.Fatalf("it ended: %v\n%s", l.lines.Err(), l.heard.String())
	}
	return e
}

func (l *listener) read() (e told, ok bool) {
	for l.lines.Scan() {
		line := l.lines.Text()
		l.heard.WriteString(line + "\n")
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && e.event != "":
			l.last = e.id
			return e, true
		case name == "id":
			e.id = value
		case name == "event":
			e.event = value
		case name == "data":
			if err := json.Unmarshal([]byte(value), &e.data); err != nil {
				l.Errorf("%q: %v", line, err)
			}
		}
	}
	return e, false
}

// Wherever the connection breaks off, whoever takes it up again hears everything of their own cases once, in order,
// when it can be seen, and nothing of others.
func TestEveryChangeIsHeardOnceWhereverTheConnectionBreaks(t *testing.T) {
	o := openOffice(t)
	server := o.opens()
	dice := rand.New(rand.NewPCG(2012, 7))
	mine, also, theirs := o.story(o.a1), o.story(o.a1), o.story(o.b1)
	var done, heard []string
	records := func(s *story) {
		t.Helper()
		h := s.worker.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret})
		if s != theirs {
			done = append(done, h.body["position"].(string))
		}
	}
	for _, s := range []*story{mine, also, theirs} {
		s.comes("/cases/{id}/intake")
	}
	last := fmt.Sprint(o.head())
	own := []string{mine.id("cases"), also.id("cases")}
	for range 60 {
		for range dice.IntN(6) {
			records([]*story{mine, also, theirs}[dice.IntN(3)])
		}
		l := o.listens(server, o.a1, last)
		for range dice.IntN(4) {
			records([]*story{mine, also, theirs}[dice.IntN(3)])
		}
		for range dice.IntN(1 + len(done) - len(heard)) {
			e := l.next()
			o.isChange(e, own)
			heard = append(heard, e.id)
		}
		last = l.last
		l.hangUp()
		o.isQuiet(l, theirs)
	}
	for l := o.listens(server, o.a1, last); len(heard) < len(done); {
		heard = append(heard, l.next().id)
	}
	if !slices.Equal(heard, done) {
		t.Errorf("heard %v\nof    %v", heard, done)
	}
	if len(done) < 100 {
		t.Errorf("only %d changes: it tests little", len(done))
	}
	t.Logf("%d changes over 61 connections", len(done))
}

// isChange checks that an event names a case and a position and no more, and that what it tells of can be seen.
func (o *office) isChange(e told, own []string) {
	o.Helper()
	if names := slices.Sorted(maps.Keys(e.data)); e.event != "changed" || !slices.Equal(names, []string{"case", "position", "type", "version"}) {
		o.Errorf("it tells %v", e)
	}
	id, _ := e.data["case"].(string)
	if e.data["position"] != e.id || !slices.Contains(own, id) {
		o.Errorf("it tells %v", e)
		return
	}
	if shown := o.a1.sees("/cases/" + id).body["result"].(body)["version"].(float64); shown < e.data["version"].(float64) {
		o.Errorf("it tells of version %v when version %v is shown", e.data["version"], shown)
	}
	cells++
}

// isQuiet checks that nothing personal, and nothing of others, went over the wire.
func (o *office) isQuiet(l *listener, theirs *story) {
	o.Helper()
	text := l.heard.String()
	for _, part := range append(trace, theirs.id("cases"), theirs.id("clients"), o.a1.name, o.a1.id.String(), "note\"") {
		if strings.Contains(text, part) {
			o.Errorf("it tells %q:\n%s", part, text)
		}
	}
}

// A case that changes hands is told to whoever has it now.
func TestWhoHasTheCaseHearsOfIt(t *testing.T) {
	o := openOffice(t)
	server := o.opens()
	s := o.story(o.a1)
	s.comes("/cases/{id}/decision")
	before, after := o.listens(server, o.a1, ""), o.listens(server, o.b1, "")
	lead := o.listens(server, o.a, "")
	handed := o.a1.does(s.url("/cases/{id}/assignments"), body{"entry": newID(), "worker": o.b1.id, "role": "responsible"})
	if e := after.next(); e.id != handed.body["position"] || e.data["type"] != "case.worker-assigned" {
		t.Errorf("the new worker hears %v", e)
	}
	o.b1.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret})
	mine := o.story(o.a1)
	opened := mine.comes("/cases/{id}/intake")
	for who, l := range map[string]*listener{"the worker before": before, "their supervisor": lead} {
		if e := l.next(); e.id != opened.body["position"] {
			t.Errorf("%s hears %v of a case that others have", who, e)
		}
	}
}

// Signing out ends it: a token that has expired hears no more, also on a connection that was made before.
func TestNobodyHearsAnythingWithATokenThatHasExpired(t *testing.T) {
	o := openOffice(t)
	server := o.opens()
	s := o.story(o.a1)
	s.comes("/cases/{id}/intake")
	short := o.a1
	var err error
	who, err := o.app.Tokens.Who(t.Context(), o.a1.token, o.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	if short.token, err = o.app.Tokens.Give(t.Context(), who, july(3)); err != nil {
		t.Fatal(err)
	}
	l := o.listens(server, short, "")
	o.clock.set(july(4))
	o.a1.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret})
	if e, ok := l.read(); ok {
		t.Errorf("it hears %v", e)
	}
	o.isProblem("taken up again", short.gets("/changes"), tokenless)
}

func TestWhoMayNotListenHearsNothing(t *testing.T) {
	o := openOffice(t)
	o.isProblem("nobody", o.hears(request(http.MethodGet, "/changes", nil)), tokenless)
	for _, p := range []person{o.evaluator, o.administrator} {
		h := p.gets("/changes")
		o.isProblem(p.who, h, hidden)
		if !same(h, p.gets("/cases/"+newID())) {
			t.Errorf("%s is told %s", p.who, h.bytes)
		}
	}
	for _, nonsense := range []string{secret, "-1", "1.5", "99999999999999999999"} {
		r := request(http.MethodGet, "/changes", nil)
		r.Header.Set("Last-Event-ID", nonsense)
		h := o.a1.asks(r)
		o.isProblem("after "+nonsense, h, unfit)
		o.isSilent("after "+nonsense, h)
	}
}
