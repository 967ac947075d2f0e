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
	flag.Parse()
	if err := run(*listen, *warmUp); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(listen string, warmUp time.Duration) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	server, err := esdbtest.Listen(listen)
	if err != nil {
		return err
	}
	if warmUp > 0 {
		server.NotReady()
		time.AfterFunc(warmUp, server.Ready)
	}
	fmt.Println(server.URL())
	<-stop
	server.Shutdown(5 * time.Second) // as long as a real one waits for its subscribers
	return nil
}
