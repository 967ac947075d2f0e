// Command casestream keeps and serves the cases of an agency. `casestream --help` lists what it does.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/casestream/casestream/api/cli"
)

var version = "unknown" // set by the build

func main() {
	if os.Getenv("GOGC") == "" { // collect less often than Go would: a case that is opened meanwhile takes twice as long
		debug.SetGCPercent(200)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, version, os.Args[1:], os.Stdout, os.Stderr))
}
