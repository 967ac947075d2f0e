package rest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// opens are the routes that begin a stream under an id made by whoever begins it: there, one that is not there is right.
var opens = []string{"/cases/{id}/intake", "/clients/{id}/registration", "/groups/{id}/plan", "/activities/{id}/plan"}

// same tells whether two answers cannot be told apart, but for their date.
func same(a, b heard) bool {
	a.header.Del("Date")
	b.header.Del("Date")
	return a.status == b.status && bytes.Equal(a.bytes, b.bytes) && fmt.Sprint(a.header) == fmt.Sprint(b.header)
}

// Nobody learns from a no whether there is such a case.
func TestWhatIsNotTheirsLooksLikeWhatIsNotThere(t *testing.T) {
	o := openOffice(t)
	nothing := o.a1.gets("/cases/" + newID())
	o.isProblem("GET of no case", nothing, hidden)
	for _, l := range table {
		if kindOf(l.path) == "programme" {
			continue
		}
		mine := o.story(o.b1)
		a := mine.attempt(l.path)
		if slices.Contains(opens, l.path) {
			mine.does(l.path, mine.fills(l.path))
			a = mine.attempt(l.path)
		}
		for _, other := range []person{o.a1, o.a2, o.a, o.evaluator, o.administrator} {
			if strings.HasSuffix(l.path, "/break-glass") && other.id != uuid.Nil || strings.HasSuffix(l.path, "/glass-reviews") && other.who == "A" {
				continue // it is for whom the case is not; glass_test.go looks at that
			}
			a.by = other
			a.header.Set("Idempotency-Key", newID())
			theirs := a.refused("of someone else, by "+other.who, hidden)
			if !same(theirs, nothing) {
				t.Errorf("POST %s: %s is told %v %s of what is someone else's, and %v %s of what is not there",
					l.path, other.who, theirs.header, theirs.bytes, nothing.header, nothing.bytes)
			}
			stale := *a
			stale.header = a.header.Clone()
			stale.header.Set("If-Match", `"4711"`)
			if stale := stale.refused("of someone else, with another version, by "+other.who, hidden); !same(stale, nothing) {
				t.Errorf("POST %s: %s is told %s", l.path, other.who, stale.bytes)
			}
		}
		if slices.Contains(opens, l.path) {
			continue
		}
		missing := o.story(o.a1).attempt(l.path)
		missing.path = strings.Replace(l.path, "{id}", newID(), 1)
		if got := missing.refused("of nothing", hidden); !same(got, nothing) {
			t.Errorf("POST %s: of what is not there it says %s", l.path, got.bytes)
		}
	}
}

// An intake for a client whom others know says what one for a client whom nobody knows says.
func TestAnIntakeTellsNothingOfAClientWhomOthersKnow(t *testing.T) {
	o := openOffice(t)
	theirs := o.story(o.b1)
	theirs.comes("/clients/{id}/registration")
	known, unknown := o.story(o.a1), o.story(o.a1)
	known.ids["clients"] = theirs.id("clients")
	send := func(s *story) heard {
		a := &attempt{story: s, line: line{path: "/cases/{id}/intake"}, by: o.a1, path: s.url("/cases/{id}/intake"), content: s.fills("/cases/{id}/intake"), header: http.Header{}}
		a.header.Set("Idempotency-Key", newID())
		return a.refused("for a client who is not theirs", http.StatusConflict, hidden)
	}
	if a, b := send(known), send(unknown); !same(a, b) {
		t.Errorf("of a client whom others know it says %s, of one whom nobody knows %s", a.bytes, b.bytes)
	}
	if h := o.a1.gets("/clients/" + theirs.id("clients")); h.status != hidden {
		t.Errorf("and then the client is shown: %s", h.bytes)
	}
}

func TestARouteThatIsNotThereIsNotThere(t *testing.T) {
	o := openOffice(t)
	for _, path := range []string{"/" + secret, "/cases", "/cases/" + newID() + "/" + secret, "/../../etc/passwd", "/cases/%2e%2e/x"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodTrace, http.MethodOptions} {
			h := o.a1.asks(request(method, path, nil))
			o.isProblem(method+" "+path, h, hidden, http.StatusMethodNotAllowed)
			o.isSilent(method+" "+path, h)
			nobody := o.hears(request(method, path, nil))
			o.isProblem(method+" "+path+" without a token", nobody, tokenless)
			cells += 2
		}
	}
}

// The real server too: a body that goes on and on is ended when it is too large, not when the sender likes.
func TestABodyWithoutEndIsEnded(t *testing.T) {
	o := openOffice(t)
	server := httptest.NewUnstartedServer(o.router.echo)
	var read atomic.Int64 // by the server: what is on the way, in the buffers of the system, nobody can call back
	server.Listener = counting{server.Listener, &read}
	server.Start()
	t.Cleanup(server.Close)
	for _, l := range table {
		s := o.story(o.a1)
		a := s.attempt(l.path)
		sent := &endless{until: time.Now().Add(20 * time.Second)}
		read.Store(0)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+base+a.path, sent)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = a.header
		r.Header.Set("Authorization", "Bearer "+a.by.token)
		r.Header.Set("Content-Type", "application/json")
		answer, err := server.Client().Do(r)
		if err != nil {
			continue // it hung up on us, which is an answer too; the next look tells that nothing was recorded
		}
		answer.Body.Close()
		if answer.StatusCode != tooLarge {
			t.Errorf("POST %s: %s", l.path, answer.Status)
		}
		if read := read.Load(); read < 1<<20 || read > 2<<20 {
			t.Errorf("POST %s: it read %d bytes", l.path, read)
		}
		cells++
	}
}

// counting counts what is read from connections.
type counting struct {
	net.Listener
	read *atomic.Int64
}

func (c counting) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	return counted{conn, c.read}, err
}

type counted struct {
	net.Conn
	read *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

// endless is a body that begins like one that is right.
type endless struct {
	read  atomic.Int64 // the connection may read on when the answer is there
	until time.Time
}

func (e *endless) Read(p []byte) (int, error) {
	if time.Now().After(e.until) {
		return 0, fmt.Errorf("nobody ended it")
	}
	for i := range p {
		p[i] = 'a'
	}
	if e.read.Add(int64(len(p))) == int64(len(p)) {
		copy(p, `{"entry":"`)
	}
	return len(p), nil
}
