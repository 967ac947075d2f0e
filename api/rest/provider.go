package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/labstack/echo/v4"
)

// ProviderBack is where a provider (OpenID Connect) sends people back to.
const ProviderBack = base + "/session/provider/back"

// providerRoutes are for whoever is vouched for by a provider.
func (r *router) providerRoutes() {
	visitRoute(r, http.MethodPost, "/session/provider", "ask-provider", "Sign in by a provider, or have it vouch for you from now on: where to go", http.StatusCreated, r.askProvider)
	r.echo.GET(ProviderBack, r.back) // a browser comes here by itself: no part of the contract
}

type providerBody struct {
	Body struct {
		Link bool `json:"link,omitempty" doc:"have it vouch for whoever is signed in, who must have signed in just before"`
	}
}

// ProviderAsked says where to send the browser.
type ProviderAsked struct {
	URL string `json:"url"`
}

type providerAsked struct {
	Cookies []string `header:"Set-Cookie"`
	Body    ProviderAsked
}

func (r *router) askProvider(ctx context.Context, in *providerBody) (*providerAsked, error) {
	if in.Body.Link {
		if _, err := r.wholeSession(ctx); err != nil {
			return nil, err
		}
	}
	url, kept, err := r.app.Accounts.BeginProvider(ctx, in.Body.Link, r.app.World())
	return &providerAsked{Cookies: []string{visiting(ctx).jar.keep(flowCookie, kept, 10*time.Minute)}, Body: ProviderAsked{url}}, err
}

// back takes whoever comes from the provider to the front page, signed in or linked.
func (r *router) back(c echo.Context) error {
	ctx := c.Request().Context()
	flow := kept(c, r.app, flowCookie)
	if flow == "" {
		return problem(account.RefusedSignIn)
	}
	v := r.visitor(c)
	c.Response().Header().Add("Set-Cookie", v.jar.keep(flowCookie, "", 0))
	var mine *account.Session
	if s, err := current(c, r.app); err == nil {
		mine = &s
	}
	done, err := r.app.Accounts.EndProvider(ctx, flow, c.QueryParam("state"), c.QueryParam("code"), mine, v.from, r.app.World())
	if err != nil {
		return refuseSignIn(ctx, err)
	}
	if done.Token != "" {
		if err := r.leaves(c); err != nil {
			return refuseSignIn(ctx, err)
		}
		v.keep(done)
	}
	return c.Redirect(http.StatusSeeOther, "/")
}
