package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// loaded is a directory with the pilot year, loaded once by the real binary. Tests copy it.
var loaded = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(filepath.Dir(binary), "pilot")
	out, err := exec.Command(binary, "demo", "--data", dir).CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
	}
	return dir, err
})

// pilotYear is a directory of the test's own with the pilot year in it.
func pilotYear(t testing.TB) string {
	t.Helper()
	from, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "root.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
