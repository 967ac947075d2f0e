package events

import (
	"time"

	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of a case, in the order of casework (MZ/T 094-2017): intake, assessment, plan, intervention,
// evaluation, closure, follow-up. Everything personal is under the client's key, also what is said of others.

// IntakeRecorded opens a case: who came, how, with what.
type IntakeRecorded struct {
	Entered
	Client   uuid.UUID   `json:"client"`
	Category string      `json:"category"`
	Project  string      `json:"project"`
	Site     string      `json:"site"`
	Source   string      `json:"source"`  // self, outreach, referral, hotline
	Urgency  string      `json:"urgency"` // routine, urgent, emergency
	AgeYears *int        `json:"age_years,omitempty"`
	Referrer sealed.Text `json:"referrer,omitzero" class:"S1"`
	Problem  sealed.Text `json:"problem,omitzero" class:"S2"`
	Form     Form        `json:"form,omitzero"`
	Steps
}

// Form is an answered form: which one, in which version, and the answers in the form's order.
type Form struct {
	Key     string   `json:"key"`
	Version int      `json:"version"`
	Answers []Answer `json:"answers,omitempty"`
	Missing []string `json:"missing,omitempty"` // required fields that had no answer yet
}

// Answer is plain where the form's field is class S0, else sealed with the field's class.
type Answer struct {
	Field string            `json:"field"`
	Plain any               `json:"plain,omitempty"`
	Said  sealed.Value[any] `json:"said,omitzero" grade:"data"`
}

// IntakeDecided accepts a case or declines it.
type IntakeDecided struct {
	Entered
	Accepted bool        `json:"accepted"`
	Reason   sealed.Text `json:"reason,omitzero" class:"S2"`
	Instead  sealed.Text `json:"instead,omitzero" class:"S2"` // declined: where to instead
	Steps
}

// ConsentRecorded: someone entitled agreed to one purpose, or a legal basis stands in for it.
type ConsentRecorded struct {
	Entered
	Purpose         string      `json:"purpose"`             // service, sharing, reporting, photo
	Recipient       string      `json:"recipient,omitempty"` // sharing: the code of the receiving agency
	Basis           string      `json:"basis"`               // consent, or a legal basis by its code
	Capacity        string      `json:"capacity"`            // self, guardian, temporary_guardian, none
	GivenBy         sealed.Text `json:"given_by,omitzero" class:"S1"`
	Form            string      `json:"form"` // signed, oral
	Witness         sealed.Text `json:"witness,omitzero" class:"S1"`
	ChildsWish      sealed.Text `json:"childs_wish,omitzero" class:"S2"`
	LimitsExplained bool        `json:"limits_explained"`
	Reason          sealed.Text `json:"reason,omitzero" class:"S2"` // why a legal basis stands in
}

// ConsentWithdrawn ends a consent from then on.
type ConsentWithdrawn struct {
	Entered
	Consent uuid.UUID   `json:"consent"`
	By      string      `json:"by"` // self, guardian, temporary_guardian
	Reason  sealed.Text `json:"reason,omitzero" class:"S2"`
}

// WorkerAssigned gives the case to a worker.
type WorkerAssigned struct {
	Entered
	Worker uuid.UUID   `json:"worker"`
	Role   string      `json:"role"` // responsible, co_worker
	Reason sealed.Text `json:"reason,omitzero" class:"S2"`
}

// AssessmentRecorded: needs, strengths and risks by domain.
type AssessmentRecorded struct {
	Entered
	Domains      []DomainAssessed `json:"domains,omitempty"`
	Guardianship string           `json:"guardianship,omitempty"` // able, unable, unsafe, unknown; empty: not assessed
	Summary      sealed.Text      `json:"summary,omitzero" class:"S2"`
	Steps
}

// DomainAssessed is one domain of an assessment. Severity is 0–10, nil when not rated.
type DomainAssessed struct {
	Domain    string      `json:"domain"`
	Severity  *int        `json:"severity,omitempty"`
	Needs     sealed.Text `json:"needs,omitzero" class:"S2"`
	Strengths sealed.Text `json:"strengths,omitzero" class:"S2"`
	Risks     sealed.Text `json:"risks,omitzero" class:"S2"`
}

// MeasureTaken: an instrument was used, or was due and not done. Scores are computed when it is decided; a later
// scoring version adds its own result and leaves this one.
type MeasureTaken struct {
	Entered
	Instrument string                       `json:"instrument"`
	Version    int                          `json:"version"`
	When       string                       `json:"when"`  // baseline, interim, closure, follow-up
	Rater      string                       `json:"rater"` // self, worker, guardian, teacher, clinician
	Informant  sealed.Text                  `json:"informant,omitzero" class:"S1"`
	Answers    sealed.Value[map[string]int] `json:"answers,omitzero" class:"S2"`
	Score      *float64                     `json:"score,omitempty"`
	Band       string                       `json:"band,omitempty"`
	Missing    int                          `json:"missing,omitempty"`   // items without an answer
	FilledIn   bool                         `json:"filled_in,omitempty"` // the score uses the mean for them
	Safety     []string                     `json:"safety,omitempty"`    // what must be looked at today: self-harm …
	NotDone    string                       `json:"not_done,omitempty"`  // why not: refused, absent, too_ill, too_young
	Steps
}

// RiskRated: how much danger, and why.
type RiskRated struct {
	Entered
	Level  string      `json:"level"` // high, medium, low
	Reason sealed.Text `json:"reason,omitzero" class:"S2"`
	Steps
}

// PlanAgreed is one version of the service plan.
type PlanAgreed struct {
	Entered
	Version  int         `json:"version"`
	Aim      sealed.Text `json:"aim,omitzero" class:"S2"`
	Goals    []Goal      `json:"goals"`
	Strategy sealed.Text `json:"strategy,omitzero" class:"S2"`
	AgreedBy []string    `json:"agreed_by"` // client, guardian, worker, supervisor
	Steps
}

// Goal is what attainment is rated against: Levels describe −2, −1, 0, +1, +2, in that order.
type Goal struct {
	Goal   uuid.UUID     `json:"goal"`
	Domain string        `json:"domain,omitempty"`
	Title  sealed.Text   `json:"title,omitzero" class:"S2"`
	Levels []sealed.Text `json:"levels,omitempty" class:"S2"`
	Weight float64       `json:"weight"`
	By     string        `json:"by,omitempty"` // day
}

// GoalRated: how far one goal was reached. T is the goal attainment of the plan in force with this rating.
type GoalRated struct {
	Entered
	Plan    int         `json:"plan"` // version
	Goal    uuid.UUID   `json:"goal"`
	Level   int         `json:"level"` // −2 … +2
	When    string      `json:"when"`  // baseline, interim, closure, follow-up
	Note    sealed.Text `json:"note,omitzero" class:"S2"`
	T       *float64    `json:"t,omitempty"`
	Rated   int         `json:"rated"`
	Unrated int         `json:"unrated,omitempty"`
}

// InterventionRecorded: what was done with or for the client.
type InterventionRecorded struct {
	Entered
	Kind        string      `json:"kind"` // talk, home_visit, phone_call, visit, linking, advocacy, crisis, escort_home
	Mode        string      `json:"mode"` // in_person, phone, online, letter
	Place       string      `json:"place,omitempty"`
	Minutes     int         `json:"minutes"`
	Reached     bool        `json:"reached"`      // false: an attempt that failed; it serves nobody
	PersonTimes int         `json:"person_times"` // the client, and who else of the family was served
	Present     []Present   `json:"present,omitempty"`
	Goals       []uuid.UUID `json:"goals,omitempty"`
	Note        sealed.Text `json:"note,omitzero" class:"S2"`
	Steps
}

// Present is someone who was there. Who is consulted is present and not served.
type Present struct {
	Who    string      `json:"who"` // client, guardian, family, teacher, doctor, police, other
	Name   sealed.Text `json:"name,omitzero" class:"S1"`
	Served bool        `json:"served"`
}

// NoteRecorded is a note on the course of the case (过程记录).
type NoteRecorded struct {
	Entered
	Kind string      `json:"kind"` // process, telephone, observation, other
	Text sealed.Text `json:"text,omitzero" class:"S2"`
}

// FlagRaised warns whoever opens the case.
type FlagRaised struct {
	Entered
	Kind     string      `json:"kind"` // safety, staff_risk, do_not_disclose
	Text     sealed.Text `json:"text,omitzero" class:"S3"`
	ReviewBy string      `json:"review_by"` // day
}

// FlagCleared takes a warning down.
type FlagCleared struct {
	Entered
	Flag   uuid.UUID   `json:"flag"`
	Reason sealed.Text `json:"reason,omitzero" class:"S2"`
}

// IncidentRecorded: something happened that others had to be told of (危机事件).
type IncidentRecorded struct {
	Entered
	Kind string      `json:"kind"` // self_harm, missing, relapse, readmission, bullying, injury, rescued_again, death
	Text sealed.Text `json:"text,omitzero" class:"S3"`
	Told []Told      `json:"told,omitempty"`
	Steps
}

// Told is who was told of an incident, and when.
type Told struct {
	Who  string      `json:"who"` // guardian, police, supervisor, ward, school
	Name sealed.Text `json:"name,omitzero" class:"S1"`
	At   time.Time   `json:"at"`
}

// HandoverRecorded: the client left into someone's care (接领, 护送返乡, 移交).
type HandoverRecorded struct {
	Entered
	Kind          string        `json:"kind"`                               // collected, escorted_home, handed_over
	Guardianship  uuid.UUID     `json:"guardianship,omitzero"`              // the assessment that found the guardian able
	AllowedReason sealed.Text   `json:"allowed_reason,omitzero" class:"S2"` // a supervisor's, where there is none
	ChildsWish    sealed.Text   `json:"childs_wish,omitzero" class:"S2"`
	Escorts       []sealed.Text `json:"escorts,omitempty" class:"S1"`
	Destination   sealed.Text   `json:"destination,omitzero" class:"S1"`
	ReceivedBy    sealed.Text   `json:"received_by,omitzero" class:"S1"`
	ReceivedAs    string        `json:"received_as"` // father, mother, grandparent, relative, institution, self
	Receipt       bool          `json:"receipt"`     // signed
}

// ReferralMade asks another agency to take over a part.
type ReferralMade struct {
	Entered
	To          string      `json:"to"` // the code of the agency
	Reason      sealed.Text `json:"reason,omitzero" class:"S2"`
	Consent     uuid.UUID   `json:"consent,omitzero"`
	Basis       string      `json:"basis,omitempty"` // legal basis, where there is no consent
	BasisReason sealed.Text `json:"basis_reason,omitzero" class:"S2"`
	Steps
}

// ReferralAnswered: what the other agency said.
type ReferralAnswered struct {
	Entered
	Referral uuid.UUID   `json:"referral"`
	Answer   string      `json:"answer"` // accepted, declined, withdrawn
	Note     sealed.Text `json:"note,omitzero" class:"S2"`
	Steps
}

// ReferralCompleted: what became of it (回执).
type ReferralCompleted struct {
	Entered
	Referral uuid.UUID   `json:"referral"`
	Result   sealed.Text `json:"result,omitzero" class:"S2"`
	Steps
}

// CaseClosed ends an episode. Exit is how the person left, Outcome what became of the goals.
type CaseClosed struct {
	Entered
	Episode     int         `json:"episode"`
	Reason      string      `json:"reason"`
	ReasonText  sealed.Text `json:"reason_text,omitzero" class:"S2"` // for reason other
	DuplicateOf uuid.UUID   `json:"duplicate_of,omitzero"`           // the case that stays
	Exit        string      `json:"exit,omitempty"`
	Outcome     string      `json:"outcome,omitempty"`
	Goals       sealed.Text `json:"goals,omitzero" class:"S2"`
	After       sealed.Text `json:"after,omitzero" class:"S2"`
	T           *float64    `json:"t,omitempty"` // goal attainment at closure
	Rated       int         `json:"rated,omitempty"`
	Unrated     int         `json:"unrated,omitempty"`
	Steps
}

// FollowUpRecorded: how things stand some time after closure.
type FollowUpRecorded struct {
	Entered
	Window      string            `json:"window"` // the follow-up that was due: 1_month …
	Reached     bool              `json:"reached"`
	PersonTimes int               `json:"person_times"`
	Findings    map[string]string `json:"findings,omitempty"` // home, school, safe, medicated …: yes, no, unknown
	Note        sealed.Text       `json:"note,omitzero" class:"S2"`
	Steps
}

// CaseReopened begins a new episode with the roles of the last one. It supersedes no closure: last quarter keeps it.
type CaseReopened struct {
	Entered
	Episode int         `json:"episode"`
	Worker  uuid.UUID   `json:"worker,omitzero"`
	Why     string      `json:"why"` // relapse, rescued_again, new_need, goals_not_held
	Reason  sealed.Text `json:"reason,omitzero" class:"S2"`
	Steps
}

func (IntakeRecorded) Type() string       { return "case.intake-recorded" }
func (IntakeDecided) Type() string        { return "case.intake-decided" }
func (ConsentRecorded) Type() string      { return "case.consent-recorded" }
func (ConsentWithdrawn) Type() string     { return "case.consent-withdrawn" }
func (WorkerAssigned) Type() string       { return "case.worker-assigned" }
func (AssessmentRecorded) Type() string   { return "case.assessment-recorded" }
func (MeasureTaken) Type() string         { return "case.measure-taken" }
func (RiskRated) Type() string            { return "case.risk-rated" }
func (PlanAgreed) Type() string           { return "case.plan-agreed" }
func (GoalRated) Type() string            { return "case.goal-rated" }
func (InterventionRecorded) Type() string { return "case.intervention-recorded" }
func (NoteRecorded) Type() string         { return "case.note-recorded" }
func (FlagRaised) Type() string           { return "case.flag-raised" }
func (FlagCleared) Type() string          { return "case.flag-cleared" }
func (IncidentRecorded) Type() string     { return "case.incident-recorded" }
func (HandoverRecorded) Type() string     { return "case.handover-recorded" }
func (ReferralMade) Type() string         { return "case.referral-made" }
func (ReferralAnswered) Type() string     { return "case.referral-answered" }
func (ReferralCompleted) Type() string    { return "case.referral-completed" }
func (CaseClosed) Type() string           { return "case.closed" }
func (FollowUpRecorded) Type() string     { return "case.follow-up-recorded" }
func (CaseReopened) Type() string         { return "case.reopened" }
