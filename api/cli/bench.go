package cli

import (
	"github.com/casestream/casestream/api/bench"
)

type benches struct {
	Only string `help:"Only one part: appends, requests, reads, rebuild, memory, growth." default:""`
	Long bool   `help:"Also the long ones: growth up to a million events."`
	JSON bool   `help:"Print JSON."`
}

// Run measures. It ends with 1 if a figure is below its bound.
func (b benches) Run(c *call) error {
	report, err := bench.Run(c.ctx, bench.Options{Only: b.Only, Long: b.Long, Say: c.err})
	if err != nil {
		return err
	}
	if b.JSON {
		err = c.json(report)
	} else {
		report.Print(c.out)
	}
	if err == nil && !report.Holds() {
		return errFailed
	}
	return err
}
