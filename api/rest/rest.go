// Package rest is the door for programs: every command and every view over HTTP, under /api/v1.
//
// A command struct of services is the contract of its route: huma makes the schema from it, and refuses what does not
// fit before anything is decided. So a new command needs one line in the list of routes of its kind.
package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/netip"
	"path"
	"reflect"
	"strings"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/pace"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/recent"
	"github.com/casestream/casestream/events/sealed"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

const base = "/api/v1"

const rememberedCases = 1 << 13 // in one generation; two take about 3 MB

var programmeStream = events.ProgrammeStream

// router is what the routes are hung on.
type router struct {
	app  *app.App
	api  huma.API
	open huma.API // of the routes by which one signs in
	echo *echo.Echo
	door door

	accounts  *pace.Limit[string] // nil: as often as they like
	addresses *pace.Limit[netip.Prefix]
	searches  *pace.Limit[string]

	whose *recent.Map[string, uuid.UUID] // the clients of cases
	names map[string]bool                // of the fields in the contract
	until context.Context                //nolint:containedctx // how long live connections last
}

// Option is what a handler does besides.
type Option func(*router)

// Handler is the whole API of a running Casestream. control is the token of whoever runs the machine
// (app.Announce). Live connections end with ctx; all else ends by itself.
func Handler(ctx context.Context, a *app.App, control string, options ...Option) http.Handler {
	r := newRouter(a, options...)
	r.until = ctx
	r.routes(control)
	return r.echo
}

// routes are all there are.
func (r *router) routes(control string) {
	r.caseRoutes()
	r.clientRoutes()
	r.forgettingRoutes()
	r.groupRoutes()
	r.activityRoutes()
	r.programmeRoutes()
	r.viewRoutes()
	r.referenceRoutes()
	r.sessionRoutes()
	r.factorRoutes()
	r.accountRoutes()
	r.invitationRoutes()
	r.providerRoutes()
	r.docsRoutes()
	r.healthRoutes()
	r.liveRoute()
	r.searchRoute()
	r.glassRoutes()
	r.readersRoutes()
	r.controlRoutes(control)
	r.learnNames()
}

func newRouter(a *app.App, options ...Option) *router {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor, e.SchemeExtractor = echo.ExtractIPDirect(), echo.ExtractSchemeDirect()
	e.HTTPErrorHandler = problems
	r := &router{app: a, echo: e, door: newDoor(a), whose: recent.New[string, uuid.UUID](rememberedCases), until: context.Background()}
	for _, option := range options {
		option(r)
	}
	e.Use(survive, guard, r.limitAddress, sized, sameOrigin)
	doors := e.Group("", identify(a), r.limitAccount, reads(a)) // the few public routes are beside it

	huma.NewError, huma.ValidateStrictCasing = r.unreadable, true
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Casestream", Version: "1", Description: introduction},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}, "session": {Type: "apiKey", In: "cookie", Name: jar{}.name(sessionCookie)}},
			},
			Security: []map[string][]string{{"token": {}}, {"session": {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": {Marshal: encode, Unmarshal: decode}, "json": {Marshal: encode, Unmarshal: decode}},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
	for _, sealedAs := range []reflect.Type{reflect.TypeFor[sealed.Text](), reflect.TypeFor[sealed.Value[any]](), reflect.TypeFor[sealed.Value[map[string]int]]()} {
		config.Components.Schemas.RegisterTypeAlias(sealedAs, reflect.TypeFor[personal]())
	}
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[events.Position](), reflect.TypeFor[string]())
	r.api = humaecho.NewWithGroup(e, doors, config)
	r.open = humaecho.NewWithGroup(e, e.Group(""), config)
	r.open.UseMiddleware(r.visit)
	return r
}

const introduction = `The records of an agency's cases: facts that are only ever added to.

Every command takes an Idempotency-Key made by the client; sent again it answers as the first time. Answers about a day
have the shape {"asked", "position", "result"}; as_of asks how things stood on a day, known_at what was known of it then.
After a command, ask with ?after=POSITION to see it in every view.`

// encode writes an answer. One that holds sealed values opens them itself (opened).
func encode(w io.Writer, v any) error {
	if own, ok := v.(interface{ encode(io.Writer) error }); ok {
		return own.encode(w)
	}
	return json.MarshalWrite(w, v, app.JSON)
}

// decode reads a request strictly: every name as it is spelt and once, and none that is not asked for. huma reads a body
// twice, first as any value, which is held to the contract; what a command is said with reads itself.
func decode(data []byte, v any) error {
	if err := shallow(data); err != nil {
		return err
	}
	if said, ok := v.(interface{ keep(raw []byte) }); ok {
		said.keep(data)
		return nil
	}
	return json.Unmarshal(bytes.TrimSpace(data), v, strictly)
}

var strictly = json.RejectUnknownMembers(true)

// schemaName tells clients.Guardian from events.Guardian.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	where := path.Base(t.PkgPath())
	if t.PkgPath() == "" || where == "rest" || where == "app" {
		return huma.DefaultSchemaNamer(t, hint)
	}
	return strings.ToUpper(where[:1]) + where[1:] + huma.DefaultSchemaNamer(t, hint)
}

func stamp(t time.Time) string { return t.In(events.Zone).Format(time.RFC3339) }
