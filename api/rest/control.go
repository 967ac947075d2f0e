package rest

import (
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/labstack/echo/v4"
)

// controlRoutes are for whoever can read the data directory: the command line beside the running server.
func (r *router) controlRoutes(control string) {
	machine := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			sent := strings.TrimPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
			if control == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(control)) != 1 {
				return problem(codeNotFound)
			}
			return next(c)
		}
	}
	r.echo.POST("/control/disclosures", r.discloses, machine)
	r.echo.POST("/control/rebuild", func(c echo.Context) error {
		form, err := c.FormParams()
		if err != nil {
			return problem(codeSyntax)
		}
		out := c.Response()
		_ = http.NewResponseController(out).SetWriteDeadline(time.Time{}) // it takes as long as the log is
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		out.WriteHeader(http.StatusOK)
		began, said := time.Now(), events.Position(0)
		err = r.app.Projector.Rebuild(c.Request().Context(), func(_ string, at, head events.Position) {
			if tenth := at * 10 / max(head, 1); tenth > said {
				said = tenth
				fmt.Fprintf(out, "rebuilding: %s of %s\n", at, head)
				out.Flush()
			}
		}, form["view"]...)
		if err != nil {
			fmt.Fprintf(out, "failed: %v\n", err)
			return nil
		}
		fmt.Fprintf(out, "rebuilt in %.1f s\n", time.Since(began).Seconds())
		return nil
	}, machine)
}

// discloses records what a command shows at this machine: the read log is open here.
func (r *router) discloses(c echo.Context) error {
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, events.MaxAppend))
	var seen app.Seen
	if err != nil || decode(body, &seen) != nil {
		return problem(codeSyntax)
	}
	if err := r.app.Access.Record(c.Request().Context(), seen.Actor, r.app.Now(), seen.Fact()); err != nil {
		return refuse(c.Request().Context(), err)
	}
	return c.NoContent(http.StatusNoContent)
}
