package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// sameOrigin refuses what a page of another site makes a browser send (CSRF): a browser adds to it who is signed in here,
// and where it comes from. Whoever is no browser says nothing of the kind, and is let through to show a token.
func sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if protection.Check(c.Request()) != nil {
			return problem(codeOtherOrigin)
		}
		return next(c)
	}
}
