package rest

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
)

// Cookies of a browser.
const (
	sessionCookie = "casestream"
	deviceCookie  = "casestream-device"
	flowCookie    = "casestream-provider"
)

// jar is how a browser keeps cookies here: under names that begin with __Host-, which makes sure that they are Secure, of
// this host alone and for all of its paths. Without TLS, Safari and older Chromes take no such cookies even from this
// machine itself, so there, and only there, they have neither the name nor Secure.
type jar struct{ here bool }

// jarOf tells how the browser of a request keeps cookies. Whatever speaks for TLS is believed: it makes them stricter.
func jarOf(c echo.Context, a *app.App) jar {
	r := c.Request()
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	at := net.ParseIP(strings.Trim(host, "[]"))
	proxied := r.Header.Get("X-Forwarded-Proto") + r.Header.Get("X-Forwarded-For") + r.Header.Get("Forwarded") + r.Header.Get("Via")
	return jar{here: c.Scheme() != "https" && r.TLS == nil && proxied == "" && !a.Accounts.ReachedByTLS() && (host == "localhost" || at != nil && at.IsLoopback())}
}

func (j jar) name(of string) string {
	if j.here {
		return of
	}
	return "__Host-" + of
}

// keep is what a browser keeps: for no time is until it ends, and an empty value is taken away.
func (j jar) keep(name, value string, lasts time.Duration) string {
	c := http.Cookie{
		Name: j.name(name), Value: value, Path: "/", Secure: !j.here, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(lasts.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c.String()
}

// kept is what the browser of a request keeps under a name; empty: nothing.
func kept(c echo.Context, a *app.App, name string) string {
	found, err := c.Cookie(jarOf(c, a).name(name))
	if err != nil {
		return ""
	}
	return found.Value
}

// visitor is what a request to sign in comes with, beside its body.
type visitor struct {
	echo echo.Context
	jar  jar
	from account.From
}

type visitKey struct{}

// visit finds out where a request comes from.
func (r *router) visit(ctx huma.Context, next func(huma.Context)) {
	next(huma.WithValue(ctx, visitKey{}, r.visitor(humaecho.Unwrap(ctx))))
}

func (r *router) visitor(c echo.Context) visitor {
	from := account.From{Address: c.RealIP(), Device: deviceKind(c.Request().UserAgent()), Known: kept(c, r.app, deviceCookie)}
	return visitor{echo: c, jar: jarOf(c, r.app), from: from}
}

func visiting(ctx context.Context) visitor {
	v, _ := ctx.Value(visitKey{}).(visitor)
	return v
}

const sessionSlot = "session"

// current is the session of a request, whole or not; 401 without one.
func current(c echo.Context, a *app.App) (account.Session, error) {
	sent := kept(c, a, sessionCookie)
	if sent == "" {
		return account.Session{}, problem(codeNoToken)
	}
	ctx := c.Request().Context()
	s, err := a.Accounts.Session(ctx, sent, a.World())
	if errors.Is(err, account.ErrUnknown) {
		return s, problem(codeNoToken)
	}
	if err != nil {
		return s, refuse(ctx, err)
	}
	c.Set(sessionSlot, s)
	return s, nil
}

// onDevice is who signed in on the device that a request comes from, with all factors.
func onDevice(c echo.Context, a *app.App) (session.Identity, error) {
	s, err := current(c, a)
	if err != nil {
		return session.Identity{}, err
	}
	id, err := s.Identity()
	if err != nil {
		return id, refuse(c.Request().Context(), err)
	}
	return id, nil
}

// signedInAt is when who asks signed in on the device; zero of a token.
func signedInAt(c echo.Context) time.Time {
	s, _ := c.Get(sessionSlot).(account.Session)
	return s.SignedIn
}

// used keeps a session from being idle.
func used(c echo.Context, a *app.App) error {
	s, ok := c.Get(sessionSlot).(account.Session)
	if !ok {
		return nil // a token
	}
	if err := a.Accounts.Used(c.Request().Context(), s, a.World()); err != nil {
		return refuse(c.Request().Context(), err)
	}
	return nil
}

// deviceKind is what someone tells their devices apart by, and no more than that is kept.
func deviceKind(agent string) string {
	var kinds []string
	for _, of := range [][]string{{"MicroMessenger", "Edg", "Firefox", "Chrome", "Safari"}, {"Android", "iPhone", "iPad", "HarmonyOS", "Windows", "Mac OS", "Linux"}} {
		for _, kind := range of {
			if strings.Contains(agent, kind) {
				kinds = append(kinds, kind)
				break
			}
		}
	}
	return strings.Join(kinds, ", ")
}

// refuseSignIn turns what package account says into the answer that people get.
func refuseSignIn(ctx context.Context, err error) error {
	var slow *account.SlowDownError
	switch {
	case errors.As(err, &slow):
		p := problem(codeSlowDown)
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {wholeSeconds(slow.Wait)}})
	case errors.Is(err, account.ErrUnknown):
		return problem(codeNotFound)
	case errors.Is(err, account.ErrProviderAway):
		slog.WarnContext(ctx, "nobody can be vouched for", "why", err)
		return retryLater(codeProviderAway)
	}
	return refuse(ctx, err)
}
