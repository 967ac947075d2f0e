package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"
)

// About is the point in time that a question is about, and how recent the answer must be.
type About struct {
	AsOf    string `query:"as_of" maxLength:"10" doc:"a day: how things stood when it ended; default: the day of known_at, else today"`
	KnownAt string `query:"known_at" maxLength:"20" doc:"a day or a position: only what was known then; default: all that is known"`
	After   string `query:"after" maxLength:"20" pattern:"^[0-9]*$" doc:"a position: answer when the views have arrived there"`
}

// point waits until the views are recent enough, and finds the point in time.
func (r *router) point(ctx context.Context, in About, views ...string) (projections.Point, app.Asked, error) {
	after, err := positioned(in.After)
	if err != nil {
		return projections.Point{}, app.Asked{}, err
	}
	if err := r.app.Arrived(ctx, after, append(views, "days")...); err != nil {
		return projections.Point{}, app.Asked{}, err
	}
	at, asked, err := r.app.Point(ctx, in.AsOf, in.KnownAt)
	if errors.Is(err, app.ErrNoDay) {
		err = problem(codeBadDay)
	}
	return at, asked, err
}

// positioned is a position that may be left out.
func positioned(text string) (at events.Position, err error) {
	if text != "" && at.UnmarshalText([]byte(text)) != nil {
		err = problem(codeBadDay)
	}
	return at, err
}

// Purposed is what a question says that it is for.
type Purposed struct {
	Purpose string `query:"purpose" enum:"care,crisis,report,court,medical,supervision,handover" doc:"what is masked (S3) is shown to those who may see it once they say what for; the read log keeps it"`
}

// shows is what a decision shows to someone who asks with a purpose, or with none.
func shows(d rights.Decision, purpose string) app.Shows {
	return func(class sealed.Class) bool { return d.Shows(class, purpose) }
}

// personal is how words about people are shown: as they were said, or masked.
type personal struct{}

// Schema says so, once for all of them.
func (personal) Schema(r huma.Registry) *huma.Schema {
	const name = "Personal"
	r.Map()[name] = &huma.Schema{AnyOf: []*huma.Schema{
		{Description: "what was said; null of nothing, and of someone who was forgotten"},
		{
			Type: huma.TypeObject, Description: "something of this class was said and is masked; S3 is shown to those who may see it with ?purpose=",
			Properties: map[string]*huma.Schema{"masked": {Type: huma.TypeString, Enum: []any{"S1", "S2", "S3"}}}, Required: []string{"masked"},
			AdditionalProperties: false,
		},
	}}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// opened is an answer whose sealed values were opened for this one reader.
type opened[T any] struct {
	ETag string `header:"ETag"`
	Body written[T]
}

// written is a T as it is sent.
type written[T any] struct{ json []byte }

func (b written[T]) encode(w io.Writer) error {
	_, err := w.Write(b.json)
	return err
}

// Schema is that of what is shown.
func (written[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// open answers with what was sealed in these streams, as far as it is shown, when it is recorded what that is.
func open[T any](ctx context.Context, r *router, shows app.Shows, shown T, streams ...string) (*opened[T], error) {
	var saw access.Opened
	body, err := writtenIn(func(b *bytes.Buffer) error { return r.app.Show(ctx, b, shown, shows, &saw, streams...) })
	if err != nil {
		return nil, fmt.Errorf("opening an answer: %w", err)
	}
	if err := r.shown(ctx, &saw); err != nil {
		return nil, err
	}
	return &opened[T]{Body: written[T]{body}}, nil
}

var room = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// writtenIn gives what is written to room that is used again, because a case of years takes half a megabyte, and growing
// to that takes four times as much. What was written there is wiped.
func writtenIn(write func(*bytes.Buffer) error) ([]byte, error) {
	b := room.Get().(*bytes.Buffer)
	err := write(b)
	body := bytes.Clone(b.Bytes())
	clear(b.Bytes())
	b.Reset()
	room.Put(b)
	return body, err
}

// openEach answers with a list whose rows were sealed each in a stream of its own.
func openEach[A, T any](ctx context.Context, r *router, shows app.Shows, asked A, position events.Position, rows []T, stream func(*T) string) (*opened[app.Answer[A, []T]], error) {
	list := make([]jsontext.Value, len(rows))
	var saw access.Opened
	for i := range rows {
		var err error
		list[i], err = writtenIn(func(b *bytes.Buffer) error { return r.app.Show(ctx, b, rows[i], shows, &saw, stream(&rows[i])) })
		if err != nil {
			return nil, fmt.Errorf("opening a row: %w", err)
		}
	}
	if err := r.shown(ctx, &saw); err != nil {
		return nil, err
	}
	body, err := writtenIn(func(b *bytes.Buffer) error {
		return encode(b, app.Answer[A, []jsontext.Value]{Asked: asked, Position: position, Result: list})
	})
	if err != nil {
		return nil, err
	}
	return &opened[app.Answer[A, []T]]{Body: written[app.Answer[A, []T]]{body}}, nil
}
