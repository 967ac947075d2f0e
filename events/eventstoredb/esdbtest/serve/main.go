// serve runs the EventStoreDB for tests on a port, for programs that look at it from outside.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:2113", "address on this machine")
	warmUp := flag.Duration("warm-up", 0, `how long to answer "Server Is Not Ready" after the start`)
	journal := flag.String("journal", "", "file that keeps the log over a kill; without it the log is in memory")
	flag.Parse()
	if err := run(*listen, *journal, *warmUp); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(listen, journal string, warmUp time.Duration) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	var options []esdbtest.Option
	if journal != "" {
		options = append(options, esdbtest.Journal(journal))
	}
	if warmUp > 0 {
		options = append(options, esdbtest.Starting)
	}
	server, err := esdbtest.Listen(listen, options...)
	if err != nil {
		return err
	}
	if warmUp > 0 {
		time.AfterFunc(warmUp, server.Ready)
	}
	fmt.Println(server.URL())
	<-stop
	server.Shutdown(5 * time.Second) // as long as a real one waits for its subscribers
	return nil
}
