package rest

import (
	"net/http"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/labstack/echo/v4"
)

// Health tells an operator how the parts are. It names no one.
type Health struct {
	Ready bool         `json:"ready"`
	Head  string       `json:"head,omitempty"` // of the log
	Views []ViewHealth `json:"views"`
	Why   []string     `json:"why,omitempty"`
}

// ViewHealth is how far a view is behind the log.
type ViewHealth struct {
	projections.Status
	Behind events.Position `json:"behind"`
}

// lagging is how far behind a view may be and still be called ready.
const lagging = 10_000

// healthRoutes are public: they say that the process lives, and whether it can do its work.
func (r *router) healthRoutes() {
	r.echo.GET("/livez", func(c echo.Context) error { return c.String(http.StatusOK, "alive\n") })
	r.echo.GET("/readyz", func(c echo.Context) error {
		health := r.health(c)
		status := http.StatusOK
		if !health.Ready {
			status = http.StatusServiceUnavailable
		}
		c.Response().Header().Set("Content-Type", "application/json")
		c.Response().WriteHeader(status)
		return encode(c.Response(), health)
	})
}

func (r *router) health(c echo.Context) Health {
	h := Health{Ready: true}
	head, err := r.app.Log.Head(c.Request().Context())
	if err != nil {
		return Health{Why: []string{"the log is away"}}
	}
	h.Head = head.String()
	if r.app.Projector == nil {
		return h
	}
	for _, s := range r.app.Projector.Status() {
		view := ViewHealth{Status: s, Behind: head - min(head, s.Position)}
		h.Views = append(h.Views, view)
		switch {
		case s.Parked != "":
			h.Ready, h.Why = false, append(h.Why, s.View+" is parked")
		case view.Behind > lagging:
			h.Ready, h.Why = false, append(h.Why, s.View+" is behind")
		}
	}
	for _, s := range r.app.Readers.Status() { // of another log, so its position is no matter here
		if s.Parked != "" {
			h.Ready, h.Why = false, append(h.Why, s.View+" is parked")
		}
	}
	if len(h.Views) < len(app.ViewNames()) {
		h.Ready, h.Why = false, append(h.Why, "views are being built")
	}
	return h
}
