package activities_test

import (
	"strconv"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Whatever is asked of an activity, in whatever order: it comes to the person-times that were last submitted and
// taken, they are the sum of its heads, and it is never both held and cancelled.
func TestPersonTimesAreThoseSubmittedLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		activity := activities.Activity{}
		submitted, times, holds, cancellations := false, 0, 0, 0
		for range rapid.IntRange(1, 20).Draw(t, "commands") {
			wish := anything(t, activity)
			facts, err := wish.Decide(activity, events.Meta{OccurredAt: spec.Now})
			if err != nil {
				continue
			}
			for _, fact := range facts {
				activity = services.Fold(activity, recorded(fact))
			}
			switch taken := wish.(type) {
			case activities.HoldActivity:
				submitted, times, holds = true, taken.PersonTimes, holds+1
			case activities.CorrectCount:
				times = taken.PersonTimes
			case activities.CancelActivity:
				cancellations++
			}
		}
		count, ok := activity.Count()
		if ok != submitted || count.PersonTimes != times {
			t.Fatalf("%d person-times in the activity, %d were submitted", count.PersonTimes, times)
		}
		sum := 0
		for _, h := range count.Heads {
			sum += h.Number
		}
		if sum != count.PersonTimes {
			t.Fatalf("%d heads, %d person-times", sum, count.PersonTimes)
		}
		if holds+cancellations > 1 {
			t.Fatalf("held %d times, cancelled %d times", holds, cancellations)
		}
	})
}

func anything(t *rapid.T, activity activities.Activity) services.Command[activities.Activity] {
	entry := spec.ID(strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "entry")))
	heads, times := []activities.Heads{}, rapid.SampledFrom([]int{0, 0, 0, 1, -1}).Draw(t, "slip")
	for range rapid.IntRange(0, 3).Draw(t, "kinds") {
		h := activities.Heads{People: "residents", Number: rapid.IntRange(-1, 50).Draw(t, "number")}
		heads, times = append(heads, h), times+h.Number
	}
	switch rapid.SampledFrom([]string{"plan", "hold", "hold", "correct", "correct", "cancel"}).Draw(t, "wish") {
	case "plan":
		return activities.PlanActivity{Entry: entry, Worker: spec.ID("worker"), Day: "2012-07-07"}
	case "hold":
		return activities.HoldActivity{Entry: entry, Heads: heads, PersonTimes: times, Counted: "signed"}
	case "correct":
		count, _ := activity.Count()
		held := rapid.SampledFrom([]uuid.UUID{count.Entry, count.Entry, entry}).Draw(t, "held")
		return activities.CorrectCount{Entry: entry, Held: held, Heads: heads, PersonTimes: times, Counted: "counted", Why: "核对"}
	default:
		return activities.CancelActivity{Entry: entry, Why: "暴雨"}
	}
}
