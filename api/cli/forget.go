package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/export"
	"github.com/casestream/casestream/api/forget"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/google/uuid"
)

type forgetting struct{}

// Run forgets whoever is due, without a server.
func (forgetting) Run(c *call) error {
	a, err := c.open()
	if errors.Is(err, sqlite.ErrWritten) {
		return fmt.Errorf("%w; it forgets whoever is due by itself", err)
	}
	if err != nil {
		return err
	}
	defer a.Close()
	done, err := forget.Alone(c.ctx, a)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "forgotten: %d\n", done)
	return nil
}

type retentionDue struct {
	Day  string `help:"As of another day than today."`
	JSON bool   `help:"Print JSON."`
}

// Run lists whom the rules do not keep any longer.
func (r retentionDue) Run(c *call) error {
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	if r.Day == "" {
		r.Day = events.DayOf(a.Now())
	}
	if !app.IsDay(r.Day) {
		return app.ErrNoDay
	}
	due, err := a.DueForForgetting(c.ctx, r.Day)
	if err != nil {
		return err
	}
	if r.JSON {
		return c.json(due)
	}
	rows := [][]string{}
	for _, d := range due {
		rows = append(rows, []string{d.Client.String(), d.Until, fmt.Sprint(d.Cases), fmt.Sprint(d.Holds), string(d.Stands)})
	}
	c.table([]string{"client", "kept until", "cases", "holds", "standing"}, rows)
	return nil
}

type showCertificate struct {
	Client string `arg:"" help:"The id of the client."`
}

// Run prints a certificate out of the log.
func (s showCertificate) Run(c *call) error {
	return c.ofClient(s.Client, func(a *app.App, id uuid.UUID) error {
		certificate, ok, err := forget.CertificateOf(c.ctx, a, id)
		if err != nil {
			return err
		}
		if !ok {
			return errors.New("this client was not forgotten")
		}
		text, err := certificate.Text()
		if err == nil {
			_, err = c.out.Write(text)
		}
		return err
	})
}

type verifyCertificate struct {
	File   string `arg:"" type:"existingfile" help:"The certificate."`
	Public string `help:"The public key that must have signed it, in hex. Default: that of the data directory."`
}

// Run verifies a certificate. With --public it needs no data directory.
func (v verifyCertificate) Run(c *call) error {
	text, err := os.ReadFile(v.File)
	if err != nil {
		return err
	}
	certificate, err := forget.ReadCertificate(text)
	if err != nil {
		return err
	}
	if v.Public == "" {
		a, err := c.openReader()
		if err != nil {
			return fmt.Errorf("to know who must have signed it, name a data directory or --public: %w", err)
		}
		defer a.Close()
		if v.Public, err = forget.PublicKey(c.ctx, a.Keyring); err != nil {
			return err
		}
	}
	if signed := fmt.Sprintf("%x", certificate.PublicKey); signed != v.Public {
		return fmt.Errorf("it is signed by another key, %s: not of this installation", signed)
	}
	fmt.Fprintf(c.out, "genuine: client %s was forgotten on %s, at the request of %s, approved by another person\n",
		certificate.Client, events.DayOf(certificate.DoneAt), certificate.By)
	return nil
}

type rotateKeys struct{}

// Run opens the log for writing first, so that no server runs beside it.
func (rotateKeys) Run(c *call) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	place, root, err := a.RootKey()
	if err == nil {
		var keys int
		if keys, err = keydb.Rotate(context.WithoutCancel(c.ctx), place, root); err == nil {
			fmt.Fprintf(c.out, "%d keys are wrapped by a new root key: keep a copy of %s elsewhere; the old one opens nothing but old backups of the keys\n", keys, root)
		}
	}
	return errors.Join(err, a.Close())
}

type exportSubject struct {
	Client    string `arg:"" help:"The id of the client."`
	Recipient string `required:"" enum:"client,guardian" help:"Who receives it: client (everything) or guardian (who the client is, and what a guardian agreed to)."`
}

// Run prints what is handed out about a client, to whoever runs this machine and holds its root key.
func (e exportSubject) Run(c *call) error {
	return c.ofClient(e.Client, func(a *app.App, id uuid.UUID) error {
		all, ok, err := export.For(c.ctx, a, e.Recipient, id)
		if err != nil {
			return err
		}
		if !ok {
			return errors.New("nobody is registered under this id")
		}
		var text bytes.Buffer
		var saw access.Opened
		if err := all.Write(c.ctx, a, &text, &saw); err != nil {
			return err
		}
		what, rows := all.Said()
		if err := c.shows(a, &saw, "export-subject", &app.Export{What: what, Rows: rows}); err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.out, text.String())
		return err
	})
}

// ofClient reads what is recorded of a client, beside the process that writes.
func (c *call) ofClient(text string, read func(*app.App, uuid.UUID) error) error {
	id, err := uuid.Parse(text)
	if err != nil {
		return errors.New("a client has an id like 0190a0b0-1234-7abc-8def-0123456789ab")
	}
	a, err := c.openReader()
	if err != nil {
		return err
	}
	defer a.Close()
	return read(a, id)
}
