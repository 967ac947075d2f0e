// Package smalldisk gives a test a file system that is soon full. It has to be mounted, which not everybody may.
package smalldisk

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// New mounts a file system of so many bytes for a test. Where that may not be done the test is skipped, and Absent says
// so at the end of make test; under CI=true it fails.
func New(tb testing.TB, size int) (folder string) {
	tb.Helper()
	folder = tb.TempDir()
	if err := mount(folder, size); err != nil {
		if os.Getenv("CI") == "true" {
			tb.Fatal(err)
		}
		tb.Skip("SKIPPED: ", err)
	}
	tb.Cleanup(func() { _ = unmount(folder) })
	return folder
}

// Absent says that no file system can be mounted here; empty: one can.
func Absent() string {
	folder, err := os.MkdirTemp("", "smalldisk-")
	if err == nil {
		defer os.Remove(folder)
		if err = mount(folder, 1<<20); err == nil {
			err = unmount(folder)
		}
	}
	if err != nil {
		return "NOT TESTED: what the log does on a full file system, because " + err.Error()
	}
	return ""
}

func mount(folder string, size int) error {
	return run("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", size), "casestream-test", folder)
}

func unmount(folder string) error { return run("umount", folder) }

func run(command string, args ...string) error {
	if out, err := exec.Command(command, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, strings.TrimSpace(string(out)))
	}
	return nil
}
