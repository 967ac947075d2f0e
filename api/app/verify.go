package app

import (
	"context"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
)

// Verified is what a walk over the log found.
type Verified struct {
	sqlite.Report
	Whole  bool   `json:"whole"`
	Digest string `json:"digest,omitempty"`
}

// Verify walks the log, and compares its end with what the views remember of it: a log that was cut off shows only there.
func (a *App) Verify(ctx context.Context, progress func(events.Position)) (Verified, error) {
	var v Verified
	var err error
	if v.Report, err = a.file.Verify(ctx, progress); err != nil {
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
	v.Whole = v.FaultsIn == 0
	return v, nil
}
