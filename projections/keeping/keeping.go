// Package keeping knows whom someone has asked to forget, and how far that is; and who is restricted or forgotten. What may
// be done with a client is decided on the client's stream; here is where to look, and what the door asks (Standings).
package keeping

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Projection keeps, of each client, the last step on the way to being forgotten, and the standing.
type Projection struct{}

func (Projection) Name() string { return "keeping" }
func (Projection) Version() int { return 2 }

func (Projection) Tables() []projections.Table {
	return []projections.Table{{
		Name: "keeping_step",
		Columns: `client TEXT NOT NULL PRIMARY KEY,
			step     TEXT NOT NULL,  -- type of the last fact
			position BIGINT NOT NULL`,
		Key:     1,
		Indexes: []string{"step"},
	}, {
		Name: "keeping_standing",
		Columns: `client TEXT NOT NULL PRIMARY KEY,
			standing TEXT NOT NULL,  -- of those who were ever anything but active
			position BIGINT NOT NULL -- of the fact that says so`,
		Key: 1,
	}}
}

func (Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, f := range batch {
		_, client, ok := events.SplitStream(f.Stream)
		if !ok {
			continue
		}
		if err := keepStanding(tx, client, f); err != nil {
			return err
		}
		switch f.Event.(type) {
		case events.ForgettingRequested, events.ForgettingChecked, events.ForgettingApproved, events.ForgettingWithdrawn,
			events.ForgettingBegun, events.ClientForgotten:
			if err := tx.Exec(`INSERT INTO keeping_step@ (client, step, position) VALUES ($1, $2, $3)
				ON CONFLICT (client) DO UPDATE SET step = excluded.step, position = excluded.position`,
				client.String(), f.Event.Type(), int64(f.Position)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Clients are those whose last step is one of these facts, in the order in which it was recorded.
func Clients(ctx context.Context, db *readdb.DB, steps ...events.Event) (clients []uuid.UUID, err error) {
	args, marks := make([]any, len(steps)), make([]string, len(steps))
	for i, step := range steps {
		args[i], marks[i] = step.Type(), "$"+strconv.Itoa(i+1)
	}
	err = db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) (err error) {
		clients, err = tx.IDs(`SELECT client FROM keeping_step@ WHERE step IN (`+strings.Join(marks, ",")+`) ORDER BY position`, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for whom to forget: %w", err)
	}
	return clients, nil
}
