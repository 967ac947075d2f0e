package rest

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// What a browser must not do with an answer. An answer is data and never a page, so its policy allows nothing at all;
// a page that needs more says so itself, and names it.
const (
	nothing = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
	onlyCSS = "default-src 'none'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// guarded are the headers of every answer, all of which share these values: none may be changed in place.
var guarded = []struct {
	name  string
	value []string
}{
	{"Cache-Control", []string{"no-store"}},
	{"Content-Security-Policy", []string{nothing}},
	{"Cross-Origin-Embedder-Policy", []string{"require-corp"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Permissions-Policy", []string{"accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
}

// onlyTLS: a browser that came over TLS once comes back over nothing else for two years.
var onlyTLS = []string{"max-age=63072000; includeSubDomains"}

// Guard writes what a browser must not do with an answer into its headers.
func Guard(h http.Header) {
	for _, g := range guarded {
		h[g.name] = g.value
	}
}

// guard does so with every answer, whatever becomes of the request.
func guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		Guard(h)
		if c.Scheme() == "https" {
			h["Strict-Transport-Security"] = onlyTLS
		}
		return next(c)
	}
}
