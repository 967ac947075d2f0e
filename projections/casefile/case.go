package casefile

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/google/uuid"
)

// Stage is how far a case is.
type Stage string

const (
	None     Stage = ""       // not yet opened on that day
	Intake   Stage = "intake" // recorded, not yet decided
	Declined Stage = "declined"
	Open     Stage = "open"
	Closed   Stage = "closed"
)

// Case is a case as it stood at a point. What has one value at a time is the entry with the greatest (day it happened,
// position) up to that day. Lists are in that order, oldest first.
type Case struct {
	Stage    Stage  `json:"stage"`
	Accepted bool   `json:"accepted"`
	Episode  int    `json:"episode"`
	Void     string `json:"void,omitempty"` // it should never have been opened: duplicate, opened_in_error

	Intake   *Entry[events.IntakeRecorded] `json:"intake,omitempty"` // with client, category, project, site
	OpenedBy string                        `json:"opened_by"`        // the actor who recorded the intake
	Decision *Entry[events.IntakeDecided]  `json:"decision,omitempty"`

	Worker      uuid.UUID   `json:"worker,omitzero"`       // responsible
	AssignedOn  string      `json:"assigned_on,omitempty"` // day
	CoWorkers   []uuid.UUID `json:"co_workers,omitempty"`
	PastWorkers []uuid.UUID `json:"past_workers,omitempty"` // were responsible before, and have no part in it now

	Risk     *Entry[events.RiskRated]         `json:"risk,omitempty"`
	Flags    []*Entry[events.FlagRaised]      `json:"flags,omitempty"`    // raised and not cleared
	Consents []*Entry[events.ConsentRecorded] `json:"consents,omitempty"` // in force

	Assessment *Entry[events.AssessmentRecorded] `json:"assessment,omitempty"` // the latest
	Measures   []*Entry[events.MeasureTaken]     `json:"measures,omitempty"`
	Plan       *Plan                             `json:"plan,omitempty"` // in force

	Interventions []*Entry[events.InterventionRecorded] `json:"interventions,omitempty"`
	LastContact   string                                `json:"last_contact,omitempty"` // the last day on which the client was reached
	Notes         []*Entry[events.NoteRecorded]         `json:"notes,omitempty"`
	Incidents     []*Entry[events.IncidentRecorded]     `json:"incidents,omitempty"`
	Handovers     []*Entry[events.HandoverRecorded]     `json:"handovers,omitempty"`
	Referrals     []*Referral                           `json:"referrals,omitempty"`
	FollowUps     []*Entry[events.FollowUpRecorded]     `json:"follow_ups,omitempty"`
	Closures      []*Entry[events.CaseClosed]           `json:"closures,omitempty"`
	Reopenings    []*Entry[events.CaseReopened]         `json:"reopenings,omitempty"`

	Due []Due `json:"due,omitempty"` // steps not taken, the most urgent first
}

// Referral is a referral to another agency with what became of it.
type Referral struct {
	Entry[events.ReferralMade]
	Answer    *Entry[events.ReferralAnswered]  `json:"answer,omitempty"` // the latest
	Completed *Entry[events.ReferralCompleted] `json:"completed,omitempty"`
}

// foldCase folds the entries that had happened by the day, in order.
func foldCase(s *stream, held []happened, at projections.Point) *Case {
	c := &Case{Void: void(s)}
	cleared := named(s, held, func(fact events.FlagCleared) uuid.UUID { return fact.Flag })
	withdrawn := named(s, held, func(fact events.ConsentWithdrawn) uuid.UUID { return fact.Consent })
	for _, h := range held {
		switch fact := h.Now.(type) {
		case events.RiskRated:
			c.Risk = noted(h, fact)
		case events.FlagRaised:
			if !cleared[h.id()] {
				c.Flags = append(c.Flags, noted(h, fact))
			}
		case events.ConsentRecorded:
			if !withdrawn[h.id()] {
				c.Consents = append(c.Consents, noted(h, fact))
			}
		case events.AssessmentRecorded:
			c.Assessment = noted(h, fact)
		case events.MeasureTaken:
			c.Measures = append(c.Measures, noted(h, fact))
		case events.PlanAgreed:
			c.Plan = plan(h, fact)
		case events.InterventionRecorded:
			c.Interventions = append(c.Interventions, noted(h, fact))
			if fact.Reached {
				c.LastContact = h.day
			}
		case events.NoteRecorded:
			c.Notes = append(c.Notes, noted(h, fact))
		case events.IncidentRecorded:
			c.Incidents = append(c.Incidents, noted(h, fact))
		case events.HandoverRecorded:
			c.Handovers = append(c.Handovers, noted(h, fact))
		case events.FollowUpRecorded:
			c.FollowUps = append(c.FollowUps, noted(h, fact))
		default:
			c.course(h)
		}
	}
	c.refer(s, held)
	if c.Plan != nil {
		c.Plan.rate(held)
	}
	c.Due = due(held, at)
	return c
}

// course folds what moves a case on, and who has it.
func (c *Case) course(h happened) {
	switch fact := h.Now.(type) {
	case events.IntakeRecorded:
		c.Intake, c.OpenedBy = noted(h, fact), h.First.Meta.Actor
		c.Stage, c.Episode = Intake, 1
	case events.IntakeDecided:
		c.Decision, c.Stage = noted(h, fact), Declined
		if fact.Accepted {
			c.Stage, c.Accepted = Open, true
		}
	case events.CaseClosed:
		c.Closures, c.Stage = append(c.Closures, noted(h, fact)), Closed
	case events.CaseReopened: // a case that was never accepted is to be decided again
		c.Reopenings, c.Stage, c.Episode = append(c.Reopenings, noted(h, fact)), Intake, fact.Episode
		if c.Accepted {
			c.Stage = Open
		}
		if fact.Worker != uuid.Nil {
			c.assign(h, fact.Worker)
		}
	case events.WorkerAssigned:
		if fact.Role != "co_worker" {
			c.assign(h, fact.Worker)
			return
		}
		c.CoWorkers = append(without(c.CoWorkers, fact.Worker), fact.Worker)
		c.PastWorkers = without(c.PastWorkers, fact.Worker)
	}
}

func (c *Case) assign(h happened, worker uuid.UUID) {
	if c.Worker != uuid.Nil && c.Worker != worker {
		c.PastWorkers = append(without(c.PastWorkers, c.Worker), c.Worker)
	}
	c.Worker, c.AssignedOn = worker, h.day
	c.CoWorkers, c.PastWorkers = without(c.CoWorkers, worker), without(c.PastWorkers, worker)
}

func without(workers []uuid.UUID, worker uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(workers, func(w uuid.UUID) bool { return w == worker })
}

// named lists the entries that others name: the flags that were cleared, the consents that were withdrawn. An end counts
// for what it names, also where the two were recorded of days in the wrong order.
func named[F events.Entry](s *stream, held []happened, names func(F) uuid.UUID) map[uuid.UUID]bool {
	all := make(map[uuid.UUID]bool)
	for _, h := range held {
		if fact, ok := h.Now.(F); ok {
			if h, ok := s.entries.Find(names(fact)); ok {
				all[original(h)] = true
			}
		}
	}
	return all
}

// void is why the case should never have been opened. It holds for every day, once it is known.
func void(s *stream) string {
	for _, h := range s.entries.All() {
		if fact, ok := h.Now.(events.CaseClosed); ok && (fact.Reason == "duplicate" || fact.Reason == "opened_in_error") {
			return fact.Reason
		}
	}
	return ""
}

// refer puts answers and completions to the referrals that they are of.
func (c *Case) refer(s *stream, held []happened) {
	made := make(map[uuid.UUID]*Referral)
	for _, h := range held {
		if fact, ok := h.Now.(events.ReferralMade); ok {
			r := &Referral{Entry: entry(h, fact)}
			c.Referrals = append(c.Referrals, r)
			made[r.ID] = r
		}
	}
	of := func(id uuid.UUID) *Referral {
		if h, ok := s.entries.Find(id); ok && made[original(h)] != nil {
			return made[original(h)]
		}
		return &Referral{} // of none that holds on that day
	}
	for _, h := range held {
		switch fact := h.Now.(type) {
		case events.ReferralAnswered:
			of(fact.Referral).Answer = noted(h, fact)
		case events.ReferralCompleted:
			of(fact.Referral).Completed = noted(h, fact)
		}
	}
}
