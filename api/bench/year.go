package bench

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/demo"
)

// pilotYear is a directory with the pilot year in it, loaded once for all parts and open in none.
func (r *run) pilotYear(ctx context.Context) (dir string, err error) {
	if r.year != "" {
		return r.year, nil
	}
	dir = filepath.Join(r.folder, "year")
	if err := app.Dir(dir).MarkDemo(time.Now(), false); err != nil {
		return "", err
	}
	a, err := app.Open(ctx, app.Dir(dir))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	begin := time.Now()
	desks := demo.Desks{Clients: a.Clients, Cases: a.Cases, Groups: a.Groups, Activities: a.Activities, Programme: a.Programme}
	if err := demo.Load(ctx, desks, demo.Options{Prepare: a.PrepareKeys}); err != nil {
		return "", err
	}
	if err := a.Projector.CatchUp(ctx, nil); err != nil {
		return "", err
	}
	head, err := a.Log.Head(ctx)
	if err != nil {
		return "", err
	}
	r.say("the pilot year was loaded in %.1f s: %s facts", time.Since(begin).Seconds(), head)
	r.year = dir
	return dir, app.Dir(dir).MarkDemo(time.Now(), true)
}
