package projections_test

import (
	"context"
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/audit"
	"github.com/casestream/casestream/projections/readdb"
	"pgregory.net/rapid"
)

// pages reads the whole list, page by page.
func pages(tb testing.TB, db *readdb.DB, filter audit.Filter) (rows []audit.Row) {
	tb.Helper()
	for {
		page, err := audit.List(context.Background(), db, filter)
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, page.Rows...)
		if !page.More {
			return rows
		}
		if len(page.Rows) != filter.Limit {
			tb.Fatalf("a page of %d rows, and more", len(page.Rows))
		}
		filter.After = page.Rows[len(page.Rows)-1].Position
	}
}

func TestAuditListsEveryFactThatTheFilterMeansInOrder(t *testing.T) {
	ctx := context.Background()
	d := year(t, newLog(), 500)
	d.recorded = noon("2012-03-01")
	for n := range 40 { // recorded over some days, by clocks that differ
		d.recorded = noon("2012-03-01").AddDate(0, 0, (n*7)%5)
		d.kinds("process")
	}
	db := d.seen()
	var everything []events.Recorded
	for r, err := range d.log.ReadAll(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		everything = append(everything, r)
	}
	rapid.Check(t, func(rt *rapid.T) {
		maybe := func(label string, values ...string) string {
			return rapid.SampledFrom(append(values, "")).Draw(rt, label)
		}
		filter := audit.Filter{
			Stream: maybe("stream", caseStream(0), clientStream(1)), Actor: maybe("actor", worker(1).String(), worker(2).String()),
			Type: maybe("type", "case.note-recorded", "case.entry-amended"),
			From: maybe("from", "2012-01-01", "2012-03-02"), Until: maybe("until", "2012-01-01", "2012-03-03"),
			Limit: rapid.IntRange(1, 50).Draw(rt, "limit"), After: events.Position(rapid.IntRange(0, 500).Draw(rt, "after")),
		}
		var want []events.Position
		for _, r := range everything {
			day := events.DayOf(r.Meta.RecordedAt)
			if r.Position > filter.After && (filter.Stream == "" || r.Stream == filter.Stream) && (filter.Actor == "" || r.Meta.Actor == filter.Actor) &&
				(filter.Type == "" || r.Event.Type() == filter.Type) && day >= filter.From && (filter.Until == "" || day <= filter.Until) {
				want = append(want, r.Position)
			}
		}
		var got []events.Position
		for _, row := range pages(t, db, filter) {
			got = append(got, row.Position)
			r := everything[row.Position-1]
			if row.Stream != r.Stream || row.Version != r.Version || row.Type != r.Event.Type() || row.Actor != r.Meta.Actor ||
				!row.RecordedAt.Equal(r.Meta.RecordedAt) || !row.OccurredAt.Equal(r.Meta.OccurredAt) || row.Command != r.Meta.CommandID ||
				row.Entry != r.Event.(events.Entry).EntryID() {
				rt.Fatalf("audit says %+v of %+v", row, r)
			}
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("%+v gives %v, want %v", filter, got, want)
		}
	})
}

func TestAuditRefusesADayThatIsNone(t *testing.T) {
	if _, err := audit.List(context.Background(), newDiary(t, newLog()).seen(), audit.Filter{From: "yesterday"}); err == nil {
		t.Error("yesterday is no day")
	}
}
