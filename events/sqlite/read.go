package sqlite

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
)

// A page is what is read at once: the connection goes back before anybody sees the first event of it.
const (
	pageRows  = 256
	pageLimit = ` LIMIT 256` // written out: SQLite prepares a statement anew each time that its LIMIT is bound
	pageBytes = 1 << 20
)

const (
	// tick is how soon a reader beside the writing process sees what is new.
	tick = 100 * time.Millisecond
	// apart are two looks of one who follows, at least. What comes after a silence is seen at once; where hundreds of
	// commits come in a second, to look after each of them would cost as much as a tenth of what is written.
	apart = 20 * time.Millisecond
)

// placed is a row with the name of its stream.
type placed struct {
	row
	stream string
}

// Read yields nothing, without asking the file, when the writer knows that there is nothing.
func (s *Store) Read(ctx context.Context, stream string, from int) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		if err := s.read(ctx, stream, max(from, 1), yield); err != nil {
			yield(events.Recorded{}, fmt.Errorf("reading %s: %w", stream, err))
		}
	}
}

func (s *Store) read(ctx context.Context, stream string, from int, yield func(events.Recorded, error) bool) error {
	for next := from; ; {
		if err := s.ended(ctx); err != nil {
			return err
		}
		if s.writer != nil {
			if h, known := s.writer.heads.Get(stream); known && next > h.version {
				return nil
			}
		}
		rows, more, err := page(ctx, s, readPlaces,
			func(stmt *sqlite.Stmt) { stmt.BindText(1, stream); stmt.BindInt64(2, int64(next)) }, scan)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if s.writer != nil && uint64(r.position) > s.head.Load() {
				return nil // durable, and about to be told: whoever asks again must not see less than now
			}
			if r.version != next {
				return fmt.Errorf("%w: version %d is missing", events.ErrDamaged, next)
			}
			if on, err := s.yield(ctx, r.row, stream, yield); !on || err != nil {
				return err
			}
			next++
		}
		if !more {
			return nil
		}
	}
}

func (s *Store) ReadAll(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return s.readAll(ctx, after, everywhere)
}

func (s *Store) readAll(ctx context.Context, after events.Position, l looks) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		head, err := s.Head(ctx)
		if err == nil {
			_, _, err = s.walk(ctx, after, head, l, yield)
		}
		if err != nil {
			yield(events.Recorded{}, fmt.Errorf("reading the log: %w", err))
		}
	}
}

// Follow ends with the reason as its last word: the context's error, or events.ErrClosed.
func (s *Store) Follow(ctx context.Context, after events.Position) iter.Seq2[events.Recorded, error] {
	return s.followAll(ctx, after, everywhere)
}

func (s *Store) followAll(ctx context.Context, after events.Position, l looks) iter.Seq2[events.Recorded, error] {
	return func(yield func(events.Recorded, error) bool) {
		if err := s.follow(ctx, after, l, yield); err != nil {
			yield(events.Recorded{}, fmt.Errorf("following the log: %w", err))
		}
	}
}

func (s *Store) follow(ctx context.Context, after events.Position, l looks, yield func(events.Recorded, error) bool) error {
	var ticks <-chan time.Time
	if s.writer == nil {
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for said := false; ; {
		looked, news := time.Now(), s.news.next()
		head, err := s.Head(ctx)
		if err != nil {
			return err
		}
		var on bool
		if after, on, err = s.walk(ctx, after, head, l, yield); !on || err != nil {
			return err
		}
		if !said && !yield(events.Recorded{}, nil) {
			return nil
		}
		said = true
		select {
		case <-news:
			s.sleep(ctx, apart-time.Since(looked))
		case <-ticks:
		case <-ctx.Done():
		case <-s.closed:
		}
	}
}

// sleep waits so long, or until nobody follows any more.
func (s *Store) sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	case <-s.closed:
	}
}

// walk yields what is after one position up to another. It says how far it came and whether more is wanted.
func (s *Store) walk(ctx context.Context, after, upTo events.Position, l looks, yield func(events.Recorded, error) bool) (events.Position, bool, error) {
	for after < upTo {
		rows, _, err := page(ctx, s, `SELECT position, version, type, `+l.columns+`, name
			FROM events LEFT JOIN streams ON streams.id = events.stream
			WHERE position > ? AND position <= ? ORDER BY position`+pageLimit,
			func(stmt *sqlite.Stmt) { stmt.BindInt64(1, int64(after)); stmt.BindInt64(2, int64(upTo)) }, scan)
		if err != nil {
			return after, false, err
		}
		if len(rows) == 0 {
			return after, false, fmt.Errorf("%w: position %d is missing", events.ErrDamaged, after+1)
		}
		for _, r := range rows {
			if r.position != after+1 || r.stream == "" {
				return after, false, fmt.Errorf("%w: position %d or its stream is missing", events.ErrDamaged, after+1)
			}
			var on bool
			if l.at(r.stream) {
				on, err = s.yield(ctx, r.row, r.stream, yield)
			} else if err = s.ended(ctx); err == nil {
				on = yield(events.Recorded{Position: r.position, Stream: r.stream, Version: r.version, Event: events.Unread{Name: r.name}}, nil)
			}
			if !on || err != nil {
				return after, false, err
			}
			after = r.position
		}
	}
	return after, true, nil
}

func (s *Store) yield(ctx context.Context, r row, stream string, yield func(events.Recorded, error) bool) (bool, error) {
	if err := s.ended(ctx); err != nil {
		return false, err
	}
	recorded, err := r.recorded(stream)
	if err != nil {
		return false, fmt.Errorf("position %d, version %d of %s: %w", r.position, r.version, stream, err)
	}
	return yield(recorded, nil), nil
}

// page copies rows out of the file, and tells whether there may be more. The query ends with pageLimit;
// scan also says how big a row is.
func page[T any](ctx context.Context, s *Store, query string, bind func(*sqlite.Stmt), scan func(*sqlite.Stmt) (T, int)) (rows []T, more bool, err error) {
	err = s.readers.with(ctx, func(conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(query)
		if err != nil {
			return err
		}
		defer stmt.Reset()
		bind(stmt)
		for size := 0; len(rows) < pageRows && size < pageBytes; {
			there, err := stmt.Step()
			if err != nil || !there {
				return err
			}
			r, bytes := scan(stmt)
			rows, size = append(rows, r), size+bytes
		}
		more = true
		return nil
	})
	return rows, more, err
}

// scan reads the columns position, version, type, meta, data and the name of the stream, where it is asked for.
func scan(stmt *sqlite.Stmt) (placed, int) {
	r := placed{row: row{
		position: events.Position(stmt.ColumnInt64(0)), version: stmt.ColumnInt(1),
		name: stmt.ColumnText(2), meta: stmt.ColumnText(3), data: stmt.ColumnText(4),
	}, stream: stmt.ColumnText(5)}
	return r, len(r.meta) + len(r.data)
}
