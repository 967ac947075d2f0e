package rest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAnAddressThatIsTooLongIsRefused(t *testing.T) {
	o := openOffice(t)
	for what, path := range map[string]string{
		"a long question": "/caseload?project=" + strings.Repeat("c0ffee5ec2e7", 400),
		"many questions":  "/caseload?" + strings.Repeat("c0ffee5ec2e7=1&", 400),
		"a long path":     "/cases/" + strings.Repeat("c0ffee5ec2e7/", 400),
	} {
		for _, p := range []person{o.a1, o.nobody()} {
			h := p.gets(path)
			o.isProblem(what, h, http.StatusRequestURITooLong)
			o.isSilent(what, h)
		}
	}
}

// As deep as is allowed is read; one level deeper is not, wherever it is; brackets in a text are words.
func TestJSONThatGoesTooDeepIsRefusedBeforeItIsRead(t *testing.T) {
	for depth, refused := range map[int]bool{deepest: false, deepest + 1: true, 1_000_000: true} {
		for _, pair := range []string{"[]", "{}"} {
			text := strings.Repeat(pair[:1], depth) + strings.Repeat(pair[1:], depth)
			if err := shallow([]byte(text)); (err != nil) != refused {
				t.Errorf("%d × %s: %v", depth, pair, err)
			}
		}
	}
	for _, text := range []string{`"` + strings.Repeat("[", 100) + `"`, `"\"` + strings.Repeat("{", 100) + `"`, strings.Repeat("[],", 100), `["\\",` + strings.Repeat(`[""],`, 100) + "1]"} {
		if err := shallow([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := shallow([]byte(`"\\"` + strings.Repeat("[", 100))); err == nil {
		t.Error("a quoted backslash hides what comes behind it")
	}
	o := openOffice(t)
	for _, l := range table {
		a := o.story(o.a1).attempt(l.path)
		a.content = `{"entry":` + strings.Repeat("[", deepest) + `"` + secret + `"` + strings.Repeat("]", deepest) + "}"
		if h := a.refused("that goes too deep", unread); !strings.Contains(string(h.bytes), tooDeep) {
			t.Errorf("it does not say why: %s", h.bytes)
		}
	}
}

// serving is the real server with less patience, so that a test need not have it.
func (o *office) serving() *httptest.Server {
	s := httptest.NewUnstartedServer(nil)
	s.Config = Server(o.router.echo)
	s.Config.ReadHeaderTimeout, s.Config.ReadTimeout = s.Config.ReadHeaderTimeout/100, s.Config.ReadTimeout/100
	s.Start()
	o.Cleanup(s.Close)
	return s
}

// Whoever sends slowly is hung up on: in the middle of the headers, or of the body, or with headers without end.
func TestWhoSendsSlowlyIsHungUpOn(t *testing.T) {
	patience := bodyWithin
	bodyWithin = patience / 100
	t.Cleanup(func() { bodyWithin = patience })
	o := openOffice(t)
	server := o.serving()
	head := "POST " + base + "/cases/" + newID() + "/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + o.a1.token + "\r\nIdempotency-Key: " + newID() +
		"\r\nContent-Type: application/json\r\n"
	for what, begins := range map[string]string{
		"nothing": "", "half a header": "GET /livez HTTP/1.1\r\nHost: x\r\nX-Sl", "half a body": head + "Content-Length: 100\r\n\r\n{",
		"half a chunk": head + "Transfer-Encoding: chunked\r\n\r\n64\r\n{",
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		began := time.Now()
		_ = conn.SetDeadline(began.Add(20 * time.Second))
		fmt.Fprint(conn, begins)
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("%s: after %s: %v", what, time.Since(began), err)
		}
		cells++
	}
	if s := Server(nil); s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 {
		t.Errorf("the server waits for ever: %+v", s)
	}
}

// An answer may take so long and no longer, but for one that is meant to last: whoever listens to what changes is told as
// long as they read.
func TestWhoListensIsNotHungUpOn(t *testing.T) {
	o := openOffice(t)
	server := httptest.NewUnstartedServer(nil)
	server.Config = Server(o.router.echo)
	server.Config.WriteTimeout = 200 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	s := o.story(o.a1)
	s.comes("/cases/{id}/intake")
	o.arrives()
	l := o.listens(server, o.a1, "")
	for began := time.Now(); time.Since(began) < 5*server.Config.WriteTimeout; {
		o.a1.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret})
		if e := l.next(); e.event != "changed" {
			t.Fatal(e)
		}
	}
	l.hangUp()
}

func TestHeadersWithoutEndAreRefused(t *testing.T) {
	o := openOffice(t)
	server := o.serving()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	go func() {
		fmt.Fprintf(conn, "GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("c0ffee5ec2e7", mostHeaders/6))
	}()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%v %v", answer, err)
	}
}

// A log line on a connection that failed does not say whose it was.
func TestNoAddressIsLoggedOfAConnectionThatFailed(t *testing.T) {
	o := openOffice(t)
	for _, said := range []string{
		"http: TLS handshake error from 192.0.2.7:4711: EOF", "http: TLS handshake error from [2001:db8::7]:4711: EOF", "http: TLS handshake error from [fe80::1%eth0]:4711: EOF",
	} {
		Server(nil).ErrorLog.Print(said)
		if line := o.said.String(); strings.Contains(line, "4711") || strings.Contains(line, "192") || strings.Contains(line, "::") || !strings.Contains(line, "handshake") {
			t.Error(line)
		}
		o.said.forget()
	}
}
