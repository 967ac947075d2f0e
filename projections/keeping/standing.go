package keeping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Standing is what may be done with what is known of a client.
type Standing string

const (
	Active     Standing = ""
	Restricted Standing = "restricted" // it is kept, and nothing else but what the law needs
	Forgotten  Standing = "forgotten"  // from the beginning of the work on; for good
)

// stands is what a fact makes of a client's standing, if it does.
func stands(fact events.Event) (Standing, bool) {
	switch fact.(type) {
	case events.ProcessingRestricted:
		return Restricted, true
	case events.RestrictionLifted:
		return Active, true
	case events.ForgettingBegun, events.ClientForgotten:
		return Forgotten, true
	}
	return Active, false
}

// Standings tell from memory how every client stands now. Nobody who asks waits for a database, so that the time of an
// answer says nothing. They begin with what the view remembers and what the log has after that, and are kept up from
// there: by Take with what arrives, and by Watch as soon as this process has recorded it.
type Standings struct {
	mu  sync.RWMutex
	all map[uuid.UUID]stood // of those who were ever anything but active
}

type stood struct {
	Standing
	at events.Position
}

// Know begins to know how clients stand. What cannot be read in the log is not known, like to the views.
func Know(ctx context.Context, log events.Store, db *readdb.DB) (*Standings, error) {
	s := &Standings{all: make(map[uuid.UUID]stood)}
	from, err := s.remember(ctx, log.ID().String(), db)
	if err != nil {
		return nil, fmt.Errorf("looking how clients stand: %w", err)
	}
	for r, err := range log.ReadAll(ctx, from) {
		if errors.Is(err, events.ErrDamaged) || errors.Is(err, events.ErrUnknown) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("looking how clients stand: %w", err)
		}
		s.Take(r)
	}
	return s, nil
}

// remember takes what the view knows, and answers up to which position that is; 0 where it is of another version or log,
// or not there yet.
func (s *Standings) remember(ctx context.Context, log string, db *readdb.DB) (events.Position, error) {
	view := Projection{}
	known, err := db.Generations(ctx)
	n := slices.IndexFunc(known, func(g readdb.Generation) bool {
		return g.Serving && g.Projection == view.Name() && g.Version == view.Version() && g.Log == log
	})
	if err != nil || n < 0 {
		return 0, err
	}
	err = db.Generation(ctx, known[n].ID, func(tx *readdb.Tx) error {
		return tx.Query(`SELECT client, standing, position FROM keeping_standing@`, nil, func(rows *sql.Rows) error {
			var text string
			var is stood
			if err := rows.Scan(&text, &is.Standing, &is.at); err != nil {
				return err
			}
			client, err := uuid.Parse(text)
			s.all[client] = is
			return err
		})
	})
	return events.Position(known[n].Position), err
}

// Of is how a client stands; Active for whom nobody knows.
func (s *Standings) Of(client uuid.UUID) Standing {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.all[client].Standing
}

// Take takes in facts. What is older than what is known changes nothing: they may come twice, and late.
func (s *Standings) Take(facts ...events.Recorded) {
	for _, r := range facts {
		s.take(r.Stream, r.Position, r.Event)
	}
}

func (s *Standings) take(stream string, at events.Position, fact events.Event) {
	standing, ok := stands(fact)
	if !ok {
		return
	}
	_, client, _ := events.SplitStream(stream)
	s.mu.Lock()
	defer s.mu.Unlock()
	if before := s.all[client]; at >= before.at && before.Standing != Forgotten {
		s.all[client] = stood{standing, at}
	}
}

// Watch is a log whose every append is known at once when it is done.
func (s *Standings) Watch(log events.Store) events.Store { return watched{log, s} }

type watched struct {
	events.Store
	standings *Standings
}

func (w watched) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	at, err := w.Store.Append(ctx, stream, expected, meta, facts...)
	if err == nil {
		for _, fact := range facts {
			w.standings.take(stream, at, fact)
		}
	}
	return at, err
}

// keepStanding keeps in the view what a fact makes of a client's standing.
func keepStanding(tx *readdb.Tx, client uuid.UUID, f projections.Fact) error {
	standing, ok := stands(f.Event)
	if !ok {
		return nil
	}
	return tx.Exec(`INSERT INTO keeping_standing@ (client, standing, position) VALUES ($1, $2, $3)
		ON CONFLICT (client) DO UPDATE SET standing = excluded.standing, position = excluded.position WHERE keeping_standing@.standing <> $4`,
		client.String(), string(standing), int64(f.Position), string(Forgotten))
}
