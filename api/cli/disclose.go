package cli

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/go-json-experiment/json"
)

// shows records that whoever runs this machine is shown something, before anything is printed: in the read log of the
// running server, which has it open, else here. export is nil of what is not taken away in a file.
func (c *call) shows(a *app.App, saw *access.Opened, route string, export *app.Export) error {
	if saw.Nothing() && export == nil {
		return nil
	}
	seen := app.Seen{
		Actor:  fmt.Sprintf("console:%d", os.Getuid()),
		Asking: events.Asking{Role: "console", Route: route, Purpose: "administration"}, Shown: saw.Shown(), Export: export,
	}
	if serving, ok, err := c.dir.Serving(); err != nil {
		return err
	} else if ok && alive(serving) {
		return c.tells(serving, seen)
	}
	err := c.dir.Disclose(c.ctx, func(log *access.Log) error { return log.Record(c.ctx, seen.Actor, a.Now(), seen.Fact()) })
	if errors.Is(err, sqlite.ErrWritten) {
		return fmt.Errorf("%w; it does not say where it serves, so it cannot be told", err)
	}
	return err
}

// tells lets the running server record it.
func (c *call) tells(serving app.Serving, seen app.Seen) error {
	body, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(c.ctx, http.MethodPost, serving.Address+"/control/disclosures", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+serving.Control)
	request.Header.Set("Content-Type", "application/json")
	answer, err := caller(serving).Do(request)
	if err != nil {
		return fmt.Errorf("telling the running server: %w", err)
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("%w: the running server answered %s", access.ErrUnrecorded, answer.Status)
	}
	return nil
}
