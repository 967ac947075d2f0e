package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
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
	var opened [connections][]uuid.UUID // by worker
	for n := range opened {
		opened[n] = make([]uuid.UUID, caseCount/connections)
	}
	err = atOnce(caseCount, func(i int) error {
		id, err := o.openCase(ctx, o.workers[i%connections], time.Now().AddDate(0, 0, -30))
		opened[i%connections][i/connections] = id
		return err
	})
	if err != nil {
		return err
	}
	whole, err := listen(ctx, rest.Handler(ctx, o.App, ""))
	if err != nil {
		return err
	}
	defer whole.close()
	bare, err := listen(ctx, bareEcho())
	if err != nil {
		return err
	}
	defer bare.close()
	texts := make([]string, 32)
	for n := range texts {
		texts[n] = words(n)
	}
	ask := func(to *site) func(client int) error {
		return func(client int) error {
			path := "/api/v1/cases/" + oneOf(opened[client]).String() + "/notes"
			_, err := to.send(ctx, request{http.MethodPost, path, o.workers[client].token, newID().String(), noteBody(oneOf(texts))}, http.StatusCreated)
			return err
		}
	}
	if err := sameAnswer(ctx, whole, bare, opened[0][0], o.workers[0].token); err != nil {
		return err
	}
	var ours, alone, bound [rounds]traffic
	var late [rounds]time.Duration // until the views had arrived, after the last answer
	measureWhole := func(round int) (err error) {
		if ours[round], err = drive(ctx, connections, slice, ask(whole)); err != nil {
			return err
		}
		begin := time.Now()
		err = o.settle(ctx)
		late[round] = time.Since(begin)
		return err
	}
	measureAlone := func(round int) (err error) {
		if err := o.rest(); err != nil {
			return err
		}
		alone[round], err = drive(ctx, connections, slice, ask(whole))
		o.follow(ctx)
		return errors.Join(err, o.settle(ctx))
	}
	measureBare := func(round int) (err error) {
		bound[round], err = drive(ctx, connections, slice, ask(bare))
		return err
	}
	for _, warm := range []func(int) error{measureWhole, measureBare} { // connections, caches, statements
		if err := warm(0); err != nil {
			return err
		}
	}
	err = inTurns(ctx, func(round int) error {
		return profiled("requests", round, func() error { return measureWhole(round) })
	}, measureBare, measureAlone)
	if err != nil {
		return err
	}
	var ratios, aside [rounds]float64
	for n := range rounds {
		ratios[n], aside[n] = ours[n].perSecond/bound[n].perSecond, alone[n].perSecond/bound[n].perSecond
		r.say("round %d: whole command %v, views %.0f ms later; while the views rest %v; bare Echo %v", n+1, ours[n], ms(late[n]), alone[n], bound[n])
	}
	rate := func(t traffic) float64 { return t.perSecond }
	cost := func(t traffic) float64 { return float64(t.cpu.Microseconds()) }
	r.add(Figure{
		Name: "a whole command over HTTP ÷ a bare Echo handler, 64 clients", Value: median(ratios[:]), Unit: "×", Bound: ofBareEcho,
		Detail: fmt.Sprintf("%.0f/s, p50 %.1f ms, p99 %.1f ms; bare %.0f/s; %.2f × while the views rest; cpu with the client's %.0f µs, views resting %.0f µs, bare %.0f µs",
			medianOf(ours[:], rate), medianOf(ours[:], func(t traffic) float64 { return ms(percentile(t.took, 50)) }),
			medianOf(ours[:], func(t traffic) float64 { return ms(percentile(t.took, 99)) }), medianOf(bound[:], rate),
			median(aside[:]), medianOf(ours[:], cost), medianOf(alone[:], cost), medianOf(bound[:], cost)),
	})
	return nil
}

// bareEcho is the bound: one route without middleware that decodes the body of a note with encoding/json and answers
// with the receipt that a note has. It asks for no token, looks into no header, checks nothing, keeps nothing, and
// sets no header of its own.
func bareEcho() http.Handler {
	type note struct {
		HappenedAt time.Time `json:"happened_at"`
		cases.RecordNote
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	var position atomic.Uint64
	position.Store(20_000)
	e.POST("/api/v1/cases/:id/notes", func(c echo.Context) error {
		var n note
		if err := json.NewDecoder(c.Request().Body).Decode(&n); err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, rest.Receipt{Stream: "case-" + c.Param("id"), Version: 10, Position: events.Position(position.Add(1))})
	})
	return e
}

// sameAnswer proves that both understand a note and answer with the same fields.
func sameAnswer(ctx context.Context, whole, bare *site, id uuid.UUID, token string) error {
	var said [2]map[string]any
	for n, s := range []*site{whole, bare} {
		body, err := s.send(ctx, request{http.MethodPost, "/api/v1/cases/" + id.String() + "/notes", token, newID().String(), noteBody(words(0))}, http.StatusCreated)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(body, &said[n]); err != nil {
			return err
		}
		delete(said[n], "version")
		delete(said[n], "position")
	}
	if !reflect.DeepEqual(said[0], said[1]) {
		return fmt.Errorf("the bound is no bound: it answers %v, not %v", said[1], said[0])
	}
	return nil
}
