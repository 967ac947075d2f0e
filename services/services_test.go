package services_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// diary is a small state for these tests: the notes there are.
type diary struct{ notes []uuid.UUID }

func (d diary) Evolve(r events.Recorded) diary {
	if note, ok := r.Event.(events.NoteRecorded); ok {
		d.notes = append(d.notes, note.Entry)
	}
	return d
}

// note writes one note, and refuses once there are three.
type note struct {
	Entry uuid.UUID `json:"entry"`
	Text  string    `json:"text"`
}

func (n note) Decide(d diary, _ events.Meta) ([]events.Event, error) {
	if len(d.notes) == 3 {
		return nil, services.Refuse("full")
	}
	return []events.Event{events.NoteRecorded{Entered: events.Entered{Entry: n.Entry}, Kind: "process", Text: sealed.Say(n.Text)}}, nil
}

var now = time.Date(2012, 7, 2, 10, 0, 0, 0, events.Zone)

func by(command uuid.UUID) events.Meta {
	return events.Meta{CommandID: command, Actor: "worker", OccurredAt: now, RecordedAt: now}
}

func stream() string { return events.Stream("diary", uuid.New()) }

type house struct {
	log  *memory.Store
	keys *sealedtest.Keys
	desk *services.Desk[diary]
}

func open(t *testing.T) house {
	t.Helper()
	h := house{log: memory.New(), keys: &sealedtest.Keys{}}
	h.desk = h.another()
	return h
}

// another is a desk of another process on the same log.
func (h house) another() *services.Desk[diary] { return services.NewDesk[diary](h.log, h.keys) }

func (h house) facts(t *testing.T, stream string) (all []events.Recorded) {
	t.Helper()
	for r, err := range h.log.Read(t.Context(), stream, 1) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func refused(t *testing.T, err error, code string) *services.Refusal {
	t.Helper()
	var refusal *services.Refusal
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Fatalf("got %v, want the refusal %q", err, code)
	}
	return refusal
}

func TestACommandThatIsRepeatedAnswersAsTheFirstTime(t *testing.T) {
	h, s, id := open(t), stream(), uuid.New()
	cmd := note{Entry: uuid.New(), Text: "第一次谈话"}
	first, err := h.desk.Do(t.Context(), s, by(id), cmd)
	if err != nil || first.Version != 1 || first.Repeated {
		t.Fatal(first, err)
	}
	if _, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New(), Text: "另一次"}); err != nil {
		t.Fatal(err)
	}
	for name, desk := range map[string]*services.Desk[diary]{"here": h.desk, "after a restart": h.another()} {
		for asked, want := range map[uuid.UUID]bool{id: true, uuid.New(): false} {
			if did, err := desk.Did(t.Context(), s, asked); err != nil || did != want {
				t.Errorf("%s it says that it was done: %t, %v", name, did, err)
			}
		}
		again, err := desk.Do(t.Context(), s, by(id), cmd, services.AtVersion(0))
		if err != nil || !again.Repeated || again.Position != first.Position || again.Version != first.Version {
			t.Errorf("%s it answers %+v %v, first %+v", name, again, err, first)
		}
	}
	if n := len(h.facts(t, s)); n != 2 {
		t.Errorf("%d facts, want 2", n)
	}
}

func TestACommandIDIsForOneCommand(t *testing.T) {
	h, s, id := open(t), stream(), uuid.New()
	cmd := note{Entry: uuid.New(), Text: "第一次谈话"}
	if _, err := h.desk.Do(t.Context(), s, by(id), cmd, services.Sent([]byte(`{"a":1}`))); err != nil {
		t.Fatal(err)
	}
	_, err := h.desk.Do(t.Context(), s, by(id), cmd, services.Sent([]byte(`{"a":2}`)))
	refused(t, err, services.RefusedReused)
	if n := len(h.facts(t, s)); n != 1 {
		t.Errorf("%d facts, want 1", n)
	}
}

func TestAStaleCommandIsToldWhatCameSince(t *testing.T) {
	h, s := open(t), stream()
	for range 2 {
		if _, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New(), Text: "谈话"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New(), Text: "谈话"}, services.AtVersion(1))
	refusal := refused(t, err, services.RefusedStale)
	if len(refusal.Since) != 1 || refusal.Since[0].Version != 2 {
		t.Errorf("since: %v", refusal.Since)
	}
	if _, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New(), Text: "谈话"}, services.AtVersion(2)); err != nil {
		t.Error(err)
	}
}

func TestWhatIsSaidToHappenTomorrowIsRefused(t *testing.T) {
	h, s := open(t), stream()
	meta := by(uuid.New())
	meta.OccurredAt = now.Add(24 * time.Hour)
	_, err := h.desk.Do(t.Context(), s, meta, note{Entry: uuid.New()})
	refused(t, err, services.RefusedFuture)
}

func TestTwoProcessesDecideOnWhatIsTrueNow(t *testing.T) {
	h, s := open(t), stream()
	desks := []*services.Desk[diary]{h.desk, h.another(), h.another(), h.another()}
	var wait sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i := range 12 {
		wait.Go(func() {
			_, err := desks[i%len(desks)].Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New(), Text: "谈话"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			}
		})
	}
	wait.Wait()
	if facts := h.facts(t, s); done != 3 || len(facts) != 3 {
		t.Errorf("%d done and %d facts: the rule allows three", done, len(facts))
	}
}

func TestARefusalRemembersNothing(t *testing.T) {
	h, s, id := open(t), stream(), uuid.New()
	for range 3 {
		if _, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New()}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		_, err := h.desk.Do(t.Context(), s, by(id), note{Entry: uuid.New()})
		refused(t, err, "full")
	}
	if n := len(h.facts(t, s)); n != 3 {
		t.Errorf("%d facts, want 3", n)
	}
}

// lost is a log that keeps what it is given, and then does not answer.
type lost struct{ events.Store }

func (l lost) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	if _, err := l.Store.Append(ctx, stream, expected, meta, facts...); err != nil {
		return 0, err
	}
	return 0, events.ErrUnavailable
}

func TestAnAnswerThatWasLostIsGivenToTheRetry(t *testing.T) {
	h, s, id := open(t), stream(), uuid.New()
	cmd := note{Entry: uuid.New(), Text: "谈话"}
	desk := services.NewDesk[diary](lost{h.log}, h.keys)
	if _, err := desk.Do(t.Context(), s, by(id), cmd); !errors.Is(err, events.ErrUnavailable) {
		t.Fatal(err)
	}
	done, err := desk.Do(t.Context(), s, by(id), cmd)
	if err != nil || !done.Repeated || done.Version != 1 {
		t.Errorf("%+v %v", done, err)
	}
	if n := len(h.facts(t, s)); n != 1 {
		t.Errorf("%d facts, want 1", n)
	}
}

func TestNothingIsRecordedOfSomeoneWhoWasForgotten(t *testing.T) {
	h, s := open(t), stream()
	h.keys.Forget(s)
	if _, err := h.desk.Do(t.Context(), s, by(uuid.New()), note{Entry: uuid.New(), Text: "谈话"}); !errors.Is(err, sealed.ErrForgotten) {
		t.Errorf("got %v", err)
	}
}

// A number or a code about someone who was forgotten is recorded, and a retry of what was done before answers.
func TestOfSomeoneWhoWasForgottenNumbersAreRecorded(t *testing.T) {
	h, s := open(t), stream()
	before := note{Entry: uuid.New(), Text: "谈话"}
	first := by(uuid.New())
	if _, err := h.desk.Do(t.Context(), s, first, before); err != nil {
		t.Fatal(err)
	}
	h.keys.Forget(s)
	h.desk.Drop(s)
	wordless, then := note{Entry: uuid.New()}, by(uuid.New())
	done, err := h.desk.Do(t.Context(), s, then, wordless)
	if err != nil || done.Version != 2 {
		t.Errorf("a fact without words: %+v, %v", done, err)
	}
	for what, again := range map[string]struct {
		meta events.Meta
		cmd  note
	}{"of before": {first, before}, "of since": {then, wordless}} {
		done, err := h.another().Do(t.Context(), s, again.meta, again.cmd)
		if err != nil || !done.Repeated {
			t.Errorf("a retry %s: %+v, %v", what, done, err)
		}
	}
	if n := len(h.facts(t, s)); n != 2 {
		t.Errorf("%d facts", n)
	}
}
