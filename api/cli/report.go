package cli

import (
	"fmt"
	"strconv"

	"github.com/casestream/casestream/api/app"
)

type yearReport struct {
	Year int `arg:"" help:"The year, 2012."`
	when
	JSON bool `help:"Print JSON."`
}

// Run prints what the events come to beside what was published.
func (y yearReport) Run(c *call) error {
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	answer, err := a.Year(c.ctx, y.Year, app.Asked{AsOf: y.AsOf, KnownAt: y.KnownAt})
	if err != nil {
		return err
	}
	if y.JSON {
		return c.json(answer)
	}
	r := answer.Result
	fmt.Fprintf(c.out, "%d, as of %s, counted from the facts up to position %s\n\n", r.Year, answer.Asked.AsOf, answer.Position)
	rows := [][]string{}
	for _, line := range []struct {
		key, name string
		counted   int
	}{
		{"activities", "社区活动 community activities", r.Activities},
		{"group_sessions", "小组活动 group sessions", r.GroupSessions},
		{"case_files", "建档个案 case files", r.CaseFiles},
		{"person_times", "服务人次 person-times served", r.PersonTimes},
		{"projects", "服务项目 projects", r.Projects},
		{"posts", "社工岗位 posts", r.Posts},
		{"agencies", "社工机构 agencies", r.Agencies},
	} {
		published := "–"
		for _, claim := range r.Claims {
			if claim.About == line.key {
				published = strconv.Itoa(claim.Published)
			}
		}
		rows = append(rows, []string{line.name, strconv.Itoa(line.counted), published})
	}
	c.table([]string{"", "counted", "published"}, rows)
	rows = nil
	for _, claim := range r.Claims {
		if claim.Counted == nil {
			rows = append(rows, []string{claim.About, strconv.Itoa(claim.Published), claim.Unit, claim.Source})
		}
	}
	if len(rows) > 0 {
		fmt.Fprintln(c.out, "published, and not counted here:")
		c.table([]string{"about", "number", "unit", "source"}, rows)
	}
	return nil
}
