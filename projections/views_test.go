package projections_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/audit"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/days"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// seen folds what is in the diary into all views.
func (d *diary) seen() *readdb.DB {
	d.tb.Helper()
	db := open(d.tb)
	if err := projections.New(d.log, db, nil, all()...).CatchUp(context.Background(), nil); err != nil {
		d.tb.Fatal(err)
	}
	return db
}

func (d *diary) load(db *readdb.DB, stream string, at projections.Point) *casefile.File {
	d.tb.Helper()
	file, err := casefile.Load(context.Background(), db, stream, at)
	if err != nil {
		d.tb.Fatal(err)
	}
	return file
}

func (d *diary) read(text sealed.Text, stream string) string {
	d.tb.Helper()
	said, err := text.Open(context.Background(), &d.keys, stream)
	if err != nil {
		d.tb.Fatal(err)
	}
	return said
}

var latest = projections.Point{KnownAt: projections.Latest}

func asOf(day string) projections.Point {
	return projections.Point{AsOf: day, KnownAt: projections.Latest}
}

func TestADayIsKnownUpToTheLastPositionBeforeAnythingRecordedLater(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		d := newDiary(t, newLog())
		var recorded []string
		for n := range rapid.IntRange(0, 30).Draw(rt, "facts") { // of several writers, whose clocks differ
			d.recorded = noon("2012-03-01").AddDate(0, 0, n/4+rapid.IntRange(-2, 2).Draw(rt, "clock"))
			stream := clientStream(n)
			d.write(stream, d.recorded, events.ClientRegistered{Entered: d.next(stream)})
			recorded = append(recorded, events.DayOf(d.recorded))
		}
		db := open(t)
		defer db.Close()
		size := rapid.SampledFrom([]int{1, 3, 100}).Draw(rt, "size")
		if err := projections.New(d.log, db, nil, days.Projection{}).Sizes(size, size).CatchUp(ctx, nil); err != nil {
			rt.Fatal(err)
		}
		for _, day := range append(slices.Clone(recorded), "2011-01-01", "2012-03-04", "2099-01-01") {
			want := slices.IndexFunc(recorded, func(on string) bool { return on > day })
			if want < 0 {
				want = len(recorded)
			}
			if got, err := days.KnownAt(ctx, db, day); err != nil || got != events.Position(want) {
				rt.Fatalf("known at %s: position %s, %v; recorded were %v", day, got, err, recorded)
			}
		}
	})
}

func TestAViewHoldsNoPlainWords(t *testing.T) {
	d := newDiary(t, newLog())
	d.write(clientStream(0), noon("2012-01-01"), events.ClientRegistered{
		Entered: d.next(clientStream(0)),
		Details: events.Details{Name: sealed.Say("word-of-the-client"), Guardian: events.Guardian{Name: sealed.Say("word-of-the-client")}},
	})
	d.kinds("process")
	d.write(caseStream(0), noon("2012-01-02"), events.NoteRecorded{Entered: d.next(caseStream(0)), Text: sealed.Say("word-of-the-client")})
	d.write(caseStream(0), noon("2012-01-02"), events.EntryAmended{
		Entered: d.next(caseStream(0)), Amends: number("entry "+caseStream(0), 1),
		Why: sealed.Say("word-of-the-client"), Now: events.Said{Entry: events.NoteRecorded{Text: sealed.Say("word-of-the-client")}},
	})
	db := d.seen()
	if text := dump(t, db, all()...); strings.Contains(text, "word-of-the-client") || !strings.Contains(text, "client.registered") {
		t.Errorf("the tables hold what was said:\n%s", text)
	}
	file := d.load(db, clientStream(0), latest)
	if got := d.read(file.Client.Details.Name, file.Client.SealedIn()); got != "word-of-the-client" {
		t.Errorf("the name reads %q", got)
	}
}

func TestACaseShowsItsClientAsKnownLastAndInTheClientsOwnStream(t *testing.T) {
	d := newDiary(t, newLog())
	client := clientStream(0)
	d.write(client, noon("2012-01-01"), events.ClientRegistered{Entered: d.next(client), Details: events.Details{Name: sealed.Say("无名")}})
	d.write(caseStream(0), noon("2012-01-01"), events.IntakeRecorded{Entered: d.next(caseStream(0)), Client: number("client", 0)})
	before := d.position
	d.write(client, noon("2012-02-01"), events.ClientDetailsAmended{Entered: d.next(client), Details: events.Details{Name: sealed.Say("王小明")}})
	db := d.seen()
	for want, at := range map[string]projections.Point{
		"无名":  {AsOf: "2012-03-01", KnownAt: before},
		"王小明": {AsOf: "2012-01-01", KnownAt: projections.Latest},
	} {
		file := d.load(db, caseStream(0), at)
		if got := d.read(file.Client.Details.Name, file.Client.SealedIn()); got != want {
			t.Errorf("at %+v the name reads %q, want %q", at, got, want)
		}
		list, err := caseload.List(context.Background(), db, caseload.Filter{Client: number("client", 0).String()}, at)
		if err != nil || len(list.Rows) != 1 {
			t.Fatalf("the caseload is %+v, %v", list, err)
		}
		if got := d.read(list.Rows[0].Name, list.Rows[0].SealedIn()); got != want {
			t.Errorf("at %+v the caseload reads %q, want %q", at, got, want)
		}
	}
}

func TestAnEntryTellsItsHistory(t *testing.T) {
	ctx := context.Background()
	d := newDiary(t, newLog())
	kase := caseStream(0)
	note := func(text string) events.NoteRecorded {
		return events.NoteRecorded{Entered: d.next(kase), Kind: "process", Text: sealed.Say(text)}
	}
	first, id := d.write(kase, noon("2012-01-01"), note("first")), number("entry "+kase, 0)
	amendment := number("entry "+kase, 1)
	second := d.write(kase, noon("2012-01-02"), events.EntryAmended{
		Entered: d.next(kase), Amends: id, Why: sealed.Say("slip"),
		HappenedAt: noon("2011-12-31"), Now: events.Said{Entry: note("second")},
	})
	third := d.write(kase, noon("2012-01-03"), events.EntryRetracted{Entered: d.next(kase), Retracts: amendment, Why: sealed.Say("no slip")})
	fourth := d.write(kase, noon("2012-01-04"), events.EntryRetracted{Entered: d.next(kase), Retracts: id})
	db := d.seen()

	history, err := casefile.LoadHistory(ctx, db, kase, amendment, projections.Latest)
	if err != nil || history.Entry != id || len(history.Wordings) != 4 {
		t.Fatalf("the history is %+v, %v", history, err)
	}
	for at, want := range map[events.Position]string{first: "first 2012-01-01", second: "second 2011-12-31", third: "first 2012-01-01"} {
		w := history.After(at)
		if got := d.read(w.Fact.(events.NoteRecorded).Text, history.SealedIn()) + " " + w.Day; got != want || w.Retracted {
			t.Errorf("from position %s on it says %q, want %q", at, got, want)
		}
	}
	if why := d.read(history.Before(third).Why, history.SealedIn()); why != "slip" {
		t.Errorf("the amendment was made because of %q", why)
	}
	if history.Before(first) != nil || !history.After(fourth).Retracted {
		t.Error("it should begin with its first wording and end retracted")
	}

	page, err := audit.List(ctx, db, audit.Filter{Stream: kase})
	if err != nil || len(page.Rows) != 4 {
		t.Fatalf("audit is %+v, %v", page, err)
	}
	for n, want := range []struct {
		corrects uuid.UUID
		before   events.Position
	}{{uuid.Nil, 0}, {id, first}, {id, second}, {id, third}} {
		if row := page.Rows[n]; row.Corrects != want.corrects || row.Before != want.before {
			t.Errorf("audit says %+v, want %+v", row, want)
		}
	}

	file := d.load(db, kase, latest)
	if len(file.Timeline()) != 0 || len(file.Everything()) != 1 || !file.Everything()[0].Retracted {
		t.Errorf("a retracted entry is not in the timeline, but in everything: %+v", file.Everything())
	}
	if file = d.load(db, kase, projections.Point{KnownAt: second}); !file.Timeline()[0].Amended || file.Timeline()[0].Corrected.Position != second {
		t.Errorf("it was amended then: %+v", file.Timeline()[0])
	}
	if _, err := casefile.LoadHistory(ctx, db, kase, uuid.New(), projections.Latest); !errors.Is(err, casefile.ErrNothing) {
		t.Errorf("the history of nothing: %v", err)
	}
}

func TestAReferralShowsWhatBecameOfIt(t *testing.T) {
	d := newDiary(t, newLog())
	kase := caseStream(0)
	d.write(kase, noon("2012-01-01"), events.IntakeRecorded{Entered: d.next(kase)})
	one := d.next(kase)
	d.write(kase, noon("2012-01-02"), events.ReferralMade{Entered: one, To: "hospital"})
	other := d.next(kase)
	d.write(kase, noon("2012-01-03"), events.ReferralMade{Entered: other, To: "school"})
	d.write(kase, noon("2012-01-04"), events.ReferralAnswered{Entered: d.next(kase), Referral: one.Entry, Answer: "accepted"})
	d.write(kase, noon("2012-01-09"), events.ReferralCompleted{Entered: d.next(kase), Referral: one.Entry})
	db := d.seen()
	for day, completed := range map[string]bool{"2012-01-05": false, "2012-01-09": true} {
		r := d.load(db, kase, asOf(day)).Case.Referrals
		if len(r) != 2 || r[0].Answer == nil || r[0].Answer.Fact.Answer != "accepted" || (r[0].Completed != nil) != completed || r[1].Answer != nil {
			t.Errorf("on %s the referrals are %+v and %+v", day, r[0], r[1])
		}
	}
}

func TestAGroupShowsItsRollAndAttendanceAsCorrected(t *testing.T) {
	d := newDiary(t, newLog())
	group := events.Stream("group", number("group", 0))
	a, b := number("client", 1), number("client", 2)
	d.write(group, noon("2012-01-01"), events.GroupPlanned{Entered: d.next(group), Kind: "growth", Title: sealed.Say("同行")})
	d.write(group, noon("2012-01-02"), events.MemberJoined{Entered: d.next(group), Member: a})
	d.write(group, noon("2012-01-02"), events.MemberJoined{Entered: d.next(group), Member: b})
	session := d.next(group)
	d.write(group, noon("2012-01-03"), events.SessionHeld{
		Entered: session, Number: 1, PersonTimes: 2,
		Attendance: []events.Attendance{{Member: a, Presence: "present"}, {Member: b, Presence: "present"}},
	})
	wrong := d.position
	d.write(group, noon("2012-01-04"), events.AttendanceCorrected{
		Entered: d.next(group), Session: session.Entry, PersonTimes: 1,
		Attendance: []events.Attendance{{Member: a, Presence: "present"}, {Member: b, Presence: "absent"}},
	})
	d.write(group, noon("2012-01-05"), events.MemberLeft{Entered: d.next(group), Member: b, Why: "left"})
	d.write(group, noon("2012-01-06"), events.GroupEvaluated{Entered: d.next(group), Reached: "fully"})
	db := d.seen()
	for _, corner := range []struct {
		at              projections.Point
		times, absent   int
		left, evaluated bool
	}{
		{projections.Point{AsOf: "2012-01-03", KnownAt: wrong}, 2, 0, false, false},
		{projections.Point{AsOf: "2012-01-06", KnownAt: wrong}, 2, 0, false, false},
		{asOf("2012-01-03"), 1, 1, false, false},
		{asOf("2012-01-06"), 1, 1, true, true},
	} {
		g := d.load(db, group, corner.at).Group
		if len(g.Roll) != 2 || g.PersonTimes != corner.times || g.Roll[1].Absent != corner.absent || g.Roll[0].Present != 1 ||
			(g.Roll[1].Left != nil) != corner.left || (g.Evaluated != nil) != corner.evaluated {
			t.Errorf("at %+v the group is %+v, its second member %+v", corner.at, g, g.Roll[1])
		}
	}
}

func TestAnActivityShowsItsHeadsAsCorrected(t *testing.T) {
	d := newDiary(t, newLog())
	activity := events.Stream("activity", number("activity", 0))
	d.write(activity, noon("2012-01-01"), events.ActivityPlanned{Entered: d.next(activity), Day: "2012-01-05"})
	held := d.next(activity)
	d.write(activity, noon("2012-01-05"), events.ActivityHeld{Entered: held, PersonTimes: 40, Heads: []events.Heads{{People: "children", Number: 40}}})
	first := d.position
	d.write(activity, noon("2012-01-06"), events.ActivityCountCorrected{
		Entered: d.next(activity), Held: held.Entry, PersonTimes: 38,
		Heads: []events.Heads{{People: "children", Number: 38}},
	})
	db := d.seen()
	for _, corner := range []struct {
		at    projections.Point
		stage string
		heads int
	}{
		{asOf("2012-01-04"), "planned", 0},
		{projections.Point{AsOf: "2012-01-05", KnownAt: first}, "held", 40},
		{asOf("2012-01-05"), "held", 38},
	} {
		if a := d.load(db, activity, corner.at).Activity; a.Stage != corner.stage || a.PersonTimes != corner.heads {
			t.Errorf("at %+v the activity is %+v", corner.at, a)
		}
	}
}

func TestACaseThatWasReadBeforeIsReadAsIfForTheFirstTime(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		s := &someone{diary: newDiary(t, newLog()), rt: rt}
		intake := events.IntakeRecorded{Entered: s.next(caseStream(0)), Client: number("client", 0)}
		s.add(s.day(), written{says: intake}, intake)
		path := pgtest.Place(t)
		db := reopen(t, path)
		defer db.Close()
		p := projections.New(s.log, db, nil, casefile.Projection{})
		for range rapid.IntRange(1, 6).Draw(rt, "times") {
			for range rapid.IntRange(0, 3).Draw(rt, "acts") {
				s.acts()
			}
			err := p.CatchUp(ctx, nil)
			if err == nil && rapid.Bool().Draw(rt, "rebuild") {
				err = p.Rebuild(ctx, nil)
			}
			if err != nil {
				rt.Fatal(err)
			}
			at := projections.Point{AsOf: s.day(), KnownAt: events.Position(rapid.IntRange(1, 20).Draw(rt, "known at"))}
			first := reopen(t, path)
			got, want := toldByFile(s.load(db, caseStream(0), at)), toldByFile(s.load(first, caseStream(0), at))
			_ = first.Close()
			if got != want {
				rt.Fatalf("at %+v it is read as\n%s\nand for the first time as\n%s", at, got, want)
			}
		}
	})
}
