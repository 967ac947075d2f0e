package projections

import (
	"context"
	"fmt"
	"iter"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// batch is a run of facts, and the error that ended the reading after them.
type batch struct {
	facts []Fact
	err   error
}

// ahead reads the next batch while the last one is applied: the first ones are smaller, so that applying begins soon. When
// it returns, nothing is read any more.
func (p *Projector) ahead(ctx context.Context, after events.Position, size int) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		ctx, stop := context.WithCancel(ctx)
		next := make(chan batch, 1)
		defer func() {
			stop()
			for range next {
			}
		}()
		go func() {
			defer close(next)
			recorded := make([]events.Recorded, 0, size)
			send := func(end error) bool {
				facts, err := p.corrected(ctx, recorded)
				if err == nil {
					err = end
				}
				recorded = recorded[:0]
				select {
				case next <- batch{facts, err}:
					return err == nil
				case <-ctx.Done():
					return false
				}
			}
			full := max(1, size/8)
			for r, err := range p.log.ReadAll(ctx, after) {
				if err != nil {
					send(err)
					return
				}
				if recorded = append(recorded, r); len(recorded) < full {
					continue
				}
				if !send(nil) {
					return
				}
				full = min(2*full, size)
			}
			if len(recorded) > 0 {
				send(nil)
			}
		}()
		for b := range next {
			if !yield(b) {
				return
			}
		}
	}
}

// corrected writes each fact as a view may keep it, and gives each correction the entry as it held before and as it holds
// then: while others are applied, so that applying takes less long. Corrections are rare: their
// streams are read again, up to where they stand, so the answer does not depend on how facts are batched.
func (p *Projector) corrected(ctx context.Context, recorded []events.Recorded) ([]Fact, error) {
	facts := make([]Fact, len(recorded))
	streams := make(map[string][]events.Recorded)
	for i, r := range recorded {
		facts[i].Recorded = r
		if !p.narrow {
			var err error
			if facts[i].Data, facts[i].Shape, err = events.Encode(r.Event); err != nil {
				return nil, fmt.Errorf("position %s: %w", r.Position, err)
			}
		}
		id, ok := corrects(r.Event)
		if !ok {
			continue
		}
		stream := streams[r.Stream]
		for earlier, err := range p.log.Read(ctx, r.Stream, len(stream)+1) {
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", r.Stream, err)
			}
			if stream = append(stream, earlier); earlier.Version == r.Version {
				break
			}
		}
		if len(stream) < r.Version {
			return nil, fmt.Errorf("reading %s: it ends at version %d, before %d", r.Stream, len(stream), r.Version)
		}
		streams[r.Stream] = stream
		facts[i].Before, facts[i].Now = held(stream, r.Version-1, id), held(stream, r.Version, id)
		if facts[i].Before == nil {
			facts[i].Now = nil
		}
	}
	return facts, nil
}

// corrects names the entry, or the correction, that a fact corrects or takes back.
func corrects(fact events.Event) (uuid.UUID, bool) {
	switch fact := fact.(type) {
	case events.EntryRetracted:
		return fact.Retracts, true
	case events.Correction:
		return fact.Corrects(), true
	}
	return uuid.Nil, false
}

// held is an entry as it held at a version of its stream; nil if there was none.
func held(stream []events.Recorded, version int, id uuid.UUID) *events.Held {
	var entries events.Entries
	for n := range version {
		entries.Add(&stream[n])
	}
	found, _ := entries.Find(id)
	return found
}
