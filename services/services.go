// Package services says what may happen. A command is decided on what is true and answers with facts, or with a
// Refusal; Do takes it from there to the log.
//
// A decision is pure: who acts, when and under which ids is handed in, and nothing is read, sealed or looked up on
// the way. So every rule can be said in one line, given these facts, when this command, then those (package spec).
// To add a command, write its struct and Decide in the folder of its kind of stream, with its specs beside it.
package services

import (
	"context"
	"errors"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// State is what a stream comes to. Evolve folds one fact into it and cannot fail: what happened, happened.
type State[S any] interface{ Evolve(events.Recorded) S }

// Command is a wish. Decide answers with the facts that it brings about, or says no with a Refusal.
type Command[S any] interface {
	Decide(S, events.Meta) ([]events.Event, error)
}

// Desk is where commands on one kind of stream are decided.
type Desk[S State[S]] struct {
	log    events.Store
	keys   sealed.Keys
	recall recall[S]
}

func NewDesk[S State[S]](log events.Store, keys sealed.Keys) *Desk[S] {
	return &Desk[S]{log: log, keys: keys, recall: newRecall[S]()}
}

// Done is what became of a command: where its last fact stands, and the version its stream then had.
type Done struct {
	Position events.Position
	Version  int
	Repeated bool // it had been done before, under the same command id
}

// Do decides a command on a stream and appends what it decided.
//
// A command id that was done before answers as the first time, whatever happened since; with another body it is
// RefusedReused. Otherwise a version asked for with AtVersion must be the stream's, or the Refusal says what came
// since. If others append in the meantime, it decides again on what is true now.
func (d *Desk[S]) Do(ctx context.Context, stream string, meta events.Meta, cmd Command[S], asked ...Option) (Done, error) {
	ask := request(cmd, asked)
	known := d.recall.of(stream)
	known.Lock()
	defer known.Unlock()
	for {
		if err := known.read(ctx, d.log, stream); err != nil {
			return Done{}, err
		}
		if done, ok, err := known.answered(ctx, d.keys, stream, meta, ask); ok || err != nil {
			return done, err
		}
		if err := known.unchanged(ctx, d.log, stream, ask); err != nil {
			return Done{}, err
		}
		if meta.OccurredAt.After(meta.RecordedAt.Add(grace)) {
			return Done{}, Refuse(RefusedFuture)
		}
		facts, err := cmd.Decide(known.state, meta)
		if err != nil || len(facts) == 0 {
			return Done{Position: known.position, Version: known.version}, err
		}
		done, err := known.append(ctx, d, stream, meta, ask, facts)
		if !errors.Is(err, events.ErrConflict) {
			return done, err
		}
	}
}

// Did tells whether a command was done on a stream under an id: Do answers it as the first time, or says that the id was used.
func (d *Desk[S]) Did(ctx context.Context, stream string, command uuid.UUID) (bool, error) {
	known := d.recall.of(stream)
	known.Lock()
	defer known.Unlock()
	err := known.read(ctx, d.log, stream)
	_, did := known.asked[command]
	return did, err
}

// Look shows the state of a stream as it is now. The state must not be kept or changed.
func (d *Desk[S]) Look(ctx context.Context, stream string, see func(state S, version int)) error {
	known := d.recall.of(stream)
	known.Lock()
	defer known.Unlock()
	if err := known.read(ctx, d.log, stream); err != nil {
		return err
	}
	see(known.state, known.version)
	return nil
}

// Fold is the state after these facts.
func Fold[S State[S]](state S, facts ...events.Recorded) S {
	for _, fact := range facts {
		state = state.Evolve(fact)
	}
	return state
}

// Refusal is the domain's no: a code and what it speaks of, an id or a code, never what was submitted.
// The words for people are made at the edge, from the code.
type Refusal struct {
	Code  string
	About string
	Since []events.Recorded // stale: what came after the version that was asked for
}

func (r *Refusal) Error() string {
	if r.About == "" {
		return "refused: " + r.Code
	}
	return fmt.Sprintf("refused: %s (%s)", r.Code, r.About)
}

// Refuse is a Refusal with a code, and what it speaks of.
func Refuse(code string, about ...string) error {
	refusal := &Refusal{Code: code}
	if len(about) > 0 {
		refusal.About = about[0]
	}
	return refusal
}
