// Package programme has the commands on the programme around the cases and the rules that they keep: commissioners,
// agencies, stations, projects with their sites, agreements, posts and who holds them, grants, targets and claims.
//
// All of it is one stream (events.ProgrammeStream), because everything in it names something else in it. Programme
// is what it comes to; start there, then lookups.go for what can be asked of it. Things have codes, people have ids.
// Saying the same again brings nothing new, so a data set can be loaded twice; saying something else under a code
// that is taken is refused, never quietly overwritten.
package programme

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Refusals of this package. What they speak of is the field of the command, or the code or id of what is there.
const (
	RefusedForm     = "bad-code"          // a code is small letters and digits, in parts joined by hyphens
	RefusedTaken    = "code-taken"        // something else was said under this code
	RefusedCode     = "unknown-code"      // a code that the programme or the system does not know
	RefusedMissing  = "missing"           // an id that is blank
	RefusedWorker   = "unknown-worker"    // nobody was registered under this id
	RefusedHeld     = "post-held"         // another worker holds it
	RefusedCycle    = "supervision-cycle" // nobody supervises themselves, directly or through others
	RefusedOwner    = "no-owner"          // a station is of an agency or a commissioner
	RefusedUnclear  = "post-unclear"      // a post says duties, goals, standards and badge (三明确两统一)
	RefusedDay      = "invalid-day"       // no day of the calendar
	RefusedPeriod   = "period-backwards"  // until is before from
	RefusedAmount   = "not-positive"      // an amount, hours, a year, a target
	RefusedNegative = "negative-number"
	RefusedSource   = "source-missing" // a claim says who published it
	RefusedSelf     = "self-admission" // nobody admits themselves
)

// Codes lists the refusals of this package.
func Codes() []string {
	return []string{
		RefusedForm, RefusedTaken, RefusedCode, RefusedMissing, RefusedWorker, RefusedHeld, RefusedCycle, RefusedOwner, RefusedUnclear,
		RefusedDay, RefusedPeriod, RefusedAmount, RefusedNegative, RefusedSource, RefusedSelf,
	}
}

// What there is, as it was said.
type (
	Commissioner = events.CommissionerNamed
	Agency       = events.AgencyFounded
	Station      = events.StationOpened
	Project      = events.ProjectLaunched
	Site         = events.SiteAdded
	Agreement    = events.AgreementSigned
	Post         = events.PostEstablished
	Licence      = events.WorkerLicensed
	Training     = events.TrainingRecorded
	Grant        = events.GrantMade
	Target       = events.TargetSet
	Claim        = events.ClaimPublished
	Admission    = events.EvaluatorAdmitted
)

// Worker is a person on a post, with what was recorded since.
type Worker struct {
	ID            uuid.UUID
	Name          sealed.Text // under the worker's key
	Post          string
	Supervisor    uuid.UUID // zero: nobody
	Licences      []Licence
	TrainingHours int
	Home          sealed.Text // where they live, under the worker's key
	HomeSince     string      // day; empty: not known
}

// Programme is what the programme comes to. It is read under the lock of its desk (Desk.Look); what its lookups
// answer shares nothing with it and may be kept.
type Programme struct {
	commissioners listed[string, Commissioner]
	agencies      listed[string, Agency]
	stations      listed[string, Station]
	projects      listed[string, Project]
	sites         listed[place, Site]
	agreements    listed[string, Agreement]
	posts         listed[string, Post]
	workers       listed[uuid.UUID, Worker]
	trainings     listed[Training, Training] // told apart by all that was said
	grants        listed[string, Grant]
	targets       listed[aim, Target]
	claims        listed[Claim, Claim] // those that disagree are side by side
	admissions    listed[admitted, Admission]
}

type place struct{ project, site string }

type admitted struct{ evaluator, project string }

type aim struct {
	project string
	year    int
	count   string
}

// Evolve folds one fact into the programme. It cannot fail: what happened, happened.
func (p Programme) Evolve(r events.Recorded) Programme {
	switch fact := r.Event.(type) {
	case events.CommissionerNamed:
		p.commissioners.put(fact.Commissioner, fact)
	case events.AgencyFounded:
		p.agencies.put(fact.Agency, fact)
	case events.StationOpened:
		p.stations.put(fact.Station, fact)
	case events.ProjectLaunched:
		p.projects.put(fact.Project, fact)
	case events.SiteAdded:
		p.sites.put(place{fact.Project, fact.Site}, fact)
	case events.AgreementSigned:
		p.agreements.put(fact.Agreement, fact)
	case events.PostEstablished:
		p.posts.put(fact.Post, fact)
	case events.WorkerRegistered:
		worker, _ := p.workers.find(fact.Worker)
		worker.ID, worker.Name, worker.Post, worker.Supervisor = fact.Worker, fact.Name, fact.Post, fact.Supervisor
		p.workers.put(fact.Worker, worker)
	case events.WorkerLicensed:
		worker, _ := p.workers.find(fact.Worker)
		worker.Licences = append(slices.Clip(worker.Licences), fact)
		p.workers.put(fact.Worker, worker)
	case events.WorkerHomeRecorded:
		worker, _ := p.workers.find(fact.Worker)
		worker.Home, worker.HomeSince = fact.Address, fact.Since
		p.workers.put(fact.Worker, worker)
	case events.TrainingRecorded:
		worker, _ := p.workers.find(fact.Worker)
		worker.TrainingHours += fact.Hours
		p.workers.put(fact.Worker, worker)
		p.trainings.put(fact, fact)
	case events.GrantMade:
		p.grants.put(fact.Grant, fact)
	case events.TargetSet:
		p.targets.put(aim{fact.Project, fact.Year, fact.Count}, fact)
	case events.ClaimPublished:
		p.claims.put(fact, fact)
	case events.EvaluatorAdmitted:
		p.admissions.put(admitted{fact.Evaluator, fact.Project}, fact)
	}
	return p
}

// again answers to what is said under a code that is taken: nothing new, if it is the same.
func again(same bool, code string) ([]events.Event, error) {
	if same {
		return nil, nil
	}
	return nil, services.Refuse(RefusedTaken, code)
}
