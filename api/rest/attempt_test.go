package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"unicode"
)

// attempt is a command that is right until something is done to it.
type attempt struct {
	story *story
	line  line

	by      person
	path    string
	content any
	header  http.Header
	chunked bool
}

// attempt is the command of a route, as it would be sent now: the one that must have been done before was done.
func (s *story) attempt(path string) *attempt {
	s.Helper()
	l := s.before(path)
	a := &attempt{story: s, line: l, by: s.by(path), path: s.url(path), content: l.body(s), header: make(http.Header)}
	a.header.Set("Idempotency-Key", newID())
	if version := s.ifMatch(path); version != nil {
		a.header.Set(version[0], version[1])
	}
	return a
}

func (a *attempt) send() heard {
	r := request(http.MethodPost, a.path, a.content)
	for name, values := range a.header {
		r.Header[name] = values
	}
	if a.chunked {
		r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
	}
	if r.Header.Get("Authorization") != "" || a.by.token == "" {
		return a.story.hears(r)
	}
	return a.by.asks(r)
}

// refused sends the attempt and looks at all that is true of every no: the status, words in both languages, silence
// about what was sent, and a log that is as it was.
func (a *attempt) refused(what string, status ...int) heard {
	s := a.story
	s.Helper()
	what = "POST " + a.line.path + ", " + what
	before := s.head()
	h := a.send()
	s.isProblem(what, h, status...)
	s.isSilent(what, h)
	if after := s.head(); after != before {
		s.Errorf("%s: the log went from %s to %s", what, before, after)
	}
	cells++
	return h
}

// cells counts what was tried in all; go test -v says it at the end.
var cells int

func TestMain(m *testing.M) {
	noTakes = 0
	code := m.Run()
	fmt.Println(cells, "requests of some route, by someone, with some fault, were answered and looked at")
	os.Exit(code)
}

// isProblem checks the form of a no.
func (o *office) isProblem(what string, h heard, status ...int) {
	o.Helper()
	ok := false
	for _, s := range status {
		ok = ok || s == h.status
	}
	if !ok {
		o.Errorf("%s: %d, not %v: %s", what, h.status, status, h.bytes)
		return
	}
	if got := h.header.Get("Content-Type"); got != "application/problem+json" {
		o.Errorf("%s: it is %q: %s", what, got, h.bytes)
	}
	var p Problem
	if err := json.Unmarshal(h.bytes, &p); err != nil {
		o.Errorf("%s: it is no JSON: %s", what, h.bytes)
		return
	}
	chinese := strings.ContainsFunc(p.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	if !chinese || p.En == "" || p.Code == "" || p.Title == "" || p.Status != h.status || p.Type != "/problems/"+p.Code {
		o.Errorf("%s: it is not whole: %s", what, h.bytes)
	}
	if len(h.bytes) > 10_000 {
		o.Errorf("%s: a no of %d bytes", what, len(h.bytes))
	}
}

// isSilent checks that nothing of what was sent is in an answer or in what was logged.
func (o *office) isSilent(what string, h heard) {
	o.Helper()
	for name, where := range map[string]string{"the answer": string(h.bytes), "its headers": fmt.Sprint(h.header), "the log lines": o.said.String()} {
		for _, part := range trace {
			if strings.Contains(strings.ToLower(where), part) {
				o.Errorf("%s: %s repeats what was sent: %s", what, name, where)
				break
			}
		}
	}
	if said := o.said.String(); strings.Contains(said, "level=ERROR") || strings.Contains(said, "panic") {
		o.Errorf("%s: it is not refused, it fails: %s", what, said)
	}
	o.said.forget()
}

func (l *lines) forget() {
	l.Lock()
	defer l.Unlock()
	l.Reset()
}

// asSent is a body as it travels.
func asSent(content any) string {
	text, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// copied is a body of its own, made of nothing but maps, lists and plain values.
func copied(content any) (copied any) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(asSent(content))))
	decoder.UseNumber()
	if err := decoder.Decode(&copied); err != nil {
		panic(err)
	}
	return copied
}
