package programme

import (
	"slices"

	"github.com/google/uuid"
)

// What can be asked of the programme. Lists are in the order in which things came, and never nil.

// Commissioners lists the departments that commission services.
func (p Programme) Commissioners() []Commissioner { return p.commissioners.all(nil) }

// Commissioner finds one by its code.
func (p Programme) Commissioner(code string) (Commissioner, bool) { return p.commissioners.find(code) }

// Agencies lists the agencies.
func (p Programme) Agencies() []Agency { return p.agencies.all(nil) }

// Agency finds one by its code.
func (p Programme) Agency(code string) (Agency, bool) { return p.agencies.find(code) }

// Stations lists the stations.
func (p Programme) Stations() []Station { return p.stations.all(nil) }

// Station finds one by its code.
func (p Programme) Station(code string) (Station, bool) { return p.stations.find(code) }

// Projects lists the projects.
func (p Programme) Projects() []Project { return p.projects.all(nil) }

// Project finds one by its code.
func (p Programme) Project(code string) (Project, bool) { return p.projects.find(code) }

// Sites lists where a project works.
func (p Programme) Sites(project string) []Site {
	return p.sites.all(func(s Site) bool { return s.Project == project })
}

// Site finds one by its code within its project.
func (p Programme) Site(project, site string) (Site, bool) { return p.sites.find(place{project, site}) }

// Agreements lists the purchases of service.
func (p Programme) Agreements() []Agreement {
	agreements := p.agreements.all(nil)
	for i := range agreements {
		agreements[i].Projects = slices.Clone(agreements[i].Projects)
	}
	return agreements
}

// Posts lists the posts.
func (p Programme) Posts() []Post { return p.posts.all(nil) }

// PostsOf lists the posts of a kind: institution, community or dispatched.
func (p Programme) PostsOf(kind string) []Post {
	return p.posts.all(func(post Post) bool { return post.Kind == kind })
}

// Post finds one by its code.
func (p Programme) Post(code string) (Post, bool) { return p.posts.find(code) }

// Holder is the worker on a post; false if it is vacant.
func (p Programme) Holder(post string) (Worker, bool) {
	held := p.workers.all(func(w Worker) bool { return w.Post == post })
	if len(held) == 0 {
		return Worker{}, false
	}
	return held[0].apart(), true
}

// Workers lists the workers.
func (p Programme) Workers() []Worker {
	workers := p.workers.all(nil)
	for i := range workers {
		workers[i] = workers[i].apart()
	}
	return workers
}

// Worker finds one by id.
func (p Programme) Worker(id uuid.UUID) (Worker, bool) {
	worker, ok := p.workers.find(id)
	return worker.apart(), ok
}

func (w Worker) apart() Worker {
	w.Licences = slices.Clone(w.Licences)
	return w
}

// Team lists a supervisor, first, and all who report to them, directly and through others. It is empty for someone
// who was never registered.
func (p Programme) Team(supervisor uuid.UUID) []uuid.UUID {
	if !p.workers.has(supervisor) {
		return []uuid.UUID{}
	}
	team := []uuid.UUID{supervisor}
	for _, id := range p.workers.order {
		if id != supervisor && p.Supervises(supervisor, id) {
			team = append(team, id)
		}
	}
	return team
}

// Supervises tells whether a worker reports to a supervisor, directly or through others.
func (p Programme) Supervises(supervisor, worker uuid.UUID) bool {
	for range p.workers.order { // no longer way up than there are workers, whatever a log may say
		above, ok := p.workers.find(worker)
		switch {
		case !ok || above.Supervisor == uuid.Nil:
			return false
		case above.Supervisor == supervisor:
			return true
		}
		worker = above.Supervisor
	}
	return false
}

// Trainings lists what a worker was trained in.
func (p Programme) Trainings(worker uuid.UUID) []Training {
	return p.trainings.all(func(t Training) bool { return t.Worker == worker })
}

// Grants lists the money given to agencies.
func (p Programme) Grants() []Grant { return p.grants.all(nil) }

// Targets lists what is to be reached in a year, by the projects and by the programme as a whole.
func (p Programme) Targets(year int) []Target {
	return p.targets.all(func(t Target) bool { return t.Year == year })
}

// Target is what a project, or the programme if project is empty, is to reach of something in a year.
func (p Programme) Target(project string, year int, count string) (Target, bool) {
	return p.targets.find(aim{project, year, count})
}

// Claims lists the figures that were published about a year, also those that disagree.
func (p Programme) Claims(year int) []Claim {
	return p.claims.all(func(c Claim) bool { return c.Year == year })
}
