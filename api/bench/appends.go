package bench

import (
	"context"
	"os"
	"path/filepath"

	"github.com/casestream/casestream/events/sqlite/speed"
)

// appends are the figures of the log alone; package speed says what their bounds are.
func appends(ctx context.Context, r *run) error {
	folder := filepath.Join(r.folder, "appends")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	report, err := speed.Appends(ctx, folder, speed.Options{Rounds: rounds, Say: func(line string) { r.say("%s", line) }})
	r.lines(report.Lines)
	return err
}

// lines takes over the figures of package speed.
func (r *run) lines(all []speed.Line) {
	for _, l := range all {
		r.add(Figure{Name: l.Name, Value: l.Value, Unit: l.Unit, Bound: l.Bound, AtMost: l.AtMost, Detail: l.Detail})
	}
}
