package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/retention"
	"github.com/google/uuid"
)

// RetentionFile holds, in a data directory, the agency's own rules of how long what is kept.
const RetentionFile = "retention.json"

// retention reads the agency's own rules, or gives those that are built in.
func (d Dir) retention() (retention.Rules, error) {
	text, err := os.ReadFile(d.file(RetentionFile))
	if errors.Is(err, fs.ErrNotExist) {
		return retention.Default, nil
	}
	if err != nil {
		return retention.Rules{}, fmt.Errorf("reading the retention rules: %w", err)
	}
	return retention.Parse(text)
}

// CasesOf are the cases of a client, as a decision on forgetting needs them: all that were recorded before it is asked.
func (a *App) CasesOf(ctx context.Context, client uuid.UUID) ([]clients.Kept, error) {
	head, err := a.Log.Head(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.Arrived(ctx, head, "caseload"); err != nil {
		return nil, err
	}
	list, err := caseload.List(ctx, a.Views, caseload.Filter{Client: client.String()}, projections.Point{KnownAt: projections.Latest})
	if err != nil {
		return nil, err
	}
	var all []clients.Kept
	for _, row := range list.Rows {
		all = append(all, kept(row))
	}
	return all, nil
}

func kept(row caseload.Row) clients.Kept {
	k := clients.Kept{Case: row.Case, Category: row.Category}
	if row.Ended() {
		k.Ended = row.Since
	}
	return k
}

// DueForForgetting is a client whose retention is over.
type DueForForgetting struct {
	Client  uuid.UUID        `json:"client" format:"uuid"`
	Cases   int              `json:"cases" doc:"all of them ended"`
	Until   string           `json:"kept_until" doc:"the last day on which what is known had to be kept"`
	Holds   int              `json:"holds" doc:"legal holds that stand: while there is one, nobody is forgotten"`
	Stands  clients.Standing `json:"standing" enum:"active,restricted"`
	Request uuid.UUID        `json:"request,omitzero" format:"uuid" doc:"to forget them, if one is under way"`
	Begins  *time.Time       `json:"begins,omitempty" doc:"when the cooling-off of that request ends"`
}

// DueForForgetting lists the clients whose retention is over on a day, by the rules of now, and who are not forgotten yet.
func (a *App) DueForForgetting(ctx context.Context, today string) (due []DueForForgetting, err error) {
	list, err := caseload.List(ctx, a.Views, caseload.Filter{}, projections.Point{KnownAt: projections.Latest})
	if err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]*DueForForgetting)
	var order []uuid.UUID
	for _, row := range list.Rows {
		d := found[row.Client]
		if d == nil {
			d = &DueForForgetting{Client: row.Client}
			found[row.Client] = d
			order = append(order, row.Client)
		}
		k := kept(row)
		until, ok := a.Retention.Until(k.Category, k.Ended)
		if !ok {
			until = "9999-12-31"
		}
		d.Cases, d.Until = d.Cases+1, max(d.Until, until)
	}
	for _, client := range order {
		d := found[client]
		if d.Until >= today {
			continue
		}
		err := a.Clients.Look(ctx, events.Stream("client", client), func(c clients.Client, _ int) {
			d.Holds, d.Stands = len(c.Holds), c.Standing()
			if c.Request != nil {
				d.Request = c.Request.ID
				if c.Request.Approved != nil {
					begins := c.Request.Begins
					d.Begins = &begins
				}
			}
		})
		if err != nil {
			return nil, err
		}
		if d.Stands != clients.Forgotten {
			due = append(due, *d)
		}
	}
	return due, nil
}
