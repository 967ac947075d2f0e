package bench

import (
	"fmt"
	"io"
	"runtime"
)

// Report is what was measured, and on what.
type Report struct {
	Machine Machine  `json:"machine"`
	Figures []Figure `json:"figures"`
}

// Machine is what it was measured on.
type Machine struct {
	System string `json:"system"`
	CPUs   int    `json:"cpus"` // that this process may use
	Go     string `json:"go"`
	Folder string `json:"folder"` // on the disk that was measured
}

func machine(folder string) Machine {
	return Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version(), Folder: folder}
}

// Figure is one result beside its bound.
type Figure struct {
	Part   string  `json:"part"`
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"` // ×, ms, MB
	Bound  float64 `json:"bound"`
	AtMost bool    `json:"at_most,omitempty"` // Bound is the most, else the least
	Detail string  `json:"detail"`            // both sides of it, for a person
	// Unmeasured is why it could not be measured here; it then holds.
	Unmeasured string `json:"unmeasured,omitempty"`
}

// Holds tells that the figure is within its bound.
func (f Figure) Holds() bool {
	switch {
	case f.Unmeasured != "":
		return true
	case f.AtMost:
		return f.Value <= f.Bound
	}
	return f.Value >= f.Bound
}

func (f Figure) String() string {
	sign, verdict := "≥", "ok"
	if f.AtMost {
		sign = "≤"
	}
	switch {
	case f.Unmeasured != "":
		return fmt.Sprintf("%-9s %-58s NOT MEASURED: %s", f.Part, f.Name, f.Unmeasured)
	case !f.Holds() && f.AtMost:
		verdict = "ABOVE"
	case !f.Holds():
		verdict = "BELOW"
	}
	return fmt.Sprintf("%-9s %-58s %8.2f %-2s %s %-5g %-5s  %s", f.Part, f.Name, f.Value, f.Unit, sign, f.Bound, verdict, f.Detail)
}

// Print writes the report for a person, a line for each figure.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%s, %d CPUs, %s, in %s; medians of %d rounds\n", r.Machine.System, r.Machine.CPUs, r.Machine.Go, r.Machine.Folder, rounds)
	for _, f := range r.Figures {
		fmt.Fprintln(w, f)
	}
}

// Holds tells that every figure is within its bound.
func (r Report) Holds() bool {
	for _, f := range r.Figures {
		if !f.Holds() {
			return false
		}
	}
	return true
}
