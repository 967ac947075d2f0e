package projections

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/casestream/casestream/events"
)

// follow applies what is appended, as soon as it is and as much at once as there is. If the log goes away it comes
// back to where it was: the log is the truth, and what was not applied is still there.
func (p *Projector) follow(ctx context.Context) error {
	for pause := time.Duration(0); ; {
		err := p.attend(ctx)
		if ctx.Err() != nil {
			return nil
		}
		pause = min(pause+200*time.Millisecond, 5*time.Second)
		slog.WarnContext(ctx, "the views lost the log; trying again", "why", err, "in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

func (p *Projector) attend(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	news := make(chan events.Recorded, following)
	ended := make(chan error, 1)
	go func() {
		defer close(news)
		for r, err := range p.log.Follow(ctx, p.state.behind()) {
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
		for len(news) > 0 && len(waiting) < following {
			if r, ok := <-news; ok {
				waiting = append(waiting, r)
			}
		}
		if err := p.take(ctx, p.state.serving, batch{facts: waiting}); err != nil {
			return err
		}
	}
	select {
	case err := <-ended:
		return p.take(ctx, p.state.serving, batch{err: fmt.Errorf("following the log: %w", err)})
	default:
		return ctx.Err()
	}
}
