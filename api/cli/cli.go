// Package cli is the command line: casestream serve, replay, verify and the others. Each command is a file.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
	"github.com/casestream/casestream/api/app"
)

// commands are what casestream does.
type commands struct {
	Config string `help:"A file with settings, {\"log\": \"URL\", \"views\": \"URL\"}. Default: casestream.json in the data directory." env:"CASESTREAM_CONFIG" type:"path" placeholder:"FILE"`
	Data   string `help:"The data directory." default:"casestream-data" env:"CASESTREAM_DATA" type:"path"`
	Log    string `help:"The log, if not in the data directory: sqlite:DIR, esdb://HOST:PORT, esdb+discover://HOST:PORT." env:"CASESTREAM_LOG" placeholder:"URL"`
	Views  string `help:"Views, keys and tokens, if not in the data directory: postgres://USER:PASSWORD@HOST/DATABASE?schema=NAME; views alone: sqlite:DIR. A password belongs in a file or in the environment, where nobody lists it." env:"CASESTREAM_VIEWS" placeholder:"URL"`

	Serve serve   `cmd:"" help:"Serve the API, and keep the views up with the log."`
	Demo  loading `cmd:"" help:"Load Wuhan's pilot year of 2012 into an empty data directory, and stop."`
	Token token   `cmd:"" help:"Make a bearer token for a program; it is shown once. Or list them, or take one back."`
	Case  struct {
		Show showCase `cmd:"" help:"Show a case, today or as it stood on a day."`
	} `cmd:"" help:"Look at cases."`
	Replay replay `cmd:"" help:"Count outcomes: of a project, a category or all, as of a day, as known at a day."`
	Report struct {
		Year yearReport `cmd:"" help:"The four totals of a year, beside the published figures."`
	} `cmd:"" help:"Reports."`
	Audit struct {
		Year auditYear `cmd:"" help:"Who was shown what in a year, by role, class and month; denials, broken glasses and their reviews."`
	} `cmd:"" help:"The read log."`
	Rebuild     rebuild      `cmd:"" help:"Fold views again from the log, beside those that are read."`
	Verify      verify       `cmd:"" help:"Walk the log and the read log: positions, versions, hash chains. The exit code tells."`
	Forget      forgetting   `cmd:"" help:"Forget everyone whose forgetting was approved and whose cooling-off is over. A running server does it by itself."`
	Retention   retentionDue `cmd:"" help:"List the clients who need not be kept any longer."`
	Certificate struct {
		Show   showCertificate   `cmd:"" help:"Print the certificate of a client who was forgotten."`
		Verify verifyCertificate `cmd:"" help:"Verify a certificate, and whether it was signed here. The exit code tells."`
	} `cmd:"" help:"Certificates of forgetting."`
	Keys struct {
		Rotate  rotateKeys  `cmd:"" help:"Make a new root key and wrap every key with it. No server may run."`
		Backup  backUpKeys  `cmd:"" help:"Copy the keys into a file, also beside a running server. Tokens are not in it."`
		Restore restoreKeys `cmd:"" help:"Bring back from such a file the keys that are missing here. Nobody who was forgotten comes back. No server may run."`
	} `cmd:"" help:"The keys."`
	Export struct {
		Subject exportSubject `cmd:"" help:"Print what is recorded about a client, opened, on request: for the client, or for a guardian."`
	} `cmd:"" help:"Hand out what is known."`
	Settings struct {
		Check configCheck `cmd:"" help:"Explain each setting and where it came from, and see whether what it names is there. Changes nothing, but that an empty EventStoreDB gets the id of its log."`
	} `cmd:"" name:"config" help:"Look at the settings."`
	Conformance conform  `cmd:"" help:"Try a store: every promise of the port, over any URL. The exit code tells."`
	Bench       benches  `cmd:"" help:"Measure speed, each figure beside its bound of the same run."`
	Version     struct{} `cmd:"" help:"Print the version."`
}

// call is what every command gets.
type call struct {
	ctx       context.Context //nolint:containedctx // a call lives as long as the command it belongs to
	dir       app.Dir
	settings  app.Settings
	explained []setting
	file      *settingsFile
	secrets   []string // what is not to be shown
	version   string
	out, err  io.Writer
}

// open opens what the settings name, for writing.
func (c *call) open() (*app.App, error) {
	return app.Open(c.ctx, c.dir, app.LogIn(c.settings.Log), app.ViewsIn(c.settings.Views))
}

// openReader opens it beside the process that writes.
func (c *call) openReader() (*app.App, error) {
	return app.OpenReader(c.ctx, c.dir, app.LogIn(c.settings.Log), app.ViewsIn(c.settings.Views))
}

// errFailed: the command has said what is wrong; only the exit code is left.
var errFailed = errors.New("failed")

// Run runs a command line and answers with the exit code: 0, 1 if it failed, 2 if it was not understood.
func Run(ctx context.Context, version string, args []string, out, err io.Writer) (code int) {
	var c commands
	var file settingsFile
	exited := -1
	parser, bad := kong.New(&c, kong.Name("casestream"), kong.Writers(out, err), kong.UsageOnError(),
		kong.Description("Cases as streams of facts that are only ever added to. First steps: casestream demo; casestream serve."),
		kong.Resolvers(&file),
		kong.Exit(func(code int) { exited = code }))
	if bad != nil {
		fmt.Fprintln(err, bad)
		return 2
	}
	parsed, bad := parser.Parse(args)
	if exited >= 0 {
		return exited // --help
	}
	secrets := secretsIn(args, file.said)
	if bad != nil {
		fmt.Fprintf(err, "casestream: %s. See casestream --help.\n", app.Mask(bad.Error(), secrets...))
		return 2
	}
	if parsed.Command() == "version" {
		fmt.Fprintln(out, version)
		return 0
	}
	run := &call{
		ctx: ctx, dir: app.Dir(c.Data), settings: app.Settings{Dir: app.Dir(c.Data), Log: c.Log, Views: c.Views},
		explained: explain(parsed, &file), file: &file, secrets: secrets, version: version, out: out, err: err,
	}
	switch bad := parsed.Run(run); {
	case errors.Is(bad, errFailed):
		return 1
	case bad != nil:
		fmt.Fprintf(err, "casestream: %s\n", app.Mask(bad.Error(), secrets...))
		return 1
	}
	return 0
}
