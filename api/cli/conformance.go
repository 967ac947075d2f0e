package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/conformance"
	"github.com/casestream/casestream/events"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

type conform struct {
	Store string        `help:"The store to try: sqlite:DIR, memory:, esdb://HOST:PORT, esdb+discover://HOST:PORT. What the cases write stays there." env:"CASESTREAM_STORE" placeholder:"URL"`
	Only  string        `help:"Only the cases whose name this matches." placeholder:"REGEX"`
	List  bool          `help:"Name the cases, and stop."`
	Limit time.Duration `help:"How long one case may take. A store that hangs has failed." default:"3m"`
	InUse bool          `help:"Also a log that somebody works with. Its numbers are wrong ever after."`
	JSON  bool          `help:"Print JSON."`
}

// Run tries the store. It ends with 1 if a case fails, or if none could be tried.
func (k conform) Run(c *call) error {
	only, err := regexp.Compile(k.Only)
	if err != nil {
		return fmt.Errorf("--only is no regular expression: %w", err)
	}
	if k.List {
		for _, one := range conformance.Cases(app.Promises(k.Store), only) {
			fmt.Fprintln(c.out, one.Name)
		}
		return nil
	}
	if k.Store == "" {
		return errors.New("--store says which store to try, like sqlite:DIR or esdb://HOST:PORT")
	}
	out := c.masked(c.out)
	options := conformance.Options{
		Store: app.Masked(k.Store), Version: c.version, Promises: app.Promises(k.Store), Only: only, Limit: k.Limit, Stacks: c.masked(c.err),
		Open:   func(ctx context.Context) (events.Store, error) { return app.OpenLog(ctx, k.Store) },
		Beside: func(ctx context.Context) (events.Store, error) { return app.OpenLogBeside(ctx, k.Store) },
	}
	if !k.InUse {
		options.InUse = app.NotInUse
	}
	if !k.JSON {
		options.Began = func(r conformance.Report) { r.Head(out) }
		options.Ended = func(r conformance.Result) { r.Print(out) }
	}
	last, err := conformance.Run(c.ctx, options)
	if errors.Is(err, app.ErrInUse) {
		return fmt.Errorf("%w. What the cases write would be counted, and stays for ever: name a store that nobody works with, or say --in-use", err)
	}
	if k.JSON {
		var b bytes.Buffer
		if bad := json.MarshalWrite(&b, last, app.JSON, jsontext.WithIndent("  ")); bad != nil {
			return bad
		}
		fmt.Fprintf(out, "%s\n", b.Bytes())
	} else if last.Results != nil {
		last.Tail(out)
	}
	if err == nil && !last.Conforms() {
		return errFailed
	}
	return err
}
