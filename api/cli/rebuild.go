package cli

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/projections"
)

type rebuild struct {
	Names []string `arg:"" optional:"" help:"Views: days, caseload, casefile, outcomes, audit, keeping, search. None: all."`
}

// Run rebuilds here, or asks the process that serves the directory to do it.
func (r rebuild) Run(c *call) error {
	if serving, ok, err := c.dir.Serving(); err != nil {
		return err
	} else if ok && alive(serving) {
		return r.ask(c, serving)
	}
	a, err := c.open()
	if errors.Is(err, sqlite.ErrWritten) {
		return fmt.Errorf("%w; it does not say where it serves, so it cannot be asked", err)
	}
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Projector.CatchUp(c.ctx, nil); err != nil {
		return err
	}
	began := time.Now()
	progress := c.progress("rebuilding")
	err = a.Projector.Rebuild(c.ctx, func(_ string, at, head events.Position) { progress(uint64(at), uint64(head)) }, r.Names...)
	if errors.Is(err, projections.ErrNoView) {
		return fmt.Errorf("%w; there are: %s", projections.ErrNoView, strings.Join(app.ViewNames(), ", "))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "rebuilt %s in %.1f s\n", r.what(), time.Since(began).Seconds())
	return nil
}

func (r rebuild) what() string {
	if len(r.Names) == 0 {
		return "all views"
	}
	return strings.Join(r.Names, ", ")
}

// ask lets the running server rebuild, and shows what it says.
func (r rebuild) ask(c *call, serving app.Serving) error {
	body := strings.NewReader(url.Values{"view": r.Names}.Encode())
	request, err := http.NewRequestWithContext(c.ctx, http.MethodPost, serving.Address+"/control/rebuild", body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+serving.Control)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := caller(serving).Do(request)
	if err != nil {
		return fmt.Errorf("asking the running server: %w", err)
	}
	defer answer.Body.Close()
	last := ""
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		last = lines.Text()
		fmt.Fprintln(c.err, last)
	}
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(last, "rebuilt") {
		return fmt.Errorf("the running server did not rebuild: %s", last)
	}
	return nil
}

// alive tells whether the server that announced itself answers; it may have been killed.
func alive(serving app.Serving) bool {
	client := caller(serving)
	client.Timeout = 2 * time.Second
	answer, err := client.Get(serving.Address + "/livez")
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil
}
