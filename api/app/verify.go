package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
)

// Verified is what a walk over the log found.
type Verified struct {
	sqlite.Report
	Chains bool   `json:"chains"` // this log has hash chains, and they were walked too
	Whole  bool   `json:"whole"`
	Digest string `json:"digest,omitempty"`
}

// Verify walks the log, and compares its end with what the views remember of it: a log that was cut off shows only there.
// It walks the facts of the accounts too.
func (a *App) Verify(ctx context.Context, progress func(events.Position)) (Verified, error) {
	var v Verified
	var err error
	file, chained := a.Log.(interface {
		Verify(context.Context, func(events.Position)) (sqlite.Report, error)
	})
	if v.Chains = chained; chained {
		v.Report, err = file.Verify(ctx, progress)
	} else {
		v.Report, err = walk(ctx, a.Log, progress)
	}
	if err != nil {
		return v, err
	}
	generations, err := a.Views.Generations(ctx)
	if err != nil {
		return v, err
	}
	for _, g := range generations {
		if g.Log == v.Log.String() && events.Position(g.Position) > v.Head {
			v.Faults = append(v.Faults, sqlite.Fault{What: fmt.Sprintf("the log ends at %s, the view %s remembers position %d", v.Head, g.Projection, g.Position)})
			v.FaultsIn++
		}
	}
	if err := a.Accounts.Verify(ctx); errors.Is(err, account.ErrChanged) {
		v.Faults = append(v.Faults, sqlite.Fault{What: err.Error()})
		v.FaultsIn++
	} else if err != nil {
		return v, err
	}
	v.Whole = v.FaultsIn == 0
	return v, nil
}

// walk looks at a log as any store shows it: positions rise, every stream counts from 1 without gaps, every fact can be
// read. A log that another server keeps has no hash chains: its operators are trusted not to change what was written.
func walk(ctx context.Context, log events.Store, progress func(events.Position)) (sqlite.Report, error) {
	head, err := log.Head(ctx)
	report := sqlite.Report{Log: log.ID(), Head: head}
	if err != nil {
		return report, err
	}
	versions, at := make(map[string]int), events.Position(0)
	fault := func(r events.Recorded, what string) {
		report.FaultsIn++
		if len(report.Faults) < 20 {
			report.Faults = append(report.Faults, sqlite.Fault{Position: r.Position, Stream: r.Stream, Version: r.Version, What: what})
		}
	}
	for r, err := range log.ReadAll(ctx, 0) {
		switch {
		case errors.Is(err, events.ErrDamaged):
			fault(events.Recorded{Position: at + 1}, "cannot be read, nor what is after it")
		case err != nil:
			return report, fmt.Errorf("verifying after position %s: %w", at, err)
		}
		if err != nil || r.Position > head {
			break
		}
		if r.Position <= at {
			fault(r, "comes after position "+at.String())
		}
		if want := versions[r.Stream] + 1; r.Version != want {
			fault(r, fmt.Sprintf("version %d was to come", want))
		}
		versions[r.Stream], at = r.Version, r.Position
		if report.Events++; report.Events%1000 == 0 && progress != nil {
			progress(at)
		}
	}
	report.Streams = len(versions)
	return report, nil
}
