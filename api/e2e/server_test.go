// Package e2e tests Casestream as people use it: the real binary, real files, real requests.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

var binary string

// TestMain builds the binary that the tests run, with the tags that the tests were built with.
func TestMain(m *testing.M) {
	if to := os.Getenv(heapFile); to != "" {
		os.Exit(serveWithHeap(to))
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "casestream-e2e")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "casestream")
		build := exec.Command("go", "build", "-tags", buildTags(), "-o", binary, "github.com/casestream/casestream/api/cmd/casestream")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "building the binary:", err)
			return 1
		}
		return m.Run()
	}())
}

func buildTags() string {
	info, _ := debug.ReadBuildInfo()
	for _, setting := range info.Settings {
		if setting.Key == "-tags" {
			return setting.Value
		}
	}
	return ""
}

// server is a running casestream serve.
type server struct {
	t       testing.TB
	dir     string
	address string
	admin   string // where metrics and profiles are
	process *exec.Cmd
	log     *lines
	ended   chan struct{}
}

// lines keeps what a process wrote, to both of its outputs.
type lines struct {
	mu      sync.Mutex
	written bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()
}

var (
	listening = regexp.MustCompile(`is at (http://\S+)`)
	watching  = regexp.MustCompile(`Metrics and profiles: (http://\S+)/metrics`)
)

// start serves a directory and returns when it answers. Nobody is made to wait there, however fast they ask.
func start(t testing.TB, dir string) *server {
	t.Helper()
	return startBy(t, dir, exec.Command(binary, serving(dir)...))
}

// serving is the command line of a server that anyone may ask as often as they like.
func serving(dir string) []string {
	return []string{"serve", "--data", dir, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--account-rate", "0", "--address-rate", "0"}
}

func startBy(t testing.TB, dir string, command *exec.Cmd) *server {
	t.Helper()
	s := &server{t: t, dir: dir, log: &lines{}, ended: make(chan struct{}), process: command}
	s.process.Stderr = s.log
	out, err := s.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		defer close(s.ended)
		for scanner := bufio.NewScanner(io.TeeReader(out, s.log)); scanner.Scan(); {
			if at := watching.FindStringSubmatch(scanner.Text()); at != nil {
				s.admin = at[1]
			}
			if at := listening.FindStringSubmatch(scanner.Text()); at != nil {
				found <- at[1]
			}
		}
		_ = s.process.Wait()
	}()
	t.Cleanup(s.kill)
	select {
	case s.address = <-found:
	case <-s.ended:
		t.Fatalf("it did not start:\n%s", s.log)
	case <-time.After(30 * time.Second):
		t.Fatalf("it did not say where it is:\n%s", s.log)
	}
	return s
}

// kill ends it as a power cut would: at once, whatever it is doing.
func (s *server) kill() {
	_ = s.process.Process.Kill()
	<-s.ended
}

// stop ends it as an operator would.
func (s *server) stop() {
	s.t.Helper()
	_ = s.process.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		s.t.Fatal("it did not stop")
	}
	if code := s.process.ProcessState.ExitCode(); code != 0 {
		s.t.Fatalf("it ended with %d:\n%s", code, s.log)
	}
}

// casestream runs a command and answers with what it printed.
func casestream(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command(binary, args...).Output()
	if err != nil {
		stderr := ""
		if exit, ok := err.(*exec.ExitError); ok {
			stderr = string(exit.Stderr)
		}
		t.Fatalf("casestream %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr)
	}
	return strings.TrimSpace(string(out))
}

// person asks with a token.
type person struct {
	token  string
	client *http.Client
}

func someone(token string) person {
	return person{token: token, client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    []byte
}

// ask sends one request; header pairs follow the body. A body of nil is none.
func (p person) ask(ctx context.Context, method, url string, body any, header ...string) (answer, error) {
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		content = bytes.NewReader(b)
	case string:
		content = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			return answer{}, err
		}
		content = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, url, content)
	if err != nil {
		return answer{}, err
	}
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := p.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	a := answer{status: response.StatusCode, header: response.Header}
	if a.raw, err = io.ReadAll(response.Body); err != nil {
		return answer{}, err
	}
	_ = json.Unmarshal(a.raw, &a.body)
	return a, nil
}

// do sends a command under a new id and expects it to be done.
func (p person) do(t testing.TB, url string, body any, header ...string) answer {
	t.Helper()
	a, err := p.ask(t.Context(), http.MethodPost, url, body, append([]string{"Idempotency-Key", newID()}, header...)...)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != http.StatusCreated {
		t.Fatalf("POST %s: %d %s", url, a.status, a.raw)
	}
	return a
}

// get asks a question and expects an answer.
func (p person) get(t testing.TB, url string) answer {
	t.Helper()
	a, err := p.ask(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", url, a.status, a.raw)
	}
	return a
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
