package conformance

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/events/storetest"
)

// trying runs the cases that a pattern matches over a store.
func trying(t *testing.T, only string, limit time.Duration, open func(context.Context) (events.Store, error)) Report {
	t.Helper()
	report, err := Run(t.Context(), Options{Store: "test:", Open: open, Only: regexp.MustCompile(only), Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAMemoryStoreConforms(t *testing.T) {
	first := memory.New()
	next := first
	report := trying(t, "", time.Minute, func(context.Context) (events.Store, error) {
		log := next
		next = memory.New()
		return log, nil
	})
	for _, r := range report.Results {
		if r.Outcome == Failed {
			t.Errorf("%s: %s", r.Name, strings.Join(r.Why, "\n"))
		}
	}
	if report.Cases != len(storetest.Cases) || len(report.Results) != report.Cases || report.OK+report.Skipped != report.Cases {
		t.Errorf("%d of %d cases were tried: %+v", len(report.Results), len(storetest.Cases), report)
	}
	if report.Log != first.ID().String() {
		t.Errorf("the log is said to be %s", report.Log)
	}
}

// unclosed is one log for all cases, as on a server.
type unclosed struct{ events.Store }

func (unclosed) Close() error { return nil }

func TestWhatCannotBeTriedHereIsSkippedAndSaysWhy(t *testing.T) {
	report, err := Run(t.Context(), Options{
		Promises: events.Promises{Gapless: true, Chained: true}, Only: regexp.MustCompile("gaps$|behind its back"), Limit: time.Minute,
		Open: func(context.Context) (events.Store, error) { return memory.New(), nil },
	})
	if err != nil || report.Cases != 3 || report.OK != 2 || report.Skipped != 1 || !report.Conforms() {
		t.Fatalf("%v %+v", err, report)
	}
	for _, r := range report.Results {
		if r.Outcome == Skipped && (len(r.Why) != 1 || !strings.Contains(r.Why[0], "go test")) {
			t.Errorf("%+v", r)
		}
	}
}

func TestAStoreIsHeldToWhatItPromises(t *testing.T) {
	report, err := Run(t.Context(), Options{
		Promises: events.Promises{Lasts: true}, Only: regexp.MustCompile("outlasts a restart"), Limit: time.Minute,
		Open: func(context.Context) (events.Store, error) { return memory.New(), nil },
	})
	if err != nil || report.Failed != 1 {
		t.Errorf("memory is said to last: %v %+v", err, report)
	}
}

func TestAFileThatOthersFilledConforms(t *testing.T) {
	path := t.TempDir() + "/log.db"
	open := func(ctx context.Context) (events.Store, error) {
		s, err := sqlite.Open(ctx, path)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	for range 2 { // the second time it is full of the first's
		report, err := Run(t.Context(), Options{Open: open, Promises: events.Promises{Lasts: true, Gapless: true}, Limit: time.Minute})
		if err != nil || !report.Conforms() || report.Skipped != 0 {
			var b bytes.Buffer
			for _, r := range report.Results {
				r.Print(&b)
			}
			t.Errorf("%v\n%s", err, &b)
		}
	}
}

func TestAStoreThatDoesNotOpenIsNotTried(t *testing.T) {
	away := errors.New("nobody is there")
	_, err := Run(t.Context(), Options{Limit: time.Minute, Open: func(context.Context) (events.Store, error) { return nil, away }})
	if !errors.Is(err, away) {
		t.Errorf("%v", err)
	}
	never := make(chan struct{})
	defer close(never)
	_, err = Run(t.Context(), Options{Limit: 20 * time.Millisecond, Open: func(context.Context) (events.Store, error) {
		<-never
		return nil, away
	}})
	if err == nil || !strings.Contains(err.Error(), "hangs") {
		t.Errorf("one that hangs: %v", err)
	}
}

func TestAStoreThatOpensOnceOnlyFails(t *testing.T) {
	opened := 0
	report := trying(t, "counts from 1|that does not exist is empty", time.Minute, func(context.Context) (events.Store, error) {
		if opened++; opened > 2 {
			return nil, errors.New("no more")
		}
		return memory.New(), nil
	})
	if report.OK != 1 || report.Failed != 1 || !strings.Contains(report.Results[1].Why[0], "opening the store: no more") {
		t.Errorf("%+v", report.Results)
	}
}

func TestALogInUseIsLeftAlone(t *testing.T) {
	refused := errors.New("in use")
	log := memory.New()
	_, err := Run(t.Context(), Options{
		Limit: time.Minute, Open: func(context.Context) (events.Store, error) { return unclosed{log}, nil },
		InUse: func(context.Context, events.Store) error { return refused },
	})
	if head, _ := log.Head(t.Context()); !errors.Is(err, refused) || head != 0 {
		t.Errorf("%v, and the head is %d", err, head)
	}
}

func TestWhoInterruptsGetsNoVerdict(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	report, err := Run(ctx, Options{
		Limit: time.Minute, Open: func(context.Context) (events.Store, error) { return memory.New(), nil },
		Ended: func(Result) { stop() },
	})
	if err == nil || report.Conforms() || len(report.Results) != 1 {
		t.Errorf("%v, %d results", err, len(report.Results))
	}
}

func TestAPatternThatMatchesNothingIsAnError(t *testing.T) {
	if _, err := Run(t.Context(), Options{Only: regexp.MustCompile("^no such case$")}); err == nil {
		t.Error("nothing was tried, and all is well")
	}
}
