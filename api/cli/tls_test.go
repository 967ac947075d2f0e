package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
)

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
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		got(t, first, s.address+"/livez")
	}
	if n := strings.Count(s.said.String(), "no such file"); n != 1 {
		t.Errorf("that it is gone is said %d times: %s", n, s.said)
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
	var heard atomic.Int64
	there := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		heard.Add(1)
		fmt.Fprintln(w, "rebuilt")
	}))
	there.Config.ErrorLog = log.New(io.Discard, "", 0)
	there.StartTLS()
	defer there.Close()
	announced, err := json.Marshal(app.Serving{Address: there.URL, Certificate: dir + "/cert.pem", Control: "the token", PID: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	written(t, dir+"/data/serving.json", string(announced))

	certified(t, dir+"/cert.pem", dir+"/key.pem", time.Now().Add(time.Hour))
	if a := casestream(t, nil, "rebuild", "outcomes", "--data", dir+"/data"); a.code != 0 || heard.Load() != 0 {
		t.Errorf("a stranger heard %d requests: %s%s", heard.Load(), a.out, a.err)
	}
	written(t, dir+"/cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: there.Certificate().Raw})))
	if a := casestream(t, nil, "rebuild", "outcomes", "--data", dir+"/data"); a.code != 0 || heard.Load() != 2 {
		t.Errorf("the server of the directory heard %d requests, not whether it lives and to rebuild: %s%s", heard.Load(), a.out, a.err)
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
