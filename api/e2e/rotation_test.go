package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// After a rotation everything is read as before, and the old root key opens nothing.
func TestTheRootKeyIsRotated(t *testing.T) {
	o := open(t)
	g := newGarden(o)
	g.growClient()
	file := filepath.Join(o.dir, "root.key")
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(binary, "keys", "rotate", "--data", o.dir).CombinedOutput(); err == nil {
		t.Errorf("beside the server it is rotated: %s", out)
	}
	s := o.server
	s.stop()
	if out := casestream(t, "keys", "rotate", "--data", o.dir); !strings.Contains(out, "wrapped by a new root key") || !strings.Contains(out, file) {
		t.Errorf("it says %s", out)
	}
	s = start(t, o.dir)
	shown := o.worker.get(t, s.address+"/api/v1/clients/"+g.id("clients")).raw
	if !strings.Contains(string(shown), g.mark) {
		t.Errorf("afterwards the client is %s", shown)
	}
	s.stop()
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(binary, "verify", "--digest", "--data", o.dir).CombinedOutput(); err == nil || !strings.Contains(string(out), "root key") {
		t.Errorf("with the old one it says %s", out)
	}
}

// Rules of retention that are not whole are refused before anything is served.
func TestNothingIsServedUnderRulesThatAreNotWhole(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "retention.json"), []byte(`{"version":1,"cooling_off_days":1,"classes":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(binary, "serve", "--data", dir, "--listen", "127.0.0.1:0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no retention class names the category") {
		t.Errorf("it says %s, %v", out, err)
	}
}
