package casefile

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// ErrNothing: at the point that was asked for nothing was known of this stream.
var ErrNothing = errors.New("nothing was known of this then")

// File is what was known of one stream at a point: one of Case, Client, Group and Activity, and what it follows from.
// Its words are sealed; SealedIn says where, for whoever opens them.
type File struct {
	Stream            string `json:"stream"`
	projections.Point        // that was asked for; KnownAt is Position
	// Position is the one that the answer rests on: the view's own, or the one asked for if the view is further.
	Position events.Position `json:"position"`
	// Version of the stream, as known then. Who changes something today must have seen today's.
	Version int `json:"version"`

	Case     *Case     `json:"case,omitempty"`
	Client   *Client   `json:"client,omitempty"` // of a case: its client
	Group    *Group    `json:"group,omitempty"`
	Activity *Activity `json:"activity,omitempty"`

	held, retracted []happened
}

// SealedIn is the stream in which the words of the file were sealed. A Client inside names its own.
func (f *File) SealedIn() string { return f.Stream }

// Load shows a stream at a point: a case (with its client), a client, a group or an activity. What the file points to
// is shared with other files: it is read, not changed.
func Load(ctx context.Context, db *readdb.DB, name string, at projections.Point) (*File, error) {
	file := &File{Stream: name, Point: at}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		s, err := read(tx, name, at, nil)
		if err != nil {
			return err
		}
		if s.version == 0 {
			return ErrNothing
		}
		file.Position = min(events.Position(tx.Position), at.KnownAt)
		file.KnownAt = file.Position
		file.Version = s.version
		return file.fold(tx, s, at)
	})
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (f *File) fold(tx *readdb.Tx, s *stream, at projections.Point) (err error) {
	held, retracted := s.asOf(at.Day())
	f.held, f.retracted = held, retracted
	switch category(s.name) {
	case "client":
		f.Client = client(s)
	case "group":
		f.Group = group(held)
	case "activity":
		f.Activity = activity(held)
	case "case":
		f.Case = foldCase(s, held, at)
		if f.Case.Intake != nil {
			f.Client, err = readClient(tx, f.Case.Intake.Fact.Client, at)
		}
	}
	return err
}

// Timeline lists the entries that held, in the order of (day it happened, position).
func (f *File) Timeline() []Entry[events.Entry] { return timeline(f.held) }

func timeline(held []happened) []Entry[events.Entry] {
	line := make([]Entry[events.Entry], 0, len(held))
	for _, h := range held {
		line = append(line, entry(h, h.Now))
	}
	return line
}

// Everything is the timeline with the entries that were taken back, where they stood.
func (f *File) Everything() []Entry[events.Entry] {
	all := timeline(slices.Concat(f.held, f.retracted))
	slices.SortFunc(all, func(a, b Entry[events.Entry]) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Position, b.Position))
	})
	return all
}
