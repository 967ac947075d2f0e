package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// How the views make way for those who write.
const (
	shy     = 10                     // times as long as a batch took they rest after it,
	longest = 2 * time.Second        // but no longer than this.
	atLeast = 100 * time.Millisecond // narrow ones: nearly no fact concerns them, and each batch costs a commit
	peek    = 50 * time.Millisecond  // is there anybody they rest for?
)

// rest leaves the processors to those who write, after a batch that took so long. The first fact after a silence is
// applied at once. While many are appended, more are taken at once; nobody is made to wait who asks for what was just
// recorded (Wait), and when nobody writes any more the views catch up without a rest.
func (p *Projector) rest(ctx context.Context, took time.Duration) {
	least := time.Duration(0)
	if p.narrow {
		least = atLeast
	}
	began := time.Now()
	end := time.NewTimer(max(least, min(shy*took, longest)))
	defer end.Stop()
	peeks := time.NewTicker(peek)
	defer peeks.Stop()
	before, _ := p.log.Head(ctx)
	for {
		select {
		case <-end.C:
			return
		case <-ctx.Done():
			return
		case <-peeks.C:
		}
		head, err := p.log.Head(ctx)
		silent := err == nil && head == before && time.Since(began) >= least
		if silent || p.state.awaited() {
			return
		}
		before = head
	}
}

// follow applies what is appended, as soon as it is and as much at once as there is. If the log goes away it comes
// back to where it was: the log is the truth, and what was not applied is still there.
func (p *Projector) follow(ctx context.Context) error {
	again(ctx, "following the log", func() error {
		for ctx.Err() == nil {
			err := p.attend(ctx)
			if errors.Is(err, readdb.ErrMoved) { // another process applies: go on from where it is
				_, err = p.prepare(ctx)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}

// again does something until it succeeds or ctx ends, with longer and longer pauses.
func again(ctx context.Context, what string, do func() error) {
	for pause := time.Duration(0); ; {
		began := time.Now()
		err := do()
		if err == nil || ctx.Err() != nil {
			return
		}
		if time.Since(began) > 2*pause { // it went well for a while: this is another trouble than the last
			pause = 0
		}
		pause = min(pause+200*time.Millisecond, 5*time.Second)
		slog.WarnContext(ctx, what+": trying again", "why", err.Error(), "in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// attend applies what the log yields until it ends, or no view goes on.
func (p *Projector) attend(ctx context.Context) error {
	from, ok := p.state.behind()
	if !ok {
		return p.state.change(ctx)
	}
	ctx, stop := context.WithCancel(ctx)
	news := make(chan events.Recorded, p.few)
	ended := make(chan error, 1)
	defer func() {
		stop()
		for range news {
		}
	}()
	go func() {
		defer close(news)
		for r, err := range p.log.Follow(ctx, from) {
			if err != nil {
				ended <- err
				return
			}
			if r.CaughtUp() {
				continue
			}
			select {
			case news <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	for r := range news {
		waiting := append(make([]events.Recorded, 0, len(news)+1), r)
		for len(news) > 0 && len(waiting) < p.few {
			waiting = append(waiting, <-news)
		}
		begun := time.Now()
		facts, err := p.corrected(ctx, waiting)
		if err := p.take(ctx, batch{facts, err}); err != nil {
			return err
		}
		p.rest(ctx, time.Since(begun))
	}
	select {
	case err := <-ended:
		return p.take(ctx, batch{err: fmt.Errorf("following the log: %w", err)})
	default:
		return errors.Join(ctx.Err(), errors.New("the log ended"))
	}
}
