package outcomes

import (
	"math"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// course is a row of what happened in the course of a case. What its columns say depends on the kind:
//
//	decision   code accepted, declined
//	closure    code is the reason, version the episode that ends, leaving how the person left, outcome what became of
//	           the goals, number T as it was computed then
//	reopening  code is why, version the episode that begins
//	plan       part 0; version of the plan
//	goal       parts 1 …, one for each goal of the plan: code is the goal's id, number its weight
//	rating     code is the goal's id, version that of the plan, occasion the when, number the level
//	measure    code is the instrument, version its version, occasion the when, number the score, outcome why it was not done
type course struct {
	part              int
	kind, code        string
	version           int
	occasion, leaving string
	outcome           string
	number            *int64 // fixed(); nil: none

	first, position int64 // when it is read
	file, day       string
}

// unit is what numbers are kept in: ten-thousandths. Sums of whole numbers do not depend on the order of the rows, so
// the same question gets the same number to the last digit.
const unit = 10_000

func fixed(x float64) int64 { return int64(math.Round(x * unit)) }

// decimal is a fixed number as it is shown.
func decimal(fixed int64) float64 { return float64(fixed) / unit }

func fixedOr(x *float64) *int64 {
	if x == nil || math.IsNaN(*x) || math.IsInf(*x, 0) {
		return nil
	}
	n := fixed(*x)
	return &n
}

// courseOf is what an entry adds to the course of a case.
func courseOf(entry events.Entry) []course {
	switch fact := entry.(type) {
	case events.IntakeDecided:
		code := "declined"
		if fact.Accepted {
			code = "accepted"
		}
		return []course{{kind: "decision", code: code}}
	case events.CaseClosed:
		return []course{{
			kind: "closure", code: fact.Reason, version: fact.Episode, leaving: fact.Exit, outcome: fact.Outcome,
			number: fixedOr(fact.T),
		}}
	case events.CaseReopened:
		return []course{{kind: "reopening", code: fact.Why, version: fact.Episode}}
	case events.PlanAgreed:
		rows := []course{{kind: "plan", version: fact.Version}}
		for i, goal := range fact.Goals {
			rows = append(rows, course{
				part: i + 1, kind: "goal", code: goal.Goal.String(), version: fact.Version, number: fixedOr(&goal.Weight),
			})
		}
		return rows
	case events.GoalRated:
		level := int64(fact.Level) * unit
		return []course{{
			kind: "rating", code: fact.Goal.String(), version: fact.Plan, occasion: fact.When, number: &level,
		}}
	case events.MeasureTaken:
		return []course{{
			kind: "measure", code: fact.Instrument, version: fact.Version, occasion: fact.When, outcome: fact.NotDone,
			number: fixedOr(fact.Score),
		}}
	}
	return nil
}

// servedBy is the contact, session or activity that an entry is. An attempt that failed serves nobody and is none.
func servedBy(entry events.Entry) (kind string, personTimes int, ok bool) {
	switch fact := entry.(type) {
	case events.InterventionRecorded:
		return "contact", fact.PersonTimes, fact.Reached
	case events.FollowUpRecorded:
		return "contact", fact.PersonTimes, fact.Reached
	case events.SessionHeld:
		return "session", fact.PersonTimes, true
	case events.ActivityHeld:
		return "activity", fact.PersonTimes, true
	}
	return "", 0, false
}

// present lists the members who were at a session.
func present(entry events.Entry) (members []uuid.UUID) {
	session, ok := entry.(events.SessionHeld)
	if !ok {
		return nil
	}
	seen := make(map[uuid.UUID]bool, len(session.Attendance))
	for _, a := range session.Attendance {
		if a.Presence == "present" && !seen[a.Member] {
			seen[a.Member] = true
			members = append(members, a.Member)
		}
	}
	return members
}

// setsAside tells whether an entry says that its case file should not have been opened.
func setsAside(entry events.Entry) bool {
	closed, ok := entry.(events.CaseClosed)
	return ok && aside(closed.Reason)
}

func aside(reason string) bool { return reason == "duplicate" || reason == "opened_in_error" }
