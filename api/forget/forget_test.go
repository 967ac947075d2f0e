package forget

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	readers "github.com/casestream/casestream/projections/access"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// Every column in which a view has sealed values is one that is purged; the view of the read log has none.
func TestEveryColumnWithSealedValuesIsPurged(t *testing.T) {
	w := openWard(t, 1, "")
	w.within(func(a *app.App) {
		if err := a.Readers.CatchUp(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		for _, view := range append(slices.Clone(app.Views), readers.Projection{}) {
			text, err := projections.Dump(t.Context(), a.Views, view)
			if err != nil {
				t.Fatal(err)
			}
			_, personal := view.(projections.Personal)
			if has := strings.Contains(text, ".client-"); has != personal {
				t.Errorf("%s has sealed values: %v, and is purged: %v", view.Name(), has, personal)
			}
		}
	})
}

// An older backup of the keys that is put back brings nobody back: not for who reads beside, nor for who serves.
func TestABackupOfTheKeysBringsNobodyBack(t *testing.T) {
	w := openWard(t, 2, "")
	backup, err := os.ReadFile(filepath.Join(string(w.dir), "keys.db"))
	if err != nil {
		t.Fatal(err)
	}
	w.runs("")
	restore := func() {
		for _, side := range []string{"-wal", "-shm"} {
			_ = os.Remove(filepath.Join(string(w.dir), "keys.db"+side))
		}
		if err := os.WriteFile(filepath.Join(string(w.dir), "keys.db"), backup, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	restore()
	beside, err := app.OpenReader(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range w.going {
		if said := w.readable(beside, client); strings.Contains(said, w.mark) {
			t.Errorf("who reads beside sees %s", said)
		}
		if _, err := beside.Keys.Sealing(t.Context(), events.Stream("client", client)); err == nil {
			t.Error("who reads beside has the key")
		}
	}
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	restore()
	for range 2 { // destroyed when it is opened, and gone when it is opened again
		w.within(func(a *app.App) {
			for _, client := range w.going {
				w.isForgotten(a, client)
				if _, err := a.Keyring.Sealing(t.Context(), events.Stream("client", client)); err == nil {
					t.Error("the key is back")
				}
			}
			for _, client := range w.stay {
				if said := w.readable(a, client); !strings.Contains(said, "留下1") {
					t.Errorf("of someone else there is %s", said)
				}
			}
		})
	}
}

// What came into the way after the approval holds it up: nothing is destroyed.
func TestAHoldThatComesInTimeKeepsEverything(t *testing.T) {
	w := openWard(t, 1, "")
	hold := uuid.New()
	client := w.going[0]
	place := func(cmd interface {
		Decide(clients.Client, events.Meta) ([]events.Event, error)
	},
	) {
		w.within(func(a *app.App) {
			if _, err := a.Clients.Do(t.Context(), events.Stream("client", client), by("first", time.Now()), cmd); err != nil {
				t.Fatal(err)
			}
		})
	}
	place(clients.PlaceHold{Entry: hold, Reason: "litigation", Why: "x"})
	w.runs("")
	w.within(func(a *app.App) {
		if said := w.readable(a, client); !strings.Contains(said, w.mark) {
			t.Errorf("there is left: %s", said)
		}
	})
	place(clients.LiftHold{Entry: uuid.New(), Hold: hold, Why: "x"})
	w.runs("")
	w.within(func(a *app.App) {
		if _, ok, err := CertificateOf(t.Context(), a, client); !ok || err != nil {
			t.Errorf("when the hold is lifted: %v, %v", ok, err)
		}
	})
}

// A word that is sealed between the point of no return and the end of the key is dropped like all others.
func TestWhatIsRecordedWhileItBeginsIsDroppedToo(t *testing.T) {
	w := openWard(t, 1, "")
	client := w.going[0]
	w.within(func(a *app.App) {
		defer func(before func(string)) { step = before }(step)
		step = func(name string) {
			if name != "begun" {
				return
			}
			kept, err := a.CasesOf(t.Context(), client)
			if err == nil {
				then := time.Date(1995, 2, 1, 9, 0, 0, 0, events.Zone)
				_, err = a.Cases.Do(t.Context(), events.Stream("case", kept[0].Case), by("worker", then),
					cases.RecordNote{Entry: uuid.New(), Kind: "process", Text: w.mark + "9"})
			}
			if err != nil {
				t.Error(err)
			}
		}
		if done, err := Resume(t.Context(), a); done != 1 || err != nil {
			t.Fatal(done, err)
		}
		certificate, ok, err := CertificateOf(t.Context(), a, client)
		if !ok || err != nil || certificate.Values != 10 {
			t.Errorf("of ten values it says %+v, %v", certificate, err)
		}
		head, err := a.Log.Head(t.Context())
		if err == nil {
			err = a.Projector.Wait(t.Context(), head)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.foldsAnewTheSame(a)
		if done, err := Resume(t.Context(), a); done != 0 || err != nil {
			t.Errorf("asked again it forgets %d, %v", done, err)
		}
	})
}
