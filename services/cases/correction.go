package cases

import (
	"reflect"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// AmendEntry says an entry anew, as a whole, and why. It is decided by the rules that the entry itself was decided
// by, on the case as it stood before the entry with what is known of it now: scores, attainment and deadlines are
// computed again. Naming an amendment amends the entry that it amended.
type AmendEntry struct {
	Entry      uuid.UUID  `json:"entry" format:"uuid" doc:"id of the amendment, made by the client (UUIDv7)"`
	Amends     uuid.UUID  `json:"amends" format:"uuid" doc:"the entry that is said anew, or one of its amendments"`
	Why        string     `json:"why" minLength:"1" maxLength:"4000" doc:"why it is amended"`
	HappenedAt *time.Time `json:"happened_at,omitempty" doc:"when it happened, if that was wrong"`
	Now        Anew       `json:"now" doc:"the entry anew, as a whole: exactly one, of the same kind, under the id of the entry"`
	Beside     `json:"-"`
}

// Anew is one entry as the command that would record it.
type Anew struct {
	Intake            *RecordIntake       `json:"intake,omitempty" fact:"case.intake-recorded"`
	Decision          *DecideIntake       `json:"decision,omitempty" fact:"case.intake-decided"`
	Consent           *RecordConsent      `json:"consent,omitempty" fact:"case.consent-recorded"`
	ConsentWithdrawal *WithdrawConsent    `json:"consent_withdrawal,omitempty" fact:"case.consent-withdrawn"`
	Assignment        *AssignWorker       `json:"assignment,omitempty" fact:"case.worker-assigned"`
	Assessment        *RecordAssessment   `json:"assessment,omitempty" fact:"case.assessment-recorded"`
	Measure           *TakeMeasure        `json:"measure,omitempty" fact:"case.measure-taken"`
	Risk              *RateRisk           `json:"risk,omitempty" fact:"case.risk-rated"`
	Plan              *AgreePlan          `json:"plan,omitempty" fact:"case.plan-agreed"`
	GoalRating        *RateGoal           `json:"goal_rating,omitempty" fact:"case.goal-rated"`
	Intervention      *RecordIntervention `json:"intervention,omitempty" fact:"case.intervention-recorded"`
	Note              *RecordNote         `json:"note,omitempty" fact:"case.note-recorded"`
	Flag              *RaiseFlag          `json:"flag,omitempty" fact:"case.flag-raised"`
	FlagClearance     *ClearFlag          `json:"flag_clearance,omitempty" fact:"case.flag-cleared"`
	Incident          *RecordIncident     `json:"incident,omitempty" fact:"case.incident-recorded"`
	Handover          *RecordHandover     `json:"handover,omitempty" fact:"case.handover-recorded"`
	Referral          *MakeReferral       `json:"referral,omitempty" fact:"case.referral-made"`
	ReferralAnswer    *AnswerReferral     `json:"referral_answer,omitempty" fact:"case.referral-answered"`
	ReferralResult    *CompleteReferral   `json:"referral_result,omitempty" fact:"case.referral-completed"`
	Closure           *CloseCase          `json:"closure,omitempty" fact:"case.closed"`
	FollowUp          *RecordFollowUp     `json:"follow_up,omitempty" fact:"case.follow-up-recorded"`
	Reopening         *ReopenCase         `json:"reopening,omitempty" fact:"case.reopened"`
}

func (cmd AmendEntry) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	held, err := c.amendable(cmd.Amends)
	if err != nil {
		return nil, err
	}
	anew, err := cmd.Now.of(held, cmd.Beside)
	if err != nil {
		return nil, err
	}
	fact := events.EntryAmended{Entered: entered(cmd.Entry), Amends: original(held), Why: say(cmd.Why)}
	if cmd.HappenedAt != nil {
		fact.HappenedAt = *cmd.HappenedAt
	}
	if inFuture(fact.HappenedAt, meta) {
		return nil, services.Refuse(services.RefusedFuture, "happened_at")
	}
	then := meta
	then.OccurredAt = cmd.Happened(c)
	before := c.before(held)
	before.Access = cmd.access(c, held)
	said, err := anew.Decide(before, then)
	if err != nil {
		return nil, err
	}
	fact.Now = events.Said{Entry: said[0].(events.Entry)}
	if intake, ok := said[0].(events.IntakeRecorded); ok && intake.Client != c.Intake.Client {
		return nil, services.Refuse(RefusedOtherEntry, "client") // whose key seals the case is not for an amendment to change
	}
	return c.fitting(fact, meta)
}

// Happened is when what is said anew happened: as the amendment says, else as it holds. It is the time at which the
// age beside the command is asked for.
func (cmd AmendEntry) Happened(c Case) (at time.Time) {
	if cmd.HappenedAt != nil {
		return *cmd.HappenedAt
	}
	if held, ok := c.Entries.Find(cmd.Amends); ok {
		at = held.HappenedAt
	}
	return at
}

// access is who may come in now, not then: nobody is given a role today who is in conflict today. An assignment that keeps
// its worker and its time gives them nothing, and its reason can still be put right.
func (cmd AmendEntry) access(c Case, held *events.Held) Access {
	access := c.Access
	was, ok := held.Now.(events.WorkerAssigned)
	if now := cmd.Now.Assignment; ok && cmd.HappenedAt == nil && now != nil && now.Worker == was.Worker && now.Role == was.Role {
		access.Conflicts = without(access.Conflicts, was.Worker)
	}
	return access
}

// amendable finds the entry to amend, by its id or that of an amendment.
func (c Case) amendable(id uuid.UUID) (*events.Held, error) {
	held, ok := c.Entries.Find(id)
	switch {
	case !ok:
		return nil, services.Refuse(RefusedUnknown, id.String())
	case held.Retracted, held.TakenBack(id):
		return nil, services.Refuse(RefusedRetracted, id.String())
	}
	return held, nil
}

// of is the command that says an entry anew. It refuses none or several, another kind of entry, and another id.
func (a Anew) of(held *events.Held, beside Beside) (services.Command[Case], error) {
	var said []reflect.Value
	kind := ""
	for field, value := range reflect.ValueOf(a).Fields() {
		if !value.IsNil() {
			said, kind = append(said, value.Elem()), field.Tag.Get("fact")
		}
	}
	if len(said) != 1 {
		return nil, services.Refuse(RefusedOneEntry)
	}
	if kind != held.Now.Type() || said[0].FieldByName("Entry").Interface() != original(held) {
		return nil, services.Refuse(RefusedOtherEntry, original(held).String())
	}
	command := reflect.New(said[0].Type()) // a copy: what was sent stays as it was sent
	command.Elem().Set(said[0])
	if needs, ok := command.Interface().(Besides); ok {
		needs.Put(beside.Age, beside.Supervisor)
	}
	return command.Elem().Interface().(services.Command[Case]), nil
}

// before is the case as it stood when an entry was written, with what is known now of the entries before it.
func (c Case) before(held *events.Held) (before Case) {
	for _, r := range c.Entries.Facts() {
		earlier := r.Version < held.First.Version
		switch fact := r.Event.(type) {
		case events.EntryAmended:
			_, earlier = before.Entries.Find(fact.Amends)
		case events.EntryRetracted:
			_, earlier = before.Entries.Find(fact.Retracts)
		}
		if earlier {
			before = before.Evolve(*r)
		}
	}
	return before
}

// RetractEntry takes back an entry with all its amendments, or one amendment: then what it replaced holds again.
// Intake, decisions, assignments, consents, closures and reopenings are amended, never taken back; who was let in or kept
// out is neither.
type RetractEntry struct {
	Entry    uuid.UUID `json:"entry" format:"uuid" doc:"id of the retraction, made by the client (UUIDv7)"`
	Retracts uuid.UUID `json:"retracts" format:"uuid" doc:"the entry or the amendment that is taken back"`
	Why      string    `json:"why" minLength:"1" maxLength:"4000" doc:"why it is taken back"`
}

func (cmd RetractEntry) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	held, err := c.amendable(cmd.Retracts)
	if err != nil {
		return nil, err
	}
	if held.Original(cmd.Retracts) {
		switch held.Now.(type) {
		case events.IntakeRecorded, events.IntakeDecided, events.WorkerAssigned, events.ConsentRecorded, events.ConsentWithdrawn,
			events.CaseClosed, events.CaseReopened,
			events.AccessGranted, events.AccessEnded, events.ConflictDeclared, events.ConflictLifted:
			return nil, services.Refuse(RefusedNotRetracted, cmd.Retracts.String())
		}
	}
	fact := events.EntryRetracted{Entered: entered(cmd.Entry), Retracts: cmd.Retracts, Why: say(cmd.Why)}
	return c.fitting(fact, meta)
}
