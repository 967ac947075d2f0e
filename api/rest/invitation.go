package rest

import (
	"context"
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

const invitationCode = InvitationPath + "/code"

// invitationShown is what the page says: why not, and what to do next. Nothing of these: choose a password.
type invitationShown struct {
	Problem *Problem
	Again   bool // sign in again to go on
	Secret  string
	URI     template.URL
	Codes   []string
	Done    bool
}

// invitationRoutes are the page that the link of an invitation leads to: choose a password, and set up a second factor
// where the role needs one. It works by plain forms; a script only puts what stands behind the # into the first, and lets
// nobody send twice. Whatever is sent leads on to a page that can be loaded again and gone back to, with the code of what
// is to be said; only the recovery codes, which are shown once, are an answer.
func (r *router) invitationRoutes() {
	r.echo.GET(InvitationPath, func(c echo.Context) error {
		no := saidBefore(c)
		return showInvitation(c, invitationShown{Problem: no, Again: no != nil && no.Code == account.RefusedLink})
	})
	r.echo.GET(InvitationPath+".js", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", []byte(invitationScript))
	})
	r.echo.POST(InvitationPath, func(c echo.Context) error {
		form, err := smallForm(c)
		if err != nil {
			return err
		}
		in, err := r.enters(c.Request().Context(), form, r.visitor(c).from)
		if err == nil {
			err = r.leaves(c)
		}
		switch {
		case err != nil && form("token") != "":
			return leadsOn(c, InvitationPath, err)
		case err == nil:
			r.visitor(c).keep(in)
		}
		return leadsOn(c, invitationCode, err)
	})
	r.echo.GET(invitationCode, func(c echo.Context) error {
		shown := invitationShown{Problem: saidBefore(c)}
		s, err := current(c, r.app)
		if err == nil && s.Whole() {
			return showInvitation(c, invitationShown{Done: true})
		}
		var made account.Enrolment
		if err == nil {
			made, err = r.app.Accounts.ResumeAuthenticator(c.Request().Context(), s, r.app.World())
		}
		if shown.Again = err != nil; shown.Again && shown.Problem == nil {
			shown.Problem = whyNot(c, err)
		}
		shown.Secret, shown.URI = made.Secret, template.URL(made.URI) //nolint:gosec // made here
		return showInvitation(c, shown)
	})
	r.echo.POST(invitationCode, func(c echo.Context) error {
		form, err := smallForm(c)
		if err != nil {
			return err
		}
		s, err := current(c, r.app)
		if err != nil || s.Whole() { // whole: the page with the recovery codes was loaded again
			return leadsOn(c, invitationCode, err)
		}
		done, codes, err := r.app.Accounts.ConfirmAuthenticator(c.Request().Context(), s, form("code"), r.visitor(c).from, r.app.World())
		if err != nil {
			return leadsOn(c, invitationCode, err)
		}
		r.visitor(c).keep(done)
		return showInvitation(c, invitationShown{Codes: codes})
	})
}

var invitation = template.Must(template.New("invitation").Parse(invitationPage))

// showInvitation shows the page, under the status of what it has to say.
func showInvitation(c echo.Context, shown invitationShown) error {
	h := c.Response().Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	status := http.StatusOK
	if shown.Problem != nil {
		status = shown.Problem.Status
	}
	c.Response().WriteHeader(status)
	return invitation.Execute(c.Response(), shown)
}

// leadsOn leads from what was sent to a page, with the code of what was wrong. What is no fault of whoever sent it is shown
// at once.
func leadsOn(c echo.Context, to string, err error) error {
	if err != nil {
		no := whyNot(c, err)
		if no.Status >= http.StatusInternalServerError {
			return showInvitation(c, invitationShown{Problem: no, Again: true})
		}
		to += "?no=" + no.Code
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// saidBefore is what was wrong with what was sent before; nil: nothing.
func saidBefore(c echo.Context) *Problem {
	code := c.QueryParam("no")
	if is, ok := words[code]; !ok || is.status >= http.StatusInternalServerError {
		return nil
	}
	return problem(code)
}

func whyNot(c echo.Context, err error) (p *Problem) {
	if !errors.As(refuseSignIn(c.Request().Context(), err), &p) {
		p = problem(codeInternal)
	}
	return p
}

// enters accepts an invitation by its token. Without one it signs in whoever accepted theirs before and has to go on.
func (r *router) enters(ctx context.Context, form func(name string) string, from account.From) (account.SignedIn, error) {
	now := r.app.World()
	if form("token") == "" {
		return r.app.Accounts.SignIn(ctx, account.Try{Login: form("login"), Password: form("password"), From: from}, now)
	}
	who, err := r.app.Accounts.Accept(ctx, form("token"), form("login"), form("password"), now)
	if err != nil {
		return account.SignedIn{}, err
	}
	return r.app.Accounts.SignInAs(ctx, who, from, now)
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
