package cli

import (
	"fmt"
	"strconv"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/projections/outcomes"
)

// when is where someone stands who asks, on both axes of time.
type when struct {
	AsOf    string `help:"A day, 2012-09-30: how things stood when it ended. Default: the day of --known-at, else today." placeholder:"DAY"`
	KnownAt string `help:"A day or a position: only what was known then." placeholder:"DAY"`
}

type replay struct {
	when
	Project  string `help:"Only one project, by its code."`
	Category string `help:"Only one category."`
	Agency   string `help:"Only the projects of one agency."`
	Site     string `help:"Only one site."`
	From     string `help:"Count from this day." placeholder:"DAY"`
	To       string `help:"Count up to this day." placeholder:"DAY"`
	JSON     bool   `help:"Print JSON."`
}

// Run prints the same for the same question, whenever it is asked again.
func (r replay) Run(c *call) error {
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	answer, err := a.Outcomes(c.ctx, app.OutcomesAsked{
		Asked:   app.Asked{AsOf: r.AsOf, KnownAt: r.KnownAt},
		Project: r.Project, Category: r.Category, Agency: r.Agency, Site: r.Site, From: r.From, To: r.To,
	})
	if err != nil {
		return err
	}
	if r.JSON {
		return c.json(answer)
	}
	c.outcomes(answer.Asked, answer.Result)
	return nil
}

func (c *call) outcomes(asked app.OutcomesAsked, o outcomes.Result) {
	known := asked.KnownAt
	if known == "" {
		known = "now"
	}
	fmt.Fprintf(c.out, "As of %s, as known at %s\n\n", asked.AsOf, known)
	n := strconv.Itoa
	c.table([]string{"建档个案 case files", "接案 intakes", "在案 open", "结案 closed", "重开 reopened", "接触 contacts", "小组节次 sessions", "社区活动 activities", "人次 person-times"},
		[][]string{{n(o.CaseFiles), n(o.Intakes), n(o.Open), n(o.Closed), n(o.Reopened), n(o.Contacts), n(o.GroupSessions), n(o.Activities), n(o.PersonTimes.Total)}})
	rows := [][]string{}
	for _, s := range o.ByProject {
		rows = append(rows, []string{s.Key, n(s.CaseFiles), n(s.Contacts), n(s.GroupSessions), n(s.Activities), n(s.PersonTimes)})
	}
	c.table([]string{"project", "case files", "contacts", "sessions", "activities", "person-times"}, rows)
	rows = nil
	for _, m := range o.Measures {
		rows = append(rows, []string{m.Instrument, n(m.Taken), n(m.Paired), n(m.Unpaired), number(m.MeanBefore), number(m.MeanAfter), count(m.Improved), count(m.Unchanged), count(m.Worse), number(m.EffectSize)})
	}
	c.table([]string{"measure", "taken", "paired", "unpaired", "before", "after", "improved", "unchanged", "worse", "effect"}, rows)
	fmt.Fprintf(c.out, "Goal attainment T of closed cases: %s (n = %d, without T %d); goals reached %d of %d rated, %d unrated\n",
		number(o.Goals.MeanT), o.Goals.WithT, o.Goals.WithoutT, o.Goals.Reached, o.Goals.Rated, o.Goals.Unrated)
}

func number(f *float64) string {
	if f == nil {
		return "–"
	}
	return strconv.FormatFloat(*f, 'f', 2, 64)
}

func count(i *int) string {
	if i == nil {
		return "–"
	}
	return strconv.Itoa(*i)
}
