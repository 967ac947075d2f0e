package cases

import (
	"maps"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// fitting answers with a fact, and refuses one with which the case as a whole would not be right: a closure before what was done, a decision
// taken back that work rests on, a correction that leaves another entry pointing at nothing. What was not right
// before does not stand in the way.
func (c Case) fitting(fact events.Event, meta events.Meta) ([]events.Event, error) {
	before, after := c.faults(), c.after(fact, meta).faults()
	for _, entry := range slices.SortedFunc(maps.Keys(after), compareIDs) {
		if before[entry] != after[entry] {
			return nil, services.Refuse(after[entry], entry.String())
		}
	}
	return []events.Event{fact}, nil
}

// faults lists what is not right in the case as it holds: by entry, the code of what it breaks.
func (c Case) faults() map[uuid.UUID]string {
	faults := make(map[uuid.UUID]string)
	for _, held := range c.Entries.All() {
		if code := c.fault(held); code != "" {
			faults[original(held)] = code
		}
	}
	for _, held := range c.misplaced {
		faults[original(held)] = RefusedOrder
	}
	return faults
}

func (c Case) fault(held *events.Held) string {
	closed := c.closedAt(held.HappenedAt, held.First.Version)
	needsAcceptance, runs, ended := true, true, false
	switch entry := held.Now.(type) {
	case events.AssessmentRecorded, events.PlanAgreed:
	case events.InterventionRecorded:
		needsAcceptance = entry.Kind != "crisis"
	case events.GoalRated:
		ended = entry.When == followUp
	case events.MeasureTaken:
		needsAcceptance, ended = false, entry.When == followUp
	case events.FollowUpRecorded:
		needsAcceptance, ended = false, true
	case events.NoteRecorded, events.RiskRated, events.ConsentRecorded, events.WorkerAssigned, events.FlagRaised,
		events.FlagCleared, events.HandoverRecorded, events.ReferralMade:
		needsAcceptance = false
	default:
		needsAcceptance, runs = false, false
	}
	switch {
	case needsAcceptance && !c.Accepted:
		return RefusedUndecided
	case ended && !closed:
		return RefusedOpen
	case runs && !ended && closed:
		return RefusedClosed
	case !c.resolves(held.Now):
		return RefusedNeeded
	}
	return ""
}

// resolves tells whether what an entry points at holds. Consents need no look: they are never taken back.
func (c Case) resolves(entry events.Entry) bool {
	switch entry := entry.(type) {
	case events.FlagCleared:
		return points[events.FlagRaised](c, entry.Flag)
	case events.HandoverRecorded:
		return entry.Guardianship == uuid.Nil || points[events.AssessmentRecorded](c, entry.Guardianship)
	case events.ReferralAnswered:
		return points[events.ReferralMade](c, entry.Referral)
	case events.ReferralCompleted:
		held, _, err := find[events.ReferralMade](c, entry.Referral)
		if err != nil {
			return false
		}
		answer, _ := c.referral(held)
		return answer == "accepted"
	case events.GoalRated:
		return c.hasGoals(entry.Plan, entry.Goal)
	case events.InterventionRecorded:
		return c.hasGoals(0, entry.Goals...)
	}
	return true
}

func points[E events.Entry](c Case, id uuid.UUID) bool {
	_, _, err := find[E](c, id)
	return err == nil
}

// hasGoals tells whether a version of the plan has these goals; version 0 is any.
func (c Case) hasGoals(version int, goals ...uuid.UUID) bool {
	var known []uuid.UUID
	for _, plan := range each[events.PlanAgreed](c) {
		if version == 0 || plan.Version == version {
			for _, goal := range plan.Goals {
				known = append(known, goal.Goal)
			}
		}
	}
	return !slices.ContainsFunc(goals, func(goal uuid.UUID) bool { return !slices.Contains(known, goal) })
}

func compareIDs(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }
