package e2e

import (
	"context"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite"
)

// Whatever the server is doing when it is killed: what somebody was shown is in the read log. There may be an entry too
// many, of an answer that did not arrive, and never one too few.
func TestAKilledServerHasRecordedWhatItShowed(t *testing.T) {
	o := open(t)
	g := newGarden(o)
	g.growProgramme()
	g.growClient()
	g.growCase()
	first := len(disclosed(t, o.dir, o.workerID))
	s := o.server
	const hands = 8
	dice := rand.New(rand.NewPCG(2012, 11))
	answered, asked := 0, 0
	for round := range 5 {
		url := s.address + "/api/v1/cases/" + g.id("cases")
		ctx, stop := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		var mu sync.Mutex
		for range hands {
			asking.Go(func() {
				for ctx.Err() == nil {
					mu.Lock()
					asked++
					mu.Unlock()
					a, err := o.worker.ask(ctx, http.MethodGet, url, nil)
					if err != nil {
						return
					}
					if a.status != http.StatusOK {
						t.Errorf("%d %s", a.status, a.raw)
						return
					}
					mu.Lock()
					answered++
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(20+dice.IntN(150)) * time.Millisecond) // anything may be under way
		s.kill()
		stop()
		asking.Wait()
		left := len(disclosed(t, o.dir, o.workerID)) - first
		if left < answered || left > asked {
			t.Fatalf("after kill %d: %d were asked for, %d were shown, %d are in the read log", round+1, asked, answered, left)
		}
		s = start(t, o.dir)
	}
	if answered == 0 {
		t.Error("nothing was shown")
	}
	t.Logf("%d asked for, %d shown", asked, answered)
	casestream(t, "verify", "--data", o.dir)
}

// disclosed are the disclosures of a case to someone, as the file has them.
func disclosed(t *testing.T, dir, actor string) (all []events.Disclosed) {
	t.Helper()
	log, err := sqlite.OpenReader(t.Context(), filepath.Join(dir, "access.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	for r, err := range log.Read(t.Context(), events.Reader(actor), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if fact, ok := r.Event.(events.Disclosed); ok && fact.Route == "get-cases" {
			all = append(all, fact)
		}
	}
	return all
}
