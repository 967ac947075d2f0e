package rest

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestAPanicIsAnsweredAndTellsNothing(t *testing.T) {
	o := openOffice(t)
	for what, value := range map[string]any{"a text": secret, "an error": errors.New(secret), "a value": body{secret: secret}} {
		o.router.echo.GET(base+"/broken", func(echo.Context) error { panic(value) })
		h := o.a1.gets("/broken")
		o.isProblem("a panic with "+what, h, http.StatusInternalServerError)
		said := o.said.String()
		if !strings.Contains(said, "survive_test.go") {
			t.Errorf("the log does not say where it was: %s", said)
		}
		for _, part := range trace {
			if strings.Contains(said+string(h.bytes), part) {
				t.Errorf("a panic with %s tells %q: %s %s", what, part, h.bytes, said)
			}
		}
		o.said.forget()
	}
	o.router.echo.GET(base+"/broken", func(echo.Context) error { return errors.New(secret) })
	if h := o.a1.gets("/broken"); strings.Contains(string(h.bytes), "c0ffee") {
		t.Errorf("an error is answered with its words: %s", h.bytes)
	}
	if h := o.a1.gets("/caseload"); h.status != http.StatusOK {
		t.Errorf("and then the server answers %d", h.status)
	}
}
