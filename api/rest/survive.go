package rest

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"

	"github.com/labstack/echo/v4"
)

// survive ends a request that panics, and not the process. What went wrong is logged by its type and its place: a value
// that something panicked with may hold what was sent.
func survive(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			wrong := recover()
			if wrong == nil {
				return
			}
			if wrong == http.ErrAbortHandler { //nolint:errorlint // it is panicked with as it is
				panic(wrong)
			}
			what := fmt.Sprintf("%T", wrong)
			if bug, ok := wrong.(runtime.Error); ok {
				what = bug.Error() // an index, a type; never a text
			}
			slog.ErrorContext(c.Request().Context(), "a request panicked", "what", what, "stack", string(debug.Stack()))
			err = problem(codeInternal)
		}()
		return next(c)
	}
}
