package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
	view "github.com/casestream/casestream/projections/access"
	"github.com/casestream/casestream/projections/readdb"
)

// Verified is what a walk over the log found.
type Verified struct {
	sqlite.Report
	Chains bool   `json:"chains"` // this log has hash chains, and they were walked too
	Whole  bool   `json:"whole"`
	Digest string `json:"digest,omitempty"`

	Access *sqlite.Report `json:"access,omitempty"` // of the read log; nil: there is none yet
}

// Verify walks the log, and compares its end with what the views remember of it: a log that was cut off shows only there.
// It walks the facts of the accounts too.
func (a *App) Verify(ctx context.Context, progress func(events.Position)) (Verified, error) {
	var v Verified
	var err error
	if v.Report, v.Chains, err = walked(ctx, a.Log, progress); err != nil {
		return v, err
	}
	generations, err := a.Views.Generations(ctx)
	if err != nil {
		return v, err
	}
	cutOff(&v.Report, "log", generations)
	if a.Access == nil {
		removed(&v.Report, generations)
	}
	if err := a.Accounts.Verify(ctx); errors.Is(err, account.ErrChanged) {
		v.Faults = append(v.Faults, sqlite.Fault{What: err.Error()})
		v.FaultsIn++
	} else if err != nil {
		return v, err
	}
	v.Whole = v.FaultsIn == 0
	if a.Access == nil {
		return v, nil
	}
	read, err := a.verifyAccess(ctx, generations)
	v.Access, v.Whole = &read, v.Whole && read.Whole()
	return v, err
}

// verifyAccess walks the read log too: a reader must not be able to take an entry out of it.
func (a *App) verifyAccess(ctx context.Context, generations []readdb.Generation) (sqlite.Report, error) {
	report, _, err := walked(ctx, a.Access.Store, nil)
	cutOff(&report, "read log", generations)
	return report, err
}

// cutOff finds that views remember more of a log than there is.
func cutOff(report *sqlite.Report, what string, generations []readdb.Generation) {
	for _, g := range generations {
		if g.Log == report.Log.String() && events.Position(g.Position) > report.Head {
			report.Faults = append(report.Faults, sqlite.Fault{What: fmt.Sprintf("the %s ends at %s, the view %s remembers position %d", what, report.Head, g.Projection, g.Position)})
			report.FaultsIn++
		}
	}
}

// removed finds that there is no read log, and was one: without it serve would begin another as if nobody had read anything.
func removed(report *sqlite.Report, generations []readdb.Generation) {
	for _, g := range generations {
		if g.Projection == (view.Projection{}).Name() && g.Position > 0 {
			report.Faults = append(report.Faults, sqlite.Fault{What: fmt.Sprintf("there is no read log, the view %s remembers position %d of one", g.Projection, g.Position)})
			report.FaultsIn++
		}
	}
}

// walked walks a log, with its chains where it has any.
func walked(ctx context.Context, log events.Store, progress func(events.Position)) (report sqlite.Report, chained bool, err error) {
	file, chained := log.(interface {
		Verify(context.Context, func(events.Position)) (sqlite.Report, error)
	})
	if chained {
		report, err = file.Verify(ctx, progress)
	} else {
		report, err = walk(ctx, log, progress)
	}
	return report, chained, err
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
