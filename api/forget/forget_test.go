package forget

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/retention"
	"github.com/google/uuid"
)

// TestMain is the process that forgets and is killed, when it is told so: at a step, or after a time.
func TestMain(m *testing.M) {
	dir := os.Getenv("FORGET_TEST_DIR")
	if dir == "" {
		os.Exit(m.Run())
	}
	die := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	at := os.Getenv("FORGET_TEST_DIES")
	step = func(name string) {
		if name == at {
			die()
			select {}
		}
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.Dir(dir), app.ViewsIn(os.Getenv("FORGET_TEST_VIEWS")))
	if after, none := time.ParseDuration(at); none == nil {
		time.AfterFunc(after, die)
	}
	if err == nil {
		_, err = Alone(ctx, a)
		err = firstOf(err, a.Close())
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var steps = []string{"begun", "keys destroyed", "views purged", "looked", "done"}

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

// runs is a process that forgets, and dies at a step or after a time; none: it ends by itself.
func (w *ward) runs(dies string) (killed bool) {
	w.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), "FORGET_TEST_DIR="+string(w.dir), "FORGET_TEST_VIEWS="+w.views, "FORGET_TEST_DIES="+dies)
	out, err := process.CombinedOutput()
	if strings.Contains(string(out), w.mark[3:20]) {
		w.Errorf("it prints what was said: %s", out)
	}
	if status, ok := process.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return true
	}
	if err != nil {
		w.Fatalf("%v: %s", err, out)
	}
	return false
}

// readable is what a reader can open of someone.
func (w *ward) readable(a *app.App, client uuid.UUID) string {
	w.Helper()
	var out bytes.Buffer
	err := a.Clients.Look(w.Context(), events.Stream("client", client), func(c clients.Client, _ int) {
		if err := a.Write(w.Context(), &out, c.Details, events.Stream("client", client)); err != nil {
			w.Error(err)
		}
	})
	if err != nil {
		w.Fatal(err)
	}
	return out.String()
}

// nothingIn looks into every file for what was said of those who are forgotten, in every form.
func (w *ward) nothingIn(dir string) (files int) {
	w.Helper()
	core := strings.TrimSuffix(strings.TrimPrefix(w.mark, "䶮"), "𠮷")
	raw, _ := hex.DecodeString(core)
	forms := map[string][]byte{"as it is": []byte(core), "its bytes": raw, "in hex": []byte(hex.EncodeToString([]byte(core)))}
	var wide []byte
	for _, u := range utf16.Encode([]rune(core)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	forms["UTF-16"] = wide
	for shift := range 3 {
		coded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), w.mark...))
		forms[fmt.Sprint("base64 at ", shift)] = []byte(coded[4 : len(coded)-4])
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for form, text := range forms {
			if bytes.Contains(content, text) {
				w.Errorf("%s holds what was said of someone who is forgotten, %s", filepath.Base(path), form)
			}
		}
		files++
		return err
	})
	if err != nil {
		w.Error(err)
	}
	return files
}

func forgettings() int {
	if n, err := strconv.Atoi(os.Getenv("CASESTREAM_FORGET")); err == nil && n > 0 {
		return n
	}
	return 10
}

// The process that forgets is killed with -9 at random steps and at random times until nobody is left to be forgotten.
// CASESTREAM_FORGET says how many.
func TestForgettingsThatAreKilledAreFinished(t *testing.T) { killed(t, forgettings(), "") }

// The same with views and keys in PostgreSQL.
func TestForgettingsInPostgreSQLThatAreKilledAreFinished(t *testing.T) {
	killed(t, max(forgettings()/10, 3), pgtest.New(t, pgtest.Durable).Place())
}

func killed(t *testing.T, people int, views string) {
	w := openWard(t, people, views)
	seen := make(map[uuid.UUID]string)
	var numbers string
	w.within(func(a *app.App) {
		for _, client := range w.stay {
			seen[client] = w.readable(a, client)
		}
		for _, client := range w.going {
			if said := w.readable(a, client); !strings.Contains(said, w.mark) {
				t.Fatalf("before it, nothing can be read: %s", said)
			}
		}
		numbers = w.numbers(a)
	})
	died, kills := make(map[string]int), 0
	for ; ; kills++ { // until a process ends by itself, because everyone is forgotten
		at := steps[rand.IntN(len(steps))]
		what := at
		if rand.IntN(4) == 0 {
			at, what = (time.Duration(rand.IntN(15_000)) * time.Microsecond).String(), "at any time"
		}
		if !w.runs(at) {
			break
		}
		died[what]++
	}
	t.Logf("%d forgettings, %d kills: %v", people, kills, died)
	if kills < people {
		t.Errorf("%d kills for %d forgettings: it tests too little", kills, people)
	}
	w.within(func(a *app.App) {
		for _, client := range w.going {
			w.isForgotten(a, client)
		}
		for _, client := range w.stay {
			if now := w.readable(a, client); now != seen[client] || !strings.Contains(now, "留下1") {
				t.Errorf("of someone else there is %s, not %s", now, seen[client])
			}
		}
		if now := w.numbers(a); now != numbers {
			t.Errorf("the numbers are\n%s\nand were\n%s", now, numbers)
		}
		report, err := a.Verify(t.Context(), nil)
		if err != nil || !report.Whole || !report.Chains {
			t.Errorf("the log is not whole: %+v, %v", report, err)
		}
		w.foldsAnewTheSame(a)
	})
	if files := w.nothingIn(string(w.dir)); files < 3 {
		t.Errorf("only %d files were looked at", files)
	}
}

// numbers are those of all outcomes.
func (w *ward) numbers(a *app.App) string {
	w.Helper()
	answer, err := a.Outcomes(w.Context(), app.OutcomesAsked{})
	if err != nil {
		w.Fatal(err)
	}
	text, err := json.Marshal(answer.Result)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// isForgotten checks that someone's certificate is genuine, that nothing of them can be opened, and that the log says once
// that it began and once that it is done.
func (w *ward) isForgotten(a *app.App, client uuid.UUID) {
	w.Helper()
	certificate, ok, err := CertificateOf(w.Context(), a, client)
	if err != nil || !ok {
		w.Fatalf("there is no certificate: %v", err)
	}
	text, err := certificate.Text()
	if err != nil {
		w.Fatal(err)
	}
	again, err := ReadCertificate(text)
	if err != nil {
		w.Errorf("it is not genuine: %v", err)
	}
	if again.Client != client || again.Values != 8 || again.Streams != 2 || again.KeyEpoch != 1 || again.RequestedBy != "first" || again.ApprovedBy != "second" {
		w.Errorf("it says %s", text)
	}
	for _, change := range [][2]string{{`"values": 8`, `"values": 7`}, {`"second"`, `"third"`}, {client.String(), uuid.NewString()},
		{`"client"`, `"client": "` + uuid.NewString() + `", "client"`}, {`"values": 8`, `"values": 8, "Values": 8`}, {"\n}\n", "\n}\nAnd so was another.\n"}, {"\n}\n", "\n}\n{}\n"},
	} {
		if !bytes.Contains(text, []byte(change[0])) {
			w.Errorf("it does not say %s", change[0])
		}
		if _, err := ReadCertificate(bytes.Replace(text, []byte(change[0]), []byte(change[1]), 1)); err == nil {
			w.Errorf("with %s it passes for genuine", change[1])
		}
	}
	if said := w.readable(a, client); strings.Contains(said, w.mark[3:]) || !strings.Contains(said, "male") {
		w.Errorf("there is left: %s", said)
	}
	told := make(map[string]int)
	for r, err := range a.Log.Read(w.Context(), events.Stream("client", client), 1) {
		if err != nil {
			w.Fatal(err)
		}
		told[r.Event.Type()]++
	}
	if told["client.forgetting-begun"] != 1 || told["client.forgotten"] != 1 {
		w.Errorf("the log says %v", told)
	}
}

// foldsAnewTheSame checks that views which are folded anew, without the keys, are those that were purged.
func (w *ward) foldsAnewTheSame(a *app.App) {
	w.Helper()
	dump := func() (all string) {
		for _, view := range app.Views {
			text, err := projections.Dump(w.Context(), a.Views, view)
			if err != nil {
				w.Fatal(err)
			}
			all += text
		}
		return all
	}
	before := dump()
	if err := a.Projector.Rebuild(w.Context(), nil); err != nil {
		w.Fatal(err)
	}
	if dump() != before {
		w.Error("folded anew, the views are others")
	}
	for _, client := range w.going {
		if strings.Contains(before, "."+events.Stream("client", client)+"/") {
			w.Error("a view has a sealed value of someone who is forgotten")
		}
	}
}

// Every column in which a view has sealed values is one that is purged.
func TestEveryColumnWithSealedValuesIsPurged(t *testing.T) {
	w := openWard(t, 1, "")
	w.within(func(a *app.App) {
		for _, view := range app.Views {
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
		if !ok || err != nil || certificate.Values != 9 {
			t.Errorf("of nine values it says %+v, %v", certificate, err)
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
