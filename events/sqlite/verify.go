package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Report is what Verify found. A log that was cut off at its end has no faults: whoever knows how long it once was (a
// checkpoint, a signed head) compares that with Head.
type Report struct {
	Log     uuid.UUID       `json:"log"`
	Head    events.Position `json:"head"`
	Events  int             `json:"events"`
	Streams int             `json:"streams"`
	// Faults are the first of all that were found; they name places, never what stands there.
	Faults   []Fault `json:"faults,omitempty"`
	FaultsIn int     `json:"faults_in_all"`
}

// Fault is one thing that is not as it was written.
type Fault struct {
	Position events.Position `json:"position,omitempty"` // 0: of the file, not of an event
	Stream   string          `json:"stream,omitempty"`
	Version  int             `json:"version,omitempty"`
	What     string          `json:"what"`
}

const faultsShown = 20

// Whole tells that nothing was found.
func (r Report) Whole() bool { return r.FaultsIn == 0 }

func (r *Report) fault(f Fault) {
	if r.FaultsIn++; len(r.Faults) < faultsShown {
		r.Faults = append(r.Faults, f)
	}
}

// Verify walks a log, also one that is being written, up to the head it had when it began: positions and versions without
// gaps, every stream's chain, every fact readable, the file sound. It takes no lock, but its last part is one long read:
// the WAL of a busy log grows meanwhile. progress may be nil. Its error says that the walk could not go on; what was
// found until then is in the report.
func Verify(ctx context.Context, path string, progress func(events.Position)) (Report, error) {
	s, err := OpenReader(ctx, path)
	if err != nil {
		return Report{}, err
	}
	report, err := s.Verify(ctx, progress)
	return report, errors.Join(err, s.Close())
}

// Verify is the function of that name on a log that is open.
func (s *Store) Verify(ctx context.Context, progress func(events.Position)) (Report, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return Report{}, err
	}
	v := &verifier{Report: Report{Log: s.id, Head: head}, start: chainStart(s.id)}
	for v.at < head {
		if err := s.ended(ctx); err != nil {
			return v.Report, fmt.Errorf("verifying from position %d: %w", v.at+1, err)
		}
		links, _, err := page(ctx, s, `SELECT e.position, e.version, e.type, e.meta, e.data, streams.name, e.hash, b.position, b.hash,
				(SELECT position FROM placed WHERE stream = e.stream AND version = e.version)
			FROM events AS e LEFT JOIN streams ON streams.id = e.stream
			LEFT JOIN events AS b ON b.stream = e.stream AND b.version = e.version - 1
				AND b.position = (SELECT position FROM placed WHERE stream = e.stream AND version = e.version - 1)
			WHERE e.position > ? AND e.position <= ? ORDER BY e.position`+pageLimit,
			func(stmt *sqlite.Stmt) { stmt.BindInt64(1, int64(v.at)); stmt.BindInt64(2, int64(head)) }, linked)
		if errors.Is(err, events.ErrDamaged) {
			v.fault(Fault{Position: v.at + 1, What: "cannot be read, nor what is after it"})
			break
		}
		if err != nil {
			return v.Report, fmt.Errorf("verifying from position %d: %w", v.at+1, err)
		}
		for _, l := range links {
			v.check(l)
		}
		if len(links) == 0 {
			v.missing(head + 1)
		}
		if progress != nil {
			progress(v.at)
		}
	}
	if err := s.inspect(ctx, v); err != nil {
		return v.Report, fmt.Errorf("verifying the file: %w", err)
	}
	return v.Report, nil
}

// inspect asks the engine whether its pages and indexes fit each other.
func (s *Store) inspect(ctx context.Context, v *verifier) error {
	err := s.readers.with(ctx, func(conn *sqlite.Conn) error {
		conn.SetInterrupt(ctx.Done())
		defer conn.SetInterrupt(nil)
		// Each event has its own place: that was seen on the walk. So there are as many.
		more, err := number(conn, `SELECT (SELECT count(*) FROM placed) - (SELECT count(*) FROM events)`)
		if err != nil {
			return err
		}
		if more != 0 {
			v.fault(Fault{What: fmt.Sprintf("there are %d more places than events", more)})
		}
		return sqlitex.Execute(conn, `PRAGMA integrity_check(20)`, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
			if says := stmt.ColumnText(0); says != "ok" {
				v.fault(Fault{What: "the file: " + says})
			}
			return nil
		}})
	})
	if errors.Is(err, events.ErrDamaged) {
		v.fault(Fault{What: "the file is malformed"})
		err = nil
	}
	return err
}
