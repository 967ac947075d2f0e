package rest

import (
	_ "embed"
	"errors"
	"html/template"
	"net/http"

	"github.com/casestream/casestream/api/account"
	"github.com/labstack/echo/v4"
)

//go:embed invitation.html
var invitationPage string

//go:embed invitation.js
var invitationScript string

// InvitationPath is where the link of an invitation leads; its token stands behind a #.
const InvitationPath = "/invitation"

// invitationShown is what the page says.
type invitationShown struct {
	Problem *Problem
	Secret  string
	URI     template.URL
	Codes   []string
	Done    bool
}

// invitationRoutes are the page that the link of an invitation leads to: choose a password, and set up a second factor
// where the role needs one. It works by plain forms; a script only puts what stands behind the # into the first.
func (r *router) invitationRoutes() {
	page := template.Must(template.New("invitation").Parse(invitationPage))
	show := func(c echo.Context, status int, shown invitationShown) error {
		h := c.Response().Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		c.Response().WriteHeader(status)
		return page.Execute(c.Response(), shown)
	}
	refused := func(c echo.Context, err error, shown invitationShown) error {
		var p *Problem
		if !errors.As(refuseSignIn(c.Request().Context(), err), &p) {
			p = problem(codeInternal)
		}
		shown.Problem = p
		return show(c, p.Status, shown)
	}
	r.echo.GET(InvitationPath, func(c echo.Context) error { return show(c, http.StatusOK, invitationShown{}) })
	r.echo.GET(InvitationPath+".js", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", []byte(invitationScript))
	})
	r.echo.POST(InvitationPath, func(c echo.Context) error {
		form, err := smallForm(c)
		if err != nil {
			return refused(c, err, invitationShown{})
		}
		ctx, now := c.Request().Context(), r.app.World()
		who, err := r.app.Accounts.Accept(ctx, form("token"), form("login"), form("password"), now)
		if err != nil {
			return refused(c, err, invitationShown{})
		}
		in, err := r.app.Accounts.SignInAs(ctx, who, r.visitor(c).from, now)
		if err != nil {
			return refused(c, err, invitationShown{})
		}
		r.visitor(c).keep(in)
		if in.Session.Whole() {
			return show(c, http.StatusOK, invitationShown{Done: true})
		}
		made, err := r.app.Accounts.BeginAuthenticator(ctx, in.Session, now)
		if err != nil {
			return refused(c, err, invitationShown{})
		}
		return show(c, http.StatusOK, invitationShown{Secret: made.Secret, URI: template.URL(made.URI)}) //nolint:gosec // made here
	})
	r.echo.POST(InvitationPath+"/code", func(c echo.Context) error {
		form, err := smallForm(c)
		if err != nil {
			return refused(c, err, invitationShown{})
		}
		ctx, now := c.Request().Context(), r.app.World()
		s, err := current(c, r.app)
		if err != nil {
			return refused(c, err, invitationShown{})
		}
		done, codes, err := r.app.Accounts.ConfirmAuthenticator(ctx, s, form("code"), r.visitor(c).from, now)
		if err != nil {
			made, again := r.app.Accounts.BeginAuthenticator(ctx, s, now) // the one before was shown once
			if again != nil {
				return refused(c, again, invitationShown{})
			}
			return refused(c, err, invitationShown{Secret: made.Secret, URI: template.URL(made.URI)}) //nolint:gosec // made here
		}
		r.visitor(c).keep(done)
		return show(c, http.StatusOK, invitationShown{Codes: codes})
	})
}

// keep sets the cookies of a session that has begun, or has a new token.
func (v visitor) keep(in account.SignedIn) {
	for _, cookie := range v.jar.admitted(in).Cookies {
		v.echo.Response().Header().Add("Set-Cookie", cookie)
	}
}

// smallForm reads a form of a few fields.
func smallForm(c echo.Context) (func(name string) string, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, smallBody)
	if err := r.ParseForm(); err != nil {
		return nil, problem(codeSyntax)
	}
	return r.PostForm.Get, nil
}
