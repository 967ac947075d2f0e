package cli

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/glass"
	"github.com/google/uuid"
)

func id(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// housed is a data directory with a client and a case, and the views folded.
func housed(t *testing.T) (dir, kase string) {
	t.Helper()
	dir = t.TempDir()
	a, err := app.Open(t.Context(), app.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	meta := func(name string) events.Meta {
		return events.Meta{CommandID: id(name), Actor: id("worker").String(), OccurredAt: a.Now(), RecordedAt: a.Now()}
	}
	_, err = a.Clients.Do(t.Context(), events.Stream("client", id("client")), meta("register"),
		clients.RegisterClient{Entry: id("registered"), Details: clients.Details{Name: "小龙𠮷"}})
	if err == nil {
		_, err = a.Cases.Do(t.Context(), events.Stream("case", id("case")), meta("intake"), cases.RecordIntake{
			Entry: id("intake"), Client: id("client"), Category: "youth", Project: "p", Site: "s", Source: "self", Urgency: "urgent",
		})
	}
	if err == nil {
		err = a.Projector.CatchUp(t.Context(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, id("case").String()
}

// shown are the disclosures in the read log of a directory.
func shown(t *testing.T, dir string) (all []events.Recorded) {
	t.Helper()
	a, err := app.OpenReader(t.Context(), app.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for r, err := range a.Access.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// Whoever shows a case at this machine leaves it in the read log, whether a server runs or not.
func TestACaseShownAtTheMachineIsInTheReadLog(t *testing.T) {
	dir, kase := housed(t)
	show := func(args ...string) {
		t.Helper()
		a := casestream(t, nil, append([]string{"case", "show", kase, "--data", dir}, args...)...)
		if a.code != 0 || !strings.Contains(a.out, "小龙𠮷") {
			t.Errorf("%v: %d %s%s", args, a.code, a.out, a.err)
		}
	}
	show()
	show("--json")
	server, err := app.Open(t.Context(), app.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewUnstartedServer(nil)
	control, err := server.Announce("http://"+door.Listener.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	door.Config.Handler = rest.Handler(t.Context(), server, control)
	door.Start()
	show()
	show("--json")
	server.Withdraw()
	if a := casestream(t, nil, "case", "show", kase, "--data", dir); a.code == 0 || strings.Contains(a.out, "小龙") {
		t.Errorf("nobody can record it, and it is shown: %s", a.out)
	}
	door.Close()
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	left := shown(t, dir)
	if len(left) != 4 {
		t.Fatalf("it left %v", left)
	}
	for _, r := range left {
		fact := r.Event.(events.Disclosed)
		if !strings.HasPrefix(r.Meta.Actor, "console:") || fact.Role != "console" || fact.Route != "case-show" || len(fact.Shown) != 1 || fact.Shown[0].Classes[0] != sealed.Identity {
			t.Errorf("%+v", r)
		}
	}
}

// Whoever takes away everything about someone at this machine leaves that too, and is told who read it before.
func TestAnExportAtTheMachineIsInTheReadLog(t *testing.T) {
	dir, kase := housed(t)
	if a := casestream(t, nil, "case", "show", kase, "--data", dir); a.code != 0 {
		t.Fatalf("%d %s%s", a.code, a.out, a.err)
	}
	for _, unsaid := range [][]string{nil, {"--recipient", "both"}} {
		if a := casestream(t, nil, append([]string{"export", "subject", id("client").String(), "--data", dir}, unsaid...)...); a.code == 0 || strings.Contains(a.out, "小龙") {
			t.Errorf("for nobody that was said, %v: %s", unsaid, a.out)
		}
	}
	a := casestream(t, nil, "export", "subject", id("client").String(), "--recipient", "client", "--data", dir)
	if a.code != 0 || !strings.Contains(a.out, "小龙𠮷") || !strings.Contains(a.out, `"route":"case-show"`) || !strings.Contains(a.out, `"read_up_to":"1"`) {
		t.Errorf("%d %s%s", a.code, a.out, a.err)
	}
	left := shown(t, dir)
	if len(left) != 2 {
		t.Fatalf("it left %v", left)
	}
	fact, ok := left[1].Event.(events.Exported)
	if !ok || fact.What != "person_to_client" || fact.Rows == 0 || fact.Role != "console" || fact.Route != "export-subject" || len(fact.Shown) == 0 {
		t.Errorf("%+v", left[1])
	}
	a = casestream(t, nil, "export", "subject", id("client").String(), "--recipient", "guardian", "--data", dir)
	if a.code != 0 || !strings.Contains(a.out, "小龙𠮷") || strings.Contains(a.out, kase) || strings.Contains(a.out, "readers") {
		t.Errorf("to a guardian: %d %s%s", a.code, a.out, a.err)
	}
	if left = shown(t, dir); len(left) != 3 || left[2].Event.(events.Exported).What != "person_to_guardian" {
		t.Errorf("it left %+v", left)
	}
}

// read writes a year of reading into a directory.
func read(t *testing.T, dir string) {
	t.Helper()
	a, err := app.Open(t.Context(), app.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	at := func(month time.Month, day int) time.Time {
		return time.Date(2012, month, day, 12, 0, 0, 0, events.Zone)
	}
	kase, client := events.Stream("case", id("case")), events.Stream("client", id("client"))
	worker := events.Asking{Role: "worker", Route: "get-cases", Purpose: "casework"}
	officer := events.Asking{Role: "privacy_officer", Route: "get-access-glass", Purpose: "review"}
	s1, s23 := []sealed.Class{sealed.Identity}, []sealed.Class{sealed.Clinical, sealed.Disclosure}
	for _, e := range []struct {
		who  string
		at   time.Time
		fact events.Event
	}{
		{"wang", time.Date(2011, 12, 31, 23, 59, 0, 0, events.Zone), events.Denied{Asking: worker}},
		{"wang", time.Date(2011, 12, 31, 16, 0, 0, 0, time.UTC), events.Disclosed{Asking: worker, Shown: []events.Shown{{Classes: s1, Streams: []string{client}}}}},
		{"wang", at(time.March, 3), events.Disclosed{Asking: worker, Shown: []events.Shown{{Classes: s23, Streams: []string{kase}}, {Classes: s1, Streams: []string{client}}}, Marks: []string{access.MarkNight, access.MarkSurname}}},
		{"li", at(time.March, 4), events.Disclosed{Asking: worker, Shown: []events.Shown{{Classes: s1, Streams: []string{client}}}}},
		{"li", at(time.March, 4), events.Denied{Asking: worker, Stream: kase}},
		{"li", at(time.May, 4), events.Searched{Asking: worker, Found: 3}},
		{"officer", at(time.June, 1), events.Disclosed{Asking: officer, Shown: []events.Shown{{Classes: s23[:1], Streams: []string{kase}}}}},
		{"officer", at(time.June, 2), events.Exported{Asking: officer, What: "person", Rows: 9}},
		{"li", at(time.December, 31).Add(12 * time.Hour), events.Denied{Asking: worker}}, // of 2013
	} {
		if err := a.Access.Record(t.Context(), e.who, e.at, e.fact); err != nil {
			t.Fatal(err)
		}
	}
	do := func(n int, who string, at time.Time, breaks *glass.BreakGlass, reviews *glass.ReviewGlass) {
		t.Helper()
		meta := events.Meta{CommandID: id(who + at.String()), Actor: who, OccurredAt: at, RecordedAt: at}
		var err error
		if breaks != nil {
			_, err = a.Glass.Do(t.Context(), events.Glass(id(string(rune('a'+n)))), meta, *breaks)
		} else {
			_, err = a.Glass.Do(t.Context(), events.Glass(id(string(rune('a'+n)))), meta, *reviews)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for n, review := range []time.Duration{time.Hour, 72 * time.Hour, 73 * time.Hour, 0} {
		broken := id("broken" + string(rune('a'+n)))
		do(n, "wang", at(time.July, 1), &glass.BreakGlass{Entry: broken, Reason: "other", Words: strings.Repeat("急", 20), Beside: glass.Beside{Client: id("client"), Role: "worker"}}, nil)
		if review > 0 {
			finding := map[bool]string{true: "justified", false: "not_justified"}[n > 0]
			do(n, "officer", at(time.July, 1).Add(review), nil, &glass.ReviewGlass{Entry: id("review" + string(rune('a'+n))), Glass: broken, Finding: finding, Words: "核实"})
		}
	}
}

func TestTheYearOfTheReadLogIsReported(t *testing.T) {
	dir, _ := housed(t)
	read(t, dir)
	said := casestream(t, nil, "audit", "year", "2012", "--data", dir)
	want, err := os.ReadFile(filepath.Join("testdata", "audit-year.txt"))
	if err != nil || said.code != 0 || said.out != string(want) {
		t.Errorf("%v: it says\n%s%s", err, said.out, said.err)
	}
	first := casestream(t, nil, "audit", "year", "2012", "--json", "--data", dir)
	again := casestream(t, nil, "audit", "year", "2012", "--json", "--data", dir)
	var year access.Year
	if err := json.Unmarshal([]byte(first.out), &year); err != nil || first.out != again.out {
		t.Errorf("%v: it says\n%s, then\n%s", err, first.out, again.out)
	}
	if want := (access.Total{Disclosed: 4, Searched: 1, Exported: 1, Denied: 1, Unusual: 1, Readers: 3}); year.Total != want {
		t.Errorf("%+v", year.Total)
	}
	if want := (access.Glass{Broken: 4, InTime: 2, Late: 1, Overdue: 1, Justified: 2, NotJustified: 1}); year.Glass != want {
		t.Errorf("%+v", year.Glass)
	}
	if other := casestream(t, nil, "audit", "year", "2014", "--json", "--data", dir); strings.Contains(other.out, "month") || other.code != 0 {
		t.Errorf("of a year without entries: %s", other.out)
	}
}

// The read log is a log: what was taken out of it, or written into it behind its back, shows.
func TestVerifyWalksTheReadLogToo(t *testing.T) {
	dir, _ := housed(t)
	read(t, dir)
	if a := casestream(t, nil, "verify", "--data", dir); a.code != 0 || !strings.Contains(a.out, "read log") || !strings.Contains(a.out, "16 entries") {
		t.Errorf("%d %s%s", a.code, a.out, a.err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "access.db"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(file), `"own-surname"`, `"own-Surname"`, 1)
	if changed == string(file) {
		t.Fatal("the mark is not where it was written")
	}
	written(t, filepath.Join(dir, "access.db"), changed)
	if a := casestream(t, nil, "verify", "--data", dir); a.code != 1 || !strings.Contains(a.out, "FAULT") {
		t.Errorf("%d %s%s", a.code, a.out, a.err)
	}
}
