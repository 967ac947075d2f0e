package eventstoredb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
)

// patience is how long somebody waits for a server that is away. Whoever comes when it has been away for longer is told
// at once; it is looked for all the while, with a pause that grows from shortest to longest.
const (
	patience = 1800 * time.Millisecond
	shortest = 10 * time.Millisecond
	longest  = 500 * time.Millisecond
)

// lines keeps one line to the server that works, and looks for a new one when it breaks. The client would look for the
// server by itself, but it gives up for good after a while, and whoever asks it meanwhile hangs; so a client that
// lost its server is left, and another one is made.
type lines struct {
	dial  func(context.Context) (*line, error) // answers with a line over which our log was found
	limit time.Duration                        // of one answer
	life  context.Context
	end   context.CancelFunc

	mu     sync.Mutex
	line   *line   // nil: there is none that works
	search *search // nil: nobody looks for one
}

// search is the search for a server since it was lost.
type search struct {
	since time.Time
	met   error         // last; guarded by the mutex of the lines
	over  chan struct{} // closed when there is a line, or will never be one: then err says why
	err   error
}

func newLines(limit time.Duration, dial func(context.Context) (*line, error)) *lines {
	ls := &lines{dial: dial, limit: limit}
	ls.life, ls.end = context.WithCancel(context.Background())
	return ls
}

// ask makes a call, and makes it again as long as that may help and patience lasts. So what is asked must be harmless to
// ask twice. When it stops without an answer, what became of the call is not known: events.ErrUnavailable.
// No more are asked at the same time than there are places.
func ask[T any](ctx context.Context, ls *lines, places chan struct{}, question func(context.Context, *esdb.Client) (T, error)) (T, error) {
	var none T
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ls.life, cancel)()
	until := time.Now().Add(patience)
	for pause := shortest; ; pause = min(2*pause, longest) {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return none, ls.ended(ctx)
		}
		answer, err := once(ctx, ls, until, question)
		<-places
		if err == nil {
			return answer, nil
		}
		if ended := ls.ended(ctx); ended != nil {
			return none, ended
		}
		again, err := verdict(err)
		if !again {
			return none, err
		}
		if time.Now().Add(pause).After(until) {
			return none, unavailable(err)
		}
		rest(ctx, pause)
	}
}

func once[T any](ctx context.Context, ls *lines, until time.Time, question func(context.Context, *esdb.Client) (T, error)) (answer T, err error) {
	l, err := ls.reach(ctx, until)
	if err != nil {
		return answer, err
	}
	answer, err = call(ctx, l, ls.limit, l.alive, question)
	if err != nil && ctx.Err() == nil && broken(err) {
		ls.lose(l)
	}
	return answer, err
}

// reach answers with a line that is taken: call puts it back.
func (ls *lines) reach(ctx context.Context, until time.Time) (*line, error) {
	for {
		if err := ls.ended(ctx); err != nil {
			return nil, err
		}
		l, search := ls.take()
		if l != nil {
			return l, nil
		}
		if told := search.since.Add(patience); told.Before(until) {
			until = told
		}
		enough := time.NewTimer(time.Until(until))
		select {
		case <-search.over:
		case <-enough.C:
		case <-ctx.Done():
		}
		enough.Stop()
		if err, over := ls.outcome(search); over && err != nil {
			return nil, err
		} else if !over && !time.Now().Before(until) {
			return nil, unavailable(err)
		}
	}
}

// take takes the line, or begins to look for one.
func (ls *lines) take() (*line, *search) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.line != nil && ls.line.take() {
		return ls.line, nil
	}
	if ls.search == nil {
		ls.search = &search{since: time.Now(), over: make(chan struct{}), met: errSilent}
		go ls.look(ls.search)
	}
	return nil, ls.search
}

// outcome is what a search has met, and whether it is over.
func (ls *lines) outcome(s *search) (err error, over bool) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	select {
	case <-s.over:
		return s.err, true
	default:
		return s.met, false
	}
}

// look dials until somebody answers who has our log, or who will never let us in.
func (ls *lines) look(s *search) {
	for pause := shortest; ; pause = min(2*pause, longest) {
		l, err := ls.dial(ls.life)
		if err == nil {
			if err = l.watch(ls.limit, ls.lose); err != nil {
				l.retire()
				l = nil
			}
		}
		again := false
		if err != nil {
			again, err = verdict(err)
		}
		ls.mu.Lock()
		if ended := ls.life.Err() != nil; !again || ended {
			if ended && l != nil {
				l.retire()
			}
			ls.line, ls.search, s.err = l, nil, err
			close(s.over)
			ls.mu.Unlock()
			return
		}
		s.met = err
		ls.mu.Unlock()
		rest(ls.life, pause)
	}
}

// lose gives up a line that broke.
func (ls *lines) lose(l *line) {
	ls.mu.Lock()
	if ls.line == l {
		ls.line = nil
	}
	ls.mu.Unlock()
	l.retire()
}

// close ends every call, and waits a moment for those who make one.
func (ls *lines) close() {
	ls.end()
	l, search := ls.now()
	if search != nil {
		<-search.over
		l, _ = ls.now()
	}
	if l == nil {
		return
	}
	ls.lose(l)
	select {
	case <-l.idle:
	case <-time.After(silence): // the client never answered somebody
	}
}

func (ls *lines) now() (*line, *search) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.line, ls.search
}

// ended is why nobody waits any more.
func (ls *lines) ended(ctx context.Context) error {
	if ls.life.Err() != nil {
		return events.ErrClosed
	}
	return ctx.Err()
}

func unavailable(err error) error {
	if errors.Is(err, events.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", events.ErrUnavailable, err)
}

// rest waits for half of a pause, and for a part of the other half: not everybody comes back at the same time.
func rest(ctx context.Context, pause time.Duration) {
	over := time.NewTimer(pause/2 + rand.N(pause/2))
	defer over.Stop()
	select {
	case <-over.C:
	case <-ctx.Done():
	}
}
