package caseload

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Filter says which cases. What is empty does not matter.
type Filter struct {
	// Workers who carry the case, as the responsible one or beside. Actors who recorded the intake of a case that
	// nobody carries yet. A case of any of both is in the list.
	Workers []string `json:"workers,omitempty"`
	Actors  []string `json:"actors,omitempty"`
	// Granted is a worker to whom access was granted and did not end: those cases are in the list too, on any day.
	Granted string `json:"granted,omitempty"`
	// Reach leaves in the list only what someone may see now, whatever day is asked for; nil: everything.
	Reach *Reach `json:"-"`

	Project  string `json:"project,omitempty"`
	Category string `json:"category,omitempty"`
	Stage    string `json:"stage,omitempty"`
	Client   string `json:"client,omitempty"`
}

// Caseload is a list of cases as they stood at a point: what is overdue first, then by risk, then by the next step due.
type Caseload struct {
	projections.Point // that was asked for; KnownAt is Position
	Filter
	Position events.Position `json:"position"` // that the answer rests on
	Rows     []Row           `json:"rows"`
}

// Row is one case in the list.
type Row struct {
	Case   uuid.UUID   `json:"case"`
	Client uuid.UUID   `json:"client"`
	Name   sealed.Text `json:"name,omitzero"` // the client's, as known last
	// Forgotten: there is no name any more, nor any word.
	Forgotten bool `json:"forgotten,omitempty"`

	Category string `json:"category"`
	Project  string `json:"project"`
	Site     string `json:"site"`
	Urgency  string `json:"urgency"`
	Stage    string `json:"stage"`          // intake, declined, open, closed
	Since    string `json:"-"`              // the day on which it came so far
	Void     string `json:"void,omitempty"` // it should never have been opened: duplicate, opened_in_error

	OpenedBy   string      `json:"opened_by"`
	Worker     uuid.UUID   `json:"worker,omitzero"`
	AssignedOn string      `json:"assigned_on,omitempty"` // day
	Untouched  bool        `json:"untouched,omitempty"`   // since then nothing was done in the case
	CoWorkers  []uuid.UUID `json:"co_workers,omitempty"`

	Risk        string   `json:"risk,omitempty"`
	LastContact string   `json:"last_contact,omitempty"` // the last day on which the client was reached
	Flags       []string `json:"flags,omitempty"`        // the kinds of those that are up

	Due     []Step `json:"due,omitempty"` // steps not taken, the most urgent first
	Overdue int    `json:"overdue"`       // how many of them are late
}

// SealedIn is the stream in which the name was sealed.
func (r *Row) SealedIn() string { return events.Stream("client", r.Client) }

// Step is a step that is due.
type Step struct {
	Step    string    `json:"step"`
	By      time.Time `json:"by"`  // at this instant it is late
	Day     string    `json:"day"` // the last one on which it is in time
	Unsure  bool      `json:"unsure,omitempty"`
	Overdue bool      `json:"overdue,omitempty"`
}

// List is the caseload at a point.
func List(ctx context.Context, db *readdb.DB, filter Filter, at projections.Point) (*Caseload, error) {
	list := &Caseload{Point: at, Filter: filter, Rows: []Row{}}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		list.Position = min(events.Position(tx.Position), at.KnownAt)
		list.KnownAt = list.Position
		cases, err := candidates(tx, filter)
		if err != nil {
			return err
		}
		if cases, err = admitted(tx, filter, cases, at); err != nil {
			return err
		}
		stood, err := values(tx, cases, nil, at)
		if err != nil {
			return err
		}
		for _, id := range cases {
			row, err := stood[id].row(id, at)
			if err != nil {
				return fmt.Errorf("case %s: %w", id, err)
			}
			list.Rows = append(list.Rows, row)
		}
		return name(tx, list.Rows, at)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list.Rows, urgency)
	return list, nil
}

// Ended tells whether there is no more work on the case: it was closed, or never taken.
func (r Row) Ended() bool { return ended(r.Stage) }

func ended(stage string) bool { return stage == "closed" || stage == "declined" }

// Which lists the cases that a filter means as things stand now, without how they stand, and the position that this rests on.
func Which(ctx context.Context, db *readdb.DB, filter Filter) (cases []uuid.UUID, position events.Position, err error) {
	err = db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		position = events.Position(tx.Position)
		now := projections.Point{KnownAt: projections.Latest}
		ids, err := candidates(tx, filter)
		if err != nil {
			return err
		}
		if ids, err = admitted(tx, filter, ids, now); err != nil {
			return err
		}
		for _, id := range ids {
			kase, err := uuid.Parse(id)
			if err != nil {
				return fmt.Errorf("case %s: %w", id, err)
			}
			cases = append(cases, kase)
		}
		return nil
	})
	return cases, position, err
}

// urgency orders rows: what is overdue first, then by risk, then by the next step due.
func urgency(a, b Row) int {
	late := func(r Row) int {
		if r.Overdue > 0 {
			return 0
		}
		return 1
	}
	next := func(r Row) time.Time {
		if len(r.Due) == 0 {
			return time.Unix(1<<40, 0)
		}
		return r.Due[0].By
	}
	return cmp.Or(
		cmp.Compare(late(a), late(b)),
		cmp.Compare(risks[a.Risk], risks[b.Risk]),
		next(a).Compare(next(b)),
		slices.Compare(a.Case[:], b.Case[:]),
	)
}

var risks = map[string]int{"high": 0, "medium": 1, "low": 2, "": 3}
