package projections_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/google/uuid"
)

// toldByFile is the same summary, as the case file tells it.
func toldByFile(f *casefile.File) string {
	c := f.Case
	worker := ""
	if c.Worker != uuid.Nil {
		worker = c.Worker.String()
	}
	co, consents := map[string]bool{}, map[string]bool{}
	for _, w := range c.CoWorkers {
		co[w.String()] = true
	}
	for _, consent := range c.Consents {
		consents[consent.ID.String()] = true
	}
	var flags, timeline, steps []string
	for _, flag := range c.Flags {
		flags = append(flags, flag.Fact.Kind)
	}
	slices.Sort(flags)
	for _, e := range f.Timeline() {
		timeline = append(timeline, fmt.Sprintf("%s %s %s %s", e.Day, e.Position, e.Type, wording(e.Fact)))
	}
	for _, d := range c.Due {
		steps = append(steps, fmt.Sprintf("%s by %s%s", d.Step, d.By.UTC().Format(time.RFC3339), map[bool]string{true: " late"}[d.Overdue]))
	}
	slices.Sort(steps)
	risk, plan := "", ""
	if c.Risk != nil {
		risk = c.Risk.Fact.Level
	}
	if c.Plan != nil {
		plan = fmt.Sprintf("%s no T, %d unrated", c.Plan.ID, c.Plan.Unrated)
		if c.Plan.T != nil {
			plan = fmt.Sprintf("%s T %.6f, %d rated, %d unrated", c.Plan.ID, *c.Plan.T, c.Plan.Rated, c.Plan.Unrated)
		}
	}
	return strings.Join([]string{
		"stage " + string(c.Stage), fmt.Sprint("episode ", c.Episode), "worker " + worker + " since " + c.AssignedOn, "co " + sorted(co),
		"risk " + risk, "contact " + c.LastContact, "flags " + strings.Join(flags, ","),
		"consents " + sorted(consents), "plan " + plan, "due " + strings.Join(steps, ", "), "timeline\n" + strings.Join(timeline, "\n"),
	}, "\n")
}

// light is what a row of the caseload tells, and lightOf the same part of a case file.
func light(r caseload.Row) string {
	var steps []string
	for _, d := range r.Due {
		steps = append(steps, fmt.Sprint(d.Step, d.By, d.Day, d.Unsure, d.Overdue))
	}
	return fmt.Sprint(r.Client, r.Category, r.Project, r.Stage, r.Void, r.OpenedBy, r.Worker, r.AssignedOn, r.CoWorkers, r.Risk, r.LastContact, r.Flags, steps)
}

func lightOf(f *casefile.File) string {
	c := f.Case
	in := c.Intake.Fact
	r := caseload.Row{
		Client: in.Client, Category: in.Category, Project: in.Project, Stage: string(c.Stage), Void: c.Void, OpenedBy: c.OpenedBy,
		Worker: c.Worker, AssignedOn: c.AssignedOn, CoWorkers: slices.Clone(c.CoWorkers), LastContact: c.LastContact,
	}
	slices.SortFunc(r.CoWorkers, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	if c.Risk != nil {
		r.Risk = c.Risk.Fact.Level
	}
	for _, flag := range c.Flags {
		r.Flags = append(r.Flags, flag.Fact.Kind)
	}
	slices.Sort(r.Flags)
	for _, d := range c.Due {
		r.Due = append(r.Due, caseload.Step{Step: d.Step, By: d.By, Day: d.Day, Unsure: d.Unsure, Overdue: d.Overdue})
	}
	return light(r)
}
