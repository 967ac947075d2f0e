// Package events says what can have happened to the people whom social workers serve, and keeps it.
//
// A fact is a plain struct, named in the past tense and with intent: IntakeRecorded, never CaseUpdated. It is
// written once and read for ever, so whoever changes a shape adds a new version and an upcast (upcast.go), and
// whoever adds a fact adds a line to the catalogue (catalogue.go) and a golden sample (testdata). Words about a
// person are sealed.Text: under that person's key before any store sees them.
package events

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Event is a fact: plain data that says what happened, under the name it has on disk for ever.
type Event interface{ Type() string }

// Meta says who brought an event about, when, and in answer to what. It holds no personal data: actors are ids.
type Meta struct {
	EventID     uuid.UUID `json:"event_id"`
	CommandID   uuid.UUID `json:"command_id"`
	Correlation uuid.UUID `json:"correlation,omitzero"`
	Causation   uuid.UUID `json:"causation,omitzero"`
	Actor       string    `json:"actor"`
	OnBehalfOf  string    `json:"on_behalf_of,omitempty"`
	Agency      string    `json:"agency,omitempty"`

	// OccurredAt is when it happened in the world: the worker's word, and it may be days before.
	OccurredAt time.Time `json:"occurred_at"`
	// RecordedAt is when we learned it: never before the last event of its stream.
	RecordedAt time.Time `json:"recorded_at"`

	// CommandDigest tells a retry from another command under the same id. It is keyed: nobody can guess from it.
	CommandDigest []byte `json:"command_digest,omitempty"`
	// Schema is the version of the event's shape; the catalogue sets it.
	Schema int `json:"schema"`
}

// Recorded is a fact with its place in the log.
type Recorded struct {
	Position Position
	Stream   string
	Version  int // in its stream, from 1, without gaps
	Meta     Meta
	Event    Event
}

// CaughtUp tells the one thing that Follow yields which is no fact: all of the past has been read.
func (r Recorded) CaughtUp() bool { return r.Event == nil }

// Position is a place in one log: ordered, perhaps with gaps, and without meaning in any other log.
// Outside the process it is a decimal string, because JavaScript would round it.
type Position uint64

func (p Position) String() string               { return strconv.FormatUint(uint64(p), 10) }
func (p Position) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a decimal position; it does not repeat what it could not read.
func (p *Position) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		return fmt.Errorf("a position is a decimal number")
	}
	*p = Position(n)
	return nil
}

// Stream names the stream of one case, client, group …: a category and the id of the one it is about.
func Stream(category string, id uuid.UUID) string { return category + "-" + id.String() }

// SplitStream is Stream read backwards; ok is false for a name that is not category-uuid.
func SplitStream(name string) (category string, id uuid.UUID, ok bool) {
	category, rest, found := strings.Cut(name, "-")
	if !found || category == "" {
		return "", uuid.Nil, false
	}
	id, err := uuid.Parse(rest)
	return category, id, err == nil && len(rest) == 36
}

// ID is the id of the n-th event (from 0) that a command brought about in a stream: the same for every retry,
// so that no store keeps it twice.
func ID(command uuid.UUID, stream string, n int) uuid.UUID {
	name := binary.AppendUvarint(append(make([]byte, 0, len(stream)+4), stream...), uint64(n))
	return uuid.NewSHA1(command, name)
}
