package events

import (
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of the programme around the cases: commissioner, agency, station, post, project. All are in one
// stream, because they name each other. Things have codes, people have ids; a worker's name is under the
// worker's key.

// ProgrammeStream is the one stream of the programme.
var ProgrammeStream = Stream("programme", uuid.NewSHA1(uuid.NameSpaceOID, []byte("casestream programme")))

// Names in the languages of the system.
type Names struct {
	Zh string `json:"zh"`
	En string `json:"en,omitempty"`
}

// CommissionerNamed: a department that commissions services (试点单位).
type CommissionerNamed struct {
	Commissioner string `json:"commissioner"`
	Names        Names  `json:"names"`
}

// AgencyFounded: a social-work agency.
type AgencyFounded struct {
	Agency   string `json:"agency"`
	Names    Names  `json:"names"`
	BackedBy string `json:"backed_by,omitempty"`
}

// StationOpened: a social-work station (社工站) of an agency or a commissioner.
type StationOpened struct {
	Station      string `json:"station"`
	Names        Names  `json:"names"`
	Agency       string `json:"agency,omitempty"`
	Commissioner string `json:"commissioner,omitempty"`
}

// ProjectLaunched: what an agency does for a commissioner, for one category of clients.
type ProjectLaunched struct {
	Project      string `json:"project"`
	Names        Names  `json:"names"`
	Commissioner string `json:"commissioner"`
	Agency       string `json:"agency"`
	Category     string `json:"category"`
	Assumed      bool   `json:"assumed,omitempty"` // the source leaves it open
}

// SiteAdded: where a project works.
type SiteAdded struct {
	Project string `json:"project"`
	Site    string `json:"site"`
	Names   Names  `json:"names"`
}

// AgreementSigned: a purchase of service.
type AgreementSigned struct {
	Agreement    string   `json:"agreement"`
	Commissioner string   `json:"commissioner"`
	Agency       string   `json:"agency"`
	Projects     []string `json:"projects"`
	Posts        int      `json:"posts"`
	AmountFen    int64    `json:"amount_fen"`
	From         string   `json:"from"`  // day
	Until        string   `json:"until"` // day
	Assumed      bool     `json:"assumed,omitempty"`
}

// PostEstablished: a social-work post (社工岗位), with what it is for and how it is judged (三明确两统一).
type PostEstablished struct {
	Post      string `json:"post"`
	Kind      string `json:"kind"`     // institution, community, dispatched
	Employer  string `json:"employer"` // code of the commissioner or agency
	Project   string `json:"project,omitempty"`
	Site      string `json:"site,omitempty"`
	Station   string `json:"station,omitempty"`
	Duties    string `json:"duties"`
	Goals     string `json:"goals"`
	Standards string `json:"standards"`
	Badge     string `json:"badge"`
}

// WorkerRegistered: a person on a post.
type WorkerRegistered struct {
	Worker     uuid.UUID   `json:"worker"`
	Name       sealed.Text `json:"name,omitzero" class:"S1"`
	Post       string      `json:"post"`
	Supervisor uuid.UUID   `json:"supervisor,omitzero"`
}

// WorkerLicensed: 助理社会工作师 or 社会工作师.
type WorkerLicensed struct {
	Worker  uuid.UUID   `json:"worker"`
	Licence string      `json:"licence"` // assistant_social_worker, social_worker
	Number  sealed.Text `json:"number,omitzero" class:"S1"`
	Day     string      `json:"day"`
}

// WorkerHomeRecorded: where a worker lives, from a day on. It is compared with the addresses of files that they open.
type WorkerHomeRecorded struct {
	Worker  uuid.UUID   `json:"worker"`
	Address sealed.Text `json:"address,omitzero" class:"S1"`
	Since   string      `json:"since"` // day
}

// TrainingRecorded: hours of training of one worker.
type TrainingRecorded struct {
	Worker uuid.UUID `json:"worker"`
	Kind   string    `json:"kind"`
	Hours  int       `json:"hours"`
	Day    string    `json:"day"`
}

// GrantMade: money given to an agency.
type GrantMade struct {
	Grant     string `json:"grant"`
	Agency    string `json:"agency"`
	Purpose   string `json:"purpose"`
	AmountFen int64  `json:"amount_fen"`
	Day       string `json:"day"`
	Assumed   bool   `json:"assumed,omitempty"`
}

// TargetSet: how much of something a project, or the programme when Project is empty, is to reach in a year.
type TargetSet struct {
	Project string `json:"project,omitempty"`
	Year    int    `json:"year"`
	Count   string `json:"count"` // activities, group_sessions, case_files, person_times
	Number  int    `json:"number"`
}

// ClaimPublished is a figure as somebody published it. Claims that disagree are kept side by side.
type ClaimPublished struct {
	About  string `json:"about"`
	Year   int    `json:"year"`
	Number int    `json:"number"`
	Unit   string `json:"unit"`
	Source string `json:"source"`
}

// EvaluatorAdmitted: an account of an evaluator may have extracts of a project until the end of a day. What is said
// last of an account and a project holds; a day that is past ends it.
type EvaluatorAdmitted struct {
	Evaluator string `json:"evaluator"` // the account, as in the actor of what it does; no person's name
	Project   string `json:"project"`
	Until     string `json:"until"`
	Purpose   string `json:"purpose"` // evaluation, audit, research
}

// Owner is the worker.
func (w WorkerRegistered) Owner() string { return Stream("worker", w.Worker) }
func (w WorkerLicensed) Owner() string   { return Stream("worker", w.Worker) }

// Owner is the worker.
func (w WorkerHomeRecorded) Owner() string { return Stream("worker", w.Worker) }

func (CommissionerNamed) Type() string  { return "programme.commissioner-named" }
func (AgencyFounded) Type() string      { return "programme.agency-founded" }
func (StationOpened) Type() string      { return "programme.station-opened" }
func (ProjectLaunched) Type() string    { return "programme.project-launched" }
func (SiteAdded) Type() string          { return "programme.site-added" }
func (AgreementSigned) Type() string    { return "programme.agreement-signed" }
func (PostEstablished) Type() string    { return "programme.post-established" }
func (WorkerRegistered) Type() string   { return "programme.worker-registered" }
func (WorkerLicensed) Type() string     { return "programme.worker-licensed" }
func (WorkerHomeRecorded) Type() string { return "programme.worker-home-recorded" }
func (TrainingRecorded) Type() string   { return "programme.training-recorded" }
func (GrantMade) Type() string          { return "programme.grant-made" }
func (TargetSet) Type() string          { return "programme.target-set" }
func (ClaimPublished) Type() string     { return "programme.claim-published" }
func (EvaluatorAdmitted) Type() string  { return "programme.evaluator-admitted" }
