package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"time"
)

// binary names another casestream to measure than the one that is running; a test is none.
const binary = "CASESTREAM_BENCH_BINARY"

// serving is `casestream serve` in a process of its own.
type serving struct {
	process *exec.Cmd
	site    *site
	ended   chan struct{}
}

var listening = regexp.MustCompile(`is at (http://\S+)`)

// startServe serves a directory and returns when it says where.
func startServe(ctx context.Context, dir string) (*serving, error) {
	path := os.Getenv(binary)
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	s := &serving{process: exec.CommandContext(ctx, path, "serve", "--data", dir, "--listen", "127.0.0.1:0"), ended: make(chan struct{})}
	s.process.Env = append(os.Environ(), "CASESTREAM_ACCOUNT_RATE=0", "CASESTREAM_ADDRESS_RATE=0") // it is to be as fast as it can
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("starting %s serve: %w", path, err)
	}
	address := make(chan string, 1)
	go func() {
		defer close(s.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if at := listening.FindStringSubmatch(lines.Text()); at != nil {
				address <- at[1]
			}
		}
		_ = s.process.Wait()
	}()
	select {
	case at := <-address:
		s.site = &site{address: at, client: newClient()}
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("%s serve did not start", path)
	case <-time.After(time.Minute):
		s.stop()
		return nil, errors.New("serve did not say where it is")
	}
}

func (s *serving) stop() {
	if s.site != nil {
		s.site.client.CloseIdleConnections()
	}
	_ = s.process.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		_ = s.process.Process.Kill()
		<-s.ended
	}
}
