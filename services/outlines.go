package services

import (
	"context"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/recent"
	"github.com/google/uuid"
)

// Outlined is a State that remembers facts, because its rules need them, and of which whoever only looks needs little: O.
type Outlined[S, O any] interface {
	State[S]
	Outline() O
}

// Outlines show what the streams of a desk come to, for whoever looks and decides nothing there. They remember no facts: a
// hundred cases that are read weigh less than one long case that is worked on.
type Outlines[S Outlined[S, O], O any] struct {
	desk *Desk[S]
	seen *recent.Map[string, outline[O]]
}

type outline[O any] struct {
	is      O
	version int
}

func NewOutlines[S Outlined[S, O], O any](desk *Desk[S]) *Outlines[S, O] {
	return &Outlines[S, O]{desk, recent.New[string, outline[O]](recallStreams)}
}

// Look shows the outline of a stream as it is now; of a stream that is not there, that of the zero State. It is shared
// with others: nobody may change it.
func (o *Outlines[S, O]) Look(ctx context.Context, stream string, see func(outline O, version int)) error {
	now, err := o.now(ctx, stream)
	if err == nil {
		see(now.is, now.version)
	}
	return err
}

// Drop forgets what is remembered of streams.
func (o *Outlines[S, O]) Drop(streams ...string) {
	for _, stream := range streams {
		o.seen.Delete(stream)
	}
}

func (o *Outlines[S, O]) now(ctx context.Context, stream string) (outline[O], error) {
	if known, ok := o.desk.recall.streams.Get(stream); ok { // somebody works on it
		known.Lock()
		defer known.Unlock()
		err := known.read(ctx, o.desk.log, stream)
		return outline[O]{known.state.Outline(), known.version}, err
	}
	seen, ok := o.seen.Get(stream)
	if ok {
		changed, err := hasMore(ctx, o.desk.log, stream, seen.version)
		if err != nil || !changed {
			return seen, err
		}
	}
	anew := known[S]{asked: make(map[uuid.UUID]answer)}
	err := anew.read(ctx, o.desk.log, stream)
	seen = outline[O]{anew.state.Outline(), anew.version}
	if err == nil && anew.version > 0 {
		o.seen.Put(stream, seen)
	}
	return seen, err
}

// hasMore tells whether a stream has facts after a version.
func hasMore(ctx context.Context, log events.Store, stream string, after int) (bool, error) {
	for _, err := range log.Read(ctx, stream, after+1) {
		if err != nil {
			return false, fmt.Errorf("reading %s: %w", stream, err)
		}
		return true, nil
	}
	return false, nil
}
