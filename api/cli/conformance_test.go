package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/conformance"
	"github.com/casestream/casestream/events/storetest"
)

func TestConformanceJudgesAStoreByItsURL(t *testing.T) {
	a := casestream(t, nil, "conformance", "--store", "sqlite:"+t.TempDir())
	if a.code != 0 {
		t.Fatalf("%d\n%s%s", a.code, a.out, a.err)
	}
	n := len(conformance.Cases(app.Promises("sqlite:x"), nil))
	for _, part := range []string{"casestream v-test tries sqlite:", fmt.Sprintf("%d cases", n), fmt.Sprintf("%d ok, 0 failed, 1 skipped", n-1)} {
		if !strings.Contains(a.out, part) {
			t.Errorf("it does not say %q:\n%s", part, a.out)
		}
	}
	at := -1
	for line := range strings.Lines(a.out) {
		for _, c := range storetest.Cases {
			if before, _, found := strings.Cut(line, c.Name+"\n"); found {
				if at >= 0 && len(before) != at {
					t.Errorf("not aligned: %q", line)
				}
				at = len(before)
			}
		}
	}
	if at < 0 {
		t.Errorf("there is no line for a case:\n%s", a.out)
	}
}

func TestConformanceSaysItToPrograms(t *testing.T) {
	a := casestream(t, []string{"CASESTREAM_STORE=memory:"}, "conformance", "--json")
	var report conformance.Report
	if err := json.Unmarshal([]byte(a.out), &report); err != nil || a.code != 0 {
		t.Fatalf("%d, %v\n%s%s", a.code, err, a.out, a.err)
	}
	if n := len(conformance.Cases(app.Promises("memory:"), nil)); report.Store != "memory:" || report.Version != "v-test" || report.Cases != n ||
		report.OK != n || len(report.Results) != n || report.Log == "" || report.Seconds <= 0 {
		t.Errorf("%s", a.out)
	}
}

func TestConformanceListsAndPicks(t *testing.T) {
	a := casestream(t, nil, "conformance", "--list")
	if lines := strings.Split(strings.TrimSpace(a.out), "\n"); a.code != 0 || len(lines) != len(storetest.Cases) || lines[0] != storetest.Cases[0].Name {
		t.Errorf("%d\n%s", a.code, a.out)
	}
	a = casestream(t, nil, "conformance", "--store", "memory:", "--only", "^a follower is told")
	if a.code != 0 || !strings.Contains(a.out, "1 cases") || strings.Contains(a.out, "counts from 1") {
		t.Errorf("%d\n%s%s", a.code, a.out, a.err)
	}
}

func TestConformanceThatTriesNothingFails(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"--store", "memory:", "--only", "no such case"},
		{"--store", "memory:", "--only", "("},
		{"--store", "nothing"},
		{"--store", "sqlite:/proc/nowhere"},
		{"--store", "memory:", "--limit", "1ns"},
	} {
		if a := casestream(t, nil, append([]string{"conformance"}, args...)...); a.code != 1 || a.err == "" && a.out == "" {
			t.Errorf("%v: %d %s%s", args, a.code, a.out, a.err)
		}
	}
}
