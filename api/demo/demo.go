// Package demo turns the published pilot year of Wuhan, 2012, into a year of work: what the account gives as totals
// is here as the commands of a hundred social workers, issued on the day on which they would have been.
//
// Load issues them through the desks, like anybody else, so nothing is in the log that the rules would refuse. People
// and texts are invented (data/), totals are the published ones (data/wuhan-2012.json), and how these are spread over
// projects and days is assumed (data/allotment.json). Everything follows from those files: two loads give the same
// facts, ids and times. Begin with write in year.go.
package demo

import (
	"context"
	"fmt"

	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/programme"
)

// Desks are where the year is issued.
type Desks struct {
	Clients    *services.Desk[clients.Client]
	Cases      *services.Desk[cases.Case]
	Groups     *services.Desk[groups.Group]
	Activities *services.Desk[activities.Activity]
	Programme  *services.Desk[programme.Programme]
}

// Options may all be left out.
type Options struct {
	// Progress is told now and then how many commands of how many are done, and at the end.
	Progress func(done, total int)
	// Prepare makes the keys of many owners at once, as keydb.DB.Prepare does. Without it each is made when it is
	// first needed, at the price of an fsync per person.
	Prepare func(ctx context.Context, owners ...string) error
}

// told is how often Progress is told.
const told = 100

// Load issues the year, in the order in which it was recorded. Interrupted, it goes on where it was: what was done
// before is answered by the desks as it was the first time.
func Load(ctx context.Context, desks Desks, options Options) error {
	year, err := write()
	if err != nil {
		return err
	}
	if options.Prepare != nil {
		if err := options.Prepare(ctx, year.book.owners...); err != nil {
			return fmt.Errorf("making the keys of the pilot year: %w", err)
		}
	}
	acts := year.book.inOrder()
	for n, act := range acts {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("after %d of %d commands: %w", n, len(acts), err)
		}
		if err := act.do(ctx, desks); err != nil {
			return fmt.Errorf("command %d of %d, on %s: %w", n+1, len(acts), act.what, err)
		}
		if options.Progress != nil && ((n+1)%told == 0 || n+1 == len(acts)) {
			options.Progress(n+1, len(acts))
		}
	}
	return nil
}
