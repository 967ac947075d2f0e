package rest

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
)

// Watched shows every answer to whoever counts them: by its route, never by its address, and by nothing that was sent.
func Watched(observe func(method, route string, status int, took time.Duration)) Option {
	return func(r *router) { r.echo.Use(watch(observe)) }
}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

func watch(observe func(string, string, int, time.Duration)) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			began := time.Now()
			if err := next(c); err != nil {
				c.Error(err) // now, so that its status is known
			}
			method := c.Request().Method
			if !slices.Contains(methods, method) {
				method = "other" // a sender may call it anything
			}
			observe(method, c.Path(), c.Response().Status, time.Since(began))
			return nil
		}
	}
}
