package e2e

import (
	"encoding/json"
	"testing"
)

// TestThePilotYear: the four published totals come out of the events; what was known then differs from what is known
// now; and each answer is the same after a rebuild and after a restart.
func TestThePilotYear(t *testing.T) {
	dir := pilotYear(t)
	var year struct {
		Result struct {
			Activities    int `json:"activities"`
			GroupSessions int `json:"group_sessions"`
			CaseFiles     int `json:"case_files"`
			PersonTimes   int `json:"person_times"`
		} `json:"result"`
	}
	if err := json.Unmarshal([]byte(casestream(t, "report", "year", "2012", "--json", "--data", dir)), &year); err != nil {
		t.Fatal(err)
	}
	if r := year.Result; r.Activities != 573 || r.GroupSessions != 399 || r.CaseFiles != 393 || r.PersonTimes != 38_000 {
		t.Errorf("the year came to %+v", r)
	}
	now := replayed(t, dir, "--as-of", "2012-09-30")
	then := replayed(t, dir, "--as-of", "2012-09-30", "--known-at", "2012-09-30")
	if now == then {
		t.Error("what is known now of September is what was known then")
	}
	same := func(when string) {
		t.Helper()
		if replayed(t, dir, "--as-of", "2012-09-30") != now || replayed(t, dir, "--as-of", "2012-09-30", "--known-at", "2012-09-30") != then {
			t.Errorf("another answer %s", when)
		}
	}
	same("when asked again")
	casestream(t, "rebuild", "--data", dir)
	same("after a rebuild")
	s := start(t, dir)
	same("beside a running server")
	isExactForAnEvaluator(t, s, dir)
	casestream(t, "rebuild", "--data", dir)
	same("after a rebuild by the running server")
	s.stop()
	same("after a restart")
	casestream(t, "verify", "--data", dir)
}

// isExactForAnEvaluator checks that the four totals are told to whoever may know numbers only, and no small number is.
func isExactForAnEvaluator(t *testing.T, s *server, dir string) {
	t.Helper()
	evaluator := someone(casestream(t, "token", "evaluator", "--data", dir))
	for _, url := range []string{"/api/v1/reports/2012", "/api/v1/outcomes", "/api/v1/outcomes?from=2012-01-01&to=2012-12-31"} {
		r := evaluator.get(t, s.address+url).body["result"].(map[string]any)
		if r["activities"] != 573.0 || r["group_sessions"] != 399.0 || r["case_files"] != 393.0 || r["person_times"] != 38_000.0 {
			t.Errorf("GET %s tells an evaluator %v", url, r)
		}
	}
}

// replayed is the result of a replay, without what was asked.
func replayed(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	out := casestream(t, append([]string{"replay", "--json", "--data", dir}, args...)...)
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatal(err)
	}
	return string(answer.Result)
}
