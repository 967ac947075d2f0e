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

// rest is how long the projector rests after a batch that took so long. The first fact after a silence is applied at once;
// while many are appended, the views leave five sixths of a processor to those who write, and take more at once. Narrow ones
// take a tenth of a second's facts at once: nearly none concerns them, and each time costs a commit.
func (p *Projector) rest(took time.Duration) time.Duration {
	least := time.Duration(0)
	if p.narrow {
		least = 100 * time.Millisecond
	}
	return max(least, min(5*took, time.Second))
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
		select {
		case <-time.After(p.rest(time.Since(begun))):
		case <-ctx.Done():
		}
	}
	select {
	case err := <-ended:
		return p.take(ctx, batch{err: fmt.Errorf("following the log: %w", err)})
	default:
		return errors.Join(ctx.Err(), errors.New("the log ended"))
	}
}
