package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// owner is the superuser of a server. Nobody else can reach it: the directory of its socket is closed to others.
const owner = "casestream"

// Server is a PostgreSQL of its own.
type Server struct {
	dir  string
	bin  string
	kind Kind

	process *os.Process
	ended   chan struct{} // closed when the server and all that it started have ended
}

// Start makes a server and starts it. Whoever does must Remove it.
func Start(kind Kind) (_ *Server, err error) {
	s := &Server{kind: kind}
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "pgtest-"); err != nil {
		return nil, err
	}
	if err := errors.Join(give(s.dir), s.initialise()); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if err := s.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// initialise makes the database with an order of words that is not that of bytes, so that a test fails where one
// is taken for the other.
func (s *Server) initialise() error {
	cmd := exec.Command(filepath.Join(s.bin, "initdb"), "-D", s.Data(), "-U", owner, "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = s.dir, unprivileged()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// Data is the data directory.
func (s *Server) Data() string { return filepath.Join(s.dir, "data") }

// Start starts a server that was stopped, and returns when it takes connections.
func (s *Server) Start() error {
	args := []string{
		"-D", s.Data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=60", "-c", "shared_buffers=64MB", "-c", "log_checkpoints=off",
	}
	if s.kind == Fast {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	cmd.Dir, cmd.Stderr, cmd.SysProcAttr = s.dir, write, unprivileged()
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	started, exited := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the server is told of the end of this thread, and takes it for the end of the process
		started <- cmd.Start()
		write.Close()
		_ = cmd.Wait()
		close(exited)
	}()
	if err := <-started; err != nil {
		return errors.Join(err, read.Close())
	}
	ready := make(chan struct{}, 1)
	s.process, s.ended = cmd.Process, make(chan struct{})
	var said []string
	go func() {
		defer close(s.ended)
		defer read.Close()
		for lines := bufio.NewScanner(read); lines.Scan(); { // until nobody is left who could say anything
			if said = append(said, lines.Text()); strings.Contains(lines.Text(), "ready to accept connections") {
				select {
				case ready <- struct{}{}:
				default: // it came back by itself, as it does when one of its processes was killed
				}
			}
		}
		<-exited
	}()
	select {
	case <-ready:
		return nil
	case <-s.ended:
		return fmt.Errorf("PostgreSQL does not start:\n%s", strings.Join(said, "\n"))
	}
}

// Kill stops the server at once, as pg_ctl -m immediate does: no one is waited for, and the next start recovers.
func (s *Server) Kill() { s.stop(syscall.SIGQUIT) }

// Stop stops the server in an orderly way; who is connected is sent away.
func (s *Server) Stop() { s.stop(syscall.SIGINT) }

func (s *Server) stop(how os.Signal) {
	_ = s.process.Signal(how)
	<-s.ended
}

// Remove stops the server and removes all that it had.
func (s *Server) Remove() {
	s.Kill()
	_ = os.RemoveAll(s.dir)
}
