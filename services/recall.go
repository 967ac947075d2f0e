package services

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"
	"unique"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/recent"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// Refusals that every command shares.
const (
	RefusedStale  = "stale"          // others changed it since the version that was asked for
	RefusedReused = "command-reused" // the command id was used for something else
	RefusedFuture = "in-the-future"  // it is said to have happened later than now
	RefusedNone   = "nothing-here"   // there is no such stream
	RefusedEntry  = "entry-exists"   // the entry id was used under another command id
)

// grace is how far a phone's clock may be ahead of ours.
const grace = 2 * time.Minute

// Option is something that came with a command.
type Option func(*ask)

type ask struct {
	name    string
	body    []byte
	version int // -1: any
}

// AtVersion says which version of the stream the command was made on (If-Match).
func AtVersion(n int) Option { return func(a *ask) { a.version = n } }

// Sent is the body as it was sent; without it the command itself stands for it.
func Sent(body []byte) Option { return func(a *ask) { a.body = body } }

func request(cmd any, options []Option) ask {
	a := ask{name: reflect.TypeOf(cmd).String(), version: -1}
	for _, option := range options {
		option(&a)
	}
	if a.body == nil {
		body, err := json.Marshal(cmd)
		if err != nil {
			panic(fmt.Sprintf("%s does not marshal", a.name))
		}
		a.body = body
	}
	return a
}

// recall remembers the streams that were decided on last, so that a command reads only what is new. It holds
// sealed values as the log does, never open ones.
type recall[S State[S]] struct {
	streams *recent.Map[string, *known[S]]
}

const recallStreams = 4096 // per generation: two are kept

func newRecall[S State[S]]() recall[S] {
	return recall[S]{recent.New[string, *known[S]](recallStreams)}
}

func (r recall[S]) of(stream string) *known[S] {
	return r.streams.Update(stream, func(k *known[S]) *known[S] {
		if k == nil {
			k = &known[S]{asked: make(map[uuid.UUID]answer)}
		}
		return k
	})
}

// Drop forgets what this process remembers of streams; what is asked next reads them anew.
func (d *Desk[S]) Drop(streams ...string) {
	for _, stream := range streams {
		d.recall.streams.Delete(stream)
	}
}

// known is a stream as far as it was read. Whoever uses it holds its lock, so that commands on one stream queue
// here and not as conflicts in the log.
type known[S State[S]] struct {
	sync.Mutex
	state   S
	version int
	asked   map[uuid.UUID]answer

	position   events.Position // of the last append
	recordedAt time.Time       // of the last fact
}

// answer has no pointers: the garbage collector need not look into thousands of them.
type answer struct {
	digest [16]byte
	done   Done
}

func (k *known[S]) read(ctx context.Context, log events.Store, stream string) error {
	for r, err := range log.Read(ctx, stream, k.version+1) {
		if err != nil {
			return fmt.Errorf("reading %s: %w", stream, err)
		}
		k.take(r)
	}
	return nil
}

// Wordless is a State whose rules need who, when and which, never the words. A desk remembers its facts emptied: the words
// of thousands of cases would be most of what it weighs.
type Wordless interface{ Wordless() }

func (k *known[S]) take(r events.Recorded) {
	if _, ok := any((*S)(nil)).(Wordless); ok {
		r.Event = sealed.Emptied(r.Event)
	}
	a := answer{done: Done{Position: r.Position, Version: r.Version, Repeated: true}}
	copy(a.digest[:], r.Meta.CommandDigest)
	k.asked[r.Meta.CommandID] = a
	r.Meta.CommandDigest, r.Meta.Actor = nil, unique.Make(r.Meta.Actor).Value() // what many facts have is kept once
	k.state = k.state.Evolve(r)
	k.version, k.position, k.recordedAt = r.Version, r.Position, r.Meta.RecordedAt
}

// answered finds the answer to a command that was done before. Where the key that could tell its body from another is
// destroyed, the id alone says that it is the same.
func (k *known[S]) answered(ctx context.Context, keys sealed.Keys, stream string, meta events.Meta, a ask) (Done, bool, error) {
	first, ok := k.asked[meta.CommandID]
	if !ok || forgetsCommandIDs {
		return Done{}, false, nil
	}
	digest, err := digest(ctx, keys, owner(stream, k.state), stream, a)
	if err != nil {
		return Done{}, false, err
	}
	if digest != nil && !bytes.Equal(digest, first.digest[:]) {
		return Done{}, false, Refuse(RefusedReused)
	}
	return first.done, true, nil
}

// unchanged refuses a command that was made on another version, and says what came since.
func (k *known[S]) unchanged(ctx context.Context, log events.Store, stream string, a ask) error {
	if a.version < 0 || a.version == k.version {
		return nil
	}
	stale := &Refusal{Code: RefusedStale, About: stream}
	for r, err := range log.Read(ctx, stream, a.version+1) {
		if err != nil {
			return fmt.Errorf("reading %s: %w", stream, err)
		}
		stale.Since = append(stale.Since, r)
	}
	return stale
}

// append seals the facts, appends them and takes them in.
func (k *known[S]) append(ctx context.Context, d *Desk[S], stream string, meta events.Meta, a ask, facts []events.Event) (Done, error) {
	whose := k.state
	if k.version == 0 { // the first facts say whose stream it is; an empty state shares nothing with its successor
		for i, fact := range facts {
			whose = whose.Evolve(events.Recorded{Stream: stream, Version: i + 1, Meta: meta, Event: fact})
		}
	}
	if meta.RecordedAt.Before(k.recordedAt) { // as the log will have it
		meta.RecordedAt = k.recordedAt
	}
	var err error
	key := owner(stream, whose)
	if meta.CommandDigest, err = digest(ctx, d.keys, key, stream, a); err != nil {
		return Done{}, err
	}
	closed := make([]events.Event, len(facts))
	for i, fact := range facts {
		place := sealed.Place{Stream: stream, Event: events.ID(meta.CommandID, stream, i)}
		if closed[i], err = sealed.Seal(ctx, d.keys, fact, place, key); err != nil {
			return Done{}, fmt.Errorf("sealing %s: %w", fact.Type(), err)
		}
	}
	position, err := d.log.Append(ctx, stream, k.version, meta, closed...)
	if err != nil {
		return Done{}, fmt.Errorf("recording in %s: %w", stream, err)
	}
	for i, fact := range closed {
		meta.EventID = events.ID(meta.CommandID, stream, i)
		k.take(events.Recorded{Position: position, Stream: stream, Version: k.version + 1, Meta: meta, Event: fact})
	}
	return Done{Position: position, Version: k.version}, nil
}

// owner is whose key seals a stream: what its state says, else the stream's own.
func owner(stream string, state any) string {
	if owned, ok := state.(sealed.Owned); ok {
		if whose := owned.Owner(); whose != "" {
			return whose
		}
	}
	return stream
}

// digest is nil where the owner was forgotten: what is still recorded there has no words that could be guessed.
func digest(ctx context.Context, keys sealed.Keys, owner, stream string, a ask) ([]byte, error) {
	key, err := keys.Sealing(ctx, owner)
	if errors.Is(err, sealed.ErrForgotten) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", owner, err)
	}
	return key.Digest([]byte(stream), []byte(a.name), a.body), nil
}
