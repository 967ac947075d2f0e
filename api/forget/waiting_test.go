package forget

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// For as long as a hold stands the log of the process says so once; it speaks again when something else stands in the way.
func TestWhatHasToWaitIsSaidOnceForEachReason(t *testing.T) {
	w := openWard(t, 1, "")
	var said bytes.Buffer
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, nil)))
	t.Cleanup(func() { slog.SetDefault(logger) })
	w.within(func(a *app.App) {
		waits := make(waiting)
		looks := func(times, want int) {
			t.Helper()
			for range times {
				if done, err := waits.resume(t.Context(), a); done != 0 || err != nil {
					t.Fatal(done, err)
				}
			}
			if n := strings.Count(said.String(), "has to wait"); n != want {
				t.Errorf("it was said %d times, not %d: %s", n, want, said.String())
			}
		}
		stream, hold := events.Stream("client", w.going[0]), uuid.New()
		if _, err := a.Clients.Do(t.Context(), stream, by("first", time.Now()), clients.PlaceHold{Entry: hold, Reason: "litigation", Why: "x"}); err != nil {
			t.Fatal(err)
		}
		looks(5, 1)
		if _, err := a.Clients.Do(t.Context(), stream, by("first", time.Now()), clients.LiftHold{Entry: uuid.New(), Hold: hold, Why: "x"}); err != nil {
			t.Fatal(err)
		}
		a.Retention.Classes = append(a.Retention.Classes[:0:0], a.Retention.Classes...)
		for i := range a.Retention.Classes {
			a.Retention.Classes[i].Years = 90
		}
		looks(5, 2)
	})
}

// A forgetting begins when what was being recorded about the client is: a case that was just opened holds it up.
func TestItWaitsForWhatIsBeingRecorded(t *testing.T) {
	w := openWard(t, 1, "")
	client := w.going[0]
	w.within(func(a *app.App) {
		defer func(before func(string)) { step = before }(step)
		looked := make(chan struct{})
		step = func(name string) {
			if name == "cases known" {
				close(looked)
			}
		}
		recorded, done := a.Quiet.Recording(client), make(chan int)
		go func() {
			n, err := Resume(t.Context(), a)
			if err != nil {
				t.Error(err)
			}
			done <- n
		}()
		select {
		case <-looked:
			t.Error("the cases were looked at while one more was being recorded")
		case <-time.After(200 * time.Millisecond):
		}
		_, err := a.Cases.Do(t.Context(), events.Stream("case", uuid.New()), by("worker", time.Now()), cases.RecordIntake{
			Entry: uuid.New(), Client: client, Category: "street_child", Project: "bring-home", Source: "self", Urgency: "urgent", Problem: "again",
		})
		if err != nil {
			t.Error(err)
		}
		recorded()
		if n := <-done; n != 0 {
			t.Error("someone was forgotten whose case had just been opened")
		}
	})
}
