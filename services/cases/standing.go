package cases

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Standing is what has one value at a time in a case. It follows from the entries as they hold, in the order of
// the day they happened and, on one day, the order in which they were written.
type Standing struct {
	Stage     Stage
	Accepted  bool
	Episode   int
	Worker    uuid.UUID // responsible
	CoWorkers []uuid.UUID
	Past      []uuid.UUID // were responsible before, and have no part in it now
	Referred  []Referred  // to whom it is referred, until they decline or are done
	Risk      string      // high, medium, low; empty: not rated
	ClosedAt  time.Time   // when the last closure happened

	selfHarm  bool // came up since the risk was last rated below high
	day       string
	ends      []end
	misplaced []*events.Held // entries that do not follow from the stage before them
}

// Stage is how far a case is.
type Stage string

const (
	None     Stage = ""
	Intake   Stage = "intake" // recorded, not yet decided
	Declined Stage = "declined"
	Open     Stage = "open"
	Closed   Stage = "closed"
)

// end is a time without service: from a closure, or from an intake that was declined, until a reopening.
type end struct{ by, reopened *events.Held }

// after is how the case stands when one more entry has happened.
func (s Standing) after(held *events.Held) Standing {
	s.day = max(s.day, held.Day())
	switch entry := held.Now.(type) {
	case events.IntakeRecorded:
		s = s.moves(held, Intake, None)
		s.Episode = 1
	case events.IntakeDecided:
		s = s.decided(held, entry.Accepted)
	case events.CaseClosed:
		s = s.moves(held, Closed, Intake, Open)
		s.ClosedAt = held.HappenedAt
		s.ends = append(slices.Clip(s.ends), end{by: held})
	case events.CaseReopened:
		s = s.reopened(held, entry)
	case events.WorkerAssigned:
		s = s.assigned(entry)
	case events.ReferralMade:
		s.Referred = append(slices.Clip(s.Referred), Referred{original(held), entry.To})
	case events.ReferralAnswered:
		if entry.Answer != "accepted" {
			s.Referred = s.notReferred(entry.Referral)
		}
	case events.ReferralCompleted:
		s.Referred = s.notReferred(entry.Referral)
	case events.RiskRated:
		s.Risk = entry.Level
		s.selfHarm = s.selfHarm && entry.Level == High
	}
	if stepped, ok := held.Now.(events.Stepped); ok {
		s.selfHarm = s.selfHarm || slices.ContainsFunc(stepped.Next().Due, func(d events.Due) bool { return d.Step == stepSelfHarm })
	}
	return s
}

// moves goes on to a stage; from any other than these it goes on all the same, and is remembered as misplaced.
func (s Standing) moves(held *events.Held, to Stage, from ...Stage) Standing {
	if !slices.Contains(from, s.Stage) {
		s.misplaced = append(slices.Clip(s.misplaced), held)
	}
	s.Stage = to
	return s
}

func (s Standing) decided(held *events.Held, accepted bool) Standing {
	if accepted {
		s = s.moves(held, Open, Intake)
		s.Accepted = true
		return s
	}
	s = s.moves(held, Declined, Intake)
	s.ends = append(slices.Clip(s.ends), end{by: held})
	return s
}

// reopened begins an episode where the last one ended: a case that was never accepted is to be decided again.
func (s Standing) reopened(held *events.Held, entry events.CaseReopened) Standing {
	to := Intake
	if s.Accepted {
		to = Open
	}
	s = s.moves(held, to, Closed)
	s.Episode = entry.Episode
	if entry.Worker != uuid.Nil {
		s = s.responsible(entry.Worker)
	}
	if n := len(s.ends); n > 0 {
		s.ends = slices.Clone(s.ends)
		s.ends[n-1].reopened = held
	}
	return s
}

func (s Standing) assigned(entry events.WorkerAssigned) Standing {
	if entry.Role == "co_worker" {
		s.CoWorkers = append(without(s.CoWorkers, entry.Worker), entry.Worker)
		s.Past = without(s.Past, entry.Worker)
		return s
	}
	return s.responsible(entry.Worker)
}

// responsible gives the case to a worker; whoever had it before has had it.
func (s Standing) responsible(worker uuid.UUID) Standing {
	s.CoWorkers, s.Past = without(s.CoWorkers, worker), without(s.Past, worker)
	if s.Worker != uuid.Nil && s.Worker != worker {
		s.Past = append(s.Past, s.Worker)
	}
	s.Worker = worker
	return s
}

// without is a list of its own.
func without(workers []uuid.UUID, worker uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(workers), func(w uuid.UUID) bool { return w == worker })
}

// Referred is a referral by its entry, and the code of the agency it is to.
type Referred struct {
	Referral uuid.UUID
	To       string
}

func (s Standing) notReferred(referral uuid.UUID) []Referred {
	return slices.DeleteFunc(slices.Clone(s.Referred), func(r Referred) bool { return r.Referral == referral })
}

// closedAt tells whether the case was closed or declined when something happened. What happened at the very
// instant of a closure came before it if it was written before it.
func (s Standing) closedAt(t time.Time, version int) bool {
	since := func(held *events.Held) bool {
		return t.After(held.HappenedAt) || t.Equal(held.HappenedAt) && version > held.First.Version
	}
	return slices.ContainsFunc(s.ends, func(e end) bool {
		return since(e.by) && (e.reopened == nil || !since(e.reopened))
	})
}
