package casefile

import (
	"context"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Wording is what an entry said from one position on, until the next wording.
type Wording struct {
	Correction
	Day        string       `json:"day"`
	HappenedAt time.Time    `json:"happened_at"`
	Retracted  bool         `json:"retracted,omitempty"` // from here on it does not hold
	Fact       events.Entry `json:"fact"`
}

// History is an entry in all its wordings, the first as it was written.
type History struct {
	Stream   string    `json:"stream"`
	Entry    uuid.UUID `json:"entry"`
	Wordings []Wording `json:"wordings"`
}

// SealedIn is the stream in which the words were sealed.
func (h *History) SealedIn() string { return h.Stream }

// Before is what held just before a position, After what held from it on; nil: nothing yet.
func (h *History) Before(at events.Position) *Wording { return h.After(at - 1) }

// After is what held at a position.
func (h *History) After(at events.Position) *Wording {
	for i, w := range slices.Backward(h.Wordings) {
		if w.Position <= at {
			return &h.Wordings[i]
		}
	}
	return nil
}

// LoadHistory shows an entry of a stream, named by its id or by that of one of its corrections, in all wordings that
// were known at a position.
func LoadHistory(ctx context.Context, db *readdb.DB, name string, id uuid.UUID, known events.Position) (*History, error) {
	history := &History{Stream: name}
	err := db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		wordings := make(map[uuid.UUID][]Wording)
		s, err := read(tx, name, projections.Point{KnownAt: known}, func(r *events.Recorded, h *events.Held) {
			if h != nil {
				wordings[original(h)] = append(wordings[original(h)], Wording{
					Correction: correction(r), Day: h.Day(), HappenedAt: h.HappenedAt, Retracted: h.Retracted, Fact: h.Now,
				})
			}
		})
		if err != nil {
			return err
		}
		held, ok := s.entries.Find(id)
		if !ok {
			return ErrNothing
		}
		history.Entry, history.Wordings = original(held), wordings[original(held)]
		return nil
	})
	if err != nil {
		return nil, err
	}
	return history, nil
}
