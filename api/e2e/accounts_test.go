package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var firstLink = regexp.MustCompile(`http://localhost:\d+/invitation#(\S+)`)

// link waits for the link that the first start prints.
func (s *server) link() string {
	s.t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); {
		if found := firstLink.FindStringSubmatch(s.log.String()); found != nil {
			return found[1]
		}
		s.answers(http.DefaultClient, http.MethodGet, "/livez", "", http.StatusOK) // it is printed meanwhile
	}
	s.t.Fatalf("there is no link:\n%s", s.log)
	return ""
}

// answers sends a request that must be answered as one asks for it.
func (s *server) answers(client *http.Client, method, path, content string, status int) string {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.address+path, strings.NewReader(content))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(path, "/invitation") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		s.t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, body, err)
	}
	return string(body)
}

// From an empty directory to an administrator who is signed in, with the real binary; then a token for a program, which
// another process takes back.
func TestAnAgencyBeginsWithTheLinkThatTheFirstStartPrints(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	form := url.Values{"token": {s.link()}, "login": {"first"}, "password": {"seven cats look at moons"}}
	page := s.answers(browser, http.MethodPost, "/invitation", form.Encode(), http.StatusOK)
	_, rest, _ := strings.Cut(page, "<code>")
	secret, _, _ := strings.Cut(rest, "</code>")
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err, page)
	}
	s.answers(browser, http.MethodPost, "/invitation/code", url.Values{"code": {code}}.Encode(), http.StatusOK)
	s.answers(browser, http.MethodGet, "/api/v1/accounts", "", http.StatusOK)

	token := casestream(t, "token", "evaluator", "--scope", "numbers", "--data", dir)
	asks := func(path string) (status int) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	if numbers, caseload := asks("/api/v1/outcomes"), asks("/api/v1/caseload"); numbers != http.StatusOK || caseload != http.StatusForbidden {
		t.Errorf("a token for numbers: %d, %d", numbers, caseload)
	}
	list := casestream(t, "token", "list", "--data", dir)
	id := strings.Fields(strings.Split(list, "\n")[1])[0]
	casestream(t, "token", "revoke", "--id", id, "--data", dir)
	if status := asks("/api/v1/outcomes"); status != http.StatusUnauthorized {
		t.Errorf("taken back by another process, the next request is answered with %d", status)
	}
	if out, err := exec.Command(binary, "token", "revoke", "--id", id, "--data", dir).CombinedOutput(); err == nil {
		t.Errorf("a second time: %s", out)
	}
	for _, part := range []string{"seven cats", secret, token} {
		if strings.Contains(s.log.String(), part) {
			t.Errorf("%q is in what the server wrote", part)
		}
	}
	s.stop()
	s = start(t, dir)
	var who struct{ Role string }
	if err := json.Unmarshal([]byte(s.answers(browser, http.MethodGet, "/api/v1/session", "", http.StatusOK)), &who); err != nil || who.Role != "administrator" {
		t.Errorf("after a restart: %+v, %v", who, err)
	}
	s.stop()
	if firstLink.MatchString(s.log.String()) {
		t.Errorf("there is an administrator, and a link:\n%s", s.log)
	}
	if said := casestream(t, "verify", "--data", dir); !strings.Contains(said, "whole") {
		t.Error(said)
	}
	search(t, "after an administrator signed in", dir, disguises(map[string]string{"the password": "seven cats look at moons", "the secret": secret, "the token": token}))
}
