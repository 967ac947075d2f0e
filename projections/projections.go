// Package projections says what the facts mean: it folds the log into tables that answer fast, for today and for
// any past day. The log is the truth; every table here can be thrown away and folded again, and comes out the same.
//
// To add a view: a folder with its tables, Apply, queries and test, and one line in api/app. To change one: raise its
// version; the new tables are built beside the old ones and swapped when they have caught up.
package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// Projection folds facts into tables of its own.
type Projection interface {
	// Name is also how its tables begin.
	Name() string
	// Version is raised when the tables or Apply change.
	Version() int
	// Tables creates the tables; each is named NAME@ in SQL, and its primary key comes first.
	Tables() []Table
	// Apply takes facts in order, in batches of any size; the same facts give the same tables. It needs no rules
	// of services: what was computed once, at the decision, is in the fact. A fact it cannot apply is an error,
	// and the projection goes no further until someone has looked.
	Apply(tx *readdb.Tx, batch []Fact) error
}

// Narrow is a projection that looks at streams of some categories only: what others say is not read for it, where the
// store can leave it out (events.Selective): their facts come as events.Unread.
type Narrow interface {
	Projection
	Categories() []string
}

// Table is one table of a projection.
type Table struct {
	Name    string
	Columns string   // of CREATE TABLE, the primary key's first; INTEGER PRIMARY KEY is a row number of 64 bits
	Key     int      // how many columns the primary key has
	Ordered bool     // rows stand in the order of the primary key: those whose keys begin alike are read together
	Indexes []string // columns; made when a rebuild has filled the table, which is several times faster
}

// Fact is a recorded fact. A correction or a retraction comes with the entry as it held before and as it holds now.
type Fact struct {
	events.Recorded
	Before, Now *events.Held // nil unless the fact corrects an entry
	Data        []byte       // the fact as it would be written today, and the version of that shape; not for Narrow projections
	Shape       int
}

// Projector keeps views up with the log: each fact counts exactly once in each view, because rows and checkpoint are
// written together. A fact that cannot be applied parks its view there, visibly, and the others go on.
type Projector struct {
	log  events.Store
	db   *readdb.DB
	all  []Projection
	told func(events.Position, []events.Recorded) // after the views have arrived

	state    progress
	applying sync.Mutex // one batch at a time
	making   sync.Mutex // one rebuild at a time

	narrow    bool // all of them are
	few, many int  // facts in one transaction: while following, while rebuilding
}

// New makes a projector of these views. told, if not nil, hears what has arrived in all of them; after a restart it
// may hear what it has heard before.
func New(log events.Store, db *readdb.DB, told func(events.Position, []events.Recorded), all ...Projection) *Projector {
	p := &Projector{log: log, db: db, all: all, told: told, few: 1000, many: 5000}
	if categories := wanted(all); categories != nil {
		p.narrow = true
		if whole, ok := log.(events.Selective); ok {
			p.log = whole.Of(categories...)
		}
	}
	return p
}

// wanted are the categories of projections that are all narrow; nil: all that there are.
func wanted(all []Projection) (categories []string) {
	for _, projection := range all {
		narrow, ok := projection.(Narrow)
		if !ok {
			return nil
		}
		categories = append(categories, narrow.Categories()...)
	}
	return categories
}

// CatchUp applies what has not been applied, up to the present, and makes the tables of views that are new or have
// another version. It reports what it is at, as often as it likes; report may be nil.
func (p *Projector) CatchUp(ctx context.Context, report Report) error {
	for {
		missing, err := p.prepare(ctx)
		if err == nil {
			err = p.build(ctx, report, missing, false)
		}
		if err == nil {
			err = p.advance(ctx, report)
		}
		if !errors.Is(err, readdb.ErrMoved) { // else another process applies: go on from where it is
			return err
		}
	}
}

// Run catches up and goes on until ctx ends. Views that must be made anew are made beside; the others do not wait.
// A database or a log that is away for a moment is waited for, also at the start.
func (p *Projector) Run(ctx context.Context) error {
	var missing []Projection
	var refused error
	again(ctx, "looking how far the views are", func() (err error) {
		missing, err = p.prepare(ctx)
		if ctx.Err() == nil && !readdb.Trouble(err) && !errors.Is(err, events.ErrUnavailable) {
			refused, err = err, nil
		}
		return err
	})
	if refused != nil {
		return refused
	}
	var beside sync.WaitGroup
	beside.Go(func() {
		again(ctx, "making views", func() error { return p.build(ctx, nil, missing, false) })
	})
	defer beside.Wait()
	return p.follow(ctx)
}

// Rebuild folds views again from nothing, beside the ones that are read, and swaps them when they have arrived.
// Nobody waits for it. If a fact cannot be applied, the tables that are read stay. No names: all views.
func (p *Projector) Rebuild(ctx context.Context, report Report, names ...string) error {
	which, err := p.named(names)
	if err != nil {
		return err
	}
	return p.build(ctx, report, which, true)
}

// Wait returns when the views have arrived at a position, or when ctx ends. A parked view is ErrParked at once.
// No names: all views.
func (p *Projector) Wait(ctx context.Context, at events.Position, names ...string) error {
	which, err := p.named(names)
	if err != nil {
		return err
	}
	return p.state.wait(ctx, at, which)
}

// ErrNoView: there is no view of that name.
var ErrNoView = errors.New("there is no view of that name")

func (p *Projector) named(names []string) ([]Projection, error) {
	if len(names) == 0 {
		return p.all, nil
	}
	var which []Projection
	for _, name := range names {
		n := slices.IndexFunc(p.all, func(v Projection) bool { return v.Name() == name })
		if n < 0 {
			return nil, fmt.Errorf("%s: %w", name, ErrNoView)
		}
		which = append(which, p.all[n])
	}
	return which, nil
}

// Report tells how far a catching up or a rebuild is.
type Report func(view string, at, head events.Position)
