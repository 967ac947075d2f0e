package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sqlite/internal/groupcommit"
	"zombiezen.com/go/sqlite"
)

// request is an append that waits for its answer.
type request struct {
	draft
	ctx  context.Context
	done chan answer // has room for it: the writer waits for nobody

	answer        // the writer's, until it gives it
	answered bool // so is this
}

// answer is the position of the last event, or why there is none.
type answer struct {
	position events.Position
	err      error
}

// writer is the one goroutine that writes: it takes what waits, commits it in one transaction, and answers.
type writer struct {
	store   *Store
	conn    *sqlite.Conn
	queue   *groupcommit.Queue[*request]
	heads   *heads
	stopped chan struct{} // nil until it runs

	begin, commit, rollback func() error // a test makes commit fail

	last    events.Position // given, and durable
	streams int64           // rows of streams, likewise
	failed  error           // the disk failed: what is on it is not known until the log is opened again
	pages   int             // in the WAL, about, since the last checkpoint
	places  int             // rows of new_places
	scratch []byte

	enoughPages, enoughPlaces int // a test has fewer
}

func newWriter(s *Store, conn *sqlite.Conn) *writer {
	do := func(statement string) func() error {
		return func() error { return run(conn, statement, nil) }
	}
	return &writer{
		store: s, conn: conn, heads: newHeads(rememberedHeads),
		queue:       groupcommit.New(func(r *request) int { return r.Size() }),
		enoughPages: enoughPages, enoughPlaces: enoughPlaces,
		begin: do(`BEGIN IMMEDIATE`), commit: do(`COMMIT`), rollback: do(`ROLLBACK`),
	}
}

// start looks where the log ends and begins to write there.
func (w *writer) start() error {
	if err := w.look(); err != nil {
		return err
	}
	w.store.head.Store(uint64(w.last))
	w.stopped = make(chan struct{})
	go w.run()
	return nil
}

// stop answers everything that waits; what comes later is refused.
func (w *writer) stop() {
	w.queue.Close()
	if w.stopped != nil {
		<-w.stopped
	}
}

func (w *writer) look() error {
	last, err := number(w.conn, `SELECT coalesce(max(position), 0) FROM events`)
	if err != nil {
		return err
	}
	w.last = events.Position(last)
	if w.streams, err = number(w.conn, `SELECT coalesce(max(id), 0) FROM streams`); err != nil {
		return err
	}
	places, err := number(w.conn, `SELECT count(*) FROM new_places`)
	w.places = int(places)
	return err
}

// append is the caller's side.
func (w *writer) append(ctx context.Context, stream string, expected int, meta events.Meta, facts []events.Event) (events.Position, error) {
	if err := w.store.ended(ctx); err != nil {
		return 0, err
	}
	d, err := drafted(stream, expected, meta, facts)
	if err != nil {
		return 0, err
	}
	r := &request{draft: d, ctx: ctx, done: make(chan answer, 1)}
	if !w.queue.Add(r) {
		return 0, events.ErrClosed
	}
	select {
	case a := <-r.done:
		return a.position, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		batch := w.queue.Take()
		if len(batch) == 0 {
			return
		}
		w.write(batch)
		give(batch)
		w.bringPlaces(batch)
		w.checkpoint(batch)
	}
}

// write commits a batch and fills in the answers. A statement that fails unexpectedly concerns, most likely, one
// append, or the log is not as the writer remembers it: then it looks again, and writes each append in its own
// transaction. When the disk fails, none is kept.
func (w *writer) write(batch []*request) {
	surprise, err := w.try(batch)
	if !surprise || w.again() != nil {
		w.settle(batch, surprise, err)
		return
	}
	for i := range batch {
		alone := batch[i : i+1]
		surprise, err := w.try(alone)
		w.settle(alone, surprise, err)
	}
}

// try writes a batch in one transaction. A surprise is an error that the disk and its space do not explain.
func (w *writer) try(batch []*request) (surprise bool, err error) {
	if w.failed != nil {
		return false, w.failed
	}
	for _, r := range batch {
		r.answer = answer{}
	}
	t := &turn{w: w, last: w.last, placed: w.last, streams: w.streams, heads: map[string]head{}}
	surprise, err = w.transact(func() error {
		for _, r := range batch {
			if err := t.append(r); err != nil {
				return err
			}
		}
		if err := t.place(); err != nil {
			return err
		}
		if ackEarly {
			give(batch)
		}
		return nil
	})
	if err == nil {
		w.publish(t)
	}
	return surprise, err
}

// settle answers a batch that failed.
func (w *writer) settle(batch []*request, surprise bool, err error) {
	if err == nil {
		return
	}
	err = w.judge(surprise, err)
	for _, r := range batch {
		r.answer = answer{err: err}
	}
}

// judge decides whether the writer may go on after an error, and says what it means to whoever waits.
func (w *writer) judge(surprise bool, err error) error {
	err = failure(err)
	switch {
	case w.failed != nil || passes(err):
	case errors.Is(err, events.ErrDamaged):
		w.failed = err
	case !surprise:
		err = fmt.Errorf("%w until it is opened again: %w", events.ErrUnavailable, err)
		w.failed = err
	}
	return err
}

// transact does something in a transaction.
func (w *writer) transact(do func() error) (surprise bool, err error) {
	if err := w.begin(); err != nil {
		return false, err
	}
	if err = do(); err == nil {
		if err = w.commit(); err == nil {
			return false, nil
		}
	} else {
		switch sqlite.ErrCode(err).ToPrimary() {
		case sqlite.ResultFull, sqlite.ResultIOErr, sqlite.ResultCorrupt, sqlite.ResultNoMem:
		default:
			surprise = true
		}
	}
	if !w.conn.AutocommitEnabled() {
		if undo := w.rollback(); undo != nil {
			return false, errors.Join(err, undo)
		}
	}
	return surprise, err
}

// again makes the writer forget what it thought to know.
func (w *writer) again() error {
	w.heads.Clear()
	return w.look()
}

// publish lets readers see what is durable now. Only then is it answered.
func (w *writer) publish(t *turn) {
	for stream, is := range t.heads {
		w.heads.Put(stream, is)
	}
	w.streams = t.streams
	if t.last == w.last {
		return
	}
	w.last = t.last
	w.store.head.Store(uint64(t.last))
	w.store.news.rings()
}

// give lets go who waits and has no answer yet.
func give(batch []*request) {
	for _, r := range batch {
		if !r.answered {
			r.answered = true
			r.done <- r.answer
		}
	}
}

// run executes a statement that answers no rows. It is prepared once for each connection.
func run(conn *sqlite.Conn, statement string, bind func(*sqlite.Stmt)) error {
	stmt, err := conn.Prepare(statement)
	if err != nil {
		return err
	}
	if bind != nil {
		bind(stmt)
	}
	if _, err := stmt.Step(); err != nil {
		return err
	}
	return stmt.Reset()
}
