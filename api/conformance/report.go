package conformance

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Outcome is how a case went.
type Outcome string

// A case is skipped where the store does not promise what it tries.
const (
	OK      Outcome = "ok"
	Failed  Outcome = "FAILED"
	Skipped Outcome = "skipped"
)

// Result is what came of a case.
type Result struct {
	Name    string   `json:"name"`
	Outcome Outcome  `json:"outcome"`
	Seconds float64  `json:"seconds"`
	Why     []string `json:"why,omitempty"` // it failed, or was skipped
	Log     []string `json:"log,omitempty"` // what it said besides, if it failed

	hung bool
}

// Report is what came of all.
type Report struct {
	Store   string    `json:"store"`
	Log     string    `json:"log"` // its id
	Version string    `json:"version"`
	Began   time.Time `json:"began"`
	Seconds float64   `json:"seconds"`
	Cases   int       `json:"cases"`
	OK      int       `json:"ok"`
	Failed  int       `json:"failed"`
	Skipped int       `json:"skipped"`
	Results []Result  `json:"results"`
}

func (r *Report) add(result Result) {
	r.Results = append(r.Results, result)
	switch result.Outcome {
	case OK:
		r.OK++
	case Failed:
		r.Failed++
	case Skipped:
		r.Skipped++
	}
}

// Conforms tells whether all that was tried is as it must be.
func (r Report) Conforms() bool { return r.Failed == 0 && len(r.Results) == r.Cases }

// Head prints what is tried.
func (r Report) Head(w io.Writer) {
	fmt.Fprintf(w, "casestream %s tries %s\nlog %s, %d cases\n\n", r.Version, r.Store, r.Log, r.Cases)
}

const linesOfLog = 40

// Print prints a line, and below it why.
func (r Result) Print(w io.Writer) {
	fmt.Fprintf(w, "%-7s %8.3f s  %s\n", r.Outcome, r.Seconds, r.Name)
	said := r.Log
	if len(said) > linesOfLog {
		said = append([]string{fmt.Sprintf("… %d lines …", len(said)-linesOfLog)}, said[len(said)-linesOfLog:]...)
	}
	for _, text := range slices.Concat(r.Why, said) {
		for line := range strings.Lines(text) {
			fmt.Fprintf(w, "%20s  %s\n", "", strings.TrimRight(line, "\n"))
		}
	}
}

// Tail prints what came of it.
func (r Report) Tail(w io.Writer) {
	fmt.Fprintf(w, "\n%d cases in %.1f s: %d ok, %d failed, %d skipped\n", r.Cases, r.Seconds, r.OK, r.Failed, r.Skipped)
}
