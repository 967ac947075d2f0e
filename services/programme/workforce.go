package programme

import (
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Who does the work: posts, the workers on them, their licences and training.

var (
	postKinds = []string{"institution", "community", "dispatched"}
	licences  = []string{"assistant_social_worker", "social_worker"}
)

// EstablishPost enters a social-work post (社工岗位) with what it is for and how it is judged.
type EstablishPost struct {
	Post      string `json:"post" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code"`
	Kind      string `json:"kind" enum:"institution,community,dispatched" doc:"in an institution, in a community, or dispatched by an agency"`
	Employer  string `json:"employer" minLength:"1" maxLength:"60" doc:"code of the commissioner or agency that employs"`
	Project   string `json:"project,omitempty" maxLength:"60" doc:"code of the project it works for"`
	Site      string `json:"site,omitempty" maxLength:"60" doc:"code of the site within that project"`
	Station   string `json:"station,omitempty" maxLength:"60" doc:"code of the station it belongs to"`
	Duties    string `json:"duties" minLength:"1" maxLength:"2000" doc:"工作职责"`
	Goals     string `json:"goals" minLength:"1" maxLength:"2000" doc:"工作目标"`
	Standards string `json:"standards" minLength:"1" maxLength:"2000" doc:"考核标准"`
	Badge     string `json:"badge" minLength:"1" maxLength:"60" doc:"number of the badge (挂牌上岗)"`
}

func (cmd EstablishPost) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.PostEstablished(cmd)
	if before, taken := p.posts.find(cmd.Post); taken {
		return again(before == now, cmd.Post)
	}
	said := func(field, text string) rule { return rule{strings.TrimSpace(text) != "", RefusedUnclear, field} }
	if err := first(
		wellFormed("post", cmd.Post),
		oneOf("kind", cmd.Kind, postKinds),
		known("employer", p.commissioners.has(cmd.Employer) || p.agencies.has(cmd.Employer)),
		ifSaid("project", cmd.Project, p.projects.has(cmd.Project)),
		ifSaid("site", cmd.Site, p.sites.has(place{cmd.Project, cmd.Site})),
		ifSaid("station", cmd.Station, p.stations.has(cmd.Station)),
		said("duties", cmd.Duties),
		said("goals", cmd.Goals),
		said("standards", cmd.Standards),
		said("badge", cmd.Badge),
	); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}

// RegisterWorker puts a person on a post. Said again with another post or supervisor, it moves the worker and leaves
// the old post vacant. The name alone tells nothing apart, because it is sealed when it could be compared.
type RegisterWorker struct {
	Worker     uuid.UUID `json:"worker" format:"uuid" doc:"id of the worker, made by the client (UUIDv7)"`
	Name       string    `json:"name" minLength:"1" maxLength:"100" doc:"the worker's name"`
	Post       string    `json:"post" minLength:"1" maxLength:"60" doc:"code of the post, vacant until now"`
	Supervisor uuid.UUID `json:"supervisor,omitzero" format:"uuid" doc:"the worker who supervises this one, registered before"`
}

func (cmd RegisterWorker) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	before, registered := p.workers.find(cmd.Worker)
	if registered && before.Post == cmd.Post && before.Supervisor == cmd.Supervisor {
		return nil, nil
	}
	if err := first(
		rule{cmd.Worker != uuid.Nil, RefusedMissing, "worker"},
		known("post", p.posts.has(cmd.Post)),
	); err != nil {
		return nil, err
	}
	if holder, held := p.Holder(cmd.Post); held && holder.ID != cmd.Worker {
		return nil, services.Refuse(RefusedHeld, cmd.Post)
	}
	if cmd.Supervisor == cmd.Worker || p.Supervises(cmd.Worker, cmd.Supervisor) {
		return nil, services.Refuse(RefusedCycle, cmd.Worker.String())
	}
	if cmd.Supervisor != uuid.Nil && !p.workers.has(cmd.Supervisor) {
		return nil, services.Refuse(RefusedWorker, cmd.Supervisor.String())
	}
	return []events.Event{events.WorkerRegistered{
		Worker: cmd.Worker, Name: sealed.Say(cmd.Name), Post: cmd.Post, Supervisor: cmd.Supervisor,
	}}, nil
}

// LicenseWorker records a licence: 助理社会工作师 or 社会工作师, each at most once.
type LicenseWorker struct {
	Worker  uuid.UUID `json:"worker" format:"uuid" doc:"who"`
	Licence string    `json:"licence" enum:"assistant_social_worker,social_worker" doc:"助理社会工作师 or 社会工作师"`
	Number  string    `json:"number" minLength:"1" maxLength:"60" doc:"number of the certificate"`
	Day     string    `json:"day" format:"date" doc:"when it was given"`
}

func (cmd LicenseWorker) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	worker, registered := p.workers.find(cmd.Worker)
	if err := first(
		rule{registered, RefusedWorker, cmd.Worker.String()},
		oneOf("licence", cmd.Licence, licences),
		day("day", cmd.Day),
	); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(worker.Licences, func(l Licence) bool { return l.Licence == cmd.Licence }); i >= 0 {
		return again(worker.Licences[i].Day == cmd.Day, cmd.Licence)
	}
	return []events.Event{events.WorkerLicensed{
		Worker: cmd.Worker, Licence: cmd.Licence, Number: sealed.Say(cmd.Number), Day: cmd.Day,
	}}, nil
}

// RecordWorkerHome says where a worker lives, so that the read log can mark who opens the file of their own household. It
// is said once for each day from which it holds; what was said last holds.
type RecordWorkerHome struct {
	Worker  uuid.UUID `json:"worker" format:"uuid" doc:"who"`
	Address string    `json:"address" minLength:"1" maxLength:"300" doc:"where they live"`
	Since   string    `json:"since" format:"date" doc:"from which day on"`
}

func (cmd RecordWorkerHome) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	worker, registered := p.workers.find(cmd.Worker)
	if err := first(
		rule{registered, RefusedWorker, cmd.Worker.String()},
		rule{strings.TrimSpace(cmd.Address) != "", RefusedMissing, "address"},
		day("since", cmd.Since),
	); err != nil {
		return nil, err
	}
	if worker.HomeSince == cmd.Since {
		return nil, nil
	}
	return []events.Event{events.WorkerHomeRecorded{Worker: cmd.Worker, Address: sealed.Say(cmd.Address), Since: cmd.Since}}, nil
}

// RecordTraining adds hours of training of one worker. The same kind, hours and day are the same training.
type RecordTraining struct {
	Worker uuid.UUID `json:"worker" format:"uuid" doc:"who"`
	Kind   string    `json:"kind" minLength:"1" maxLength:"60" doc:"what kind of training: 岗前培训班, 专题讲座 …"`
	Hours  int       `json:"hours" minimum:"1" maximum:"1000" doc:"how many hours"`
	Day    string    `json:"day" format:"date" doc:"its last day"`
}

func (cmd RecordTraining) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	if err := first(
		rule{p.workers.has(cmd.Worker), RefusedWorker, cmd.Worker.String()},
		positive("hours", cmd.Hours),
		day("day", cmd.Day),
	); err != nil {
		return nil, err
	}
	now := events.TrainingRecorded(cmd)
	if p.trainings.has(now) {
		return nil, nil
	}
	return []events.Event{now}, nil
}
