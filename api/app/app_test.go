package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// TestMain is the second process, when it is told so.
func TestMain(m *testing.M) {
	if dir := os.Getenv("APP_TEST_OPEN"); dir != "" {
		a, err := Open(context.Background(), Dir(dir))
		if err == nil {
			err = a.Close()
		}
		fmt.Println("it says:", err)
		return
	}
	os.Exit(m.Run())
}

// housed is the Casestream of a directory, with its projector running.
func housed(t *testing.T, dir Dir, options ...Option) *App {
	t.Helper()
	a, err := Open(t.Context(), dir, options...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = a.Projector.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// newcomer is someone who is registered: the command that does it, and where.
type newcomer struct {
	events.Meta
	stream string
}

func someone() newcomer {
	now := time.Now()
	return newcomer{
		stream: events.Stream("client", uuid.New()),
		Meta:   events.Meta{CommandID: uuid.New(), Actor: uuid.NewString(), OccurredAt: now, RecordedAt: now},
	}
}

func (newcomer) called(name string) clients.RegisterClient {
	return clients.RegisterClient{Entry: uuid.New(), Details: clients.Details{Name: name}}
}

// registers records a client; it answers with the stream and the position.
func registers(t *testing.T, a *App, name string, at time.Time) (string, events.Position) {
	t.Helper()
	n := someone()
	n.OccurredAt, n.RecordedAt = at, at
	done, err := a.Clients.Do(t.Context(), n.stream, n.Meta, n.called(name))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Arrived(t.Context(), done.Position); err != nil {
		t.Fatal(err)
	}
	return n.stream, done.Position
}

// nameOf is how a client is called.
func nameOf(t *testing.T, a *App, stream string) (name string) {
	t.Helper()
	var err error
	look := a.Clients.Look(t.Context(), stream, func(c clients.Client, _ int) { name, err = c.Details.Name.Open(t.Context(), a.Keys, stream) })
	if look != nil || err != nil {
		t.Fatal(look, err)
	}
	return name
}

func TestOneProcessAtATimeWrites(t *testing.T) {
	dir := Dir(t.TempDir())
	a := housed(t, dir)
	stream, _ := registers(t, a, "小龙", time.Now())
	second := exec.CommandContext(t.Context(), os.Args[0])
	second.Env = append(os.Environ(), "APP_TEST_OPEN="+string(dir))
	out, err := second.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	said := string(out)
	for _, part := range []string{"it says: ", "process " + fmt.Sprint(os.Getpid()), string(dir)} {
		if !strings.Contains(said, part) {
			t.Errorf("the second process does not say %q: %s", part, said)
		}
	}
	if strings.Contains(said, "<nil>") || strings.Contains(said, "panic") {
		t.Errorf("the second process: %s", said)
	}
	if nameOf(t, a, stream) != "小龙" {
		t.Error("the first is disturbed")
	}
	registers(t, a, "小虎", time.Now())
}

func TestWhenTheFirstIsGoneTheNextOpens(t *testing.T) {
	dir := Dir(t.TempDir())
	first, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	housed(t, dir)
}

// A reader beside the writer sees what was recorded, and changes no byte.
func TestAReaderBesideTheWriterChangesNothing(t *testing.T) {
	dir := Dir(t.TempDir())
	a := housed(t, dir)
	stream, position := registers(t, a, "小龙", time.Now())
	before := prints(t, dir)
	b, err := OpenReader(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if b.Projector != nil || b.News != nil {
		t.Error("it projects, or rings")
	}
	if name := nameOf(t, b, stream); name != "小龙" {
		t.Errorf("it reads %q", name)
	}
	if err := b.Arrived(t.Context(), position+100); err != nil {
		t.Errorf("it waits for what it does not do: %v", err)
	}
	if _, err := b.Clients.Do(t.Context(), stream, events.Meta{CommandID: uuid.New(), Actor: "x", OccurredAt: time.Now(), RecordedAt: time.Now()},
		clients.AmendClientDetails{Entry: uuid.New(), Why: "x"}); err == nil {
		t.Error("it writes")
	}
	if _, err := b.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
	later, _ := registers(t, a, "小虎", time.Now())
	if name := nameOf(t, b, later); name != "小虎" {
		t.Errorf("of what came since it reads %q", name)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	for name, print := range prints(t, dir) {
		if filepath.Base(name) == "log.db" && before[name] != print { // the writer's go to the journal
			t.Errorf("%s is another", name)
		}
	}
	if name := nameOf(t, a, later); name != "小虎" {
		t.Errorf("afterwards the writer reads %q", name)
	}
}

// prints are the digests of the files of a directory.
func prints(t *testing.T, dir Dir) map[string][32]byte {
	t.Helper()
	all := make(map[string][32]byte)
	err := filepath.WalkDir(string(dir), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = sha256.Sum256(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAReaderOfNothingSaysHowToBegin(t *testing.T) {
	dir := Dir(t.TempDir() + "/none")
	_, err := OpenReader(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), "casestream serve") || !strings.Contains(err.Error(), string(dir)) {
		t.Errorf("it says %v", err)
	}
	if _, err := os.Stat(string(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it made the directory: %v", err)
	}
}

// Without the keys nobody can read a word. New ones would hide that, and whatever is recorded under them would be lost
// when the old ones are found: so none are made.
func TestLostKeysAreNotReplaced(t *testing.T) {
	dir := Dir(t.TempDir())
	stream := records(t, dir, "小龙")
	for _, lost := range []string{"root.key", "keys.db"} {
		kept := dir.file(lost) + ".kept"
		if err := os.Rename(dir.file(lost), kept); err != nil {
			t.Fatal(err)
		}
		for what, open := range map[string]func(context.Context, Dir, ...Option) (*App, error){"writer": Open, "reader": OpenReader} {
			a, err := open(t.Context(), dir)
			if err == nil {
				_ = a.Close()
				t.Errorf("without %s the %s opens", lost, what)
			} else if !strings.Contains(err.Error(), lost) {
				t.Errorf("without %s the %s says %v", lost, what, err)
			}
			if _, err := os.Stat(dir.file(lost)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the %s made a new %s", what, lost)
			}
		}
		if err := os.Rename(kept, dir.file(lost)); err != nil {
			t.Fatal(err)
		}
	}
	if name := nameOf(t, housed(t, dir), stream); name != "小龙" {
		t.Errorf("with the keys back it reads %q", name)
	}
}

func TestAnotherRootKeyIsRefused(t *testing.T) {
	one, other := Dir(t.TempDir()), Dir(t.TempDir())
	for _, dir := range []Dir{one, other} {
		a, err := Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(other.file("root.key"), one.file("root.key")); err != nil {
		t.Fatal(err)
	}
	if a, err := Open(t.Context(), one); err == nil {
		_ = a.Close()
		t.Error("it opens with the root key of another directory")
	}
}

func TestACloseIsDoneOnce(t *testing.T) {
	a, err := Open(t.Context(), Dir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Close(), a.Close()); err != nil {
		t.Error(err)
	}
}
