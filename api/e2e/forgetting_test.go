package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/services/retention"
)

// later is a day on which nothing of 2012 or of today has to be kept any longer.
const later = "2080-01-02"

// Someone is forgotten, and nothing of what was written of them is anywhere any more: in no file, in nothing that was
// printed, not in the memory of the process, not after a restart, nor when the keys are put back from a backup. Everyone
// else's words and all numbers are as they were.
func TestOfSomeoneWhoIsForgottenNothingIsLeft(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("SQLITE_TMPDIR", temp)
	f := grown(t, temp)
	f.other.close()
	f.backUp()
	f.moveOn()
	f.isRead()
	before := f.kept()
	printed := f.counted()
	f.scan("before it")
	if f.sealedInViews() == 0 || f.signsInIndex() == 0 {
		t.Error("before it there are no sealed values in the views, or no signs in the index: this test looks in the wrong place")
	}
	f.forget()
	f.kept() // so that there is something in the memory
	f.scanMemory()
	f.isGone("when it is done")
	if n := f.sealedInViews(); n > 0 {
		t.Errorf("the files of the views have sealed values of theirs at %d places", n)
	}
	if n := f.signsInIndex(); n > 0 {
		t.Errorf("the files of the search have signs of theirs at %d places", n)
	}
	f.same(before, printed)
	f.certified()
	f.start()
	f.isGone("after a restart")
	casestream(t, "rebuild", "--data", f.dir)
	f.isGone("folded anew")
	f.same(before, printed)
	f.restore()
	f.isGone("with the keys of a backup")
	f.same(before, printed)
	if !strings.Contains(f.server.log.String(), "someone who was forgotten has a key here") {
		t.Error("that the keys are of a backup is not said")
	}
	f.stop()
	f.scan("after it was stopped")
}

// grown is one whose case has ended, and another in whose group they are.
func grown(t *testing.T, temp string) *forgetting {
	o := open(t)
	one, other := newGarden(o), newGarden(o)
	one.growClient()
	other.ids["member"] = one.id("clients") // so that a group of others has words of theirs
	other.grow()
	one.ids["colleague"] = other.id("colleague")
	one.growCase()
	one.growGlass()
	one.close()
	return &forgetting{office: o, T: t, one: one, other: other, temp: temp}
}

// close ends a case, so that one day it need not be kept.
func (g *garden) close() {
	g.sow(g.worker, "cases", "/closure", "reason_text goals after", fields{
		"entry": newID(), "reason": "other", "exit": "escorted_home", "outcome": "family_reunited",
	}, seen)
}

// forgetting is the story of one who is forgotten and another who is not.
type forgetting struct {
	*office
	*testing.T
	one, other      *garden
	officer, second person
	temp            string
	keys            string // where the backup of the keys is
}

// backUp keeps the keys of before, as an operator would.
func (f *forgetting) backUp() {
	f.Helper()
	f.stop()
	f.keys = f.TempDir()
	for _, name := range []string{"keys.db", "root.key"} {
		f.copy(filepath.Join(f.dir, name), filepath.Join(f.keys, name))
	}
}

func (f *forgetting) copy(from, to string) {
	f.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		f.Fatal(err)
	}
}

// restore puts the old keys in the place of those of now.
func (f *forgetting) restore() {
	f.Helper()
	f.stop()
	for _, side := range []string{"keys.db-wal", "keys.db-shm"} {
		_ = os.Remove(filepath.Join(f.dir, side))
	}
	f.copy(filepath.Join(f.keys, "keys.db"), filepath.Join(f.dir, "keys.db"))
	if out := casestream(f.T, "export", "subject", f.one.id("clients"), "--recipient", "client", "--data", f.dir); strings.Contains(out, f.one.mark[:32]) {
		f.Error("with the keys of a backup, who reads beside can open what was forgotten")
	}
	f.start()
	f.signIn()
}

// moveOn goes on many years later, with a clock that is shifted as that of the demo is, and without a cooling-off.
func (f *forgetting) moveOn() {
	f.Helper()
	rules := retention.Default
	rules.CoolingOffDays = 0
	for name, content := range map[string]any{
		"demo.json": fields{"today": later, "loaded_at": time.Now(), "complete": true}, "retention.json": rules,
	} {
		text, err := json.Marshal(content)
		if err == nil {
			err = os.WriteFile(filepath.Join(f.dir, name), text, 0o600)
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	f.start()
	f.signIn()
}

// signIn makes tokens, which are kept with the keys.
func (f *forgetting) signIn() {
	f.Helper()
	token := func(args ...string) person {
		return someone(casestream(f.T, append(append([]string{"token"}, args...), "--data", f.dir)...))
	}
	f.worker = token("worker", "--worker", f.workerID)
	f.officer, f.second = token("privacy_officer", "--for", "first"), token("privacy_officer", "--for", "second")
}

// start is a server of the test's own binary, which can be asked what is in its memory.
func (f *forgetting) start() {
	f.Helper()
	if f.server.process.ProcessState == nil {
		f.stop()
	}
	command := exec.Command(os.Args[0], serving(f.dir)...)
	// What is freed is overwritten: it would be found in a dump now and then, where its page is in use for something else.
	command.Env = append(os.Environ(), heapFile+"="+f.heap(), "GODEBUG=clobberfree=1")
	f.server = startBy(f.T, f.dir, command)
	f.api = f.address + "/api/v1"
}

func (f *forgetting) heap() string { return filepath.Join(f.keys, "heap") }

// isRead opens everything there is of both, so that it was in the memory of this process.
func (f *forgetting) isRead() {
	f.Helper()
	for _, g := range []*garden{f.one, f.other} {
		for _, url := range g.urls() {
			if raw := f.worker.get(f.T, f.api+url).raw; !strings.Contains(string(raw), g.mark) {
				f.Errorf("before it, GET %s shows nothing", url)
			}
		}
		if raw := f.officer.get(f.T, f.api+"/clients/"+g.id("clients")+"/export?recipient=client").raw; !strings.Contains(string(raw), g.mark) {
			f.Error("before it, the export says nothing")
		}
	}
}

// urls are where a garden is seen.
func (g *garden) urls() []string {
	kase := "/cases/" + g.id("cases")
	return []string{kase + "?all=true", kase + "/timeline", kase + "/audit", "/clients/" + g.id("clients")}
}

// kept is all that others see, as it must stay to the byte.
func (f *forgetting) kept() map[string]string {
	f.Helper()
	all := make(map[string]string)
	for _, url := range f.other.urls() {
		var answer struct{ Result json.RawMessage }
		if err := json.Unmarshal(f.worker.get(f.T, f.api+url).raw, &answer); err != nil {
			f.Fatal(err)
		}
		all[url] = string(answer.Result)
	}
	return all
}

// counted are the numbers, without the position that they were counted at.
func (f *forgetting) counted() (all []string) {
	f.Helper()
	for _, args := range [][]string{{"replay", "--json"}, {"report", "year", "2012", "--json"}} {
		var answer struct{ Result json.RawMessage }
		if err := json.Unmarshal([]byte(casestream(f.T, append(args, "--data", f.dir)...)), &answer); err != nil {
			f.Fatal(err)
		}
		all = append(all, string(answer.Result))
	}
	return all
}

func (f *forgetting) same(kept map[string]string, counted []string) {
	f.Helper()
	for url, now := range f.kept() {
		if now != kept[url] {
			f.Errorf("GET %s shows something else of someone else", url)
		}
	}
	if now := f.counted(); !slices.Equal(now, counted) {
		f.Errorf("the numbers are %s, and were %s", now, counted)
	}
	if out := casestream(f.T, "verify", "--data", f.dir); !strings.Contains(out, "whole: positions") {
		f.Errorf("the log is not whole: %s", out)
	}
}

// forget has it asked for, checked and approved, and waits until it is done.
func (f *forgetting) forget() {
	f.Helper()
	g, request := f.one, newID()
	at := f.api + "/clients/" + g.id("clients")
	f.officer.do(f.T, at+"/holds", fields{"entry": g.id("hold"), "reason": "litigation", "why": g.plant("hold")})
	f.officer.do(f.T, at+"/hold-liftings", fields{"entry": newID(), "hold": g.id("hold"), "why": g.plant("hold lifted")})
	f.officer.do(f.T, at+"/restrictions", fields{"entry": newID(), "reason": "objection", "why": g.plant("restriction")})
	note := fields{"entry": newID(), "window": "month_3", "reached": true}
	if a, err := f.worker.ask(f.Context(), http.MethodPost, f.api+"/cases/"+g.id("cases")+"/follow-ups", note, "Idempotency-Key", newID()); err != nil ||
		a.status != http.StatusConflict || a.body["code"] != "client-restricted" {
		f.Errorf("restricted: %d %s %v", a.status, a.raw, err)
	}
	f.officer.do(f.T, at+"/restriction-liftings", fields{"entry": newID(), "why": g.plant("restriction lifted")})
	f.officer.do(f.T, at+"/forgetting-requests", fields{"entry": request, "by": "guardian", "basis": "consent_withdrawn", "why": g.plant("request")})
	f.officer.do(f.T, at+"/forgetting-withdrawals", fields{"entry": newID(), "request": request, "why": g.plant("withdrawal")})
	request = newID()
	f.officer.do(f.T, at+"/forgetting-requests", fields{"entry": request, "by": "guardian", "basis": "retention_ended", "why": g.plant("request")})
	f.officer.do(f.T, at+"/forgetting-checks", fields{"request": request})
	due := f.officer.get(f.T, f.api+"/retention").raw
	if !strings.Contains(string(due), g.id("clients")) {
		f.Errorf("they are not due: %s", due)
	}
	f.second.do(f.T, at+"/forgetting-approvals", fields{"request": request})
	for begun := time.Now(); ; {
		if raw := f.officer.get(f.T, at+"/export?recipient=client").raw; strings.Contains(string(raw), `"client.forgotten"`) {
			return
		} else if time.Since(begun) > 30*time.Second {
			f.Fatalf("they are not forgotten:\n%s", f.server.log)
		}
	}
}

// texts are what must be nowhere: all of one's, and of others' what was said of one in the group.
func (f *forgetting) texts() map[string]string {
	all := f.one.texts()
	delete(all, "a birth") // the other has that too
	for n, where := range f.other.planted {
		if where == "remark" || where == "/members name" || where == "/departures remark" {
			all[where] = fmt.Sprintf("%s%03d", f.other.mark, n)
		}
	}
	return all
}

func (f *forgetting) scan(when string) {
	f.Helper()
	patterns, files := disguises(f.texts()), 0
	for _, dir := range []string{f.dir, f.temp} {
		files += search(f.T, when, dir, patterns)
	}
	find(f.T, when+": what it printed", []byte(f.server.log.String()), patterns)
	f.Logf("%s: %d files, %d disguises", when, files, len(patterns))
}

// scanMemory looks into all that the process has in its memory.
func (f *forgetting) scanMemory() {
	f.Helper()
	for _, p := range []person{f.worker, f.officer, f.second} {
		p.client.CloseIdleConnections()
	}
	dump := dumpHeap(f.T, f.server, f.heap())
	if !strings.Contains(string(dump), f.dir) || !strings.Contains(string(dump), ".client-"+f.other.id("clients")+"/1.") {
		f.Error("what was dumped is not its memory")
	}
	find(f.T, "the memory of the process", dump, disguises(f.texts()))
	f.Logf("%d bytes of memory", len(dump))
}

// isGone checks that nobody sees anything of someone any more: their cases are the 404 of what is not there, and the officer
// and whoever holds the machine read numbers, codes and days.
func (f *forgetting) isGone(when string) {
	f.Helper()
	f.scan(when)
	patterns := disguises(f.texts())
	for _, url := range []string{"/caseload", "/caseload?as_of=2012-12-31", "/groups/" + f.other.id("groups")} {
		raw := f.worker.get(f.T, f.api+url).raw
		find(f.T, when+": GET "+url, raw, patterns)
		if strings.Contains(string(raw), f.one.id("cases")) {
			f.Errorf("%s: GET %s has the case", when, url)
		}
	}
	note := fields{"entry": newID(), "kind": "process", "text": "x"}
	f.isNothing(when, http.MethodPost, "/cases/"+f.one.id("cases")+"/notes", note)
	for _, url := range f.one.urls() {
		f.isNothing(when, http.MethodGet, url, nil)
	}
	export := f.officer.get(f.T, f.api+"/clients/"+f.one.id("clients")+"/export?recipient=client")
	find(f.T, when+": the export", export.raw, patterns)
	if export.body["standing"] != "forgotten" {
		f.Errorf("%s: the export says that they are %v", when, export.body["standing"])
	}
	if out := casestream(f.T, "case", "show", f.one.id("cases"), "--data", f.dir); !strings.Contains(out, "(forgotten since "+later+")") {
		f.Errorf("%s: case show says %s", when, out)
	}
}

// isNothing checks that a worker is told the same as of what is not there.
func (f *forgetting) isNothing(when, method, url string, content any) {
	f.Helper()
	ask := func(method, url string, content any) string {
		a, err := f.worker.ask(f.Context(), method, f.api+url, content, "Idempotency-Key", newID())
		if err != nil {
			f.Fatal(err)
		}
		return fmt.Sprintf("%d %s", a.status, a.raw)
	}
	told, nothing := ask(method, url, content), ask(http.MethodGet, "/cases/"+newID(), nil)
	if told != nothing || !strings.HasPrefix(told, "404 ") {
		f.Errorf("%s: %s %s is answered with %s, and what is not there with %s", when, method, url, told, nothing)
	}
}

// sealedInViews counts the places in the files of the views where a sealed value of one is, in free pages and journals too.
func (f *forgetting) sealedInViews() (places int) {
	return f.inFiles("views.db*", ".client-"+f.one.id("clients")+"/")
}

// signsInIndex counts the places in the files of the search where one is.
func (f *forgetting) signsInIndex() (places int) { return f.inFiles("search.db*", f.one.id("clients")) }

func (f *forgetting) inFiles(which, what string) (places int) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join(f.dir, which))
	if err != nil || len(files) == 0 {
		f.Fatalf("there are no files %s: %v", which, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		places += strings.Count(string(content), what)
	}
	return places
}

// certified checks the certificate, from the log to who verifies it.
func (f *forgetting) certified() {
	f.Helper()
	file := filepath.Join(f.TempDir(), "certificate.json")
	text := casestream(f.T, "certificate", "show", f.one.id("clients"), "--data", f.dir) + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
	if out := casestream(f.T, "certificate", "verify", file, "--data", f.dir); !strings.Contains(out, "genuine: client "+f.one.id("clients")) {
		f.Errorf("verify says %s", out)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(text, "retention_ended", "court_order", 1)), 0o600); err != nil {
		f.Fatal(err)
	}
	if out, err := exec.Command(binary, "certificate", "verify", file, "--data", f.dir).CombinedOutput(); err == nil {
		f.Errorf("a changed certificate is genuine: %s", out)
	}
}
