package forget

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/glass"
	"github.com/casestream/casestream/services/retention"
	"github.com/google/uuid"
)

// ward is a Casestream with people in it, some of whom are to be forgotten.
type ward struct {
	testing.TB
	dir   app.Dir
	views string
	mark  string // in every word that is said of those who are to be forgotten
	going []uuid.UUID
	stay  []uuid.UUID
}

// openWard takes in so many who are to be forgotten, as many who stay, and approves it. There is no cooling-off.
func openWard(t testing.TB, people int, views string) *ward {
	t.Helper()
	var secret [16]byte
	for i := range secret {
		secret[i] = byte(rand.IntN(256))
	}
	w := &ward{TB: t, dir: app.Dir(t.TempDir()), views: views, mark: "䶮" + hex.EncodeToString(secret[:]) + "𠮷"}
	rules := retention.Default
	rules.CoolingOffDays = 0
	text, err := json.Marshal(rules)
	if err == nil {
		err = os.WriteFile(filepath.Join(string(w.dir), app.RetentionFile), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.within(func(a *app.App) {
		for range people {
			w.going = append(w.going, w.takeIn(a, w.mark))
			w.stay = append(w.stay, w.takeIn(a, "留下"))
		}
		for _, client := range w.going {
			w.approve(a, client)
		}
	})
	return w
}

// within opens the ward, with its views kept up, and closes it.
func (w *ward) within(do func(*app.App)) {
	w.Helper()
	a, err := app.Open(w.Context(), w.dir, app.ViewsIn(w.views))
	if err != nil {
		w.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = a.Projector.Run(ctx)
	}()
	defer func() {
		stop()
		<-ended
		if err := a.Close(); err != nil {
			w.Error(err)
		}
	}()
	head, err := a.Log.Head(w.Context())
	if err == nil {
		err = a.Projector.Wait(w.Context(), head)
	}
	if err != nil {
		w.Fatal(err)
	}
	do(a)
}

func by(actor string, at time.Time) events.Meta {
	return events.Meta{CommandID: uuid.New(), Actor: actor, OccurredAt: at, RecordedAt: time.Now()}
}

// takeIn registers someone whose case ended long ago.
func (w *ward) takeIn(a *app.App, word string) uuid.UUID {
	w.Helper()
	client, kase, then := uuid.New(), events.Stream("case", uuid.New()), time.Date(1995, 3, 1, 9, 0, 0, 0, events.Zone)
	_, err := a.Clients.Do(w.Context(), events.Stream("client", client), by("worker", then), clients.RegisterClient{
		Entry: uuid.New(), Details: clients.Details{Name: word + "1", Address: word + "2", Sex: "male", Guardian: clients.Guardian{Name: word + "3"}},
	})
	intake := cases.RecordIntake{
		Entry: uuid.New(), Client: client, Category: "street_child", Project: "bring-home", Source: "self", Urgency: "urgent",
		Problem: word + "4", Answers: map[string]any{"found_place": word + "5"},
	}
	for _, cmd := range []interface {
		Decide(cases.Case, events.Meta) ([]events.Event, error)
	}{intake, cases.RecordNote{Entry: uuid.New(), Kind: "process", Text: word + "6"}, cases.DecideIntake{Entry: uuid.New(), Reason: word + "7"}} {
		if err == nil {
			_, err = a.Cases.Do(w.Context(), kase, by("worker", then), cmd)
		}
	}
	if err == nil { // and somebody looked at it in an emergency, and said why: in the read log
		_, id, _ := events.SplitStream(kase)
		_, err = a.Glass.Do(w.Context(), events.Glass(id), by(uuid.NewString(), then), glass.BreakGlass{
			Entry: uuid.New(), Reason: "violence", Words: word + "9, and twenty characters", Beside: glass.Beside{Client: client},
		})
	}
	if err != nil {
		w.Fatal(err)
	}
	return client
}

// approve asks, checks and approves.
func (w *ward) approve(a *app.App, client uuid.UUID) {
	w.Helper()
	stream, request, now := events.Stream("client", client), uuid.New(), time.Now()
	kept, err := a.CasesOf(w.Context(), client)
	if err != nil {
		w.Fatal(err)
	}
	keeping := clients.Keeping{Cases: kept, Rules: a.Retention}
	for _, one := range []struct {
		actor string
		cmd   interface {
			Decide(clients.Client, events.Meta) ([]events.Event, error)
		}
	}{
		{"first", clients.RequestForgetting{Entry: request, By: "guardian", Basis: "retention_ended", Why: w.mark + "8"}},
		{"first", clients.CheckForgetting{Request: request, Keeping: keeping}},
		{"second", clients.ApproveForgetting{Request: request, Keeping: keeping}},
	} {
		if _, err := a.Clients.Do(w.Context(), stream, by(one.actor, now), one.cmd); err != nil {
			w.Fatal(err)
		}
	}
}
