package cli

import (
	"fmt"
	"strconv"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events"
)

type auditYear struct {
	Year int  `arg:"" help:"The year, 2012."`
	JSON bool `help:"Print JSON."`
}

// Run prints the yearly report on who was shown what, that a privacy officer files.
func (y auditYear) Run(c *call) error {
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	if a.Access == nil {
		return fmt.Errorf("there is no read log in %s yet: casestream serve makes it", c.dir)
	}
	head, err := a.Access.Head(c.ctx)
	if err != nil {
		return err
	}
	progress := c.progress("counting")
	report, err := access.ReportYear(c.ctx, a.Access, y.Year, a.Now(), func(at events.Position) { progress(uint64(at), uint64(head)) })
	if err != nil {
		return err
	}
	if y.JSON {
		return c.json(report)
	}
	c.accessYear(report)
	return nil
}

func (c *call) accessYear(r access.Year) {
	fmt.Fprintf(c.out, "%d, counted from the read log up to position %s\n\n", r.Year, r.Position)
	n := strconv.Itoa
	c.table([]string{"", "times"}, [][]string{
		{"查阅 disclosures", n(r.Total.Disclosed)},
		{"查阅者 readers", n(r.Total.Readers)},
		{"检索 searches", n(r.Total.Searched)},
		{"导出 exports", n(r.Total.Exported)},
		{"拒绝 denials", n(r.Total.Denied)},
		{"异常 unusual", n(r.Total.Unusual)},
		{"紧急查阅 glass broken", n(r.Glass.Broken)},
		{"  按时复核 reviewed in time", n(r.Glass.InTime)},
		{"  逾期复核 reviewed late", n(r.Glass.Late)},
		{"  逾期未复核 overdue", n(r.Glass.Overdue)},
		{"  待复核 waiting", n(r.Glass.Waiting)},
		{"  复核认为正当 justified", n(r.Glass.Justified)},
		{"  复核认为不当 not justified", n(r.Glass.NotJustified)},
	})
	for _, list := range []struct {
		head   string
		counts []access.Count
	}{
		{"disclosed class", r.Disclosed}, {"searched", r.Searched}, {"exported", r.Exported}, {"denied", r.Denied}, {"unusual", r.Unusual},
	} {
		rows := [][]string{}
		for _, count := range list.counts {
			rows = append(rows, []string{count.Month, count.Role, count.What, n(count.Times)})
		}
		c.table([]string{"month", "role", list.head, "times"}, rows)
	}
}
