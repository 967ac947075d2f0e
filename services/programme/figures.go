package programme

import (
	"strings"

	"github.com/casestream/casestream/events"
)

// What the programme costs, what it is to reach, and what others say of it.

var counts = []string{"activities", "group_sessions", "case_files", "person_times"}

// MakeGrant enters money given to an agency.
type MakeGrant struct {
	Grant     string `json:"grant" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code"`
	Agency    string `json:"agency" minLength:"1" maxLength:"60" doc:"code of the agency"`
	Purpose   string `json:"purpose" minLength:"1" maxLength:"500" doc:"what for"`
	AmountFen int64  `json:"amount_fen" minimum:"1" doc:"the amount, in fen"`
	Day       string `json:"day" format:"date" doc:"when it was given"`
	Assumed   bool   `json:"assumed,omitempty" doc:"the source leaves it open"`
}

func (cmd MakeGrant) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.GrantMade(cmd)
	if before, taken := p.grants.find(cmd.Grant); taken {
		return again(before == now, cmd.Grant)
	}
	if err := first(
		wellFormed("grant", cmd.Grant),
		known("agency", p.agencies.has(cmd.Agency)),
		positive("amount_fen", cmd.AmountFen),
		day("day", cmd.Day),
	); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}

// SetTarget says how much of something a project, or the programme as a whole, is to reach in a year. It may be set
// again: the last holds, and those before stay in the log.
type SetTarget struct {
	Project string `json:"project,omitempty" maxLength:"60" doc:"code of the project; left out: the whole programme"`
	Year    int    `json:"year" minimum:"1990" maximum:"2200" doc:"calendar year"`
	Count   string `json:"count" enum:"activities,group_sessions,case_files,person_times" doc:"what is counted; persons and person-times apart"`
	Number  int    `json:"number" minimum:"1" doc:"how many"`
}

func (cmd SetTarget) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	if err := first(
		ifSaid("project", cmd.Project, p.projects.has(cmd.Project)),
		positive("year", cmd.Year),
		oneOf("count", cmd.Count, counts),
		positive("number", cmd.Number),
	); err != nil {
		return nil, err
	}
	now := events.TargetSet(cmd)
	if before, set := p.Target(cmd.Project, cmd.Year, cmd.Count); set && before == now {
		return nil, nil
	}
	return []events.Event{now}, nil
}

// PublishClaim keeps a figure as somebody published it, beside others that disagree with it.
type PublishClaim struct {
	About  string `json:"about" minLength:"1" maxLength:"200" doc:"what the figure is about"`
	Year   int    `json:"year" minimum:"1990" maximum:"2200" doc:"the year it is about"`
	Number int    `json:"number" minimum:"0" doc:"the figure"`
	Unit   string `json:"unit" minLength:"1" maxLength:"60" doc:"of what: 名, 人次 …"`
	Source string `json:"source" minLength:"1" maxLength:"500" doc:"who published it, where and when"`
}

func (cmd PublishClaim) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	if err := first(
		positive("year", cmd.Year),
		rule{cmd.Number >= 0, RefusedNegative, "number"},
		rule{strings.TrimSpace(cmd.Source) != "", RefusedSource, ""},
	); err != nil {
		return nil, err
	}
	now := events.ClaimPublished(cmd)
	if p.claims.has(now) {
		return nil, nil
	}
	return []events.Event{now}, nil
}
