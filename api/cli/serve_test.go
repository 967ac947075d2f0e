package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
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

// certified writes a certificate for this machine into two files, and answers with a client that trusts it.
func certified(t *testing.T, cert, key string, until time.Time) *http.Client {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	about := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "casestream"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	written(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	written(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	roots := x509.NewCertPool()
	parsed, _ := x509.ParseCertificate(der)
	roots.AddCert(parsed)
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
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

func TestItServesOverTLSAndReadsARenewedCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := dir+"/cert.pem", dir+"/key.pem"
	first := certified(t, cert, key, time.Now().Add(90*24*time.Hour))
	s, _ := serves(t, dir+"/data", "--tls-cert", cert, "--tls-key", key)
	answer, _ := got(t, first, s.address+"/livez")
	if answer.TLS.Version != tls.VersionTLS13 || answer.ProtoMajor != 2 || !strings.Contains(answer.Header.Get("Strict-Transport-Security"), "max-age=63072000") {
		t.Errorf("%s over %s: %v", answer.Proto, tls.VersionName(answer.TLS.Version), answer.Header)
	}
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}}}
	if answer, err := old.Get(s.address + "/livez"); err == nil {
		t.Errorf("TLS 1.1 is answered: %s", answer.Status)
	}
	plain, _ := got(t, &http.Client{}, strings.Replace(s.address, "https:", "http:", 1)+"/livez")
	if plain.StatusCode != http.StatusBadRequest {
		t.Errorf("without TLS: %s", plain.Status)
	}

	if a := casestream(t, nil, "rebuild", "outcomes", "--data", dir+"/data"); a.code != 0 {
		t.Errorf("rebuild asks the server over TLS: %s%s", a.out, a.err)
	}
	written(t, cert, "no certificate")
	got(t, first, s.address+"/livez") // half a renewal changes nothing
	if !strings.Contains(s.said.String(), "cannot be read") {
		t.Errorf("nobody is told of it: %s", s.said)
	}
	second := certified(t, cert, key, time.Now().Add(180*24*time.Hour))
	got(t, second, s.address+"/livez")
	if _, err := first.Get(s.address + "/livez"); err == nil {
		t.Error("the first certificate is still shown")
	}
	if a := casestream(t, nil, "rebuild", "outcomes", "--data", dir+"/data"); a.code != 0 {
		t.Errorf("and under the renewed certificate: %s%s", a.out, a.err)
	}
}

// The token of the machine goes to the server of this directory, and to nobody who only sits at its address.
func TestTheTokenOfTheMachineIsNotSentToAStranger(t *testing.T) {
	dir := t.TempDir()
	certified(t, dir+"/cert.pem", dir+"/key.pem", time.Now().Add(time.Hour))
	s, _ := serves(t, dir+"/data", "--tls-cert", dir+"/cert.pem", "--tls-key", dir+"/key.pem")
	_ = s
	text, err := os.ReadFile(dir + "/data/serving.json")
	if err != nil {
		t.Fatal(err)
	}
	certified(t, dir+"/other.pem", dir+"/other.key", time.Now().Add(time.Hour))
	written(t, dir+"/elsewhere/serving.json", strings.Replace(string(text), "/cert.pem", "/other.pem", 1))
	if a := casestream(t, nil, "rebuild", "outcomes", "--data", dir+"/elsewhere"); strings.Contains(a.err, "rebuilding:") {
		t.Errorf("it asked a stranger: %s%s", a.out, a.err)
	}
}

func TestHalfAPairOfFilesIsRefused(t *testing.T) {
	dir := t.TempDir()
	certified(t, dir+"/cert.pem", dir+"/key.pem", time.Now().Add(time.Hour))
	certified(t, dir+"/other.pem", dir+"/other.key", time.Now().Add(time.Hour))
	for _, args := range [][]string{
		{"--tls-cert", dir + "/cert.pem"},
		{"--tls-key", dir + "/key.pem"},
		{"--tls-cert", dir + "/cert.pem", "--tls-key", dir + "/none.pem"},
		{"--tls-cert", dir + "/cert.pem", "--tls-key", dir + "/other.key"},
		{"--tls-cert", dir + "/key.pem", "--tls-key", dir + "/cert.pem"},
	} {
		a := casestream(t, nil, append([]string{"serve", "--data", dir + "/data", "--listen", "127.0.0.1:0"}, args...)...)
		if a.code != 1 || !strings.Contains(a.err, "certificate") {
			t.Errorf("%v: %d %s", args, a.code, a.err)
		}
	}
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
