package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestTheWalkInTheReadme does what README.md tells a stranger to do, in one shell, and expects the answers that it
// shows. An … in an answer stands for anything.
func TestTheWalkInTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	steps := walk(string(readme))
	if len(steps) < 15 {
		t.Fatalf("only %d steps in the walk", len(steps))
	}
	dir := pilotYear(t)
	s := start(t, dir)
	var script strings.Builder
	fmt.Fprintf(&script, "export CASESTREAM_DATA=%q\n", dir)
	for i, step := range steps {
		here := strings.NewReplacer("bin/casestream", binary, "http://127.0.0.1:8080", s.address).Replace(step.command)
		fmt.Fprintf(&script, "%s\necho; echo '=== %d'\n", here, i)
	}
	out, err := exec.Command("bash", "-c", script.String()).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rest := string(out)
	for i, step := range steps {
		answer, after, found := strings.Cut(rest, fmt.Sprintf("=== %d\n", i))
		if !found {
			t.Fatalf("the walk ended before %q:\n%s", step.command, rest)
		}
		rest = after
		if !matches(step.answer, answer) {
			t.Errorf("$ %s\nREADME.md says:\n%s\nit answers:\n%s", step.command, step.answer, strings.TrimSpace(answer))
		}
	}
}

type step struct{ command, answer string }

// walk finds the commands in the console blocks, each with the answer below it. A command goes on after a backslash.
func walk(text string) (steps []step) {
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(text, -1) {
		goesOn := false
		for line := range strings.Lines(block[1]) {
			last := len(steps) - 1
			switch {
			case strings.HasPrefix(line, "$ "):
				steps = append(steps, step{command: strings.TrimPrefix(line, "$ ")})
				goesOn = strings.HasSuffix(line, "\\\n")
			case goesOn:
				steps[last].command += line
				goesOn = strings.HasSuffix(line, "\\\n")
			case last >= 0:
				steps[last].answer += line
			}
		}
	}
	return steps
}

func matches(want, got string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(want)), "…", "(?s:.*?)")
	return regexp.MustCompile("^" + pattern + "$").MatchString(strings.TrimSpace(got))
}
