package app

import (
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

// Programme is the structure around the cases, as the API shows it.
type Programme struct {
	Version       int                      `json:"version"`
	Commissioners []programme.Commissioner `json:"commissioners"`
	Agencies      []programme.Agency       `json:"agencies"`
	Stations      []programme.Station      `json:"stations"`
	Projects      []Project                `json:"projects"`
	Agreements    []programme.Agreement    `json:"agreements"`
	Posts         []programme.Post         `json:"posts"`
	Workers       []Worker                 `json:"workers"`
	Grants        []programme.Grant        `json:"grants"`
	Admissions    []programme.Admission    `json:"admissions" doc:"of evaluators to the extracts of projects; shown to who works here"`
}

// Project is a project with its sites.
type Project struct {
	programme.Project
	Sites []programme.Site `json:"sites"`
}

// Worker is a worker on a post.
type Worker struct {
	Worker        uuid.UUID   `json:"worker"`
	Name          sealed.Text `json:"name,omitzero" class:"S1"`
	Post          string      `json:"post"`
	Supervisor    uuid.UUID   `json:"supervisor,omitzero"`
	TrainingHours int         `json:"training_hours"`
}

// ShowProgramme shows the programme at a version of its stream, with the workers or without.
func ShowProgramme(p programme.Programme, version int, workers bool) Programme {
	shown := Programme{
		Version: version, Commissioners: p.Commissioners(), Agencies: p.Agencies(), Stations: p.Stations(),
		Agreements: p.Agreements(), Posts: p.Posts(), Grants: p.Grants(), Projects: []Project{}, Workers: []Worker{}, Admissions: []programme.Admission{},
	}
	for _, project := range p.Projects() {
		shown.Projects = append(shown.Projects, Project{Project: project, Sites: p.Sites(project.Project)})
	}
	if !workers {
		return shown
	}
	shown.Admissions = p.Admissions()
	for _, w := range p.Workers() {
		shown.Workers = append(shown.Workers, Worker{Worker: w.ID, Name: w.Name, Post: w.Post, Supervisor: w.Supervisor, TrainingHours: w.TrainingHours})
	}
	return shown
}
