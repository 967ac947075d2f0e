package projections

import (
	"context"
	"time"
)

// Sizes sets how many facts go into one transaction.
func (p *Projector) Sizes(few, many int) *Projector {
	p.few, p.many = few, many
	return p
}

// Rest is what the projector does after a batch.
func (p *Projector) Rest(ctx context.Context, took time.Duration) { p.rest(ctx, took) }
