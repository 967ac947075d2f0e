package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/casestream/casestream/api/rest"
	"github.com/google/uuid"
)

const (
	connections = 64
	caseCount   = 64 * connections
	slice       = 1500 * time.Millisecond
	ofBareEcho  = 0.4
)

// requests measures whole commands: 64 clients record notes of 600 bytes on cases of theirs, each time another one of
// thousands, so that the desk does not remember all of them and reads some from the log. The views follow as in `serve`
// and take their share of the processors; what it costs is seen while they rest. The bound is bareEcho under the very
// same requests. The clients share the processors with all of them.
func requests(ctx context.Context, r *run) error {
	o, err := openOffice(ctx, filepath.Join(r.folder, "office"), connections)
	if err != nil {
		return err
	}
	defer func() { _ = o.stop() }()
	t := &turns{office: o}
	if err := t.openCases(ctx); err != nil {
		return err
	}
	if t.whole, err = listen(ctx, rest.Handler(ctx, o.App, "")); err != nil {
		return err
	}
	defer t.whole.close()
	if t.bare, err = listen(ctx, bareEcho()); err != nil {
		return err
	}
	defer t.bare.close()
	if err := sameAnswer(ctx, t.whole, t.bare, t.opened[0][0], o.workers[0].token); err != nil {
		return err
	}
	following := func(round int) error { return t.following(ctx, round) }
	resting := func(round int) error { return t.resting(ctx, round) }
	bound := func(round int) error { return t.bound(ctx, round) }
	if err := errors.Join(following(0), bound(0)); err != nil { // connections, caches, statements
		return err
	}
	profiledOnes := func(round int) error { return profiled("requests", round, func() error { return following(round) }) }
	if err := inTurns(ctx, profiledOnes, bound, resting); err != nil {
		return err
	}
	r.add(t.figure(r))
	return nil
}

// turns are the three kinds of requests, and what was measured of them in each round.
type turns struct {
	*office
	whole, bare *site
	opened      [connections][]uuid.UUID // cases, by the worker who has them

	follow, rest, echo [rounds]traffic
	late               [rounds]time.Duration // until the views had arrived, after the last answer
}

func (t *turns) openCases(ctx context.Context) error {
	for n := range t.opened {
		t.opened[n] = make([]uuid.UUID, caseCount/connections)
	}
	return atOnce(caseCount, func(i int) error {
		id, err := t.openCase(ctx, t.workers[i%connections], time.Now().AddDate(0, 0, -30))
		t.opened[i%connections][i/connections] = id
		return err
	})
}

// ask records a note on a case of the client's, any of them.
func (t *turns) ask(ctx context.Context, to *site) func(client int) error {
	texts := make([]string, 32)
	for n := range texts {
		texts[n] = words(n)
	}
	return func(client int) error {
		path := "/api/v1/cases/" + oneOf(t.opened[client]).String() + "/notes"
		_, err := to.send(ctx, request{http.MethodPost, path, t.workers[client].token, newID().String(), noteBody(oneOf(texts))}, http.StatusCreated)
		return err
	}
}

func (t *turns) following(ctx context.Context, round int) (err error) {
	if t.follow[round], err = drive(ctx, connections, slice, t.ask(ctx, t.whole)); err != nil {
		return err
	}
	begin := time.Now()
	err = t.settle(ctx)
	t.late[round] = time.Since(begin)
	return err
}

func (t *turns) resting(ctx context.Context, round int) error {
	if err := t.pause(); err != nil {
		return err
	}
	var err error
	t.rest[round], err = drive(ctx, connections, slice, t.ask(ctx, t.whole))
	t.office.follow(ctx)
	return errors.Join(err, t.settle(ctx))
}

func (t *turns) bound(ctx context.Context, round int) (err error) {
	t.echo[round], err = drive(ctx, connections, slice, t.ask(ctx, t.bare))
	return err
}

func (t *turns) figure(r *run) Figure {
	var ratios, aside [rounds]float64
	for n := range rounds {
		ratios[n], aside[n] = t.follow[n].perSecond/t.echo[n].perSecond, t.rest[n].perSecond/t.echo[n].perSecond
		r.say("round %d: whole command %v, views %.0f ms later; while the views rest %v; bare Echo %v", n+1, t.follow[n], ms(t.late[n]), t.rest[n], t.echo[n])
	}
	rate := func(t traffic) float64 { return t.perSecond }
	cost := func(t traffic) float64 { return float64(t.cpu.Microseconds()) }
	p := func(n int) float64 {
		return medianOf(t.follow[:], func(t traffic) float64 { return ms(percentile(t.took, n)) })
	}
	return Figure{
		Name: "a whole command over HTTP ÷ a bare Echo handler, 64 clients", Value: median(ratios[:]), Unit: "×", Bound: ofBareEcho,
		Detail: fmt.Sprintf("%.0f/s, p50 %.1f ms, p99 %.1f ms; bare %.0f/s; %.2f × while the views rest; cpu with the client's %.0f µs, views resting %.0f µs, bare %.0f µs",
			medianOf(t.follow[:], rate), p(50), p(99), medianOf(t.echo[:], rate), median(aside[:]),
			medianOf(t.follow[:], cost), medianOf(t.rest[:], cost), medianOf(t.echo[:], cost)),
	}
}
