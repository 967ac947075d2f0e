package cli

import (
	"bytes"
	"fmt"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/google/uuid"
)

type showCase struct {
	ID string `arg:"" help:"The id of the case."`
	when
	JSON bool `help:"Print JSON."`
}

// Run shows a case to whoever runs this machine and holds its root key.
func (s showCase) Run(c *call) error {
	id, err := uuid.Parse(s.ID)
	if err != nil {
		return fmt.Errorf("a case has an id like 0190a0b0-1234-7abc-8def-0123456789ab")
	}
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	at, asked, err := a.Point(c.ctx, s.AsOf, s.KnownAt)
	if err != nil {
		return err
	}
	file, err := casefile.Load(c.ctx, a.Views, events.Stream("case", id), at)
	if err != nil {
		return err
	}
	if s.JSON {
		streams := []string{file.Stream}
		if file.Client != nil {
			streams = append(streams, file.Client.Stream)
		}
		var text bytes.Buffer
		var saw access.Opened
		answer := app.Answer[app.Asked, *casefile.File]{Asked: asked, Position: file.Position, Result: file}
		if err := a.Write(c.ctx, &text, answer, &saw, streams...); err != nil {
			return err
		}
		if err := c.shows(a, &saw, "case-show", nil); err != nil {
			return err
		}
		_, err := fmt.Fprintln(c.out, text.String())
		return err
	}
	return c.caseFile(a, file, asked)
}

// caseFile prints the face of a case and its timeline.
func (c *call) caseFile(a *app.App, file *casefile.File, asked app.Asked) error {
	k := file.Case
	name := ""
	if file.Client != nil && file.Client.Forgotten != "" {
		name = "(forgotten since " + file.Client.Forgotten + ")"
	} else if file.Client != nil {
		var saw access.Opened
		said, err := file.Client.Details.Name.Open(c.ctx, a.Keys, file.Client.Stream)
		if err != nil {
			said = "(" + err.Error() + ")"
		} else if said != "" {
			saw.Saw(file.Client.Stream, file.Client.Details.Name, nil)
		}
		if err := c.shows(a, &saw, "case-show", nil); err != nil {
			return err
		}
		name = said
	}
	fmt.Fprintf(c.out, "%s  %s  as of %s, version %d, position %s\n", file.Stream, name, asked.AsOf, file.Version, file.Position)
	risk := "–"
	if k.Risk != nil {
		risk = k.Risk.Fact.Level
	}
	fmt.Fprintf(c.out, "stage %s  episode %d  risk %s  last contact %s\n", k.Stage, k.Episode, risk, k.LastContact)
	for _, due := range k.Due {
		fmt.Fprintf(c.out, "due   %s by %s\n", due.Step, projections.LastDay(due.By))
	}
	fmt.Fprintln(c.out)
	rows := [][]string{}
	for _, e := range file.Everything() {
		mark := ""
		switch {
		case e.Retracted:
			mark = "retracted"
		case e.Amended:
			mark = "amended"
		}
		rows = append(rows, []string{e.Day, e.Type, events.DayOf(e.RecordedAt), mark})
	}
	c.table([]string{"happened", "what", "recorded", ""}, rows)
	return nil
}
