package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/events/sqlite"
)

type backUpKeys struct {
	File string `arg:"" type:"path" help:"A file that is not there yet."`
}

// Run copies the keys beside a running server.
func (b backUpKeys) Run(c *call) error {
	if c.dir.Within(b.File) {
		fmt.Fprintf(c.err, "casestream: %s lies in the data directory: whoever copies that has the keys with what they open; move it elsewhere\n", b.File)
	}
	held, err := app.BackUpKeys(c.ctx, c.settings, b.File)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name another file, it is not overwritten", b.File)
	}
	if err != nil {
		return fmt.Errorf("backing up the keys: %w", err)
	}
	fmt.Fprintf(c.out, "%d keys are in %s, and %d people who were forgotten: it was read again to its end. It opens nothing without root.key; keep them apart\n",
		held.Keys, b.File, held.Forgotten)
	return nil
}

type restoreKeys struct {
	File string `arg:"" type:"existingfile" help:"A backup of the keys."`
	Root string `type:"existingfile" help:"The root key of then, if it was rotated since."`
}

// Run brings back what is missing; the log is opened for writing, so that no server runs beside it.
func (r restoreKeys) Run(c *call) error {
	found, err := app.RestoreKeys(context.WithoutCancel(c.ctx), c.settings, r.File, r.Root)
	switch {
	case errors.Is(err, sqlite.ErrWritten):
		return fmt.Errorf("%w: stop the server first", err)
	case errors.Is(err, keydb.ErrWrongRoot):
		return fmt.Errorf("%w; name it with --root", err)
	case err != nil:
		return fmt.Errorf("restoring the keys: %w", err)
	}
	fmt.Fprintf(c.out, "%d keys were brought back, %d were here, %d are withheld: they are of people who were forgotten\n", found.Brought, found.Kept, found.Withheld)
	return nil
}
