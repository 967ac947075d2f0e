package rest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// every asks for every route there is, in the story of a worker: a command as it would be sent, a question about the
// story, and what is for machines and for everybody. path is below the root. show sees each request before it is sent.
func (s *story) every(show func(route string, r *http.Request)) {
	s.Helper()
	for route := range doorTable {
		method, path, _ := strings.Cut(route, " ")
		l, isCommand := lineOf(path)
		var r *http.Request
		switch {
		case isCommand:
			own := s.story(s.worker)
			a := own.attempt(l.path)
			r = request(method, a.path, a.content)
			for name, values := range a.header {
				r.Header[name] = values
			}
			r.Header.Set("Authorization", "Bearer "+own.by(l.path).token)
			if strings.HasSuffix(l.path, "/break-glass") {
				r.Header.Set("Sign-In-Again", r.Header.Get("Authorization"))
			}
		case strings.HasPrefix(path, base), path == "/livez", path == "/readyz", strings.HasPrefix(path, "/control/"), ofInvitation(path):
			r = request(method, "", nil)
			r.URL.Path = path
		default:
			r = request(method, s.asked(path), nil)
			r.Header.Set("Authorization", "Bearer "+s.worker.token)
		}
		show(route, r)
	}
}

// isGuarded checks what an answer forbids a browser.
func (o *office) isGuarded(what string, h heard) {
	o.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp",
	} {
		if got := h.header.Values(name); len(got) != 1 || got[0] != want {
			o.Errorf("%s: %s: %v", what, name, got)
		}
	}
	policy := h.header.Get("Content-Security-Policy")
	form := "form-action 'none'"
	if strings.Contains(what, InvitationPath) && h.header.Get("Content-Type") == "text/html; charset=utf-8" {
		form = "form-action 'self'" // the one page with forms
	}
	for _, part := range []string{"default-src 'none'", "object-src 'none'", "base-uri 'none'", form, "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			o.Errorf("%s: the policy lacks %s: %q", what, part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "data:") {
		o.Errorf("%s: the policy allows what it should not: %q", what, policy)
	}
	for _, power := range []string{"camera=()", "microphone=()", "geolocation=()", "usb=()", "payment=()"} {
		if !strings.Contains(h.header.Get("Permissions-Policy"), power) {
			o.Errorf("%s: Permissions-Policy lacks %s", what, power)
		}
	}
	for name := range h.header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "X-Powered-By" {
			o.Errorf("%s: it says %s", what, name)
		}
	}
}

// Every route, whoever asks and whatever comes of it: an answer tells a browser to keep nothing, show it in no frame and
// run nothing in it.
func TestEveryAnswerIsGuarded(t *testing.T) {
	o := openOffice(t)
	o.wholeStory(o.a1).every(func(route string, r *http.Request) {
		whole := r.Header.Get("Authorization")
		for _, who := range []string{whole, "Bearer " + o.administrator.token, "Bearer " + secret, ""} {
			again := r.Clone(cancelled()) // a live connection ends at once
			if again.Header.Set("Authorization", who); who == "" {
				again.Header.Del("Authorization")
			}
			if r.GetBody != nil {
				again.Body, _ = r.GetBody()
			}
			h := o.hears(again)
			o.isGuarded(fmt.Sprintf("%s: %d", route, h.status), h)
			if h.header.Get("Strict-Transport-Security") != "" {
				t.Errorf("%s: it speaks of TLS, and there is none", route)
			}
			cells++
		}
	})
	for _, path := range []string{"/", "/" + secret, base, base + "/", base + "/cases/" + newID() + "/" + secret} {
		r := request(http.MethodGet, "", nil)
		r.URL.Path = path
		o.isGuarded("GET "+path, o.hears(r))
	}
}

func TestUnderTLSABrowserComesBackOverNothingElse(t *testing.T) {
	o := openOffice(t)
	for _, p := range []person{o.a1, o.nobody()} {
		r := request(http.MethodGet, "/caseload", nil)
		r.TLS = &tls.ConnectionState{}
		r.Header.Set("Authorization", "Bearer "+p.token)
		if got := o.hears(r).header.Get("Strict-Transport-Security"); got != "max-age=63072000; includeSubDomains" {
			t.Errorf("%s: %q", p.who, got)
		}
	}
}

// The page for people works under its own policy: it has no script, no style of its own, and asks nobody else for any.
func TestThePageOfTheContractWorksUnderItsPolicy(t *testing.T) {
	o := openOffice(t)
	h := o.publicly(base + "/docs")
	page := string(h.bytes)
	for what, pattern := range map[string]string{
		"a script": `(?i)<script`, "a style": `(?i)<style|\sstyle\s*=`, "a handler": `(?i)\son[a-z]+\s*=\s*["']`, "another host": `(?i)(src|href)\s*=\s*["']?(https?:)?//`,
	} {
		if found := regexp.MustCompile(pattern).FindString(page); found != "" {
			t.Errorf("the page has %s: %s", what, found)
		}
	}
	styles := regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)">`).FindStringSubmatch(page)
	if len(styles) != 2 || !strings.Contains(h.header.Get("Content-Security-Policy"), "style-src 'self'") {
		t.Fatalf("styles %v under %q", styles, h.header.Get("Content-Security-Policy"))
	}
	if css := o.publicly(base + "/" + styles[1]); css.status != http.StatusOK || css.header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(string(css.bytes), "summary") {
		t.Errorf("its style: %d %v", css.status, css.header)
	}
}

// cancelled is the context of whoever has gone.
func cancelled() context.Context {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	return ctx
}
