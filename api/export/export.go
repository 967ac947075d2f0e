// Package export hands out what is recorded about a person. The person gets every fact of their own stream and of their
// cases, in order, with the words opened, and of the groups they were in what concerns them; and who read it. A guardian
// gets what a guardian knows: see ForGuardian.
package export

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	seen "github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections/access"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// Everything is what is recorded about a person, as they are handed it.
type Everything struct {
	Recipient string           `json:"recipient" enum:"client"`
	Client    uuid.UUID        `json:"client"`
	Made      time.Time        `json:"made"`
	Position  events.Position  `json:"position" doc:"the last fact of the log that was looked at"`
	Standing  clients.Standing `json:"standing"`
	Facts     []Fact           `json:"facts"`
	Readers   []access.Reading `json:"readers" doc:"who was shown what of it, by day, the newest first; also who broke the glass, and who read why"`
	ReadUpTo  events.Position  `json:"read_up_to" doc:"the last entry of the read log that was looked at"`
}

// What the read log calls these exports: it says who received one.
const (
	ToClient   = "person_to_client"
	ToGuardian = "person_to_guardian"
)

// Who can receive one.
const (
	Client   = "client"
	Guardian = "guardian"
)

// mostReaders is more than anybody has: a row is a reader, a day and a way of reading.
const mostReaders = 1_000_000

// Fact is one thing that was recorded, when, of when, and by whom.
type Fact struct {
	Position   events.Position `json:"position"`
	Stream     string          `json:"stream"`
	Version    int             `json:"version"`
	Type       string          `json:"type"`
	HappenedAt time.Time       `json:"happened_at"`
	RecordedAt time.Time       `json:"recorded_at"`
	Actor      string          `json:"actor"`
	OnBehalfOf string          `json:"on_behalf_of,omitempty"`
	Fact       any             `json:"fact"`
}

// Collect finds everything about a client in the log, sealed still; ok is false where nobody was registered under that id.
func Collect(ctx context.Context, a *app.App, client uuid.UUID) (all Everything, ok bool, err error) {
	own := events.Stream("client", client)
	all = Everything{Recipient: Client, Client: client, Made: a.Now().UTC(), Facts: []Fact{}}
	err = a.Clients.Look(ctx, own, func(c clients.Client, version int) { all.Standing, ok = c.Standing(), version > 0 })
	if err != nil || !ok {
		return all, false, err
	}
	if all.Position, err = a.Log.Head(ctx); err != nil {
		return all, false, err
	}
	streams, err := streamsOf(ctx, a, client, all.Position)
	if err != nil {
		return all, false, err
	}
	for _, stream := range streams {
		for r, err := range a.Log.Read(ctx, stream, 1) {
			if err != nil {
				return all, false, fmt.Errorf("reading %s: %w", stream, err)
			}
			if fact, theirs := about(r.Event, stream, client); theirs {
				all.Facts = append(all.Facts, Fact{
					Position: r.Position, Stream: stream, Version: r.Version, Type: r.Event.Type(), HappenedAt: r.Meta.OccurredAt,
					RecordedAt: r.Meta.RecordedAt, Actor: r.Meta.Actor, OnBehalfOf: r.Meta.OnBehalfOf, Fact: whole(fact),
				})
			}
		}
	}
	slices.SortFunc(all.Facts, func(a, b Fact) int { return cmp.Compare(a.Position, b.Position) })
	all.Readers, all.ReadUpTo, err = a.WhoRead(ctx, mostReaders, read(streams)...)
	return all, err == nil, err
}

// streamsOf are the streams of a client that there are at a position of the log.
func streamsOf(ctx context.Context, a *app.App, client uuid.UUID, at events.Position) (streams []string, err error) {
	if err := a.Arrived(ctx, at, casefile.Projection{}.Name()); err != nil {
		return nil, err
	}
	err = a.Views.View(ctx, casefile.Projection{}.Name(), func(tx *readdb.Tx) (err error) {
		streams, err = casefile.StreamsOf(tx, client)
		return err
	})
	return streams, err
}

// read are the streams whose readers concern a client: their own, those of their cases, and of the glass over these. Who
// read of a group read of all its members.
func read(streams []string) (all []string) {
	for _, stream := range streams {
		switch category, id, _ := events.SplitStream(stream); category {
		case "case":
			all = append(all, stream, events.Glass(id))
		case "client":
			all = append(all, stream)
		}
	}
	return all
}

// about is what of a fact concerns a client: all of it in their own streams; of a group that they joined and left, and
// their own line of each attendance, without what is said of the group and of the others.
func about(fact events.Event, stream string, client uuid.UUID) (events.Event, bool) {
	if category, _, _ := events.SplitStream(stream); category != "group" {
		return fact, true
	}
	line := func(all []events.Attendance) []events.Attendance {
		return slices.DeleteFunc(slices.Clone(all), func(a events.Attendance) bool { return a.Member != client })
	}
	switch fact := fact.(type) {
	case events.MemberJoined:
		return fact, fact.Member == client
	case events.MemberLeft:
		return fact, fact.Member == client
	case events.SessionHeld:
		fact.Note, fact.Attendance = sealed.Text{}, line(fact.Attendance)
		return fact, len(fact.Attendance) > 0
	case events.AttendanceCorrected:
		fact.Why, fact.Attendance = sealed.Text{}, line(fact.Attendance)
		return fact, len(fact.Attendance) > 0
	}
	return nil, false
}

// amended is an amendment whose words can be opened: what it says anew is written in the log as one piece.
type amended struct {
	events.EntryAmended
	Now anew `json:"now"`
}

type anew struct {
	Type string       `json:"type"`
	Fact events.Entry `json:"fact"`
}

func whole(fact events.Event) any {
	if amendment, ok := fact.(events.EntryAmended); ok {
		return amended{amendment, anew{amendment.Now.Type(), amendment.Now.Entry}}
	}
	return fact
}

// Write writes it as JSON, the words opened, but none that is under anyone else's key: a case may have been recorded under
// the wrong client first. What was opened is noted in saw: see app.Write.
func (e Everything) Write(ctx context.Context, a *app.App, out io.Writer, saw *seen.Opened) error {
	var streams []string
	for _, fact := range e.Facts {
		if !slices.Contains(streams, fact.Stream) {
			streams = append(streams, fact.Stream)
		}
	}
	return write(ctx, a, out, e.Client, e, saw, streams...)
}

// write opens what is under the key of one client, and nothing else.
func write(ctx context.Context, a *app.App, out io.Writer, client uuid.UUID, what any, saw *seen.Opened, streams ...string) error {
	theirs := *a
	theirs.Keys = only{a.Keys, events.Stream("client", client)}
	if err := theirs.Write(ctx, out, what, saw, streams...); err != nil {
		return fmt.Errorf("opening what is recorded: %w", err)
	}
	return nil
}

// only are the keys of one owner.
type only struct {
	sealed.Keys
	owner string
}

func (o only) Opening(ctx context.Context, id string) (*sealed.Key, error) {
	if sealed.OwnerOf(id) != o.owner {
		return nil, sealed.ErrForgotten
	}
	return o.Keys.Opening(ctx, id)
}
