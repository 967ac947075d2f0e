package glass_test

import (
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/glass"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

const (
	words = "孩子来电说要轻生，责任社工和督导的电话都打不通。"
	other = "0190a0b0-0000-7000-8000-000000000002"
)

var (
	once   = events.Entered{Entry: spec.ID("once")}
	broken = events.GlassBroken{
		Entered: once, Role: "worker", Client: spec.ID("client"), Reason: "danger_to_life", Words: sealed.Say(words),
		Until: spec.Now.UTC().Add(time.Hour), ReviewBy: spec.Now.UTC().Add(72 * time.Hour),
	}
	reviewed = events.GlassReviewed{Entered: events.Entered{Entry: spec.ID("review")}, Glass: once.Entry, Role: "supervisor", Finding: "justified", Words: sealed.Say("已核实")}
	beside   = glass.Beside{Client: spec.ID("client"), Role: "worker"}
	breaks   = glass.BreakGlass{Entry: once.Entry, Reason: "danger_to_life", Words: words, Beside: beside}
	reviews  = glass.ReviewGlass{Entry: spec.ID("review"), Glass: once.Entry, Finding: "justified", Words: "已核实", Beside: glass.Beside{Role: "supervisor"}}
)

// anew is breaking it under another entry, and something else said.
func anew(say func(*glass.BreakGlass)) glass.BreakGlass {
	again := breaks
	again.Entry = spec.ID("again")
	if say != nil {
		say(&again)
	}
	return again
}

func theirs(say func(*glass.ReviewGlass)) glass.ReviewGlass {
	review := reviews
	say(&review)
	return review
}

func TestBreakingTheGlass(t *testing.T) {
	later := broken
	later.Entry, later.Until, later.ReviewBy = spec.ID("again"), broken.Until.Add(time.Hour), broken.ReviewBy.Add(time.Hour)
	for _, s := range []spec.Spec[glass.Glass]{
		{Name: "lets somebody in for an hour, to be reviewed within three days", When: breaks, Then: []events.Event{broken}},
		{Name: "does nothing for whom the case is", When: anew(func(b *glass.BreakGlass) { b.Related = true }), Err: glass.RefusedNotNeeded},
		{Name: "is not done twice while it lets one in", Given: []events.Event{broken}, When: anew(nil), Err: glass.RefusedOpen},
		{Name: "is done again when the hour is over", Given: []events.Event{broken}, When: anew(nil), At: spec.Now.Add(time.Hour), Then: []events.Event{later}},
		{Name: "needs a reason that there is", When: anew(func(b *glass.BreakGlass) { b.Reason = "curious" }), Err: glass.RefusedCode},
		{Name: "needs twenty characters, not blanks", When: anew(func(b *glass.BreakGlass) { b.Words = "急                                 " }), Err: glass.RefusedMissing},
		{Name: "takes no entry of another", Given: []events.Event{spec.Past{Event: broken, By: other}}, When: breaks, Err: services.RefusedEntry},
		{Name: "takes no entry without an id", When: anew(func(b *glass.BreakGlass) { b.Entry = uuid.Nil }), Err: glass.RefusedMissing},
	} {
		s.Run(t)
	}
}

func TestReviewingIt(t *testing.T) {
	byOther := spec.Past{Event: broken, By: other}
	for _, s := range []spec.Spec[glass.Glass]{
		{Name: "is for somebody else", Given: []events.Event{byOther}, When: reviews, Then: []events.Event{reviewed}},
		{Name: "is not for who broke it", Given: []events.Event{broken}, When: reviews, Err: glass.RefusedOwn},
		{Name: "is done once", Given: []events.Event{byOther, reviewed}, When: theirs(func(r *glass.ReviewGlass) { r.Entry = spec.ID("r2") }), Err: glass.RefusedReviewed},
		{Name: "is of one that was broken", When: reviews, Err: glass.RefusedUnknown},
		{Name: "needs a finding that there is", Given: []events.Event{byOther}, When: theirs(func(r *glass.ReviewGlass) { r.Finding = "fine" }), Err: glass.RefusedCode},
		{Name: "needs words", Given: []events.Event{byOther}, When: theirs(func(r *glass.ReviewGlass) { r.Words = " \n" }), Err: glass.RefusedMissing},
	} {
		s.Run(t)
	}
}

func TestABrokenGlassLetsInOnePersonForAnHour(t *testing.T) {
	g := services.Fold(glass.Glass{}, events.Recorded{Version: 1, Meta: events.Meta{Actor: other}, Event: broken})
	for _, c := range []struct {
		actor string
		at    time.Time
		in    bool
	}{
		{other, spec.Now, true},
		{other, spec.Now.Add(time.Hour - time.Nanosecond), true},
		{other, spec.Now.Add(time.Hour), false},
		{spec.Worker, spec.Now, false},
		{"", spec.Now, false},
	} {
		id, in := g.Lets(c.actor, c.at)
		if in != c.in || in && id != once.Entry {
			t.Errorf("%s at %s: %v by %s", c.actor, c.at, in, id)
		}
	}
	if g.Owner() != events.Stream("client", spec.ID("client")) || (glass.Glass{}).Owner() != "" {
		t.Errorf("the words are %s's", g.Owner())
	}
}
