package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/casestream/casestream/api/app"
)

type configCheck struct {
	door
	JSON bool `help:"Print JSON."`
}

// Run explains the settings, and looks at what they name. It ends with 1 if something is wrong.
func (k configCheck) Run(c *call) error {
	whole := c.settings.Whole()
	rows := [][]string{}
	for i, s := range c.explained {
		switch {
		case s.Name == "log" && s.Value == "":
			c.explained[i].Value = whole.Log
		case s.Name == "views" && s.Value == "":
			c.explained[i].Value = whole.Views
		}
		rows = append(rows, []string{s.Name, c.explained[i].Value, s.From})
	}
	findings, wrong := slices.Concat(c.file.findings(), k.findings(time.Now()), app.Check(c.ctx, c.settings)), 0
	for i, f := range findings {
		findings[i].What = app.Mask(f.What, c.secrets...)
		if !f.Good {
			wrong++
		}
	}
	if k.JSON {
		err := c.json(struct {
			Settings []setting     `json:"settings"`
			Findings []app.Finding `json:"findings"`
			Wrong    int           `json:"wrong"`
		}{c.explained, findings, wrong})
		if err != nil {
			return err
		}
	} else {
		c.table([]string{"setting", "value", "from"}, rows)
		for _, f := range findings {
			mark := "ok"
			switch {
			case !f.Good:
				mark = "WRONG"
			case f.Do != "":
				mark = "note"
			}
			fmt.Fprintf(c.out, "%-5s  %s\n", mark, f.What)
			if f.Do != "" {
				fmt.Fprintf(c.out, "       → %s\n", f.Do)
			}
		}
	}
	if wrong > 0 {
		return errFailed
	}
	return nil
}
