package e2e

import (
	"context"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/casestream/casestream/api/cli"
)

// heapFile is the variable that makes the test's own binary the server, and says where it writes its memory to when it is
// sent SIGUSR1: what is in use, and what was not yet used again.
const heapFile = "E2E_HEAP"

func serveWithHeap(to string) int {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for range asked {
			for range 3 { // pools give up what they have in two rounds
				runtime.GC()
			}
			file, err := os.OpenFile(to+".new", os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
			if err != nil {
				panic(err)
			}
			debug.WriteHeapDump(file.Fd())
			if err := file.Close(); err != nil {
				panic(err)
			}
			if err := os.Rename(to+".new", to); err != nil {
				panic(err)
			}
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return cli.Run(ctx, "v-test", os.Args[1:], os.Stdout, os.Stderr)
}

// dumpHeap is the memory of a server.
func dumpHeap(t *testing.T, s *server, file string) []byte {
	t.Helper()
	if err := s.process.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); ; runtime.Gosched() {
		content, err := os.ReadFile(file)
		if err == nil {
			return content
		}
		if _, missing := err.(*fs.PathError); !missing || time.Since(begun) > 30*time.Second {
			t.Fatalf("it does not say what is in its memory: %v", err)
		}
	}
}
