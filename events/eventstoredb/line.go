package eventstoredb

import (
	"context"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/metadata"
)

// line is one client, and so one connection. It is closed when the last call over it has come back, never under a
// call: the client panics then. A call that the client never answers keeps its line, and nothing else.
type line struct {
	client *esdb.Client
	door   *door

	mu      sync.Mutex
	calls   int
	retired bool
	idle    chan struct{}   // closed when it is retired and nobody uses it
	over    context.Context // ends when it is retired
	end     context.CancelFunc

	pulse sync.Mutex
	felt  time.Time // when it was last asked whether anyone is there
	beats bool      // the answer
}

// newLine makes a client. It does not connect before it is asked something.
func newLine(config esdb.Configuration) (*line, error) {
	l := &line{door: &door{}, idle: make(chan struct{})}
	l.over, l.end = context.WithCancel(context.Background())
	config.Logger = l.door.logger
	client, err := esdb.NewClient(&config)
	l.client = client
	return l, err
}

// take is for whoever calls, and tells whether the line is still good; put comes after it.
func (l *line) take() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retired {
		return false
	}
	l.calls++
	return true
}

func (l *line) put() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls--
	l.hangUp()
}

// retire lets nobody call over it any more.
func (l *line) retire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.retired {
		l.retired = true
		l.end()
		l.hangUp()
	}
}

func (l *line) hangUp() {
	if l.retired && l.calls == 0 {
		_ = l.client.Close() // says nothing
		close(l.idle)
	}
}

// How long a call may go unanswered before the server is asked whether it is there, and how long it has to say so.
const (
	unease  = time.Second
	silence = 800 * time.Millisecond
)

// aMoment is how much later than its caller the client hears that nobody waits any more. Told while it sends an append, it
// looks at the answer's headers without a lock while gRPC writes them (4.2.0, when Send fails); sending takes no moment.
const aMoment = 50 * time.Millisecond

// call asks over a line that was taken, and puts it back. The client may hang whatever its context says, so it is waited
// for from outside. Without an answer for a while it matters whether the server is alive: one that is slow gets its
// time, one that is away does not. What comes too late goes nowhere.
func call[T any](ctx context.Context, l *line, limit time.Duration, alive func() bool, ask func(context.Context, *esdb.Client) (T, error)) (T, error) {
	asking, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	telling, tell := context.WithCancel(leading(context.WithoutCancel(ctx)))
	type answer struct {
		of  T
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		defer l.put()
		defer tell()
		of, err := visited(telling, l, ask)
		answers <- answer{of, err}
	}()
	uneasy := time.NewTimer(unease)
	defer uneasy.Stop()
	for {
		select {
		case a := <-answers:
			return a.of, a.err
		case <-uneasy.C:
			if alive() {
				continue // until the limit
			}
		case <-asking.Done():
		}
		select {
		case a := <-answers: // after all
			return a.of, a.err
		default:
			time.AfterFunc(aMoment, tell)
			var none T
			return none, errSilent
		}
	}
}

// visited asks the client of a line that has not lost its server.
func visited[T any](ctx context.Context, l *line, ask func(context.Context, *esdb.Client) (T, error)) (T, error) {
	visit, ok := l.door.enter(ctx)
	if !ok {
		var none T
		return none, errLost
	}
	defer visit.in()
	return ask(visit, l.client)
}

// leading says that only the leader may answer. The client means to say so, and tells nobody but itself.
func leading(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "requires-leader", "true")
}

// alive tells whether the server answers anything at all: one question for all who have become uneasy.
func (l *line) alive() bool {
	l.pulse.Lock()
	defer l.pulse.Unlock()
	if time.Since(l.felt) < unease {
		return l.beats
	}
	ctx, cancel := context.WithTimeout(context.Background(), silence)
	defer cancel()
	answered := make(chan error, 1)
	if !l.take() {
		return false
	}
	go func() {
		defer l.put()
		_, err := visited(ctx, l, readIdentity)
		answered <- err
	}()
	select {
	case err := <-answered:
		l.beats = err == nil
	case <-ctx.Done():
		l.beats = false
	}
	l.felt = time.Now()
	return l.beats
}
