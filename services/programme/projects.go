package programme

import (
	"reflect"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/categories"
)

// What is done: projects, where they work, and the agreements that pay for them.

// LaunchProject enters what an agency does for a commissioner, for one category of clients.
type LaunchProject struct {
	Project      string `json:"project" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code"`
	Names        Names  `json:"names" doc:"what it is called"`
	Commissioner string `json:"commissioner" minLength:"1" maxLength:"60" doc:"code of the commissioner"`
	Agency       string `json:"agency" minLength:"1" maxLength:"60" doc:"code of the agency"`
	Category     string `json:"category" minLength:"1" maxLength:"60" doc:"key of the category of clients"`
	Assumed      bool   `json:"assumed,omitempty" doc:"the source leaves it open"`
}

func (cmd LaunchProject) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.ProjectLaunched{
		Project: cmd.Project, Names: cmd.Names.said(), Commissioner: cmd.Commissioner, Agency: cmd.Agency,
		Category: cmd.Category, Assumed: cmd.Assumed,
	}
	if before, taken := p.projects.find(cmd.Project); taken {
		return again(before == now, cmd.Project)
	}
	_, category := categories.Find(cmd.Category)
	if err := first(
		wellFormed("project", cmd.Project),
		known("commissioner", p.commissioners.has(cmd.Commissioner)),
		known("agency", p.agencies.has(cmd.Agency)),
		known("category", category),
	); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}

// AddSite says where a project works. Two projects may each have a site of the same code.
type AddSite struct {
	Project string `json:"project" minLength:"1" maxLength:"60" doc:"code of the project"`
	Site    string `json:"site" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code within the project"`
	Names   Names  `json:"names" doc:"what it is called"`
}

func (cmd AddSite) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.SiteAdded{Project: cmd.Project, Site: cmd.Site, Names: cmd.Names.said()}
	if before, taken := p.sites.find(place{cmd.Project, cmd.Site}); taken {
		return again(before == now, cmd.Site)
	}
	if err := first(
		wellFormed("site", cmd.Site),
		known("project", p.projects.has(cmd.Project)),
	); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}

// SignAgreement enters a purchase of service: between whom, for what, how many posts, how much, and how long.
type SignAgreement struct {
	Agreement    string   `json:"agreement" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code"`
	Commissioner string   `json:"commissioner" minLength:"1" maxLength:"60" doc:"code of the commissioner"`
	Agency       string   `json:"agency" minLength:"1" maxLength:"60" doc:"code of the agency"`
	Projects     []string `json:"projects" maxItems:"100" doc:"codes of the projects that it pays for"`
	Posts        int      `json:"posts" minimum:"0" maximum:"10000" doc:"how many posts it pays for"`
	AmountFen    int64    `json:"amount_fen" minimum:"1" doc:"the amount, in fen"`
	From         string   `json:"from" format:"date" doc:"first day"`
	Until        string   `json:"until" format:"date" doc:"last day"`
	Assumed      bool     `json:"assumed,omitempty" doc:"the source leaves it open"`
}

func (cmd SignAgreement) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.AgreementSigned{
		Agreement: cmd.Agreement, Commissioner: cmd.Commissioner, Agency: cmd.Agency,
		Projects: append([]string{}, cmd.Projects...), // never null, so that it equals what is read back
		Posts:    cmd.Posts, AmountFen: cmd.AmountFen, From: cmd.From, Until: cmd.Until, Assumed: cmd.Assumed,
	}
	if before, taken := p.agreements.find(cmd.Agreement); taken {
		return again(reflect.DeepEqual(before, now), cmd.Agreement)
	}
	rules := []rule{
		wellFormed("agreement", cmd.Agreement),
		known("commissioner", p.commissioners.has(cmd.Commissioner)),
		known("agency", p.agencies.has(cmd.Agency)),
		{cmd.Posts >= 0, RefusedNegative, "posts"},
		positive("amount_fen", cmd.AmountFen),
		day("from", cmd.From),
		day("until", cmd.Until),
		{cmd.From <= cmd.Until, RefusedPeriod, ""},
	}
	for _, project := range cmd.Projects {
		rules = append(rules, known("projects", p.projects.has(project)))
	}
	if err := first(rules...); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}
