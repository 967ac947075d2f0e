package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// The read log is written in four places, and they are all here: shown, for whatever opens sealed values, exported, for
// what is taken away in a file, searched, for the search before an intake, and deny, for whatever hides. Each is one entry, durable before the answer leaves; if it
// cannot be kept, the answer is a 503.

// look is what the read log knows of a request when it comes in.
type look struct {
	app     *app.App
	id      session.Identity
	method  string
	path    string    // of the route
	stream  string    // that is in the path asked for, whether there is one or not
	purpose string    // a code
	glass   uuid.UUID // the broken glass that let the reader in: the door says so
}

type lookKey struct{}

// reads notes who asks for what. It comes after identify.
func reads(a *app.App) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx := c.Request().Context()
			l := &look{app: a, id: identity(ctx), method: c.Request().Method, path: c.Path(), stream: streamIn(c)}
			if c.Request().URL.RawQuery != "" {
				l.purpose = c.QueryParam("purpose")
			}
			if !slices.Contains(rights.Purposes, l.purpose) {
				l.purpose = usually[l.id.Role]
			}
			c.SetRequest(c.Request().WithContext(context.WithValue(ctx, lookKey{}, l)))
			return next(c)
		}
	}
}

// usually is what a role looks for, where it is not said: what it need not say, because S3 stays masked.
var usually = map[session.Role]string{
	session.Worker: "casework", session.Supervisor: "supervision", session.Evaluator: "evaluation", session.Administrator: "administration",
	session.PrivacyOfficer: "review",
}

// looking is the look that a request is; nil where nobody is known yet.
func looking(ctx context.Context) *look {
	l, _ := ctx.Value(lookKey{}).(*look)
	return l
}

// through notes by which broken glass a reader is let in.
func (l *look) through(glass uuid.UUID) {
	if l != nil {
		l.glass = glass
	}
}

func (l *look) said() events.Asking {
	return events.Asking{Role: string(l.id.Role), Route: routeName(l.method, l.path), Purpose: l.purpose, Glass: l.glass}
}

func (l *look) record(ctx context.Context, fact events.Event) error {
	return l.app.Access.Record(ctx, l.id.Actor(), l.app.Now(), fact)
}

// shown records what was opened for an answer. Nothing was: nothing is recorded.
func (r *router) shown(ctx context.Context, saw *access.Opened) error {
	if saw.Nothing() {
		return nil
	}
	l := looking(ctx)
	sight := access.Sight{At: r.app.Now(), Opened: saw, Glass: l.glass != uuid.Nil}
	if err := r.sight(ctx, l.id, &sight); err != nil {
		return err
	}
	return l.record(ctx, events.Disclosed{Asking: l.said(), Shown: saw.Shown(), Marks: access.Marks(sight)})
}

// sight finds what the rules of the unusual need to know of the reader.
func (r *router) sight(ctx context.Context, id session.Identity, sight *access.Sight) error {
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
		err = r.app.FaceSheets.Look(ctx, one, func(c cases.FaceSheet, _ int) { sight.Past = slices.Contains(c.Past, id.Worker) })
	}
	return err
}

// exported records that rows leave for a file of somebody's own, before they do, and what was opened for them.
func exported(ctx context.Context, what string, rows int, saw *access.Opened) error {
	l := looking(ctx)
	return l.record(ctx, events.Exported{Asking: l.said(), What: what, Rows: rows, Shown: saw.Shown()})
}

// searched records that somebody looked for people and how many they were told of, before they are. What was asked is kept nowhere.
func searched(ctx context.Context, found int) error {
	l := looking(ctx)
	return l.record(ctx, events.Searched{Asking: l.said(), Found: found})
}

// deny records that something was hidden from somebody, the same way whether there is such a thing or not, and then lets
// the time of a no pass.
func deny(ctx context.Context, err error) error {
	if l := looking(ctx); l != nil {
		fact := events.Denied{Asking: l.said(), Stream: l.stream}
		var no *denied
		if errors.As(err, &no) {
			fact.Right = string(no.right)
			if no.stream != "" {
				fact.Stream = no.stream
			}
		}
		if err := l.record(ctx, fact); err != nil {
			return err
		}
	}
	hold(ctx)
	return nil
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
	category := streamsOf[kind]
	id, err := uuid.Parse(c.Param("id"))
	if category == "" || err != nil {
		return ""
	}
	return events.Stream(category, id)
}

// streamsOf names the category of the streams that routes of a kind are about.
var streamsOf = map[string]string{"cases": "case", "clients": "client", "groups": "group", "activities": "activity"}
