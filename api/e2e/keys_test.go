package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Keys and data are backed up, each for itself; someone is forgotten; then the disk is lost and both old backups are put back.
// Whoever was forgotten stays so, by the tombstone that is here or by the log, everyone else is read as before, and what was
// recorded is whole.
func TestOldBackupsOfKeysAndDataBringNobodyBack(t *testing.T) {
	f := grown(t, t.TempDir())
	f.keys = t.TempDir()
	file := filepath.Join(f.keys, "keys.backup")
	f.backsUpKeys(file)
	f.stop()
	f.copy(filepath.Join(f.dir, "log.db"), filepath.Join(f.keys, "log.old"))
	f.moveOn()
	before := f.kept()
	f.forget()
	f.stop()
	f.copy(filepath.Join(f.dir, "log.db"), filepath.Join(f.keys, "log.new"))

	// The log is of before, and does not know that they were forgotten. The keys that are here do.
	f.restoreLog("log.old")
	if out := casestream(t, "keys", "restore", file, "--data", f.dir); !strings.Contains(out, " 1 are withheld") {
		t.Errorf("it says %s", out)
	}
	f.staysForgotten("with both backups", before)

	// The keys are lost, and the log knows.
	f.restoreLog("log.new")
	for _, name := range []string{"keys.db", "keys.db-wal", "keys.db-shm"} {
		_ = os.Remove(filepath.Join(f.dir, name))
	}
	if out, err := exec.Command(binary, "serve", "--data", f.dir, "--listen", "127.0.0.1:0").CombinedOutput(); err == nil || !strings.Contains(string(out), "keys.db is missing") {
		t.Errorf("without keys it says %s", out)
	}
	casestream(t, "keys", "restore", file, "--data", f.dir)
	f.staysForgotten("with the keys of a backup", before)
	f.isGone("with the keys of a backup")
	if out, err := exec.Command(binary, "keys", "restore", file, "--data", f.dir).CombinedOutput(); err == nil || !strings.Contains(string(out), "stop the server") {
		t.Errorf("beside a server it says %s", out)
	}

	elsewhere := t.TempDir()
	start(t, elsewhere).stop()
	args := []string{"keys", "restore", file, "--root", filepath.Join(f.dir, "root.key"), "--data", elsewhere}
	if out, err := exec.Command(binary, args...).CombinedOutput(); err == nil || !strings.Contains(string(out), "keys of another log") {
		t.Errorf("to another log it says %s", out)
	}
	if out, err := exec.Command(binary, "keys", "restore", file, "--data", elsewhere).CombinedOutput(); err == nil || !strings.Contains(string(out), "--root") {
		t.Errorf("under another root key it says %s", out)
	}
}

// backsUpKeys does so beside the running server.
func (f *forgetting) backsUpKeys(file string) {
	f.Helper()
	out := casestream(f.T, "keys", "backup", file, "--data", f.dir)
	if !strings.Contains(out, "read again to its end") || strings.Contains(out, "lies in the data directory") {
		f.Errorf("it says %s", out)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		f.Errorf("the backup is %v, %v", info.Mode(), err)
	}
	first, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	if out, err := exec.Command(binary, "keys", "backup", file, "--data", f.dir).CombinedOutput(); err == nil || !strings.Contains(string(out), "not overwritten") {
		f.Errorf("a second time it says %s", out)
	}
	if again, err := os.ReadFile(file); err != nil || string(again) != string(first) {
		f.Errorf("the backup is another, %v", err)
	}
	inside := filepath.Join(f.dir, "keys.backup")
	if out, err := exec.Command(binary, "keys", "backup", inside, "--data", f.dir).CombinedOutput(); err != nil || !strings.Contains(string(out), "lies in the data directory") {
		f.Errorf("in the data directory it says %s, %v", out, err)
	}
	_ = os.Remove(inside)
	if left, _ := filepath.Glob(filepath.Join(f.keys, ".*")); len(left) > 0 {
		f.Errorf("there is left %v", left)
	}
}

// restoreLog puts a log in the place of that of now. Views are folded from it.
func (f *forgetting) restoreLog(name string) {
	f.Helper()
	if f.server.process.ProcessState == nil {
		f.stop()
	}
	for _, pattern := range []string{"log.db*", "views.db*", "search.db*"} {
		files, err := filepath.Glob(filepath.Join(f.dir, pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			_ = os.Remove(file)
		}
	}
	f.copy(filepath.Join(f.keys, name), filepath.Join(f.dir, "log.db"))
}

// staysForgotten checks that nothing of one can be read, and all of the other.
func (f *forgetting) staysForgotten(when string, before map[string]string) {
	f.Helper()
	f.start()
	f.signIn()
	f.officer.get(f.T, f.api+"/retention") // when the views have arrived
	for url, now := range f.kept() {
		if now != before[url] {
			f.Errorf("%s: GET %s shows something else of someone else", when, url)
		}
	}
	if out := casestream(f.T, "export", "subject", f.one.id("clients"), "--recipient", "client", "--data", f.dir); strings.Contains(out, f.one.mark[:32]) {
		f.Errorf("%s: their words are back", when)
	}
	if out := casestream(f.T, "export", "subject", f.other.id("clients"), "--recipient", "client", "--data", f.dir); !strings.Contains(out, f.other.mark[:32]) {
		f.Errorf("%s: the words of someone else are gone", when)
	}
	if out := casestream(f.T, "verify", "--data", f.dir); !strings.Contains(out, "whole: positions") {
		f.Errorf("%s: the log is not whole: %s", when, out)
	}
	f.scan(when)
}
