package rest

import (
	"net/http"
	"strings"

	"github.com/casestream/casestream/api/session"
	"github.com/labstack/echo/v4"
)

// inScope refuses what a token is not for, before anything is looked at. What the codes of numbers mean is for everyone.
func inScope(c echo.Context, scope session.Scope) error {
	path := strings.TrimPrefix(c.Path(), base)
	needs := session.Write
	if c.Request().Method == http.MethodGet {
		needs = session.Read
		for _, of := range []string{"/outcomes", "/reports", "/extracts", "/programme", "/categories", "/measures", "/session"} {
			if strings.HasPrefix(path, of) {
				needs |= session.Numbers
			}
		}
	}
	if !scope.Allows(needs) {
		return problem(codeScope)
	}
	return nil
}
