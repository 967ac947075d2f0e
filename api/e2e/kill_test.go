package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/google/uuid"
)

// TestKilled fires commands from 16 clients at the real binary, kills it with -9 at random, starts it again, and checks
// every command that was acknowledged against the clients' own ledger: nothing lost, nothing doubled, nothing moved.
// Commands whose answer did not arrive are sent again under their id, and must then be there once. KILLS says how often.
func TestKilled(t *testing.T) { killed(t, kills()) }

// The same with views, keys and tokens in PostgreSQL.
func TestPostgreSQLUnderAServerThatIsKilled(t *testing.T) {
	t.Setenv("CASESTREAM_VIEWS", pgtest.New(t, pgtest.Durable).Place())
	killed(t, max(kills()/5, 1))
}

func kills() int {
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil && n > 0 {
		return n
	}
	return 100
}

func killed(t *testing.T, kills int) {
	o := open(t)
	ledger := &ledger{acknowledged: make(map[uuid.UUID]receipt)}
	writers := make([]*writer, 16)
	for i := range writers {
		writers[i] = &writer{worker: o.worker.token, ledger: ledger, dice: rand.New(rand.NewPCG(uint64(i), 1))}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	s, longest := o.server, 0
	for n := range kills {
		ctx, stop := context.WithCancel(t.Context())
		var busy sync.WaitGroup
		for _, w := range writers {
			busy.Go(func() { w.write(ctx, s.address+"/api/v1") })
		}
		time.Sleep(time.Duration(20+dice.IntN(180)) * time.Millisecond) // when it is killed, not what is waited for
		s.kill()
		stop()
		busy.Wait()
		s = start(t, o.dir)
		ledger.check(t, o.dir)
		if t.Failed() {
			t.Fatalf("after kill %d", n+1)
		}
		longest = max(longest, len(ledger.acknowledged))
	}
	for _, w := range writers {
		w.settle(t, s.address+"/api/v1")
	}
	ledger.check(t, o.dir)
	s.stop()
	if report, err := sqlite.Verify(t.Context(), o.dir+"/log.db", nil); err != nil || !report.Whole() {
		t.Errorf("the log is not whole: %v %v", report.Faults, err)
	}
	t.Logf("%d kills, %d commands acknowledged, %d of them under a retry, %d wrong answers", kills, longest, ledger.retried, len(ledger.wrong))
	if longest < kills {
		t.Errorf("only %d commands in %d cycles: it tests nothing", longest, kills)
	}
}

// receipt is what a command was answered with.
type receipt struct {
	Stream   string          `json:"stream"`
	Version  int             `json:"version"`
	Position events.Position `json:"position"`
}

// ledger is what the clients know to be recorded.
type ledger struct {
	sync.Mutex
	acknowledged map[uuid.UUID]receipt
	retried      int
	wrong        []string

	seen map[uuid.UUID]receipt // in the log
	at   events.Position
}

func (l *ledger) acknowledge(command uuid.UUID, r receipt) {
	l.Lock()
	defer l.Unlock()
	if before, ok := l.acknowledged[command]; ok && before != r {
		l.wrong = append(l.wrong, fmt.Sprintf("%s was answered %v, and then %v", command, before, r))
	}
	l.acknowledged[command] = r
}

func (l *ledger) fault(format string, args ...any) {
	l.Lock()
	defer l.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// check reads on in the log and compares.
func (l *ledger) check(t *testing.T, dir string) {
	t.Helper()
	l.Lock()
	defer l.Unlock()
	log, err := sqlite.OpenReader(t.Context(), dir+"/log.db")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if l.seen == nil {
		l.seen = make(map[uuid.UUID]receipt)
	}
	head, err := log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if head < l.at {
		t.Errorf("the log ends at %s and ended at %s before", head, l.at)
		return
	}
	for r, err := range log.ReadAll(t.Context(), l.at) {
		if err != nil {
			t.Fatal(err)
		}
		l.at = r.Position
		if twice, ok := l.seen[r.Meta.CommandID]; ok && twice.Stream == r.Stream {
			t.Errorf("command %s stands twice: %v and version %d", r.Meta.CommandID, twice, r.Version)
		}
		l.seen[r.Meta.CommandID] = receipt{r.Stream, r.Version, r.Position}
	}
	for command, r := range l.acknowledged {
		if there, ok := l.seen[command]; !ok || there != r {
			t.Errorf("command %s was acknowledged as %v, in the log it is %v (%v)", command, r, there, ok)
			break
		}
	}
	for _, wrong := range l.wrong[:min(3, len(l.wrong))] {
		t.Error(wrong)
	}
}

// writer is one client. It knows which of its commands it has no answer to.
type writer struct {
	worker  string
	ledger  *ledger
	dice    *rand.Rand
	person  *person
	pending *command
	last    *command
	caseID  string
	notes   int
}

type command struct {
	id   uuid.UUID
	path string
	body []byte
	sent int
}

// write sends one command after another until nobody answers.
func (w *writer) write(ctx context.Context, api string) {
	p := someone(w.worker) // a phone that comes back has new connections
	w.person = &p
	for ctx.Err() == nil {
		again := w.last != nil && w.dice.IntN(10) == 0
		switch {
		case w.pending != nil:
		case again:
			w.pending = w.last // a double click
		default:
			w.pending = w.next()
		}
		if !w.send(ctx, api) {
			return
		}
	}
}

// next is a new command: a case is opened, with its client, then notes are recorded in it.
func (w *writer) next() *command {
	id := uuid.Must(uuid.NewV7())
	if w.caseID == "" || w.notes == 30 {
		w.caseID, w.notes = newID(), 0
		body, _ := json.Marshal(map[string]any{
			"entry": newID(), "client": newID(), "category": "street_child", "project": project, "site": site,
			"source": "outreach", "urgency": "routine", "problem": "在火车站独自过夜",
			"register": map[string]any{"entry": newID(), "name": "小龙", "birth": "2000-05-01"},
		})
		return &command{id: id, path: "/cases/" + w.caseID + "/intake", body: body}
	}
	w.notes++
	body, _ := json.Marshal(map[string]any{"entry": newID(), "kind": "process", "text": fmt.Sprintf("第%d次谈话𠮷", w.notes)})
	return &command{id: id, path: "/cases/" + w.caseID + "/notes", body: body}
}

// send sends what is pending; false: there was no answer.
func (w *writer) send(ctx context.Context, api string) bool {
	c := w.pending
	c.sent++
	a, err := w.person.ask(ctx, http.MethodPost, api+c.path, c.body, "Idempotency-Key", c.id.String())
	if err != nil {
		return false
	}
	if a.status == http.StatusServiceUnavailable { // it said no, or does not know
		return false
	}
	var r receipt
	if a.status != http.StatusCreated || json.Unmarshal(a.raw, &r) != nil {
		w.ledger.fault("command %s, sent %d times: %d %s", c.id, c.sent, a.status, a.raw)
		w.pending = nil
		return true
	}
	w.ledger.acknowledge(c.id, r)
	if c.sent > 1 {
		w.ledger.Lock()
		w.ledger.retried++
		w.ledger.Unlock()
	}
	w.pending, w.last = nil, c
	return true
}

// settle sends what was never answered.
func (w *writer) settle(t *testing.T, api string) {
	t.Helper()
	if w.pending == nil {
		return
	}
	p := someone(w.worker)
	w.person = &p
	if !w.send(t.Context(), api) {
		t.Errorf("no answer from a server that nobody kills")
	}
}
