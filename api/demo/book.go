package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
)

// act is one command of the year, ready to be issued.
type act struct {
	at   time.Time // when it is recorded
	what string    // the command and its stream, for whoever has to find out why it was refused
	do   func(context.Context, Desks) error
}

// book is the year as it is written down: acts in any order, each stream's in its own.
type book struct {
	acts   []act
	owners []string // of the keys that are needed, in the order of first use
	owned  map[string]bool
	counts map[string]int // commands on a stream so far
}

func newBook() *book { return &book{owned: map[string]bool{}, counts: map[string]int{}} }

// inOrder is the acts in the order in which they are recorded. What is recorded in the same second stays in the
// order in which it was written.
func (b *book) inOrder() []act {
	slices.SortStableFunc(b.acts, func(x, y act) int { return x.at.Compare(y.at) })
	return b.acts
}

// needs says that something will be sealed under an owner's key.
func (b *book) needs(owner string) {
	if !b.owned[owner] {
		b.owned[owner] = true
		b.owners = append(b.owners, owner)
	}
}

// by is who records something, and when it happened and was recorded.
type by struct {
	worker             *worker
	happened, recorded time.Time
}

// issue writes a command down. Its id follows from the stream and how many commands came before it.
func issue[S services.State[S]](b *book, desk func(Desks) *services.Desk[S], stream string, who by, cmd services.Command[S]) {
	b.counts[stream]++
	meta := events.Meta{
		CommandID:  idOf("command "+stream+" "+strconv.Itoa(b.counts[stream]), who.recorded),
		Actor:      "administrator",
		OccurredAt: who.happened, RecordedAt: who.recorded,
	}
	if who.worker != nil {
		meta.Actor, meta.Agency = who.worker.id.String(), who.worker.project.agency
	}
	b.acts = append(b.acts, act{
		at: who.recorded, what: fmt.Sprintf("%T on %s", cmd, stream),
		do: func(ctx context.Context, desks Desks) error {
			_, err := desk(desks).Do(ctx, stream, meta, cmd)
			return err
		},
	})
}
