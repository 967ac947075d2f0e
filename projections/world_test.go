package projections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/audit"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/outcomes"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/projections/search"
	"github.com/google/uuid"
)

// all are the views under test.
func all() []projections.Projection {
	return []projections.Projection{days.Projection{}, caseload.Projection{}, casefile.Projection{}, outcomes.Projection{}, audit.Projection{}, search.Projection{Keys: new(sealedtest.Keys)}}
}

// diary writes facts into a log, sealed as in life.
type diary struct {
	tb   testing.TB
	log  events.Store
	keys sealedtest.Keys

	recorded time.Time // goes on by a minute with each fact
	actor    string
	versions map[string]int
	position events.Position
}

func newDiary(tb testing.TB, log events.Store) *diary {
	return &diary{tb: tb, log: log, recorded: noon("2012-01-01"), actor: worker(1).String(), versions: map[string]int{}}
}

func noon(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, events.Zone)
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour)
}

func number(kind string, n int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s %d", kind, n))
}
func worker(n int) uuid.UUID    { return number("worker", n) }
func caseStream(n int) string   { return events.Stream("case", number("case", n)) }
func clientStream(n int) string { return events.Stream("client", number("client", n)) }

// write adds a fact that happened at a time, and answers with its position.
func (d *diary) write(stream string, happened time.Time, fact events.Event) events.Position {
	d.tb.Helper()
	ctx := context.Background()
	d.recorded = d.recorded.Add(time.Minute)
	meta := events.Meta{CommandID: number(stream, d.versions[stream]), Actor: d.actor, OccurredAt: happened, RecordedAt: d.recorded}
	place := sealed.Place{Stream: stream, Event: events.ID(meta.CommandID, stream, 0)}
	closed, err := sealed.Seal(ctx, &d.keys, fact, place, stream)
	if err != nil {
		d.tb.Fatal(err)
	}
	d.position, err = d.log.Append(ctx, stream, d.versions[stream], meta, closed)
	if err != nil {
		d.tb.Fatal(err)
	}
	d.versions[stream]++
	return d.position
}

// next is a new id in a stream.
func (d *diary) next(stream string) events.Entered {
	return events.Entered{Entry: number("entry "+stream, d.versions[stream])}
}

// open makes a database of views that ends with the test.
func open(tb testing.TB) *readdb.DB { return reopen(tb, pgtest.Place(tb)) }

func reopen(tb testing.TB, path string) *readdb.DB {
	db, err := readdb.Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// year writes about n facts such as a year of work brings: cases with their clients, contacts, notes, ratings, a
// correction now and then, groups and activities. The same n gives the same facts.
func year(tb testing.TB, log events.Store, n int) *diary {
	d := newDiary(tb, log)
	random := rand.New(rand.NewPCG(1, uint64(n)))
	words := func(least int) sealed.Text {
		return sealed.Say(strings.Repeat("今日家访，孩子情绪稳定。", least/30+random.IntN(6)))
	}
	cases := max(n/50, 1)
	for i := range cases {
		opened := noon("2012-01-01").AddDate(0, 0, random.IntN(300))
		client, kase := clientStream(i), caseStream(i)
		d.actor = worker(i % 60).String()
		d.write(client, opened, events.ClientRegistered{Entered: d.next(client), Details: events.Details{
			Name: sealed.Say("王小明"), Phone: sealed.Say("13800000000"), Address: words(30), Sex: "male",
		}})
		d.write(kase, opened, events.IntakeRecorded{
			Entered: d.next(kase), Client: number("client", i), Category: "street_child",
			Project: fmt.Sprintf("project-%d", i%10), Site: "station", Source: "outreach", Urgency: "soon", Problem: words(300),
			Steps: events.Steps{Due: []events.Due{{Step: "assessment", By: opened.AddDate(0, 0, 10)}}},
		})
		d.write(kase, opened, events.IntakeDecided{Entered: d.next(kase), Accepted: true})
		d.write(kase, opened, events.WorkerAssigned{Entered: d.next(kase), Worker: worker(i % 60), Role: "responsible"})
	}
	for d.position < events.Position(n) {
		i := random.IntN(cases)
		kase := caseStream(i)
		d.actor = worker(i % 60).String()
		happened := noon("2012-01-01").AddDate(0, 0, random.IntN(360))
		switch roll := random.IntN(100); {
		case roll < 45:
			d.write(kase, happened, events.InterventionRecorded{
				Entered: d.next(kase), Kind: "home_visit", Mode: "in_person", Minutes: 40,
				Reached: roll > 5, PersonTimes: 1, Present: []events.Present{{Who: "client", Served: true}}, Note: words(200),
				Steps: events.Steps{Done: []string{"contact"}, Due: []events.Due{{Step: "contact", By: happened.AddDate(0, 0, 14)}}},
			})
		case roll < 75:
			d.write(kase, happened, events.NoteRecorded{Entered: d.next(kase), Kind: "process", Text: words(300)})
		case roll < 80:
			d.write(kase, happened, events.RiskRated{Entered: d.next(kase), Level: []string{"high", "medium", "low"}[random.IntN(3)], Reason: words(60)})
		case roll < 84:
			d.write(kase, happened, events.AssessmentRecorded{
				Entered: d.next(kase), Summary: words(300), Guardianship: "able",
				Domains: []events.DomainAssessed{{Domain: "family", Needs: words(60)}, {Domain: "school", Risks: words(60)}},
				Steps:   events.Steps{Done: []string{"assessment"}, Due: []events.Due{{Step: "review", By: happened.AddDate(0, 0, 90)}}},
			})
		case roll < 88:
			d.write(kase, happened, events.PlanAgreed{
				Entered: d.next(kase), Version: 1, Aim: words(60), AgreedBy: []string{"client"},
				Goals: []events.Goal{{Goal: number("goal", i), Title: words(30), Weight: 1}, {Goal: number("goal", -i), Title: words(30), Weight: 2}},
			})
		case roll < 92:
			d.write(kase, happened, events.GoalRated{Entered: d.next(kase), Plan: 1, Goal: number("goal", i), Level: random.IntN(5) - 2, Note: words(60)})
		case roll < 94 && d.versions[kase] > 5:
			d.write(kase, happened, events.EntryAmended{
				Entered: d.next(kase), Amends: number("entry "+kase, 3+random.IntN(d.versions[kase]-3)),
				Why: words(30), Now: events.Said{Entry: events.NoteRecorded{Entered: d.next(kase), Kind: "process", Text: words(300)}},
			})
		case roll < 97:
			group := events.Stream("group", number("group", i%40))
			if d.versions[group] == 0 {
				d.write(group, happened, events.GroupPlanned{Entered: d.next(group), Project: "project-1", Kind: "growth", Title: words(30)})
			}
			d.write(group, happened, events.SessionHeld{
				Entered: d.next(group), Number: d.versions[group], Minutes: 60, PersonTimes: 2,
				Attendance: []events.Attendance{{Member: number("client", i), Presence: "present"}, {Member: number("client", i+1), Presence: "present"}}, Note: words(200),
			})
		default:
			activity := events.Stream("activity", number("activity", int(d.position)))
			d.write(activity, happened, events.ActivityPlanned{Entered: d.next(activity), Project: "project-1", Title: words(30), Day: events.DayOf(happened)})
			d.write(activity, happened, events.ActivityHeld{
				Entered: d.next(activity), Place: "square", PersonTimes: 40, Counted: "counted",
				Heads: []events.Heads{{People: "children", Number: 40}},
			})
		}
	}
	return d
}

func newLog() *memory.Store { return memory.New() }
