package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/bell"
	"github.com/casestream/casestream/projections/audit"
	"github.com/labstack/echo/v4"
)

// change is what is told of a fact: where to look, and nothing about anyone.
type change struct {
	Case     string          `json:"case"`
	Version  int             `json:"version"`
	Type     string          `json:"type"`
	Position events.Position `json:"position"`
}

// tick is how often a listener looks without having heard anything.
const tick = 15 * time.Second

// liveRoute tells people what changes in their cases (server-sent events), when the views show it. Last-Event-ID goes on
// where a connection broke off.
func (r *router) liveRoute() {
	r.echo.GET(base+"/changes", func(c echo.Context) error {
		ctx := c.Request().Context()
		if _, err := r.door.admit(ctx, rights.HearChanges); err != nil {
			return refuse(ctx, err)
		}
		at, err := r.from(c)
		if err != nil {
			return refuse(ctx, err)
		}
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		defer context.AfterFunc(r.until, stop)()
		out := c.Response()
		_ = http.NewResponseController(out).SetReadDeadline(time.Time{}) // it lasts longer than a request may take to arrive
		out.Header().Set("Content-Type", "text/event-stream")
		out.Header().Set("X-Accel-Buffering", "no")
		out.WriteHeader(http.StatusOK)
		fmt.Fprintf(out, "retry: 2000\nid: %s\nevent: ready\ndata: {}\n\n", at)
		out.Flush()
		told := make(map[string]bool)
		for range r.app.News.Listen(ctx, bell.Views, tick) {
			if _, err := bearer(c, r.app); err != nil {
				return nil // signed out since
			}
			err := r.tellGlass(c, told)
			if err == nil {
				at, err = r.tell(c, at)
			}
			if err != nil {
				if ctx.Err() != nil {
					return nil // the connection is gone
				}
				slog.WarnContext(ctx, "what changed could not be told; it is tried again", "why", err.Error())
			}
		}
		return nil
	}, identify(r.app), reads(r.app), r.limitAccount)
}

// shattered is what is told of a broken glass: where to look.
type shattered struct {
	Case     string    `json:"case"`
	Glass    string    `json:"glass"`
	ReviewBy time.Time `json:"review_by"`
}

// tellGlass tells of the broken glasses that wait for somebody's review: each once in a connection, so that who connects
// later is told too.
func (r *router) tellGlass(c echo.Context, told map[string]bool) error {
	list, err := r.waiting(c.Request().Context(), r.app.Now())
	if err != nil {
		return err
	}
	for _, broken := range list {
		if told[broken.ID] {
			continue
		}
		data, err := json.Marshal(shattered{Case: broken.Case, Glass: broken.ID, ReviewBy: broken.ReviewBy})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(c.Response(), "event: glass\ndata: %s\n\n", data); err != nil {
			return err
		}
		told[broken.ID] = true
	}
	return nil
}

// from is the position after which changes are told.
func (r *router) from(c echo.Context) (events.Position, error) {
	if last := c.Request().Header.Get("Last-Event-ID"); last != "" {
		at, err := strconv.ParseUint(last, 10, 63)
		if err != nil {
			return 0, problem(codeBadDay)
		}
		return events.Position(at), nil
	}
	return r.app.Log.Head(c.Request().Context())
}

// tell writes what came since to whom it concerns, and answers how far it got.
func (r *router) tell(c echo.Context, at events.Position) (events.Position, error) {
	ctx, out := c.Request().Context(), c.Response()
	_ = http.NewResponseController(out).SetWriteDeadline(time.Now().Add(answerWithin)) // each time: it lasts, but whoever reads nothing is let go
	theirs := r.door.theirs(ctx, rights.HearChanges)                                   // asked anew each time: rights change
	for {
		page, err := audit.List(ctx, r.app.Views, audit.Filter{After: at, Limit: 500})
		if err != nil {
			return at, err
		}
		for _, row := range page.Rows {
			at = row.Position
			ok, err := theirs(row.Stream)
			if err != nil {
				return at, err
			}
			if !ok {
				continue
			}
			_, id, _ := events.SplitStream(row.Stream)
			data, err := json.Marshal(change{Case: id.String(), Version: row.Version, Type: row.Type, Position: row.Position})
			if err != nil {
				return at, err
			}
			if _, err := fmt.Fprintf(out, "id: %s\nevent: changed\ndata: %s\n\n", row.Position, data); err != nil {
				return at, err
			}
		}
		if !page.More {
			if _, err := fmt.Fprintf(out, ": at %s\n\n", at); err != nil {
				return at, err
			}
			out.Flush()
			return at, nil
		}
	}
}
