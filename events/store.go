package events

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/google/uuid"
)

// Store is the log: it only ever grows, and what it has acknowledged it keeps.
// Every store passes storetest.Run; what one promises beyond this is in its own package.
type Store interface {
	// Append adds facts to a stream, all or none, and answers with the position of the last when they are durable.
	// expected is the version the stream had when its facts were decided on; 0 means that it must not exist yet.
	// A stream that has moved on is a *Conflict. Asking again with the same command id and the same expected
	// version is harmless and answers as the first time. An append takes MaxAppend bytes at most.
	Append(ctx context.Context, stream string, expected int, meta Meta, facts ...Event) (Position, error)

	// Read yields a stream in order from a version (1 is the first) to its end. A stream that does not exist is empty.
	Read(ctx context.Context, stream string, from int) iter.Seq2[Recorded, error]

	// ReadAll yields everything after a position, in order, and ends at the present.
	ReadAll(ctx context.Context, after Position) iter.Seq2[Recorded, error]

	// Follow is ReadAll that goes on: when it has read the past it says so once (Recorded.CaughtUp), then
	// yields what is appended, until ctx ends or the store closes.
	Follow(ctx context.Context, after Position) iter.Seq2[Recorded, error]

	// Head is the position of the last event, 0 in an empty log.
	Head(ctx context.Context) (Position, error)

	// ID names this log, for ever: a checkpoint of another log means nothing here.
	ID() uuid.UUID

	Close() error
}

// Promises is what one store promises beyond the port. storetest holds it to that, and the README says it in a table.
type Promises struct {
	Lasts     bool // what was acknowledged survives a kill and a power cut
	Gapless   bool // positions have no gaps
	Chained   bool // every stream is a hash chain: what was changed behind the store's back shows
	Processes Processes
}

// Processes is how many may have the log at the same time.
type Processes int

const (
	OneProcess Processes = iota
	OneWrites            // and others read beside it
	AllWrite
)

func (p Processes) String() string {
	return [...]string{"no", "one writes, others read beside it", "all write"}[p]
}

// MaxAppend is how many bytes of facts one append takes at most.
const MaxAppend = 1 << 20

var (
	// ErrConflict: the stream has moved on since its facts were decided on. Read again, decide again.
	ErrConflict = errors.New("the stream has moved on")
	// ErrTooLarge: more than MaxAppend bytes in one append.
	ErrTooLarge = errors.New("too large for one append")
	// ErrClosed: the store is closed.
	ErrClosed = errors.New("the store is closed")
	// ErrUnavailable: the store cannot be reached or cannot write. Whether an append was kept is not known; ask again.
	ErrUnavailable = errors.New("the log is not available")
	// ErrDamaged: the log is not what was written. Nothing more is read or written until someone has looked.
	ErrDamaged = errors.New("the log is damaged")
)

// Conflict is an ErrConflict that says how far the stream is.
type Conflict struct {
	Stream           string
	Expected, Actual int
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("%s: %v: expected version %d, is at %d", c.Stream, ErrConflict, c.Expected, c.Actual)
}

func (c *Conflict) Unwrap() error { return ErrConflict }
