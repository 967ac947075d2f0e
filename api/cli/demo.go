package cli

import (
	"fmt"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/demo"
	"github.com/casestream/casestream/events"
)

type loading struct{}

// Run loads the pilot year into an empty directory. Interrupted, it goes on where it was; loaded, it does nothing.
func (loading) Run(c *call) error {
	is, complete, err := c.dir.Demo()
	if err != nil {
		return err
	}
	if complete {
		fmt.Fprintf(c.out, "the pilot year is in %s already\n", c.dir)
		return nil
	}
	if !is {
		if err := c.dir.Empty(); err != nil {
			return err
		}
		if err := c.settings.NotInUse(c.ctx); err != nil {
			return fmt.Errorf("the demo needs a log of its own: %w", err)
		}
		if err := c.dir.MarkDemo(time.Now(), false); err != nil {
			return err
		}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	defer a.Close()
	began := time.Now()
	progress := c.progress("loading the pilot year 2012")
	err = demo.Load(c.ctx, demo.Desks{Clients: a.Clients, Cases: a.Cases, Groups: a.Groups, Activities: a.Activities, Programme: a.Programme},
		demo.Options{Prepare: a.PrepareKeys, Progress: func(done, total int) { progress(uint64(done), uint64(total)) }})
	if err != nil {
		return fmt.Errorf("loading the pilot year: %w", err)
	}
	progress = c.progress("folding the views")
	if err := a.Projector.CatchUp(c.ctx, func(_ string, at, head events.Position) { progress(uint64(at), uint64(head)) }); err != nil {
		return err
	}
	if err := c.dir.MarkDemo(time.Now(), true); err != nil {
		return err
	}
	head, err := a.Log.Head(c.ctx)
	if err != nil {
		return err
	}
	facts := head.String() + " facts"
	if !app.Promises(c.settings.Whole().Log).Gapless {
		facts = "facts up to position " + head.String()
	}
	fmt.Fprintf(c.out, "the pilot year is in %s: %s in %.1f s\n", c.dir, facts, time.Since(began).Seconds())
	return nil
}
