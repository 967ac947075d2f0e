// Package bench measures how fast Casestream is. A figure stands beside the bound that it is held to, both measured in
// the same run and in turns: machines differ and neighbours disturb, the ratio of two things that took turns hardly does.
// Every figure is the median of five rounds.
//
// A bound is the least that one could do instead: a raw file for the log, a bare handler for a request, a scan with
// encoding/json for a rebuild. What each does, and what it leaves out, is said where it is made; where in doubt it
// is made the faster one. To add a figure: a file with its part, and a line in parts.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
)

// Options say what to measure.
type Options struct {
	// Only is one part by its name; empty: all parts that take seconds.
	Only string
	// Long adds the parts that take minutes.
	Long bool
	// Say gets a line for a person from time to time; may be nil.
	Say io.Writer
}

// part is some figures that are measured on the same ground.
type part struct {
	name    string
	long    bool // takes minutes
	measure func(ctx context.Context, r *run) error
}

var parts = []part{
	{"appends", false, appends},
	{"requests", false, requests},
	{"reads", false, reads},
	{"rebuild", false, rebuild},
	{"outcomes", false, pastDays},
	{"memory", false, memory},
	{"growth", true, growth},
}

// run is one measuring, in a folder of its own.
type run struct {
	folder  string
	out     io.Writer
	part    string
	figures []Figure
	year    string // the directory of the pilot year, once it was made
}

// say tells a person how it goes.
func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.out, r.part+": "+format+"\n", args...)
}

func (r *run) add(f Figure) {
	f.Part = r.part
	r.figures = append(r.figures, f)
}

// Run measures, in a folder under os.TempDir that it removes again. Some figures are those of a disk: set TMPDIR to
// one where /tmp is memory.
func Run(ctx context.Context, o Options) (report Report, err error) {
	chosen := slices.DeleteFunc(slices.Clone(parts), func(p part) bool {
		return o.Only != "" && p.name != o.Only || o.Only == "" && p.long && !o.Long
	})
	if len(chosen) == 0 {
		return report, fmt.Errorf("there is no part %s; there are: %s", o.Only, partNames())
	}
	// A root key is made for every folder, and nobody need keep a copy of these.
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	r := &run{out: o.Say}
	if r.out == nil {
		r.out = io.Discard
	}
	if r.folder, err = os.MkdirTemp("", "casestream-bench-"); err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.folder)) }()
	report.Machine = machine(r.folder)
	for _, p := range chosen {
		r.part = p.name
		if err := p.measure(ctx, r); err != nil {
			return report, fmt.Errorf("measuring %s: %w", p.name, err)
		}
	}
	report.Figures = r.figures
	return report, nil
}

func partNames() string {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}
