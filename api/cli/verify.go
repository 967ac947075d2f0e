package cli

import (
	"fmt"

	"github.com/casestream/casestream/api/demo"
	"github.com/casestream/casestream/events"
)

type verify struct {
	Digest bool `help:"Also print a digest over the opened facts: equal for equal facts, whatever the keys."`
	JSON   bool `help:"Print JSON."`
}

// Run walks the log. Exit code 0: it is whole; 1: it is not, or could not be read.
func (v verify) Run(c *call) error {
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	head, err := a.Log.Head(c.ctx)
	if err != nil {
		return err
	}
	progress := c.progress("verifying")
	report, err := a.Verify(c.ctx, func(at events.Position) { progress(uint64(at), uint64(head)) })
	if err != nil {
		return err
	}
	if v.Digest {
		if report.Digest, err = demo.Digest(c.ctx, a.Log, a.Keys); err != nil {
			return err
		}
	}
	if v.JSON {
		if err := c.json(report); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.out, "log %s: %d events in %d streams, up to position %s\n", report.Log, report.Events, report.Streams, report.Head)
		for _, fault := range report.Faults {
			fmt.Fprintf(c.out, "  FAULT at position %s, %s version %d: %s\n", fault.Position, fault.Stream, fault.Version, fault.What)
		}
		if read := report.Access; read != nil {
			fmt.Fprintf(c.out, "read log %s: %d entries of %d streams, up to position %s\n", read.Log, read.Events, read.Streams, read.Head)
			for _, fault := range read.Faults {
				fmt.Fprintf(c.out, "  FAULT at position %s, %s version %d: %s\n", fault.Position, fault.Stream, fault.Version, fault.What)
			}
		}
		if report.Digest != "" {
			fmt.Fprintf(c.out, "digest %s\n", report.Digest)
		}
		switch {
		case report.Whole && report.Chains:
			fmt.Fprintln(c.out, "whole: positions, versions, hash chains and shapes are as they were written")
		case report.Whole:
			fmt.Fprintln(c.out, "whole: positions, versions and shapes are as they must be; this log has no hash chains")
		}
	}
	if !report.Whole {
		return errFailed
	}
	return nil
}
