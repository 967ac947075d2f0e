package rest

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// smallBody is enough for whatever one signs in with.
const smallBody = 16 << 10

// sessionRoutes are how people sign in and out. They are open, because whoever signs in has nothing to show yet, and
// each says itself what it needs.
func (r *router) sessionRoutes() {
	visitRoute(r, http.MethodPost, "/session", "sign-in", "Sign in: a session in a cookie. The second factor may still be missing then", http.StatusCreated, r.signIn)
	visitRoute(r, http.MethodGet, "/session", "session", "Who is signed in, until when, and on which devices", http.StatusOK, r.showSession)
	visitRoute(r, http.MethodDelete, "/session", "sign-out", "Sign out", http.StatusNoContent, r.signOut)
	visitRoute(r, http.MethodDelete, "/session/devices", "sign-out-everywhere", "Sign out on every device", http.StatusNoContent, r.signOutEverywhere)
	visitRoute(r, http.MethodDelete, "/session/devices/{id}", "sign-out-elsewhere", "Sign out on one device", http.StatusNoContent, r.signOutElsewhere)
	visitRoute(r, http.MethodPost, "/session/password", "change-password", "Change the password; other devices are signed out", http.StatusNoContent, r.changePassword)
	visitRoute(r, http.MethodPost, "/invitations/acceptance", "accept-invitation", "Accept an invitation by the token of its link: choose a password", http.StatusCreated, r.accept)
}

// visitRoute makes a route that is open.
func visitRoute[I, O any](r *router, method, path, name, summary string, status int, handle func(context.Context, *I) (*O, error)) {
	huma.Register(r.open, huma.Operation{
		OperationID: name, Method: method, Path: base + path, Summary: summary, Tags: []string{"session"}, DefaultStatus: status,
		MaxBodyBytes: smallBody, Errors: []int{400, 401, 404, 409, 413, 422, 429}, Security: []map[string][]string{},
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, refuseSignIn(ctx, err)
		}
		return out, nil
	})
}

// Signed is who is signed in.
type Signed struct {
	Account    uuid.UUID      `json:"account,omitzero" doc:"none: the token of a program"`
	Role       string         `json:"role"`
	Worker     uuid.UUID      `json:"worker,omitzero" doc:"who a worker or supervisor is in the programme"`
	Missing    string         `json:"missing,omitempty" doc:"second-factor-needed: send it; second-factor-missing: set one up; until then nothing else can be done"`
	Scope      string         `json:"scope,omitempty" doc:"what a token is limited to"`
	SignedInAt string         `json:"signed_in_at,omitempty" format:"date-time"`
	EndsAt     string         `json:"ends_at,omitempty" format:"date-time" doc:"if nothing is asked until then, and in any case twelve hours after signing in"`
	Devices    []SignedDevice `json:"devices,omitempty"`
}

// SignedDevice is a device that someone is signed in on.
type SignedDevice struct {
	ID         uuid.UUID `json:"id"`
	Kind       string    `json:"kind" doc:"as far as it says"`
	SignedInAt string    `json:"signed_in_at" format:"date-time"`
	LastSeenAt string    `json:"last_seen_at" format:"date-time" doc:"to the minute"`
	Here       bool      `json:"here"`
}

// signed is an answer that a browser keeps something of.
type signed struct {
	Cookies []string `header:"Set-Cookie"`
	Body    Signed
}

// gone is an answer that takes the session away.
type gone struct {
	Cookies []string `header:"Set-Cookie"`
}

func showSigned(s account.Session) Signed {
	return Signed{
		Account: s.Account.ID, Role: string(s.Account.Role), Worker: s.Account.Worker, Missing: s.Missing,
		SignedInAt: stamp(s.SignedIn), EndsAt: stamp(s.Ends()),
	}
}

// admitted answers with a session that has begun, or has a new token.
func (j jar) admitted(in account.SignedIn) *signed {
	out := &signed{Cookies: []string{j.keep(sessionCookie, in.Token, 0)}, Body: showSigned(in.Session)}
	if in.Known != "" {
		out.Cookies = append(out.Cookies, j.keep(deviceCookie, in.Known, account.DeviceLasts))
	}
	return out
}

type signInBody struct {
	Body struct {
		Login    string `json:"login" maxLength:"200" doc:"the name to sign in with"`
		Password string `json:"password" maxLength:"600"`
	}
}

func (r *router) signIn(ctx context.Context, in *signInBody) (*signed, error) {
	done, err := r.app.Accounts.SignIn(ctx, account.Try{Login: in.Body.Login, Password: in.Body.Password, From: visiting(ctx).from}, r.app.World())
	if err != nil {
		return nil, err
	}
	return visiting(ctx).jar.admitted(done), r.leaves(visiting(ctx).echo)
}

// leaves ends the session that a browser had until now, when it has another: nobody would know of the one before.
func (r *router) leaves(c echo.Context) error {
	s, err := current(c, r.app)
	if err != nil {
		return nil //nolint:nilerr // it had none
	}
	err = r.app.Accounts.SignOut(c.Request().Context(), s, r.app.World())
	if errors.Is(err, account.ErrUnknown) {
		return nil // it has just ended
	}
	return err
}

// session is that of a request, whole or not.
func (r *router) session(ctx context.Context) (account.Session, error) {
	s, err := current(visiting(ctx).echo, r.app)
	if err == nil {
		err = r.app.Accounts.Used(ctx, s, r.app.World())
	}
	return s, err
}

func (r *router) showSession(ctx context.Context, _ *struct{}) (*signed, error) {
	c := visiting(ctx).echo
	if c.Request().Header.Get("Authorization") != "" {
		id, err := bearer(c, r.app)
		return &signed{Body: Signed{Role: string(id.Role), Worker: id.Worker, Scope: id.Scope.String()}}, err
	}
	s, err := r.session(ctx)
	if err != nil {
		return nil, err
	}
	out := &signed{Body: showSigned(s)}
	if !s.Whole() {
		return out, nil // whoever has the password alone learns nothing
	}
	all, err := r.app.Accounts.Sessions(ctx, s.Account.ID, r.app.World())
	for _, other := range all {
		out.Body.Devices = append(out.Body.Devices, SignedDevice{
			ID: other.ID, Kind: other.Device, SignedInAt: stamp(other.SignedIn), LastSeenAt: stamp(other.Seen), Here: other.ID == s.ID,
		})
	}
	return out, err
}

func (r *router) signOut(ctx context.Context, _ *struct{}) (*gone, error) {
	s, err := r.session(ctx)
	if err == nil {
		err = r.app.Accounts.SignOut(ctx, s, r.app.World())
	}
	return &gone{Cookies: []string{visiting(ctx).jar.keep(sessionCookie, "", 0)}}, err
}

func (r *router) signOutEverywhere(ctx context.Context, _ *struct{}) (*gone, error) {
	s, err := r.wholeSession(ctx)
	if err == nil {
		err = r.app.Accounts.SignOutEverywhere(ctx, s, r.app.World())
	}
	return &gone{Cookies: []string{visiting(ctx).jar.keep(sessionCookie, "", 0), visiting(ctx).jar.keep(deviceCookie, "", 0)}}, err
}

type deviceID struct {
	ID string `path:"id" format:"uuid"`
}

func (r *router) signOutElsewhere(ctx context.Context, in *deviceID) (*struct{}, error) {
	s, err := r.wholeSession(ctx)
	if err == nil {
		id, _ := uuid.Parse(in.ID) // checked before
		err = r.app.Accounts.SignOutElsewhere(ctx, s, id, r.app.World())
	}
	return nil, err
}

// wholeSession refuses one that a factor is missing from.
func (r *router) wholeSession(ctx context.Context) (account.Session, error) {
	s, err := r.session(ctx)
	if err == nil {
		_, err = s.Identity()
	}
	return s, err
}

type passwordBody struct {
	Body struct {
		Password string `json:"password" maxLength:"600" doc:"the one until now"`
		New      string `json:"new" maxLength:"600"`
	}
}

func (r *router) changePassword(ctx context.Context, in *passwordBody) (*struct{}, error) {
	s, err := r.wholeSession(ctx)
	if err == nil {
		err = r.app.Accounts.ChangePassword(ctx, s, in.Body.Password, in.Body.New, visiting(ctx).from, r.app.World())
	}
	return nil, err
}

type acceptanceBody struct {
	Body struct {
		Token    string `json:"token" maxLength:"100" doc:"what stands behind the # of the link"`
		Login    string `json:"login,omitempty" maxLength:"200" doc:"the name to sign in with, where the invitation names none"`
		Password string `json:"password" maxLength:"600" doc:"twelve characters at least"`
	}
}

// Accepted is an account that can be signed in to now.
type Accepted struct {
	Account uuid.UUID `json:"account"`
	Role    string    `json:"role"`
}

func (r *router) accept(ctx context.Context, in *acceptanceBody) (*struct{ Body Accepted }, error) {
	who, err := r.app.Accounts.Accept(ctx, in.Body.Token, in.Body.Login, in.Body.Password, r.app.World())
	return &struct{ Body Accepted }{Accepted{who.ID, string(who.Role)}}, err
}

// wholeSeconds is a wait as Retry-After says it.
func wholeSeconds(wait time.Duration) string { return strconv.Itoa(int(math.Ceil(wait.Seconds()))) }
