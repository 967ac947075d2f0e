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

// The real server too: a body that goes on and on is ended when it is too large, not when the sender likes. What counts is what the
// server took in; how much of what is sent waits on the way is no concern of its.
func TestABodyWithoutEndIsEnded(t *testing.T) {
	o := openOffice(t)
	server := httptest.NewUnstartedServer(o.router.echo)
	taken := &taking{Listener: server.Listener}
	server.Listener = taken
	server.Start()
	t.Cleanup(server.Close)
	for _, l := range table {
		s := o.story(o.a1)
		a := s.attempt(l.path)
		taken.in.Store(0)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+base+a.path, &endless{taken: taken})
		if err != nil {
			t.Fatal(err)
		}
		r.Header = a.header
		r.Header.Set("Authorization", "Bearer "+a.by.token)
		r.Header.Set("Content-Type", "application/json")
		before := s.head()
		answer, err := server.Client().Do(r) // an error: it hung up on us, which is an answer too
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode != tooLarge {
				t.Errorf("POST %s: %s", l.path, answer.Status)
			}
		}
		if in := taken.in.Load(); in > mostTaken || in == 0 {
			t.Errorf("POST %s: it took %d bytes", l.path, in)
		}
		if s.head() != before {
			t.Errorf("POST %s: something was recorded", l.path)
		}
		cells++
	}
}

const mostTaken = 2 << 20

// taking is a listener that counts what the server takes in from all who connect.
type taking struct {
	net.Listener
	in atomic.Int64
}

func (l *taking) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return counted{conn, l}, err
}

type counted struct {
	net.Conn
	by *taking
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.by.in.Add(int64(n))
	return n, err
}

// endless is a body that begins like one that is right, and ends only when the server has taken too much.
type endless struct {
	taken *taking
	begun bool
}

func (e *endless) Read(p []byte) (int, error) {
	if e.taken.in.Load() > mostTaken {
		return 0, fmt.Errorf("nobody ended it")
	}
	for i := range p {
		p[i] = 'a'
	}
	if !e.begun {
		e.begun = true
		copy(p, `{"entry":"`)
	}
	return len(p), nil
}
