package rest

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// The read log is written in two places, and they are both here: shown, for whatever opens sealed values, and denied, for
// whatever hides. Each is one entry, durable before the answer leaves; if it cannot be kept, the answer is a 503.

// asked is what the read log knows of a request when it comes in.
type asked struct {
	app     *app.App
	id      session.Identity
	route   string
	stream  string    // that is in its path, whether there is one or not
	purpose string    // a code
	glass   uuid.UUID // the broken glass that let the reader in: the door says so
}

type askedKey struct{}

// reads notes who asks for what. It comes after identify.
func reads(a *app.App) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := c.Request().Context()
			asks := &asked{app: a, id: identity(ctx), route: routeName(c.Request().Method, c.Path())}
			asks.stream = streamIn(c)
			asks.purpose = c.Request().Header.Get("Purpose")
			if !slices.Contains(purposes, asks.purpose) {
				asks.purpose = usually[asks.id.Role]
			}
			c.SetRequest(c.Request().WithContext(context.WithValue(ctx, askedKey{}, asks)))
			return next(c)
		}
	}
}

// purposes are what somebody may say a look is for; who says nothing is taken to look for the usual one of the role.
var purposes = strings.Split("casework,supervision,handover,crisis,complaint,evaluation,administration,review", ",")

var usually = map[session.Role]string{
	session.Worker: "casework", session.Supervisor: "supervision", session.Evaluator: "evaluation", session.Administrator: "administration",
	session.PrivacyOfficer: "review",
}

func asking(ctx context.Context) *asked {
	asks, _ := ctx.Value(askedKey{}).(*asked)
	return asks
}

func (a *asked) said() events.Asking {
	return events.Asking{Role: string(a.id.Role), Route: a.route, Purpose: a.purpose, Glass: a.glass}
}

func (a *asked) record(ctx context.Context, fact events.Event) error {
	return a.app.Access.Record(ctx, a.id.Actor(), a.app.Now(), fact)
}

// shown records what was opened for an answer. Nothing was: nothing is recorded.
func (r *router) shown(ctx context.Context, saw *access.Opened) error {
	if saw.Nothing() {
		return nil
	}
	asks := asking(ctx)
	sight := access.Sight{At: r.app.Now(), Opened: saw, Glass: asks.glass != uuid.Nil}
	if err := r.sees(ctx, asks.id, &sight); err != nil {
		return err
	}
	return asks.record(ctx, events.Disclosed{Asking: asks.said(), Shown: saw.Shown(), Marks: access.Marks(sight)})
}

// sees finds what the rules of the unusual need to know of the reader.
func (r *router) sees(ctx context.Context, id session.Identity, sight *access.Sight) error {
	one := sight.Opened.One()
	if one == "" {
		return nil
	}
	sight.Pace = r.app.Pace.Opens(id.Actor(), one, sight.At)
	if id.Worker == uuid.Nil {
		return nil
	}
	var worker programme.Worker
	err := r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) { worker, _ = p.Worker(id.Worker) })
	if err != nil {
		return err
	}
	sight.Name, err = worker.Name.Open(ctx, r.app.Keys, programmeStream)
	if err == nil {
		sight.Home, err = worker.Home.Open(ctx, r.app.Keys, programmeStream)
	}
	if err != nil { // the rules are for others to look at, and no reason to show nothing
		slog.WarnContext(ctx, "a reader's own name and address cannot be compared", "why", err)
	}
	if category, _, _ := events.SplitStream(one); category == "case" {
		err = r.app.Cases.Look(ctx, one, func(c cases.Case, _ int) { sight.Past = c.Had(id.Worker) })
	}
	return err
}

// exported records that rows leave for a file of somebody's own, before they do.
func exported(ctx context.Context, what string, rows int) error {
	asks := asking(ctx)
	return asks.record(ctx, events.Exported{Asking: asks.said(), What: what, Rows: rows})
}

// denied records that something was hidden from somebody: the same way whether there is such a thing or not.
func denied(ctx context.Context) error {
	asks := asking(ctx)
	if asks == nil { // nobody asked: it is hidden before anyone is known
		return nil
	}
	return asks.record(ctx, events.Denied{Asking: asks.said(), Stream: asks.stream})
}

// routeName names a route: GET /api/v1/cases/:id/timeline is get-cases-timeline.
func routeName(method, path string) string {
	var parts []string
	if method == http.MethodGet {
		parts = append(parts, "get")
	}
	for _, part := range strings.Split(strings.Trim(strings.TrimPrefix(path, base), "/"), "/") {
		if part != "" && !strings.HasPrefix(part, ":") {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "-")
}

// streamIn is the stream that the path of a request names.
func streamIn(c echo.Context) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), base+"/"), "/")
	category := map[string]string{"cases": "case", "clients": "client", "groups": "group", "activities": "activity"}[kind]
	id, err := uuid.Parse(c.Param("id"))
	if category == "" || err != nil {
		return ""
	}
	return events.Stream(category, id)
}
