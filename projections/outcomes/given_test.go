package outcomes

import (
	"context"
	"encoding/binary"
	"strconv"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// given is a log that is written fact by fact, and the view of it.
type given struct {
	log      *memory.Store
	db       *readdb.DB
	view     *projections.Projector
	versions map[string]int
	made     uint64 // ids
	written  int    // facts

	kept    string       // the stream that a test speaks of
	entered uuid.UUID    // the entry
	first   events.Entry // the intake
}

func newLog(t testing.TB) *given {
	t.Helper()
	db, err := readdb.Open(t.Context(), pgtest.Place(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	g := &given{log: memory.New(), versions: make(map[string]int)}
	g.watch(db)
	return g
}

func (g *given) watch(db *readdb.DB) {
	g.db, g.view = db, projections.New(g.log, db, nil, Projection{})
}

// id makes the next id: the same in every run.
func (g *given) id() uuid.UUID {
	g.made++
	return uuid.NewSHA1(uuid.NameSpaceOID, binary.AppendUvarint(nil, g.made))
}

func (g *given) entry() events.Entered { return events.Entered{Entry: g.id()} }

// on records that something happened on a day, and answers with its position.
func (g *given) on(day, stream string, fact events.Event) events.Position {
	at := noon(day)
	meta := events.Meta{CommandID: g.id(), Actor: "w1", OccurredAt: at, RecordedAt: at}
	position, err := g.log.Append(context.Background(), stream, g.versions[stream], meta, fact)
	if err != nil {
		panic(err)
	}
	g.versions[stream]++
	g.written++
	return position
}

func noon(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, events.Zone)
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour)
}

// report asks after the view has caught up.
func (g *given) report(t failing, asked Asked) Result {
	t.Helper()
	if err := g.view.CatchUp(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	result, _, err := Replay(context.Background(), g.db, asked)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func (g *given) dump(t failing) string {
	t.Helper()
	dump, err := projections.Dump(context.Background(), g.db, Projection{})
	if err != nil {
		t.Fatal(err)
	}
	return dump
}

// intake opens a case of a project; it answers with the stream.
func (g *given) intake(day, project string) string {
	stream := events.Stream("case", g.id())
	g.first = events.IntakeRecorded{
		Entered: g.entry(), Client: g.id(), Category: "street_child", Project: project, Site: "station",
	}
	g.on(day, stream, g.first)
	return stream
}

// open opens a case and accepts it, on one day.
func (g *given) open(day, project string) string {
	stream := g.intake(day, project)
	g.on(day, stream, events.IntakeDecided{Entered: g.entry(), Accepted: true})
	return stream
}

// member is the n-th member of a group.
func (g *given) member(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceURL, []byte{byte(n)}) }

func (g *given) contact(day, stream string, personTimes int) uuid.UUID {
	entry := g.entry()
	g.on(day, stream, events.InterventionRecorded{Entered: entry, Kind: "talk", Reached: true, PersonTimes: personTimes})
	return entry.Entry
}

func (g *given) close(day, stream string, episode int, reason string) uuid.UUID {
	entry := g.entry()
	g.on(day, stream, events.CaseClosed{Entered: entry, Episode: episode, Reason: reason})
	return entry.Entry
}

// amend says an entry anew; happened may be empty.
func (g *given) amend(day, stream string, amends uuid.UUID, happened string, now events.Entry) (uuid.UUID, events.Position) {
	entry := g.entry()
	amended := events.EntryAmended{Entered: entry, Amends: amends, Now: events.Said{Entry: now}}
	if happened != "" {
		amended.HappenedAt = noon(happened)
	}
	return entry.Entry, g.on(day, stream, amended)
}

func (g *given) retract(day, stream string, entry uuid.UUID) events.Position {
	return g.on(day, stream, events.EntryRetracted{Entered: g.entry(), Retracts: entry})
}

func score(x float64) *float64 { return &x }

// failing is a test, or one try of a property.
type failing interface {
	Helper()
	Fatal(args ...any)
}

func number(x *float64) string {
	if x == nil {
		return "none"
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}
