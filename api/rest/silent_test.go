package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/admin"
)

// watched is an office whose answers are counted, as under serve --admin.
func watched(t *testing.T) (*office, func() string) {
	t.Helper()
	o := openOffice(t)
	watching := admin.New(o.app)
	o.router = newRouter(o.app, Watched(watching.Observe))
	o.router.routes(password)
	o.router.echo.Logger.SetOutput(&o.said)
	return o, func() string {
		recorded := httptest.NewRecorder()
		watching.Handler().ServeHTTP(recorded, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return recorded.Body.String()
	}
}

// isNameless checks that the metrics hold nothing that was sent, nothing about a person, and no id.
func (s *story) isNameless(metrics string) {
	s.Helper()
	unwanted := append([]string{s.a1.name, s.a1.id.String(), s.a1.token, s.evaluator.token}, trace...)
	for _, id := range s.ids {
		unwanted = append(unwanted, id)
	}
	for _, part := range unwanted {
		if part != "" && strings.Contains(strings.ToLower(metrics), strings.ToLower(part)) {
			s.Errorf("the metrics hold %q", part)
		}
	}
}

// Every route, done rightly and with every fault: metrics count it under its pattern, and know nothing else of it.
func TestMetricsNameRoutesAndNobody(t *testing.T) {
	o, metrics := watched(t)
	s := o.wholeStory(o.a1)
	s.every(func(route string, r *http.Request) {
		path := r.URL.Path
		for _, spoil := range []func(*http.Request){
			func(*http.Request) {},
			func(r *http.Request) { r.URL.Path = path + "/c0ffee5ec2e7" },
			func(r *http.Request) { r.URL.RawQuery = "c0ffee5ec2e7=c0ffee5ec2e7" },
			func(r *http.Request) { r.Method = "C0FFEE5EC2E7" },
			func(r *http.Request) { r.Header.Set("Authorization", "Bearer c0ffee5ec2e7") },
			func(r *http.Request) { r.Host = "c0ffee5ec2e7" },
			func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{"c0ffee5ec2e7`)) },
		} {
			again := r.Clone(cancelled())
			if r.GetBody != nil {
				again.Body, _ = r.GetBody()
			}
			spoil(again)
			o.hears(again)
			cells++
		}
	})
	for _, path := range []string{"/c0ffee5ec2e7", base + "/c0ffee5ec2e7", "/%63%30ffee5ec2e7", base + "/cases/c0ffee5ec2e7"} {
		o.publicly(path)
	}
	text := metrics()
	s.isNameless(text)
	for _, route := range o.router.echo.Routes() {
		if route.Method == "echo_route_not_found" {
			continue
		}
		if !strings.Contains(text, fmt.Sprintf("method=%q,route=%q", route.Method, route.Path)) {
			t.Errorf("%s %s is not counted", route.Method, route.Path)
		}
	}
	if !strings.Contains(text, `method="other"`) {
		t.Error("a method that nobody knows is not counted as another")
	}
}

// Every route, when the log is gone and no view answers in time: the answer is a no that says when to come back, nothing that was sent
// is in it, in a log line or in the metrics; and every route says no.
func TestAFailureOnAnyRouteTellsNothing(t *testing.T) {
	o, metrics := watched(t)
	s := o.wholeStory(o.a1)
	requests := make(map[string]*http.Request)
	s.every(func(route string, r *http.Request) { requests[route] = r })
	for _, r := range requests { // whose token is not remembered gets no further than the door: its context has ended
		known := request(http.MethodGet, "/session", nil)
		known.Header.Set("Authorization", r.Header.Get("Authorization"))
		o.hears(known)
	}
	if err := o.app.Log.Close(); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for route, r := range requests {
		h := o.hears(r.WithContext(cancelled()))
		said := o.said.String()
		o.said.forget()
		if h.status >= http.StatusInternalServerError && route != "GET /readyz" {
			failed++
			if _, path, _ := strings.Cut(route, " "); !ofInvitation(path) { // a page says it in words
				o.isProblem(route, h, http.StatusInternalServerError, http.StatusServiceUnavailable)
			}
		} else if _, isCommand := lineOf(strings.TrimPrefix(route, "POST ")); isCommand && strings.HasPrefix(route, "POST ") {
			t.Errorf("%s: without a log it answers %d %s", route, h.status, h.bytes)
		}
		o.isGuarded(route, h)
		for name, where := range map[string]string{"the answer": string(h.bytes), "its headers": fmt.Sprint(h.header), "the log lines": said} {
			for _, part := range trace {
				if strings.Contains(strings.ToLower(where), part) {
					t.Errorf("%s: %s repeats what was sent: %s", route, name, where)
				}
			}
		}
		if strings.Contains(said, "panicked") {
			t.Errorf("%s: %s", route, said)
		}
		cells++
	}
	if failed < len(table) {
		t.Errorf("of %d routes %d failed", len(requests), failed)
	}
	text := metrics()
	s.isNameless(text)
	if !strings.Contains(text, "casestream_log_up 0") || !strings.Contains(text, `status="503"`) {
		t.Errorf("the metrics do not say that the log is away: %s", text)
	}
	t.Logf("%d of %d routes failed", failed, len(requests))
}
