package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// served is `casestream serve` in this process.
type served struct {
	address, admin string
	said           *said // in the log
}

type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var (
	isAt    = regexp.MustCompile(`is at (https?://\S+)`)
	adminAt = regexp.MustCompile(`Metrics and profiles: (\S+)/metrics`)
)

// serves runs serve on a port of its own until the test ends, or stop is called.
func serves(t *testing.T, dir string, args ...string) (s served, stop func()) {
	t.Helper()
	before := slog.Default()
	ctx, end := context.WithCancel(t.Context())
	out, in := io.Pipe()
	s.said = &said{}
	ended := make(chan int, 1)
	go func() {
		code := Run(ctx, "v-test", append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, args...), in, s.said)
		in.Close()
		ended <- code
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			end()
			go func() { _, _ = io.Copy(io.Discard, out) }()
			if code := <-ended; code != 0 {
				t.Errorf("serve ended with %d: %s", code, s.said)
			}
			slog.SetDefault(before)
		})
	}
	t.Cleanup(stop)
	for lines := bufio.NewScanner(out); s.address == "" && lines.Scan(); {
		if at := adminAt.FindStringSubmatch(lines.Text()); at != nil {
			s.admin = at[1]
		}
		if at := isAt.FindStringSubmatch(lines.Text()); at != nil {
			s.address = at[1]
		}
	}
	if s.address == "" {
		t.Fatalf("it does not serve: %s", s.said)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return s, stop
}

// got asks for a page.
func got(t *testing.T, client *http.Client, url string) (*http.Response, string) {
	t.Helper()
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

// Metrics and profiles are on a listener of their own, and only when it is asked for.
func TestMetricsAreApart(t *testing.T) {
	dir := t.TempDir()
	s, stop := serves(t, dir, "--admin", "127.0.0.1:0")
	token := strings.TrimSpace(casestream(t, nil, "token", "administrator", "--data", dir).out)
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+"/api/v1/programme", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	if answer, err := http.DefaultClient.Do(request); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", answer, err)
	}
	answer, text := got(t, http.DefaultClient, s.admin+"/metrics")
	for _, want := range []string{
		`casestream_http_requests_total{method="GET",route="/api/v1/programme",status="200"} 1`, `casestream_http_request_seconds_count{method="GET",route="/api/v1/programme"} 1`,
		"casestream_log_up 1", `casestream_view_position{view="caseload"}`, `casestream_view_parked{view="audit"} 0`, "go_goroutines", "process_open_fds",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s:\n%s", want, text)
		}
	}
	if answer.Header.Get("X-Content-Type-Options") != "nosniff" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Error(answer.Header)
	}
	for path, want := range map[string]int{"/debug/pprof/heap": 200, "/debug/pprof/goroutine?debug=2": 200, "/debug/pprof/": 200, "/debug/pprof/cmdline": 404, "/": 404, "/api/v1/programme": 404} {
		if answer, _ := got(t, http.DefaultClient, s.admin+path); answer.StatusCode != want {
			t.Errorf("GET %s: %s", path, answer.Status)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars"} {
		if answer, _ := got(t, http.DefaultClient, s.address+path); answer.StatusCode == http.StatusOK {
			t.Errorf("everybody sees %s", path)
		}
	}
	stop()
	if s, _ := serves(t, dir); s.admin != "" {
		t.Errorf("nobody asked, and metrics are at %s", s.admin)
	}
}

// Limits are on unless they are taken off, and what is set is what holds: ten seconds' worth at once, and then as many as
// become free while one asks.
func TestLimitsAreASettingOfServe(t *testing.T) {
	const asked = 3000
	for _, c := range []struct {
		args      []string
		perSecond float64
	}{{nil, 200}, {[]string{"--address-rate", "5"}, 5}, {[]string{"--address-rate", "0"}, 0}} {
		s, stop := serves(t, t.TempDir(), c.args...)
		through, waits, began := 0, 0, time.Now()
		for range asked {
			switch answer, _ := got(t, http.DefaultClient, s.address+"/livez"); answer.StatusCode {
			case http.StatusOK:
				through++
			case http.StatusTooManyRequests:
				waits++
			}
		}
		atOnce, free := burst*c.perSecond, c.perSecond*time.Since(began).Seconds()+1
		least, most := int(atOnce), int(atOnce+free)
		if c.perSecond == 0 {
			least, most = asked, asked
		}
		if through < least || through > most || through+waits != asked {
			t.Errorf("serve %v: %d got through, not %d to %d; %d have to wait", c.args, through, least, most, waits)
		}
		stop()
	}
}

func TestConfigCheckLooksAtTheDoor(t *testing.T) {
	dir := t.TempDir()
	cert, key := dir+"/cert.pem", dir+"/key.pem"
	for _, c := range []struct {
		until time.Duration
		args  string
		code  int
		says  string
	}{
		{time.Hour * 24 * 90, "--tls-cert CERT --tls-key KEY --listen 0.0.0.0:8443", 0, "over TLS"},
		{time.Hour * 24 * 3, "--tls-cert CERT --tls-key KEY", 0, "renew it"},
		{-time.Minute, "--tls-cert CERT --tls-key KEY", 1, "was good until"},
		{time.Hour, "--tls-cert CERT", 1, "both a certificate and its key"},
		{time.Hour, "--listen 0.0.0.0:8080", 0, "without TLS"},
		{time.Hour, "--listen 0.0.0.0:8080 --trusted-proxies 10.0.0.1", 0, "ok"},
		{time.Hour, "--trusted-proxies proxy.example", 1, "trusted-proxies"},
		{time.Hour, "--admin 0.0.0.0:9090", 0, "without a token"},
	} {
		certified(t, cert, key, time.Now().Add(c.until))
		a := casestream(t, nil, append([]string{"config", "check", "--data", dir + "/data"}, strings.Fields(strings.NewReplacer("CERT", cert, "KEY", key).Replace(c.args))...)...)
		if a.code != c.code || !strings.Contains(a.out, c.says) {
			t.Errorf("%s: %d\n%s%s", c.args, a.code, a.out, a.err)
		}
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if a := casestream(t, nil, "config", "check", "--data", dir+"/data", "--tls-cert", cert, "--tls-key", key); a.code != 1 || !strings.Contains(a.out, "may read the key") {
		t.Errorf("a key for everybody: %d\n%s", a.code, a.out)
	}
}
