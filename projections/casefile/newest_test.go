package casefile_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/casefile"
	"pgregory.net/rapid"
)

func TestTheNewestAreTheLastOfEachListAndTheOthersAreCounted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		whole := casefile.Case{
			Stage: casefile.Open, LastContact: "2012-07-02",
			Measures:      entries[events.MeasureTaken](rt, "measures"),
			Interventions: entries[events.InterventionRecorded](rt, "interventions"),
			Notes:         entries[events.NoteRecorded](rt, "notes"),
			Incidents:     entries[events.IncidentRecorded](rt, "incidents"),
			Handovers:     entries[events.HandoverRecorded](rt, "handovers"),
			FollowUps:     entries[events.FollowUpRecorded](rt, "follow-ups"),
			Flags:         entries[events.FlagRaised](rt, "flags"),
		}
		before := copied(whole)
		n := rapid.IntRange(0, 12).Draw(rt, "n")
		brief, older := whole.Newest(n)

		of(rt, n, whole.Measures, brief.Measures, older.Measures)
		of(rt, n, whole.Interventions, brief.Interventions, older.Interventions)
		of(rt, n, whole.Notes, brief.Notes, older.Notes)
		of(rt, n, whole.Incidents, brief.Incidents, older.Incidents)
		of(rt, n, whole.Handovers, brief.Handovers, older.Handovers)
		of(rt, n, whole.FollowUps, brief.FollowUps, older.FollowUps)
		if brief.Stage != whole.Stage || brief.LastContact != whole.LastContact || len(brief.Flags) != len(whole.Flags) {
			rt.Fatalf("it is another case: %+v", brief)
		}

		brief.Notes = append(brief.Notes, nil) // what is done with the answer stays there
		if !reflect.DeepEqual(whole, before) {
			rt.Fatal("the case itself was changed")
		}
		if again, older := before.Newest(1000); older != (casefile.Older{}) || !reflect.DeepEqual(again, before) {
			rt.Fatalf("%+v is left out of a short case", older)
		}
	})
}

func entries[F events.Entry](rt *rapid.T, name string) []*casefile.Entry[F] {
	return rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) *casefile.Entry[F] {
		return &casefile.Entry[F]{Version: rapid.IntRange(1, 1000).Draw(rt, "version")}
	}), 0, 20).Draw(rt, name)
}

// of holds a list to what Newest says of it.
func of[E comparable](rt *rapid.T, n int, whole, last []E, older int) {
	rt.Helper()
	if len(last) != min(n, len(whole)) || len(last)+older != len(whole) || !slices.Equal(whole[older:], last) {
		rt.Fatalf("of %d the newest %d are %d, and %d older", len(whole), n, len(last), older)
	}
}

// copied is a case with lists of its own.
func copied(c casefile.Case) casefile.Case {
	c.Measures, c.Interventions, c.Notes = slices.Clone(c.Measures), slices.Clone(c.Interventions), slices.Clone(c.Notes)
	c.Incidents, c.Handovers, c.FollowUps = slices.Clone(c.Incidents), slices.Clone(c.Handovers), slices.Clone(c.FollowUps)
	c.Flags = slices.Clone(c.Flags)
	return c
}
